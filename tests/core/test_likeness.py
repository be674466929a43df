"""How alike texts are."""

from __future__ import annotations

from kesu.core.likeness import Frequencies, likeness, shared_words, to_seek, told_grams

NONE = Frequencies()


def test_it_compares_letters_and_no_figures_nor_signs() -> None:
    assert told_grams("3-1-1702，漏水！\n水管ＡB") == {"漏水", "水管", "管a", "ab"}


def test_it_is_one_for_the_same_words_and_nothing_for_none_in_common() -> None:
    leak = told_grams("飘窗渗水")

    assert likeness(leak, leak, NONE).score == 1
    assert likeness(leak, told_grams("电梯困人"), NONE).score == 0


def test_a_rare_word_counts_more_than_a_frequent_one() -> None:
    frequent = Frequencies({"物业": 0.5, "业说": 0.5})
    leak, noise, other = told_grams("物业说飘窗"), told_grams("飘窗响"), told_grams("物业说等")

    assert likeness(leak, noise, frequent).score > likeness(leak, other, frequent).score


def test_it_looks_up_the_rarest_and_frequent_ones_only_as_far_as_their_share_goes() -> None:
    known = Frequencies({"物业": 0.5, "漏水": 0.01, "电梯": 0.02, "门锁": 0.05})

    assert to_seek(("物业", "漏水", "电梯", "门锁", "飘窗"), known, 0.04) == ("飘窗", "漏水", "电梯")
    assert to_seek(("物业",), known, 0.04) == ()


def test_it_says_the_shared_words_as_they_stand_in_the_text() -> None:
    text = "主卧飘窗渗水，物业来过"

    assert shared_words(text, {"飘窗", "窗渗", "渗水", "来过"}, NONE) == ("飘窗渗水", "来过")
