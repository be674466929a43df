"""A running case goes over to another version of its policy: what is open goes by the new rules, what is over stays."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesu.policy.calendar import parse_duration
from kesu.policy.events import EVENT_VOIDED, POLICY_RENEWED, RULED_BEFORE, RULED_BY, Event
from kesu.policy.model.conditions import Always, Table
from kesu.policy.model.limits import Reminder
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Escalation, Level, LevelRule, Levels, Notice, Stage, Who
from kesu.policy.renewal import Renewal
from kesu.policy.standing import (
    ApprovalStatus,
    EffectKind,
    ObligationState,
    Retelling,
    Standing,
    StepRefused,
    Taker,
    attempt,
    standing,
)
from kesu.policy.standing.grounds import History, Moved
from tests.policy.standing.everything import KINDS
from tests.policy.standing.kinds import (
    CALENDAR,
    CLAUSE,
    approval,
    at,
    coded,
    duty,
    event_moment,
    kind,
    link,
    local,
    sign_step,
    step,
)
from tests.policy.standing.random_logs import logs


def rules(fix: str = "5个工作日", **other: object) -> Kind:
    parts: dict[str, object] = {
        "steps": coded(step("handle", event="case.handled"), sign_step("review"), step("ask", event="review.asked")),
        "duties": coded(duty("fix", "case.received", "case.handled", fix)),
        "approvals": coded(approval("review", "review.asked", link("manager"))),
    }
    return kind(**{**parts, **other})


OLD = rules()
HELLO = Notice("hello", "问候", CLAUSE, (event_moment("case.received"),), Table.of((Who("manager"),)))


def renewed(seq: int, when: str | datetime, after: Kind, before: Kind = OLD, **names: dict[str, str]) -> Event:
    moment = at(when) if isinstance(when, str) else when
    facts = {RULED_BEFORE: "before", RULED_BY: "after"}
    return Event(seq, POLICY_RENEWED, moment, moment, facts=facts, renewal=Renewal(before, after, **names))


def event(seq: int, kind_: str, when: str, **facts: object) -> Event:
    return Event(seq, kind_, at(when), at(when), "甲", step=kind_.split(".")[-1], facts=facts)


def seen(now: str, after: Kind, *log: Event) -> Standing:
    return standing(after, log, at(now), CALENDAR)


RECEIVED = event(1, "case.received", "2026-07-06 10:00")


def test_what_is_open_is_counted_from_its_start_by_the_new_limit_and_says_what_was_promised() -> None:
    slower = rules("8个工作日")
    (fix,) = seen("2026-07-08 10:00", slower, RECEIVED, renewed(2, "2026-07-07 10:00", slower)).obligations
    assert local(fix.due_at) == "2026-07-16 18:00"
    (was,) = fix.history.earlier
    assert (local(was.grounds.due_at), was.why) == ("2026-07-13 18:00", Moved.POLICY)


def test_nobody_is_late_by_it_who_was_not() -> None:
    faster = rules("1个工作日")
    (fix,) = seen("2026-07-10 10:00", faster, RECEIVED, renewed(2, "2026-07-09 10:00", faster)).obligations
    assert local(fix.due_at) == "2026-07-13 18:00"


def test_what_is_over_stays_as_it_was_counted() -> None:
    faster, handled = rules("1个工作日"), event(2, "case.handled", "2026-07-10 10:00")
    (fix,) = seen("2026-07-20 10:00", faster, RECEIVED, handled, renewed(3, "2026-07-14 10:00", faster)).obligations
    assert (fix.state, local(fix.due_at)) == (ObligationState.MET, "2026-07-13 18:00")


def test_a_duty_that_is_new_begins_with_what_happens_from_then_on() -> None:
    call = duty("call", "case.handled", "case.called", "1个工作日")
    more = rules(duties=coded(duty("fix", "case.received", "case.handled", "5个工作日"), call))
    handled = event(2, "case.handled", "2026-07-07 10:00")
    change = renewed(3, "2026-07-08 10:00", more)
    assert [one.duty for one in seen("2026-07-09 10:00", more, RECEIVED, handled, change).obligations] == ["fix"]
    later = event(3, "case.handled", "2026-07-09 10:00")
    change = renewed(2, "2026-07-08 10:00", more)
    assert [one.duty for one in seen("2026-07-09 11:00", more, RECEIVED, change, later).obligations] == ["fix", "call"]


def test_a_duty_that_is_no_longer_there_lapses_when_the_rules_change() -> None:
    none = rules(duties={})
    (fix,) = seen("2026-07-20 10:00", none, RECEIVED, renewed(2, "2026-07-07 10:00", none)).obligations
    assert (fix.state, local(fix.ended_at)) == (ObligationState.LAPSED, "2026-07-07 10:00")


def test_what_fell_due_under_the_old_rules_is_not_told_by_the_new_ones() -> None:
    fix = duty(
        "fix",
        "case.received",
        "case.handled",
        "5个工作日",
        remind=(Reminder(before=parse_duration("4个工作日")), Reminder(before=parse_duration("1个工作日"))),
        overdue=(Escalation(parse_duration("1个工作日"), (Who("manager"),)),),
    )
    reminding = rules(duties=coded(fix))
    log = [RECEIVED, renewed(2, "2026-07-09 10:00", reminding)]
    assert not seen("2026-07-09 11:00", reminding, *log).effects
    assert [one.kind for one in seen("2026-07-10 18:30", reminding, *log).effects] == [EffectKind.REMINDER]
    assert [one.kind for one in seen("2026-07-14 18:00", reminding, *log).effects] == [EffectKind.ESCALATION]


def test_what_was_taken_back_before_is_told_by_the_rules_that_counted_then() -> None:
    none = rules(duties={})
    calling = rules(duties=coded(duty("call", "case.handled", "case.called", "1个工作日")))
    handled = event(2, "case.handled", "2026-07-07 10:00")
    when = at("2026-07-07 11:00")
    void = Event(3, EVENT_VOIDED, when, when, facts={"seq": 2})
    log = [RECEIVED, handled, void, renewed(4, "2026-07-08 10:00", none, calling)]
    (gone,) = seen("2026-07-09 10:00", none, *log).obligations
    assert (gone.duty, gone.state) == ("call", ObligationState.WITHDRAWN)


def test_before_the_change_the_case_stands_as_it_stood() -> None:
    slower = rules("8个工作日")
    log = [RECEIVED, renewed(2, "2026-07-07 10:00", slower)]
    (fix,) = seen("2026-07-06 12:00", slower, *log).obligations
    assert (local(fix.due_at), fix.history) == ("2026-07-13 18:00", None)


def test_a_notice_that_is_new_is_not_owed_for_what_happened_before() -> None:
    telling = rules(notices=coded(HELLO))
    change = renewed(2, "2026-07-07 10:00", telling)
    assert not seen("2026-07-08 10:00", telling, RECEIVED, change).effects
    again = event(3, "case.received", "2026-07-08 10:00")
    assert [one.code for one in seen("2026-07-08 11:00", telling, RECEIVED, change, again).effects] == ["hello"]


def test_what_is_signed_stays_signed_and_the_rest_of_the_chain_is_the_new_one() -> None:
    longer = rules(approvals=coded(approval("review", "review.asked", link("manager"), link("director"))))
    asked = event(2, "review.asked", "2026-07-07 10:00")
    facts = {"approval": "review", "verdict": "granted"}
    signed = Event(3, "approval.signed", at("2026-07-07 11:00"), at("2026-07-07 11:00"), "乙", "manager", facts=facts)
    (granted,) = seen(
        "2026-07-09 10:00", longer, RECEIVED, asked, signed, renewed(4, "2026-07-08 10:00", longer)
    ).approvals
    assert granted.status is ApprovalStatus.GRANTED
    (waiting,) = seen("2026-07-09 10:00", longer, RECEIVED, asked, renewed(3, "2026-07-08 10:00", longer)).approvals
    assert [one.mode for one in waiting.links] == ["one", "one"]
    two = rules(approvals=coded(approval("review", "review.asked", link("manager"), link("director"))))
    (half,) = standing(
        OLD,
        [RECEIVED, asked, signed, renewed(4, "2026-07-08 10:00", OLD, before=two)],
        at("2026-07-09 10:00"),
        CALENDAR,
    ).approvals
    assert half.status is ApprovalStatus.GRANTED


def test_a_round_of_which_nothing_is_said_any_more_ends() -> None:
    none = rules(approvals={})
    asked = event(2, "review.asked", "2026-07-07 10:00")
    (ended,) = seen("2026-07-09 10:00", none, RECEIVED, asked, renewed(3, "2026-07-08 10:00", none)).approvals
    assert (ended.status, ended.name) == (ApprovalStatus.VOID, OLD.approvals["review"].name)


def test_stages_and_levels_go_on_under_their_new_names() -> None:
    def named(second: str, plain: str) -> Kind:
        order = (Level(plain, "一般"), Level(f"{plain}+", "热点"))
        return kind(
            steps=coded(step("handle", event="case.handled", to=second)),
            stages=coded(Stage(second, "办理")),
            levels=Levels(order, (LevelRule(plain, Always(), ("9",)),), False, "supervisor"),
        )

    old, new = named("doing", "general"), named("work", "normal")
    names = {"stages": {"doing": "work"}, "levels": {"general": "normal"}}
    handled = replace(event(2, "case.handled", "2026-07-07 10:00"), step="handle")
    log = [RECEIVED, handled, renewed(3, "2026-07-08 10:00", new, old, **names)]
    after = seen("2026-07-09 10:00", new, *log)
    assert (after.stage, after.level) == ("work", "normal")
    assert [one.after for one in after.stage_changes] == ["work"]
    assert [one.after for one in after.level_changes] == ["normal"]


def test_nothing_is_dated_back_behind_the_change() -> None:
    slower = rules("8个工作日")
    log = [RECEIVED, renewed(2, "2026-07-07 10:00", slower)]
    taker, now = Taker("甲", frozenset({"specialist"})), at("2026-07-08 10:00")
    with pytest.raises(StepRefused) as refused:
        attempt(slower, log, "handle", taker, {}, at("2026-07-06 12:00"), now, CALENDAR)
    assert refused.value.refusals[0].missing[0].name == "2026-07-07 10:00"
    assert attempt(slower, log, "handle", taker, {}, now, now, CALENDAR).kind == "case.handled"


COPIES = [(one, deepcopy(one)) for one in KINDS]


@given(st.integers(0, len(COPIES) - 1), logs(), st.integers(1, 12), st.integers(0, 20))
def test_rules_that_say_the_same_change_nothing(of: int, log: list[Event], nth: int, days: int) -> None:
    same, copy = COPIES[of]
    ordered = sorted(log, key=lambda one: (one.at, one.seq))
    place = min(nth, len(ordered))
    when = ordered[place - 1].at + timedelta(minutes=1)
    change = renewed(max(one.seq for one in log) + 1, when, copy, same)
    now = when + timedelta(days=days)
    before = standing(same, log, now, CALENDAR)
    after = standing(copy, [*log, change], now, CALENDAR)
    assert _said(after, when) == _said(before, when)
    told = Retelling(copy, CALENDAR).hear_all([*log, change])
    told.at(when)
    assert told.at(now) == after


def _said(found: Standing, when: datetime) -> object:
    owed = [
        (one.key, one.state, one.due_at, one.owner, one.ended_at, _promised(one.history)) for one in found.obligations
    ]
    told = [one for one in found.effects if one.at > when or not ("/overdue/" in one.key or "/remind/" in one.key)]
    effects = [(one.key, one.at, one.to) for one in told]
    signed = [replace(one, authors=frozenset()) for one in found.approvals]
    return found.stage, found.level, dict(found.facts), owed, effects, signed, [one.code for one in found.steps]


def _promised(history: History | None) -> object:
    if history is None:
        return None
    return history.stops, history.longer, [(one.grounds.due_at, one.until, one.why) for one in history.earlier]
