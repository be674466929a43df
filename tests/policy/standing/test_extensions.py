"""An extension that somebody has to approve: asked for, decided by another, and only then longer."""

from __future__ import annotations

import pytest

from kesu.policy.calendar import parse_duration
from kesu.policy.model.conditions import FactRef
from kesu.policy.model.facts import FactType
from kesu.policy.model.rules import Who
from kesu.policy.model.stretching import Extension
from kesu.policy.standing import ObligationState, StepRefused
from tests.policy.standing.kinds import (
    Log,
    approval,
    coded,
    due,
    duty,
    fact,
    kind,
    link,
    obligation,
    sign_step,
    step,
)

FACTS = coded(
    fact("verdict", FactType.CHOICE, values=("同意", "退回")),
    fact("opinion", FactType.TEXT),
    fact("extended_to", FactType.DATE),
    fact("days", FactType.NUMBER),
)
STEPS = coded(
    step("ask", (Who("specialist"), Who("manager")), "longer.asked", asks=("days",)),
    step("handle", event="case.handled"),
    step("assign", event="case.assigned"),
    sign_step("longer"),
)
DAYS = FactRef("days")


def log_of(length=DAYS, **more) -> Log:
    rule = Extension("longer.asked", length, approval="longer", **more)
    fix = duty("fix", "case.assigned", "case.handled", "5个工作日", extension=rule, restarts=True)
    desk = approval("longer", "longer.asked", link("manager"))
    log = Log(kind(facts=FACTS, steps=STEPS, duties=coded(fix), approvals=coded(desk)))
    return log.add("2026-07-06 09:00", "case.received").add("2026-07-06 10:00", "case.assigned")


def test_asking_moves_nothing_until_it_is_granted() -> None:
    log = log_of().take("2026-07-07 10:00", "ask", days=2)
    assert due(log.at("2026-07-08 10:00"), "fix") == "2026-07-13 18:00"
    log.sign("2026-07-08 11:00", "longer", "manager")
    assert due(log.at("2026-07-08 10:59"), "fix") == "2026-07-13 18:00"
    assert due(log.at("2026-07-08 11:00"), "fix") == "2026-07-15 18:00"


def test_a_refusal_moves_nothing_and_another_request_may_follow() -> None:
    log = log_of().take("2026-07-07 10:00", "ask", days=2).sign("2026-07-07 11:00", "longer", "manager", "refused")
    assert due(log.at("2026-07-07 11:00"), "fix") == "2026-07-13 18:00"
    log.take("2026-07-08 10:00", "ask", days=1).sign("2026-07-08 11:00", "longer", "manager")
    assert due(log.at("2026-07-08 11:00"), "fix") == "2026-07-14 18:00"
    assert [one.verdict for round_ in log.at("2026-07-08 11:00").approvals for one in round_.links[0].signatures] == [
        "refused",
        "granted",
    ]


def test_whoever_asked_does_not_decide() -> None:
    log = log_of().take("2026-07-07 10:00", "ask", ("manager",), by="丙", days=2)
    with pytest.raises(StepRefused) as refused:
        log.sign("2026-07-07 11:00", "longer", "manager", by="丙")
    assert [one.code for one in refused.value.refusals] == ["conflict"]


def test_what_is_granted_is_the_last_request() -> None:
    log = log_of().take("2026-07-07 10:00", "ask", days=1).take("2026-07-07 11:00", "ask", days=3)
    log.sign("2026-07-07 12:00", "longer", "manager")
    assert due(log.at("2026-07-07 12:00"), "fix") == "2026-07-16 18:00"


def test_what_is_granted_too_late_moves_nothing() -> None:
    log = log_of().take("2026-07-13 17:00", "ask", days=2).sign("2026-07-13 18:01", "longer", "manager")
    now = log.at("2026-07-13 18:01")
    assert (due(now, "fix"), obligation(now, "fix").state) == ("2026-07-13 18:00", ObligationState.OPEN)


def test_a_request_is_about_the_limit_that_ran_when_it_was_made() -> None:
    log = log_of().take("2026-07-07 10:00", "ask", days=2).add("2026-07-08 10:00", "case.assigned")
    log.sign("2026-07-08 11:00", "longer", "manager")
    assert due(log.at("2026-07-08 11:00"), "fix") == "2026-07-15 18:00"


def test_refusals_do_not_count_among_the_times() -> None:
    log = log_of(parse_duration("1个工作日"), times=1)
    for day, verdict in ((7, "refused"), (8, "granted"), (9, "granted")):
        log.take(f"2026-07-{day:02} 10:00", "ask", days=1).sign(f"2026-07-{day:02} 11:00", "longer", "manager", verdict)
    assert due(log.at("2026-07-09 11:00"), "fix") == "2026-07-14 18:00"
