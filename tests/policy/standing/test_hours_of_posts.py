"""What a post with hours of its own owes is counted by these, and everything else as before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesu.policy.calendar import Calendar, CalendarUnreadable, DayKind, Period, PostHours, Source, SpecialDay, Year
from kesu.policy.calendar.comparing import differs_from, other_posts
from kesu.policy.calendar.duration import parse_duration
from kesu.policy.events import CALENDAR_RENEWED, COUNTED_WITH, Event
from kesu.policy.model.facts import FactType
from kesu.policy.model.limits import Reminder
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Escalation, Who
from kesu.policy.standing import Obligation, Retelling, standing
from kesu.policy.standing.grounds import Moved
from tests.policy.standing.everything import KINDS
from tests.policy.standing.kinds import (
    CALENDAR,
    approval,
    at,
    coded,
    duty,
    fact,
    is_,
    kind,
    link,
    local,
    sign_step,
    table,
)
from tests.policy.standing.kinds import step as taken
from tests.policy.standing.random_logs import logs

EVERY_DAY = (Period.parse("07:00-23:00"),)
DESK = PostHours("desk", "服务前台", (EVERY_DAY,) * 7, EVERY_DAY, keeps_holidays=False)
SHIFTS = replace(CALENDAR, posts=(DESK,))
RULES = kind(
    facts=coded(fact("urgent", FactType.FLAG)),
    steps=coded(taken("handle", event="case.handled"), sign_step("review"), taken("ask", event="review.asked")),
    duties=coded(
        duty("call", "case.received", "case.handled", "4工作小时", owner="desk"),
        duty("fix", "case.received", "case.handled", "4工作小时"),
        duty(
            "visit",
            "case.received",
            "case.handled",
            "4工作小时",
            owner=table((is_("urgent", value=True), Who("desk")), default=Who("specialist")),
            remind=(Reminder(before=parse_duration("1工作小时")),),
            overdue=(Escalation(parse_duration("1工作小时"), (Who("desk"),), hand_over=True),),
        ),
    ),
    approvals=coded(approval("review", "review.asked", link("desk"), each_within=parse_duration("4工作小时"))),
)
SATURDAY = "2026-11-14 09:00"


def owed(now: str, *events: Event, rules: Kind = RULES, calendar: Calendar = SHIFTS) -> dict[str, Obligation]:
    return {one.duty: one for one in standing(rules, events, at(now), calendar).obligations}


def said(seq: int, when: str, what: str, **facts: bool) -> Event:
    return Event(seq, what, at(when), at(when), "甲", step={"case.received": "receive"}.get(what), facts=facts)


def test_the_desk_is_counted_by_its_shifts_and_the_office_by_its_week() -> None:
    due = owed("2026-11-14 10:00", said(1, SATURDAY, "case.received"))
    assert {code: local(one.due_at) for code, one in due.items()} == {
        "call": "2026-11-14 13:00",
        "fix": "2026-11-16 13:00",
        "visit": "2026-11-16 13:00",
    }
    of_desk, whole = due["call"].receipt, due["fix"].receipt
    assert (of_desk.calendar_version, whole.calendar_version) == (SHIFTS.of_post("desk").version, SHIFTS.version)
    assert SHIFTS.counted_by(of_desk.calendar_version) == SHIFTS.of_post("desk")
    assert SHIFTS.counted_by(whole.calendar_version) is SHIFTS.counted_by(None) is SHIFTS
    assert SHIFTS.of_post("desk").name == "sample · 服务前台"


def test_who_works_through_holidays_owes_nothing_provisional() -> None:
    due = owed("2029-10-01 10:00", said(1, "2029-10-01 09:00", "case.received"))  # of 2029 nothing is known
    assert local(due["call"].due_at) == "2029-10-01 13:00"
    assert (due["call"].receipt.provisional, due["fix"].receipt.provisional) == (False, True)


def test_who_keeps_holidays_rests_when_all_do() -> None:
    calendar = replace(CALENDAR, posts=(replace(DESK, keeps_holidays=True),))
    due = owed("2026-10-01 10:00", said(1, "2026-10-01 09:00", "case.received"), calendar=calendar)
    assert local(due["call"].due_at) == "2026-10-08 11:00"


def test_a_signature_is_counted_by_the_hours_of_who_signs() -> None:
    due = owed(SATURDAY, said(1, SATURDAY, "case.received"), said(2, SATURDAY, "review.asked"))
    assert local(due["review"].due_at) == "2026-11-14 13:00"


def test_what_passes_to_another_post_is_counted_by_its_hours_from_the_start_and_is_not_late_by_it() -> None:
    log = [said(1, SATURDAY, "case.received"), said(2, "2026-11-14 11:00", "case.read", urgent=True)]
    passed = owed("2026-11-14 12:00", *log)["visit"]
    assert local(passed.due_at) == "2026-11-14 13:00"
    (was,) = passed.history.earlier
    assert (local(was.grounds.due_at), was.why) == ("2026-11-16 13:00", Moved.OWNER)
    later = [log[0], said(2, "2026-11-15 11:00", "case.read", urgent=True)]
    assert local(owed("2026-11-15 11:00", *later)["visit"].due_at) == "2026-11-16 13:00"
    back = [*log, said(3, "2026-11-14 12:00", "case.read", urgent=False)]
    assert local(owed("2026-11-14 12:30", *back)["visit"].due_at) == "2026-11-16 13:00"


def test_what_is_handed_over_because_it_ran_over_stays_as_it_was_due() -> None:
    late = owed("2026-11-16 20:00", said(1, SATURDAY, "case.received"))["visit"]
    assert (late.owner, local(late.due_at)) == (Who("desk"), "2026-11-16 13:00")


def test_other_hours_of_a_post_go_over_with_the_version_and_touch_nobody_else() -> None:
    later = (Period.parse("09:00-21:00"),)
    new = replace(SHIFTS, posts=(replace(DESK, week=(later,) * 7, regular=later),))
    begun = said(1, "2026-11-14 20:00", "case.received")
    facts = {COUNTED_WITH: new.version}
    change = Event(2, CALENDAR_RENEWED, at("2026-11-14 20:30"), at("2026-11-14 20:30"), facts=facts, calendar=new)
    before, after = owed("2026-11-14 21:00", begun), owed("2026-11-14 21:00", begun, change)
    assert (local(before["call"].due_at), local(after["call"].due_at)) == ("2026-11-15 08:00", "2026-11-15 12:00")
    assert [was.why for was in after["call"].history.earlier] == [Moved.CALENDAR]
    assert before["fix"].due_at == after["fix"].due_at
    assert (differs_from(SHIFTS, new), differs_from(CALENDAR, SHIFTS)) == (date.min, date.min)
    assert [post.name for post in other_posts(SHIFTS, CALENDAR)] == ["服务前台"]


def test_the_document_holds_the_posts_and_without_any_it_is_what_it_was() -> None:
    assert Calendar.from_document(SHIFTS.to_document()) == SHIFTS
    assert replace(SHIFTS, posts=()) == CALENDAR
    assert "posts" not in CALENDAR.to_document()
    of_desk = SHIFTS.of_post("desk")
    assert Calendar.from_document(of_desk.to_document()) == of_desk
    plan = Year(2027, Source.OFFICIAL, (SpecialDay(date(2027, 1, 1), DayKind.HOLIDAY, "元旦"),))
    assert SHIFTS.with_years([plan]).of_post("desk").version == of_desk.version
    with pytest.raises(CalendarUnreadable):
        replace(CALENDAR, posts=(replace(DESK, week=((),) * 7),))
    with pytest.raises(CalendarUnreadable, match=r"posts\.desk"):
        Calendar.from_document({**CALENDAR.to_document(), "posts": {"desk": {"name": "服务前台"}}})


NIGHTS = replace(DESK, slot="specialist", week=((Period(0, 360), Period(1320, 1440)),) * 7)
MANY = replace(SHIFTS, posts=(DESK, NIGHTS, replace(DESK, slot="manager"), replace(NIGHTS, slot="leader")))


@given(st.sampled_from(KINDS), logs(), st.integers(0, 900))
def test_a_walk_that_goes_on_says_what_a_new_one_does(rules: Kind, log: list[Event], hours: int) -> None:
    told, now = Retelling(rules, MANY), max(event.at for event in log)
    for event in log:
        told.hear(event)
        told.at(now)
    later = now + timedelta(hours=hours)
    assert told.at(later) == standing(rules, log, later, MANY)
