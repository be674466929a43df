"""The sentences: every code has one, and they say what happened, why, and what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from kesu.core.errors import NotNow, Overtaken, Unacceptable
from kesu.policy.calendar import LineCode, Receipt, ReceiptLine, deadline, parse_duration, sample_calendar
from kesu.policy.standing.results import Missing, MissingKind, Refusal
from kesu.web import sentences

NOW = datetime(2026, 10, 9, 6, 20, tzinfo=UTC)


@pytest.mark.parametrize("kind", list(MissingKind))
def test_it_has_a_sentence_with_the_name_for_everything_that_can_be_missing(kind: MissingKind) -> None:
    assert "客户诉求" in sentences.missing(kind, "客户诉求")


@pytest.mark.parametrize("code", ["stage", "role", "window", "early", "value", "conflict", "time"])
def test_it_has_a_sentence_for_every_refusal_of_the_engine(code: str) -> None:
    assert sentences.refusal(code, "") != sentences.refusal("unheard_of", "")


def test_it_lets_the_policy_speak_where_it_has_a_sentence() -> None:
    assert sentences.refusal("reply_locked", "须先批准，才能答复") == "须先批准，才能答复"


def test_it_names_what_is_wrong_at_the_field_it_concerns() -> None:
    lacking = (Missing(MissingKind.FACT, "demand", "客户诉求"), Missing(MissingKind.STAGE, "planning", "拟定方案"))
    refused = NotNow("step_refused", data={"refusals": (Refusal("value", "", (), lacking),)})
    assert sentences.field_errors(refused) == {"demand": "还没有填客户诉求"}


def test_it_says_what_a_field_expected() -> None:
    refused = Unacceptable("unreadable", data={"fields": {"finish_on": "日期，如 2026-07-02"}, "refusals": ()})
    assert sentences.field_errors(refused) == {"finish_on": "看不懂，应为日期，如 2026-07-02"}


def test_it_names_the_file_that_was_not_taken() -> None:
    refused = Unacceptable("file_kind", data={"fields": {"photos": "file_kind"}, "file": "病毒.exe", "refusals": ()})
    assert sentences.reason(refused).startswith("病毒.exe：不收这种文件")
    assert "不收这种文件" in sentences.field_errors(refused)["photos"]


def test_it_says_that_nothing_typed_is_lost_when_somebody_was_faster() -> None:
    assert "您填的还在" in sentences.reason(Overtaken("case_moved", data={"seen": 3, "now": 4}))


def test_it_gives_a_level_with_its_reason_and_clause() -> None:
    why = sentences.level_reason("3 人以上集体投诉", [("投诉人数", 3)], by_hand=False)
    assert sentences.level_now("热点", why, ["3.4.2"]) == "热点：3 人以上集体投诉（投诉人数 3），依据 3.4.2"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "是"),
        (("失职", "失误"), "失职、失误"),
        (Decimal("18968"), "¥18,968.00"),
        (NOW, "2026-10-09 14:20"),
        (NOW.date(), "2026-10-09"),
        (None, ""),
    ],
)
def test_it_prints_values_by_their_type(value: object, text: str) -> None:
    assert sentences.value(value) == text  # type: ignore[arg-type]


def test_it_says_until_when_and_since_when() -> None:
    assert sentences.due_line(NOW + timedelta(hours=2), NOW, is_open=True) == "今天 16:20 前"
    assert sentences.due_line(NOW - timedelta(hours=2), NOW, is_open=True) == "应于 今天 12:20"
    assert sentences.due_line(None, NOW, is_open=True) == ""


def test_it_puts_the_instant_and_the_number_into_a_promise() -> None:
    text = sentences.promise("{case} 最迟 {due} 回复", NOW + timedelta(hours=1), NOW, "TS-26-0001")
    assert text == "TS-26-0001 最迟今天 15:20 回复"


def receipt(length: str) -> Receipt:
    return deadline(sample_calendar(), NOW - timedelta(days=9), parse_duration(length)).receipt


def test_it_tells_the_arithmetic_of_a_deadline_line_by_line() -> None:
    lines = receipt("3个工作日").lines
    texts = [sentences.receipt_text(line, NOW) for line in lines]
    skipped = [text for line, text in zip(lines, texts, strict=True) if line.code is LineCode.SKIPPED]
    counts = [sentences.receipt_count(line, NOW) for line in lines if line.code is LineCode.COUNTED]
    assert skipped
    assert all(text.endswith("不计") for text in skipped)
    assert counts[-1] == "3"
    assert lines[-1].code is LineCode.DUE
    assert sentences.receipt_count(lines[-1], NOW)
    assert all(texts)


@pytest.mark.parametrize(
    ("line", "text", "count"),
    [
        (ReceiptLine(LineCode.CHOSEN, label="答应的日期"), "几个时限取最早的：答应的日期", ""),
        (ReceiptLine(LineCode.STATED, to_on=date(2026, 10, 12), label="答应的日期"), "按答应的日期", "10-12"),
        (
            ReceiptLine(LineCode.PASSED_OVER, to_at=NOW + timedelta(hours=1), label="3个工作日"),
            "另一个时限，不取：3 个工作日",
            "今天 15:20",
        ),
        (ReceiptLine(LineCode.AHEAD, from_on=date(2026, 10, 20), label="3天"), "往前数 3 天", ""),
        (ReceiptLine(LineCode.SHARE, count=50, label="调查"), "“调查”时限的 50%", ""),
    ],
)
def test_it_tells_where_a_limit_comes_from(line: ReceiptLine, text: str, count: str) -> None:
    assert (sentences.receipt_text(line, NOW), sentences.receipt_count(line, NOW)) == (text, count)


def test_a_stated_date_has_no_length_to_tell() -> None:
    assert sentences.receipt_rule(replace(receipt("3天"), duration=None)) == ""
