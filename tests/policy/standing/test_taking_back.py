"""A step is taken back by whom the policy names, unless something rests on it; a merged case owes nothing any more."""

from __future__ import annotations

from dataclasses import replace

from kesu.policy.calendar import parse_duration
from kesu.policy.events import POLICY_RENEWED, RULED_BEFORE, RULED_BY, Event
from kesu.policy.model.approving import LinkMode
from kesu.policy.model.conditions import Table
from kesu.policy.model.facts import FactType
from kesu.policy.model.rules import AUTHOR, Escalation, Guard, Link, Need, NeedKind, Notice, Stage, Undo, Who
from kesu.policy.renewal import Renewal
from kesu.policy.standing import Taker
from kesu.policy.standing.named import heard_of_named
from kesu.policy.standing.results import MissingKind
from kesu.policy.standing.taking_back import refusals_to_take_back, sent_for
from tests.policy.standing.kinds import (
    CALENDAR,
    CLAUSE,
    Log,
    approval,
    at,
    at_least,
    coded,
    codes_missing,
    duty,
    event_moment,
    fact,
    kind,
    obligation,
    sign_step,
    step,
)
from tests.policy.standing.test_levels import levels

UNDO = (Undo((Who(AUTHOR),), parse_duration("24小时"), ("2.1",)), Undo((Who("manager"),)))
LATE = (Escalation(parse_duration("0分钟"), (Who("vp"),)),)
RULES = kind(
    facts=coded(
        fact("heads", FactType.NUMBER),
        fact("into", FactType.CASE),
        fact("part", FactType.CASE),
        fact("team", FactType.GROUP),
        fact("plan", FactType.TEXT),
    ),
    stages=coded(Stage("planned", "已拟"), Stage("merged", "已并案", final=True)),
    steps=coded(
        step("count", event="heads.counted", asks=("heads",), undo=UNDO),
        step("give", event="task.given", asks=("team",), undo=UNDO),
        step("finish", (Who("", group="team"),), "task.finished"),
        step("plan", event="plan.made", asks=("plan",), from_stages=("open",), to="planned", undo=UNDO),
        step("merge", event="case.merged", asks=("into",), to="merged", merges="into", undo=UNDO),
        step("part", event="part.named", asks=("part",)),
        sign_step("nod"),
    ),
    approvals=coded(approval("nod", event_moment("plan.made"), Link(LinkMode.ONE, (Who("manager"),)))),
    levels=levels(("major", at_least("heads", 10)), ("hot", at_least("heads", 3))),
    duties=coded(
        duty("watch", "case.received", "case.resolved", "2天", survives=True, overdue=LATE),
    ),
    notices=coded(
        Notice("counted", "数过", CLAUSE, (event_moment("heads.counted"),), Table.of((Who("manager"),))),
    ),
    guards=coded(
        Guard("parts", "子件先办完", CLAUSE, steps=("close",), needs=(Need(NeedKind.NAMED_CLOSED, ("part",)),)),
    ),
)  # fmt: skip


def begun() -> Log:
    return Log(RULES).add("2026-07-06 09:00", "case.received")


def against(log: Log, seq: int, when: str = "2026-07-06 12:00", by: str = "甲", *roles: str) -> set[str]:
    taker = Taker(by, frozenset(roles))
    event = log.events[seq - 1]
    return {one.code for one in refusals_to_take_back(RULES, log.events, event, taker, at(when), CALENDAR)}


def test_its_author_has_a_day_and_the_manager_no_limit() -> None:
    log = begun().take("2026-07-06 10:00", "count", heads=4)
    assert against(log, 2, "2026-07-07 10:00") == set()
    assert against(log, 2, "2026-07-07 10:01") == {"window"}
    assert against(log, 2, "2026-08-07 10:01", "乙", "manager") == set()
    assert against(log, 2, "2026-07-06 10:01", "乙", "specialist") == {"role"}


def test_what_could_not_have_been_done_without_it_rests_on_it() -> None:
    log = begun().take("2026-07-06 10:00", "plan", plan="已填").sign("2026-07-06 11:00", "nod", "manager")
    assert against(log, 2) == {"rests"}
    log = begun().take("2026-07-06 10:00", "give", team=("dept:丙",))
    assert against(log, 2) == set()
    log.take("2026-07-06 11:00", "finish", ("dept",), "丙")
    assert against(log, 2) == {"rests"}


def test_what_rests_on_it_is_judged_by_the_rules_that_counted_then() -> None:
    log = (
        begun().take("2026-07-06 10:00", "give", team=("dept:丙",)).take("2026-07-06 11:00", "finish", ("dept",), "丙")
    )
    newer = replace(RULES, steps={code: one for code, one in RULES.steps.items() if code != "finish"})
    when, facts = at("2026-07-06 11:30"), {RULED_BEFORE: "before", RULED_BY: "after"}
    change = Event(4, POLICY_RENEWED, when, when, facts=facts, renewal=Renewal(RULES, newer))
    events = [*log.events, change]
    refused = refusals_to_take_back(
        newer, events, events[1], Taker("甲", frozenset()), at("2026-07-06 12:00"), CALENDAR
    )
    assert [(one.code, one.missing[0].name) for one in refused] == [("rests", RULES.steps["finish"].name)]


def test_what_could_have_been_done_anyway_does_not() -> None:
    log = begun().take("2026-07-06 10:00", "count", heads=4).take("2026-07-06 11:00", "plan", plan="已填")
    assert against(log, 2) == set()
    assert against(log, 3) == set()
    log.take("2026-07-06 11:30", "count", heads=5)
    assert against(log, 2) == set()


def test_it_names_what_was_sent_because_of_it_alone() -> None:
    log = begun().take("2026-07-06 10:00", "count", heads=4)
    key = next(one.key for one in log.at("2026-07-06 10:00").effects if one.code == "counted")
    assert sent_for(RULES, log.events, 2, at("2026-07-06 11:00"), CALENDAR) == ()
    log.add("2026-07-06 10:00", "notice.sent", by=None, notice="counted", effect=key)
    assert sent_for(RULES, log.events, 2, at("2026-07-06 11:00"), CALENDAR) == ("counted",)


def test_a_merged_case_is_neither_raised_nor_urged() -> None:
    log = begun().take("2026-07-06 10:00", "merge", into="a" * 32)
    assert log.at("2026-07-06 10:00").merged_into == "a" * 32
    log.add("2026-07-06 11:00", "heads.counted", by=None, heads=30)
    later = log.at("2026-12-01 09:00")
    assert later.level == "general"
    assert not later.next_raises
    assert obligation(later, "watch").state == "lapsed"
    assert not [one for one in later.effects if one.code == "watch"]


def test_every_case_that_was_named_is_waited_for() -> None:
    one, other, noon = "a" * 32, "b" * 32, at("2026-07-06 12:00")
    log = begun().take("2026-07-06 10:00", "part", part=one).take("2026-07-06 11:00", "part", part=other)

    def open_ones() -> set[str]:
        (close,) = (state for state in log.at("2026-07-06 13:00").steps if state.code == "close")
        assert all(lack.kind is MissingKind.NAMED for refusal in close.refusals for lack in refusal.missing)
        return codes_missing(close.refusals)

    assert open_ones() == {one, other}
    log.events.append(heard_of_named(4, one, noon, noon, has_ended=True))
    assert open_ones() == {other}
    log.events.append(heard_of_named(5, other, noon, noon, has_ended=True))
    assert open_ones() == set()
    log.events.append(heard_of_named(6, one, noon, noon, has_ended=False))
    assert open_ones() == {one}
