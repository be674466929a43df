"""Receipts against the stand-alone verifier: another implementation of the same arithmetic, written by itself."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesu.config.verifier import kesu_clock
from kesu.policy.calendar import Calendar, HolidayRule, Interval, Period, PostHours, deadline, parse_duration
from kesu.policy.calendar.official import build
from kesu.policy.events import CALENDAR_RENEWED, COUNTED_WITH, POLICY_RENEWED, Event, calendars_of
from kesu.policy.model.conditions import FactRef
from kesu.policy.model.facts import FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.stretching import Extension, Pause
from kesu.policy.receipts import ReceiptsOf, receipts_document
from kesu.policy.renewal import Renewal
from kesu.policy.standing import Obligation, standing
from kesu.policy.standing.grounds import Moved
from tests.full import only_in_full
from tests.policy.standing.everything import KINDS
from tests.policy.standing.kinds import CALENDAR, Log, at, coded, duty, fact, is_, kind, limit, step, table
from tests.policy.standing.random_logs import instants, logs

QUIET = settings(deadline=None)
OFFICIAL = build("官方", range(2007, 2027))
EVERY_DAY, NIGHTS = ((Period.parse("07:00-23:00"),),) * 7, ((Period(0, 360), Period(1320, 1440)),) * 7
SHIFTS = replace(
    build("两班", range(2024, 2028), periods=("08:30-12:00", "13:15-17:30"), workdays=(3, 4, 5, 6, 7)),
    posts=(
        PostHours("specialist", "客服专员", EVERY_DAY, EVERY_DAY[0], keeps_holidays=False),
        PostHours("manager", "经理", NIGHTS, NIGHTS[0], keeps_holidays=True),
    ),
)
LENGTHS = (
    "1分钟", "45分钟", "1小时", "24小时", "48小时", "1工作小时", "10工作小时", "1个半天", "3个半天", "1天", "10天",
    "2周", "半个月", "1个工作日", "3个工作日", "7个工作日", "20个工作日", "1个月", "2个季度", "1年", "当天",
    "当个工作日", "下次上班",
)  # fmt: skip
SEPTEMBER = datetime(2025, 9, 1, tzinfo=UTC)


def written(kind: Kind, log: list[Event], now: datetime) -> dict[str, Any]:
    seen = standing(kind, log, now, CALENDAR)
    one = ReceiptsOf("甲-1", "0" * 64, len(log), "f" * 64, seen.obligations, calendars_of(log, CALENDAR))
    return json.loads(json.dumps(receipts_document([one], now)))


def differences(document: dict[str, Any]) -> list[str]:
    """What the verifier says of each receipt, as it reads an export."""
    calendars = {version: kesu_clock.Calendar(one) for version, one in document["calendars"].items()}
    found = []
    for receipt in document["receipts"]:
        try:
            kesu_clock.check_receipt(receipt, calendars)
        except kesu_clock.Differs as differs:
            found.append(str(differs))
    return found


@QUIET
@given(st.sampled_from(KINDS), logs(), instants())
def test_receipts_of_any_log_come_out_the_same(kind: Kind, log: list[Event], now: datetime) -> None:
    assert differences(written(kind, log, now)) == []


@QUIET
@given(st.sampled_from(KINDS), logs(), st.integers(1, 12), st.integers(0, 900))
def test_and_so_they_do_when_another_calendar_counts_from_somewhere_on(
    kind: Kind, log: list[Event], nth: int, hours: int
) -> None:
    when = log[min(nth, len(log)) - 1].at
    log = [event for event in log if event.at <= when] or log[:1]
    when = max(event.at for event in log)
    facts = {COUNTED_WITH: SHIFTS.version}
    new = Event(max(event.seq for event in log) + 1, CALENDAR_RENEWED, when, when, facts=facts, calendar=SHIFTS)

    assert differences(written(kind, [*log, new], when + timedelta(hours=hours))) == []


@QUIET
@given(st.sampled_from(KINDS), st.sampled_from(KINDS), logs(), st.integers(1, 12), st.integers(0, 900))
def test_and_when_other_rules_count_from_somewhere_on(
    before: Kind, after: Kind, log: list[Event], nth: int, hours: int
) -> None:
    when = log[min(nth, len(log)) - 1].at
    seq = max(event.seq for event in log) + 1
    new = Event(seq, POLICY_RENEWED, when, when, renewal=Renewal(before, after))
    now = when + timedelta(hours=hours)
    seen = standing(after, [*log, new], now, CALENDAR)

    assert differences(written(after, [*log, new], now)) == []
    assert all(one.due_at >= when for one in seen.open_obligations if one.due_at and _was_in_time(one, when))


def _was_in_time(one: Obligation, when: datetime) -> bool:
    earlier = one.history.earlier if one.history is not None else ()
    return any(was.why is Moved.POLICY and was.grounds.due_at and was.grounds.due_at >= when for was in earlier)


def basis(start: datetime, length: str, **more: Any) -> dict[str, Any]:
    limit = {"length": length, "holiday": more.pop("holiday", None)}
    plain = {"uncounted": [], "extensions": [], "cap": None, "floor": None}
    return {"starts_at": start.isoformat(), "limits": [limit], **plain, **more}


def worked_out(calendar: Calendar, told: dict[str, Any]) -> tuple[datetime, bool]:
    due = kesu_clock.Reckoner(kesu_clock.Calendar(calendar.to_document()), told).due()
    assert due is not None
    return due.at, due.unsure


@QUIET
@given(
    st.sampled_from((OFFICIAL, SHIFTS, CALENDAR)),
    st.integers(0, 518 * 1440).map(lambda minutes: SEPTEMBER + timedelta(minutes=minutes)),
    st.sampled_from(LENGTHS),
    st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 9_000), st.sampled_from((None, 2, 3))), max_size=3),
    st.sampled_from((None, "2个工作日", "3天", "5小时", "1个月")),
    st.sampled_from((None, "10天", "1个月")),
    st.sampled_from((None, ("end", "end_of_work"), ("start_or_end", "same_time"), ("end", "start_of_work"))),
)
def test_pauses_factors_extensions_caps_and_holidays_come_out_the_same(
    calendar, start, length, held, more, cap, holiday
) -> None:
    minute = timedelta(minutes=1)
    stops = [
        Interval(start + minute * begin, start + minute * (begin + lasts), factor=factor and Fraction(factor))
        for begin, lasts, factor in held
    ]
    longer = parse_duration(more) if more else None
    given_length = parse_duration(length)
    extension = (longer,) if longer is not None and longer.can_extend(given_length) else ()
    rule = HolidayRule(*holiday) if holiday else None
    found = deadline(
        calendar, start, given_length, holiday=rule, uncounted=stops, extension=extension,
        cap=parse_duration(cap) if cap else None,
    )  # fmt: skip
    told = basis(
        start,
        length,
        holiday=None if rule is None else {"if": rule.if_, "to": rule.to},
        uncounted=[
            {"from": one.start.isoformat(), "to": one.end.isoformat(), "factor": one.factor and str(one.factor)}
            for one in stops
        ],
        extensions=[{"length": str(one)} for one in extension],
        cap=cap,
    )
    assert worked_out(calendar, told) == (found.due_at, found.receipt.provisional)


def every_day_and_length(days: range) -> None:
    plain = kesu_clock.Calendar(OFFICIAL.to_document())
    for nth in days:
        on = date(2007, 1, 1) + timedelta(days=nth)
        start = datetime(on.year, on.month, on.day, tzinfo=UTC) + timedelta(minutes=nth * 421 % 1440)
        for length in LENGTHS:
            due = kesu_clock.Reckoner(plain, basis(start, length)).due()
            found = deadline(OFFICIAL, start, parse_duration(length))
            assert due is not None
            assert (due.at, due.unsure) == (found.due_at, found.receipt.provisional), (start, length)


def test_a_thin_sample_of_twenty_years_comes_out_the_same() -> None:
    every_day_and_length(range(0, 7_305, 97))


@only_in_full
def test_every_day_of_twenty_years_and_every_length_come_out_the_same() -> None:
    every_day_and_length(range(7_305))


# What is broken is found


def broken(part: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every leaf of an export."""
    if isinstance(part, dict):
        return [way for key, value in part.items() for way in broken(value, (*path, key))] or [path]
    if isinstance(part, list):
        return [way for key, value in enumerate(part) for way in broken(value, (*path, key))] or [path]
    return [path]


