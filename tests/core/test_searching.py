"""How a search reads what people type, and how it marks what it shows."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesu.core.searching import MOST_SIGNS, MOST_WORDS, Search, fold, grams_query, marked, read_search, spans

WORDS = st.lists(st.text("电梯漏水aB1Ａ", min_size=1, max_size=3), min_size=1, max_size=4)
TEXTS = st.text("电梯漏水aB1Ａ \n①㎡", max_size=40)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("漏水  三幢", ("漏水", "三幢")),
        ("漏水　漏水", ("漏水",)),
        ("ＡＰＰ登录", ("app登录",)),
        ("138 0000 2016", ("13800002016",)),
        ("+86 138-0000-2016", ("+8613800002016",)),
        ("3-1-1702", ("3-1-1702",)),
        ("3栋1702", ("3栋", "1702")),
        ("望2号楼3单元0501", ("望2号楼", "3单元", "0501")),
        ("\x00漏\u200b水\x07", ("漏水",)),
        ("%_'\\\"", ("%_'\\\"",)),
        (" \n\t\u200b", ()),
    ],
)
def test_it_reads_words(typed: str, words: tuple[str, ...]) -> None:
    assert read_search(typed) == Search(words)


def test_it_refuses_what_is_longer_than_a_search() -> None:
    assert read_search("漏" * MOST_SIGNS).words == ("漏" * MOST_SIGNS,)
    assert read_search("漏" * (MOST_SIGNS + 1)) == Search(refusal="too_long")
    assert read_search("漏" * 10_000_000) == Search(refusal="too_long")
    assert read_search(" ".join("abcdefghij"[:MOST_WORDS])).refusal == ""
    assert read_search(" ".join("abcdefghij"[: MOST_WORDS + 1])) == Search(refusal="too_many")


def test_it_keeps_simplified_and_traditional_characters_apart() -> None:
    assert fold("电梯") != fold("電梯")


@pytest.mark.parametrize(
    ("word", "query"),
    [("漏", "'漏':*"), ("漏水", "'漏水'"), ("电梯困", "'电梯' & '梯困'"), ("''", "''''''"), ("\\", "'\\\\':*")],
)
def test_it_writes_a_query_of_pairs(word: str, query: str) -> None:
    assert grams_query(word) == query


def test_it_marks_the_last_figures_of_a_number_that_is_masked() -> None:
    assert spans("苏女士 138****2016", marked(["13800002016"])) == ((11, 15),)


def test_it_marks_what_is_shown_and_not_what_it_is_folded_to() -> None:
    assert spans("ＡＰＰ登录失败", ["app登"]) == ((0, 4),)
    assert spans("约①㎡", ["1m"]) == ((1, 3),)


@given(TEXTS, WORDS)
def test_it_marks_exactly_what_holds_the_words(text: str, words: list[str]) -> None:
    folded = [fold(word) for word in words]
    found = spans(text, folded)

    assert bool(found) == any(word in fold(text) for word in folded)
    assert all(before[1] < after[0] for before, after in pairwise(found))
    assert all(0 <= start < end <= len(text) for start, end in found)
