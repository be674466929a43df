"""What holds a clock up is told, why and until when; what was promised before stays in sight."""

from __future__ import annotations

from fractions import Fraction

from kesu.policy.calendar import parse_duration
from kesu.policy.model.conditions import FactRef, Moment, MomentNoun
from kesu.policy.model.facts import FactType
from kesu.policy.model.rules import Who
from kesu.policy.model.stretching import Extension, Pause
from kesu.policy.standing import ObligationState
from kesu.policy.standing.grounds import Moved
from tests.policy.standing.kinds import (
    Log,
    approval,
    at,
    coded,
    due,
    duty,
    fact,
    is_,
    kind,
    limit,
    link,
    local,
    obligation,
    sign_step,
    step,
    table,
)

FACTS = coded(
    fact("waiting", FactType.FLAG),
    fact("typhoon", FactType.FLAG),
    fact("urgent", FactType.FLAG),
    fact("days", FactType.NUMBER),
    fact("verdict", FactType.CHOICE, values=("同意", "退回")),
    fact("opinion", FactType.TEXT),
)
STEPS = coded(
    step("state", event="facts.stated", may_state=("waiting", "typhoon", "urgent")),
    step("ask", (Who("specialist"),), "longer.asked", asks=("days",)),
    step("wait", (Who("specialist"),), "wait.asked"),
    step("handle", event="case.handled"),
    sign_step("standstill"),
)
STANDSTILL = approval("standstill", "wait.asked", link("manager"))
GRANTED = Moment(MomentNoun.APPROVAL, "standstill", "granted")


def begun(within="24小时", **more) -> Log:
    fix = duty("fix", "case.received", "case.handled", within, **more)
    log = Log(kind(facts=FACTS, steps=STEPS, duties=coded(fix), approvals=coded(STANDSTILL)))
    return log.add("2026-07-02 16:00", "case.received")


def told(log: Log, when: str):
    history = obligation(log.at(when), "fix").history
    assert history is not None
    return history


def promised(log: Log, when: str) -> list[tuple[str | None, str | None, Moved]]:
    return [(local(one.grounds.due_at), local(one.until), one.why) for one in told(log, when).earlier]


def test_a_pause_says_why_since_when_and_until_when_at_the_latest() -> None:
    log = begun(pauses=(Pause(is_("waiting", True), parse_duration("3小时"), ("4",), "等业主补材料"),))
    log.add("2026-07-02 20:00", "facts.stated", waiting=True)
    (stop,) = told(log, "2026-07-02 21:00").stops
    assert (stop.rule.name, stop.rule.clauses, stop.ends_at) == ("等业主补材料", ("4",), None)
    assert (local(stop.starts_at), local(stop.at_latest)) == ("2026-07-02 20:00", "2026-07-02 23:00")
    assert local(obligation(log.at("2026-07-02 21:00"), "fix").grounds.due_at) == "2026-07-03 16:00"


def test_after_a_pause_the_promise_before_it_stays_in_sight() -> None:
    log = begun(pauses=(Pause(is_("waiting", True), name="等业主补材料"),))
    log.add("2026-07-02 20:00", "facts.stated", waiting=True).add("2026-07-03 01:00", "facts.stated", waiting=False)
    assert due(log.at("2026-07-03 02:00"), "fix") == "2026-07-03 21:00"
    assert promised(log, "2026-07-03 02:00") == [("2026-07-03 16:00", "2026-07-03 01:00", Moved.PAUSE)]
    lines = obligation(log.at("2026-07-03 02:00"), "fix").receipt.lines
    assert [line.label for line in lines if line.code == "paused"] == ["等业主补材料"]


def test_a_pause_that_needs_approval_begins_when_it_is_granted() -> None:
    log = begun(pauses=(Pause(is_("waiting", True), name="等业主补材料", granted=GRANTED),))
    log.add("2026-07-02 17:00", "facts.stated", waiting=True).take("2026-07-02 18:00", "wait")
    assert obligation(log.at("2026-07-02 18:30"), "fix").state is ObligationState.OPEN
    log.sign("2026-07-02 19:00", "standstill", "manager")
    assert obligation(log.at("2026-07-02 19:00"), "fix").paused_since == at("2026-07-02 19:00")
    log.add("2026-07-02 21:00", "facts.stated", waiting=False)
    assert due(log.at("2026-07-02 22:00"), "fix") == "2026-07-03 18:00"
    log.add("2026-07-02 23:00", "facts.stated", waiting=True)
    assert obligation(log.at("2026-07-02 23:30"), "fix").state is ObligationState.OPEN  # granted for another wait


def test_while_a_state_holds_the_clock_runs_slow_and_then_as_ever() -> None:
    log = begun(pauses=(Pause(is_("typhoon", True), name="台风红色预警", factor=Fraction(2)),))
    log.add("2026-07-02 20:00", "facts.stated", typhoon=True)
    assert due(log.at("2026-07-02 21:00"), "fix") == "2026-07-04 12:00"  # 20 hours are left and take 40
    log.add("2026-07-03 04:00", "facts.stated", typhoon=False)
    assert due(log.at("2026-07-03 05:00"), "fix") == "2026-07-03 20:00"  # eight hours were worth four
    assert promised(log, "2026-07-03 05:00") == [
        ("2026-07-03 16:00", "2026-07-02 20:00", Moved.SLOWER),
        ("2026-07-04 12:00", "2026-07-03 04:00", Moved.SLOWER),
    ]


def test_a_limit_of_another_level_counts_from_the_start_and_the_old_one_stays_in_sight() -> None:
    rows = table((is_("urgent", True), limit("1个工作日")), default=limit("7个工作日"))
    log = begun(rows).add("2026-07-03 10:00", "facts.stated", urgent=True)
    assert due(log.at("2026-07-03 10:30"), "fix") == "2026-07-03 18:00"
    assert promised(log, "2026-07-03 10:30") == [("2026-07-13 18:00", "2026-07-03 10:00", Moved.LIMIT)]


def test_an_extension_says_when_it_was_given_and_what_was_promised_before() -> None:
    rule = Extension("longer.asked", FactRef("days"), clauses=("5",))
    log = begun("3个工作日", extension=rule).take("2026-07-03 10:00", "ask", days=2)
    (longer,) = told(log, "2026-07-03 11:00").longer
    assert (str(longer.length), local(longer.at), longer.rule.clauses) == ("2个工作日", "2026-07-03 10:00", ("5",))
    assert promised(log, "2026-07-03 11:00") == [("2026-07-07 18:00", "2026-07-03 10:00", Moved.EXTENSION)]


def test_a_clock_that_simply_ran_has_no_history() -> None:
    assert obligation(begun().at("2026-07-02 17:00"), "fix").history is None
