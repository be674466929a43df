"""Every row of a list stands on exactly one page, and whatever is asked for there is one to show."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kesu.core.pages import leaf


@given(st.integers(0, 500), st.integers(1, 60))
def test_the_pages_together_are_the_list(total: int, size: int) -> None:
    rows = list(range(total))
    pages = leaf(total, size, 1).pages
    assert [row for number in range(1, pages + 1) for row in rows[leaf(total, size, number).rows]] == rows


@given(st.integers(0, 500), st.integers(1, 60), st.integers(-10, 10_000))
def test_a_page_that_is_not_there_is_the_nearest_one(total: int, size: int, wanted: int) -> None:
    found = leaf(total, size, wanted)
    assert 1 <= found.number <= found.pages
    assert found.number == wanted or wanted < 1 or wanted > found.pages
