"""The calendar of a running case is renewed: what is open is counted anew, what is over stays as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kesu.policy.calendar import Calendar, DayKind, Source, SpecialDay, Year, parse_duration
from kesu.policy.events import CALENDAR_RENEWED, COUNTED_WITH, Event
from kesu.policy.model.limits import Reminder
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Escalation, Who
from kesu.policy.standing import ObligationState, Retelling, Standing, standing
from kesu.policy.standing.grounds import Moved
from tests.policy.standing.everything import KINDS
from tests.policy.standing.kinds import CALENDAR, approval, at, coded, duty, kind, link, local, sign_step, step
from tests.policy.standing.random_logs import logs

UNKNOWN = CALENDAR.with_years([Year(2027, Source.WEEKEND)])
FESTIVAL = tuple(SpecialDay(date(2027, 1, day), DayKind.HOLIDAY, "元旦") for day in (1, 2, 3, 4, 5))
KNOWN = CALENDAR.with_years([Year(2027, Source.OFFICIAL, FESTIVAL)])
SHORTER = CALENDAR.with_years([Year(2027, Source.OFFICIAL)])
RULES = kind(
    steps=coded(step("handle", event="case.handled"), sign_step("review"), step("ask", event="review.asked")),
    duties=coded(
        duty(
            "fix",
            "case.received",
            "case.handled",
            "5个工作日",
            remind=(Reminder(before=parse_duration("1个工作日")),),
            overdue=(Escalation(parse_duration("1个工作日"), (Who("manager"),)),),
        )
    ),
    approvals=coded(approval("review", "review.asked", link("manager"), each_within=parse_duration("5个工作日"))),
)


def renewed(seq: int, when: str, calendar: Calendar) -> Event:
    facts = {COUNTED_WITH: calendar.version}
    return Event(seq, CALENDAR_RENEWED, at(when), at(when), facts=facts, calendar=calendar)


def seen(now: str, *events: Event) -> Standing:
    return standing(RULES, events, at(now), UNKNOWN)


def received(when: str) -> Event:
    return Event(1, "case.received", at(when), at(when), "甲", step="receive")


def test_what_was_provisional_is_counted_with_the_new_year_and_says_what_was_promised() -> None:
    before = seen("2026-12-30 10:00", received("2026-12-29 10:00"))
    (fix,) = before.obligations
    assert (local(fix.due_at), fix.receipt.provisional) == ("2027-01-05 18:00", True)

    after = seen("2026-12-30 10:00", received("2026-12-29 10:00"), renewed(2, "2026-12-30 09:00", KNOWN))
    (fix,) = after.obligations
    assert (local(fix.due_at), fix.receipt.provisional) == ("2027-01-08 18:00", False)
    assert fix.receipt.calendar_version == KNOWN.version
    (was,) = fix.history.earlier
    assert (local(was.grounds.due_at), local(was.until)) == ("2027-01-05 18:00", "2026-12-30 09:00")
    assert (was.why, was.grounds.receipt.calendar_version) == (Moved.CALENDAR, UNKNOWN.version)
    assert after.wake_at > before.wake_at  # the reminder moves with it


def test_what_ended_before_stays_as_it_was_counted() -> None:
    met = Event(2, "case.handled", at("2027-01-08 10:00"), at("2027-01-08 10:00"), "甲", step="handle")
    log = [received("2026-12-29 10:00"), met]
    (before,) = seen("2027-01-10 10:00", *log).obligations
    (after,) = seen("2027-01-10 10:00", *log, renewed(3, "2027-01-09 09:00", KNOWN)).obligations
    assert before.state is ObligationState.MET
    assert after == before
    assert local(after.due_at) == "2027-01-05 18:00"


def test_nobody_is_late_by_it_who_was_not() -> None:
    log = [received("2026-12-29 10:00"), renewed(2, "2026-12-30 09:00", KNOWN)]
    (fix,) = seen("2027-01-08 10:00", *log, renewed(3, "2027-01-07 10:00", SHORTER)).obligations
    assert local(fix.due_at) == "2027-01-08 18:00"
    assert [local(was.grounds.due_at) for was in fix.history.earlier] == ["2027-01-05 18:00"]


def test_whoever_is_told_already_is_not_told_again() -> None:
    log = [received("2026-12-29 10:00")]
    late = [one.key for one in seen("2027-01-06 18:00", *log).effects]
    assert [key for key in late if "overdue" in key or "escalat" in key] == late[-1:]
    said = Event(
        2, "duty.escalated", at("2027-01-06 18:00"), at("2027-01-06 18:00"), facts={"effect": late[-1], "duty": "fix"}
    )
    again = seen("2027-02-01 10:00", *log, said, renewed(3, "2027-01-06 19:00", KNOWN))
    assert late[-1] not in [one.key for one in again.effects]


def test_a_signature_that_is_due_moves_and_one_that_was_given_does_not() -> None:
    asked = Event(2, "review.asked", at("2026-12-29 11:00"), at("2026-12-29 11:00"), "甲", step="ask")
    log = [received("2026-12-29 10:00"), asked]
    new = renewed(3, "2026-12-30 09:00", KNOWN)
    due = {one.duty: one for one in seen("2026-12-31 10:00", *log, new).obligations}["review"]
    assert local(due.due_at) == "2027-01-08 18:00"
    assert [local(was.grounds.due_at) for was in due.history.earlier] == ["2027-01-05 18:00"]
    facts = {"approval": "review", "verdict": "granted"}
    signed = Event(3, "approval.signed", at("2026-12-29 12:00"), at("2026-12-29 12:00"), "乙", "manager", facts=facts)
    later = replace(new, seq=4)
    done = {one.duty: one for one in seen("2026-12-31 10:00", *log, signed, later).obligations}["review"]
    assert (done.state, local(done.due_at)) == (ObligationState.MET, "2027-01-05 18:00")


SAME_BY_ANOTHER_NAME = replace(CALENDAR, name="同一份")


@given(st.sampled_from(KINDS), logs(), st.integers(1, 12))
def test_a_calendar_that_says_the_same_changes_nothing(rules: Kind, log: list[Event], nth: int) -> None:
    when = log[min(nth, len(log)) - 1].at
    log = [event for event in log if event.at <= when] or log[:1]
    when = max(event.at for event in log)
    facts = {COUNTED_WITH: SAME_BY_ANOTHER_NAME.version}
    new = Event(
        max(event.seq for event in log) + 1, CALENDAR_RENEWED, when, when, facts=facts, calendar=SAME_BY_ANOTHER_NAME
    )
    now = when + timedelta(days=9)
    before, after = standing(rules, log, now, CALENDAR), standing(rules, [*log, new], now, CALENDAR)
    assert _said(after) == _said(before)
    told = Retelling(rules, CALENDAR).hear_all(log)
    told.at(when)
    assert told.hear_all([*log, new]).at(now) == after


def _said(seen: Standing) -> object:
    owed = [(one.key, one.state, one.due_at, one.owner, one.ended_at) for one in seen.obligations]
    effects = [(one.key, one.at, one.to) for one in seen.effects]
    return seen.stage, seen.level, dict(seen.facts), owed, effects, seen.wake_at
