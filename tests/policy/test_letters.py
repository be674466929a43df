"""Letters: the prose of a policy with the words of a case in it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from kesu.policy.letters import GAP, in_words, written
from kesu.policy.model.facts import Value
from kesu.policy.model.printing import Letter

LETTER = Letter("关于{title}", "尊敬的{person}：", ("{answer}", "补偿{amount}。"), "特此函复。", says=("amount",))


def test_words_are_put_in_once_and_never_read_again() -> None:
    said = {"title": "{answer}", "person": "苏女士", "answer": "见{title}", "amount": "¥1.00"}
    letter = written(LETTER, said)
    assert (letter.subject, letter.dear) == ("事由：关于{answer}", "尊敬的苏女士：")
    assert letter.paragraphs == ("见{title}", "补偿¥1.00。")


def test_what_nobody_has_stated_is_a_gap_and_what_nobody_has_to_state_is_left_out() -> None:
    letter = written(LETTER, {"person": ""})
    assert letter.dear == f"尊敬的{GAP}："
    assert letter.paragraphs == (GAP,)
    assert letter.text == f"事由：关于{GAP}\n尊敬的{GAP}：\n{GAP}\n特此函复。"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Decimal("1200.5"), "¥1,200.50（人民币壹仟贰佰元伍角整）"),
        (Decimal("-3"), "-¥3.00（人民币负叁元整）"),
        (date(2026, 7, 8), "2026年7月8日"),
        (datetime(2026, 7, 7, 17, 5, tzinfo=UTC), "2026年7月8日01:05"),
        (True, "是"),
        (False, "否"),
        (("甲", "乙"), "甲、乙"),
        ("挂号信", "挂号信"),
    ],
)
def test_a_letter_writes_values_out(value: Value, said: str) -> None:
    assert in_words(value, ZoneInfo("Asia/Shanghai")) == said