def changed(value: Any) -> Any:
    """Another value of the same kind, so that it can still be read."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case None:
            return "2026-08-01T00:00:00+00:00"
        case list():
            return [{"code": "extended", "label": "1天"}]
        case dict():
            return {"x": "y"}
    try:
        return (datetime.fromisoformat(value) + timedelta(days=1)).isoformat() if "T" in value else changed_day(value)
    except ValueError:
        return f"{value}改"


def changed_day(value: str) -> str:
    return (date.fromisoformat(value) + timedelta(days=1)).isoformat()


def put(document: dict[str, Any], way: tuple[Any, ...]) -> dict[str, Any]:
    spoilt = deepcopy(document)
    *before, last = way
    part = spoilt
    for key in before:
        part = part[key]
    part[last] = changed(part[last])
    return spoilt


def resealed(document: dict[str, Any]) -> dict[str, Any]:
    """With digests that fit, as somebody would write them who wants to hide what he did."""
    receipts = [sealed(one) for one in document["receipts"]]
    return sealed({**document, "receipts": receipts})


def sealed(part: dict[str, Any]) -> dict[str, Any]:
    rest = {key: value for key, value in part.items() if key != "digest"}
    return {**rest, "digest": kesu_clock.sha256(rest)}


@pytest.fixture(scope="module")
def export() -> dict[str, Any]:
    """Of a limit that was held up, made longer and moved, over a holiday."""
    pauses = (Pause(is_("waiting", True), name="等业主补材料"),)
    rows = table((is_("urgent", True), limit("6个工作日")), default=limit("9个工作日"))
    fix = duty("fix", "case.received", "case.handled", rows, pauses=pauses, cap=parse_duration("2个月"),
               extension=Extension("longer.asked", FactRef("days")))  # fmt: skip
    call = duty("call", "case.received", "case.called", "10工作小时")
    flags = (fact("waiting", FactType.FLAG), fact("urgent", FactType.FLAG), fact("days", FactType.NUMBER))
    steps = (
        step("state", event="facts.stated", may_state=("waiting", "urgent")),
        step("ask", event="longer.asked", asks=("days",)),
        step("handle", event="case.handled"),
        step("call", event="case.called"),
    )
    log = Log(kind(facts=coded(*flags), steps=coded(*steps), duties=coded(fix, call)))
    log.add("2026-09-25 16:00", "case.received").add("2026-09-28 10:00", "facts.stated", waiting=True)
    log.add("2026-09-30 19:00", "facts.stated", waiting=False).add("2026-10-08 09:00", "facts.stated", urgent=True)
    log.take("2026-10-08 10:00", "ask", days=2)
    return written(log.kind, log.events, at("2026-10-09 12:00"))


def verified(tmp_path: Path, document: dict[str, Any]) -> int:
    path = tmp_path / "receipts.json"
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    return kesu_clock.main([str(path)])


def test_an_export_says_what_was_held_up_and_what_was_promised_before(export, tmp_path, capsys) -> None:
    fix = next(one for one in export["receipts"] if one["key"] == "fix@1")
    assert [(one["due_at"], one["why"]) for one in fix["earlier"]] == [
        ("2026-10-14T10:00:00+00:00", "pause"),
        ("2026-10-19T10:00:00+00:00", "limit"),
        ("2026-10-14T10:00:00+00:00", "extension"),
    ]
    assert verified(tmp_path, export) == 0
    assert capsys.readouterr().out == "重算 2 张凭条、1 版日历：没有不同。\n"


def test_a_change_in_any_field_is_found(export, tmp_path, capsys) -> None:
    ways = broken(export)
    assert len(ways) > 150
    for way in ways:
        assert verified(tmp_path, put(export, way)) in {1, 2}, way
    capsys.readouterr()


@pytest.mark.parametrize(
    ("way", "said"),
    [
        (("due_at",), "甲-1“名fix” 的到期：写着 2026-10-17 18:00，重算是 2026-10-16 18:00"),
        (("basis", "starts_at"), "的起算：这一行写 2026-09-25 16:00，凭条写 2026-09-26 16:00"),
        (("provisional",), "是否暂定：写着暂定，重算是不是暂定"),
        (("earlier", 0, "due_at"), "改动前的第 1 个期限 的到期"),
        (("lines", -1, "to_at"), "最后一行写 2026-10-17 18:00 到期，凭条写 2026-10-16 18:00"),
    ],
)
def test_the_first_difference_is_said_in_words_although_the_digests_were_made_anew(
    export, tmp_path, capsys, way, said
) -> None:
    number = next(nth for nth, one in enumerate(export["receipts"]) if one["key"] == "fix@1")
    assert verified(tmp_path, resealed(put(export, ("receipts", number, *way)))) == 1
    assert said in capsys.readouterr().out


def test_a_day_of_the_calendar_that_was_changed_is_found(export, tmp_path, capsys) -> None:
    spoilt = deepcopy(export)
    (version,) = spoilt["calendars"]
    del spoilt["calendars"][version]["years"]["2026"]["days"]["2026-10-10"]
    assert verified(tmp_path, resealed(spoilt)) == 1
    said = capsys.readouterr().out
    assert f"日历 {version} 被改过" in said
    assert "改动前的第 1 个期限 的到期：写着 2026-10-14 18:00，重算是 2026-10-15 18:00" in said


def test_what_is_no_export_cannot_be_looked_at(tmp_path, capsys) -> None:
    assert verified(tmp_path, {"format": "kesu-receipts/9"}) == 2
    assert "这里只认识 kesu-receipts/1" in capsys.readouterr().err


def forged(export: dict[str, Any], change: Any) -> dict[str, Any]:
    """One receipt changed by whoever makes the digests anew."""
    spoilt = deepcopy(export)
    change(next(one for one in spoilt["receipts"] if one["key"] == "fix@1"))
    return resealed(spoilt)


def test_what_another_reader_would_read_otherwise_is_not_called_good(export, tmp_path, capsys) -> None:
    path = tmp_path / "receipts.json"
    twice = '"due_at": "2030-01-01T00:00:00+00:00", "due_at"'
    path.write_text(json.dumps(export, ensure_ascii=False).replace('"due_at"', twice, 1), "utf-8")
    assert kesu_clock.main([str(path)]) == 2
    path.write_text("[" * 100_000, "utf-8")
    assert kesu_clock.main([str(path)]) == 2
    assert verified(tmp_path, sealed({**export, "receipts": {}})) == 2
    told = {"code": "decided", "label": "2030-01-01"}
    assert verified(tmp_path, forged(export, lambda one: one["lines"].append(told))) == 1
    assert "没有这样的写法" in capsys.readouterr().out


@pytest.mark.parametrize("factor", ["1/2", "-2", "0", "1e-999999"])
def test_a_clock_that_runs_fast_backwards_or_for_ever_is_none(export, tmp_path, capsys, factor: str) -> None:
    def hurry(one: dict[str, Any]) -> None:
        one["basis"]["uncounted"][0]["factor"] = factor

    assert verified(tmp_path, forged(export, hurry)) == 2
    assert "无法重算" in capsys.readouterr().err


def test_no_name_in_it_writes_over_what_is_said(export, tmp_path, capsys) -> None:
    def spoil(one: dict[str, Any]) -> None:
        one["name"], one["due_at"] = "答复\r\x1b[2K\n重算 2 张凭条：没有不同。\u202e", "2030-01-01T00:00:00+00:00"

    assert verified(tmp_path, forged(export, spoil)) == 1
    said = capsys.readouterr().out
    assert len(said.splitlines()) == 2
    assert "\x1b" not in said
    assert "\u202e" not in said
