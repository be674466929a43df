"""Pairs of signs in the database: whatever stands in a text is found by them, compared with Python's own `in`."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kesu.core.searching import fold, grams_query

pytestmark = pytest.mark.django_db
ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=80)
FEW_SIGNS = st.text("电梯困人 \n'\\%_a1", max_size=40) | st.text("0123-幢 ", max_size=40)
ON_ONE_DATABASE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def holds(text: str, word: str) -> bool:
    """As a search asks: the pairs, and the whole where it is longer than one pair."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kesu_grams(%s) @@ %s::tsquery AND (length(%s) < 3 OR strpos(%s, %s) > 0)",
            [text, grams_query(word), word, text, word],
        )
        return bool(cursor.fetchone()[0])


@ON_ONE_DATABASE
@given(ANY_TEXT | FEW_SIGNS, st.data())
def test_it_finds_every_part_of_a_text(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    start = data.draw(st.integers(0, len(folded)))
    word = folded[start : data.draw(st.integers(start, len(folded)))]
    assume(word and not set(word) & {" ", "\n"})

    assert holds(folded, word)


@ON_ONE_DATABASE
@given(FEW_SIGNS, st.text("电梯困人'\\%_a1", min_size=1, max_size=4))
def test_it_finds_nothing_that_is_not_there(text: str, word: str) -> None:
    assert holds(fold(text), word) == (word in fold(text))


def test_it_holds_the_longest_text_that_a_case_may_have() -> None:
    signs = "".join(chr(0x20000 + i % 40_000) for i in range(80_000))

    assert holds(signs, signs[-3:])
