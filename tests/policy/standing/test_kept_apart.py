"""Several departments asked at once: each has a handler, a date, an objection and an end of its own."""

from __future__ import annotations

import pytest

from kesu.policy.calendar import parse_duration
from kesu.policy.model.conditions import Aggregate, Derivation, FactRef, Table
from kesu.policy.model.facts import FactType
from kesu.policy.model.limits import Limit
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Escalation, Guard, Notice, Who
from kesu.policy.model.stepping import Opening
from kesu.policy.standing import Obligation, Standing, StepRefused, StepState
from tests.policy.standing.kinds import (
    CLAUSE,
    Log,
    at,
    at_least,
    coded,
    duty,
    event_moment,
    fact,
    kind,
    local,
    step,
    table,
)

HANDLER = Who("", group="handler")


def _kind() -> Kind:
    """A case closes when two departments are done: the policy says how many."""
    done = Derivation(Aggregate.DISTINCT, "dept", (event_moment("task.done"),))
    window = Opening(event_moment("task.given"), parse_duration("4小时"), 1)
    return kind(
        facts=coded(
            fact("dept", FactType.UNIT),
            fact("handler", FactType.GROUP, per="dept"),
            fact("due", FactType.TIME, per="dept"),
            fact("done", FactType.NUMBER, derive=done),
        ),
        steps=coded(
            step("give", event="task.given", asks=("dept", "handler", "due")),
            step("object", (HANDLER,), "task.objected", asks=("dept",), opening=window),
            step("finish", (HANDLER,), "task.done", asks=("dept",)),
        ),
        guards=coded(Guard("enough", "两个部门办好才结案", CLAUSE, steps=("close",), unless=at_least("done", 2))),
        duties=coded(
            duty(
                "task",
                "task.given",
                "task.done",
                table(default=(Limit(FactRef("due")),)),
                owner=Table.of(HANDLER),
                per="dept",
                restarts=True,
                overdue=(Escalation(parse_duration("0分钟"), tell=(HANDLER,)),),
            )
        ),
        notices=coded(Notice("given", "派件", CLAUSE, (event_moment("task.given"),), Table.of((HANDLER,)))),
    )


KIND = _kind()


def given() -> Log:
    """Works is asked at ten until the eighth, design at noon until the ninth."""
    log = Log(KIND).take("2026-07-06 09:00", "receive", ("everyone",))
    for hour, dept, who, day in (("10:00", "works", "lin", "08"), ("12:00", "design", "gao", "09")):
        due = at(f"2026-07-{day} 17:00")
        log.take(f"2026-07-06 {hour}", "give", dept=dept, handler=(f"specialist:{who}",), due=due)
    return log


def task(now: Standing, dept: str) -> Obligation:
    return next(one for one in now.obligations if one.key.endswith(f"#{dept}"))


def offered(now: Standing, code: str) -> StepState:
    return next(one for one in now.steps if one.code == code)


def members(whos: tuple[Who, ...]) -> set[str]:
    return {member for who in whos for member in who.members or ()}


def test_each_keeps_its_handler_and_its_date() -> None:
    now = given().at("2026-07-06 13:00")
    assert [(local(task(now, one).due_at), task(now, one).owner.members) for one in ("works", "design")] == [
        ("2026-07-08 17:00", ("specialist:lin",)),
        ("2026-07-09 17:00", ("specialist:gao",)),
    ]


def test_whoever_is_named_is_told_of_his_own_and_of_nothing_else() -> None:
    now = given().at("2026-07-08 17:00")
    told = [(effect.code, members(effect.to)) for effect in now.effects]
    assert told == [("given", {"specialist:lin"}), ("given", {"specialist:gao"}), ("task", {"specialist:lin"})]


def test_only_the_handler_of_a_department_speaks_for_it() -> None:
    with pytest.raises(StepRefused, match="role"):
        given().take("2026-07-06 13:00", "finish", by="gao", dept="works")
    now = given().take("2026-07-06 13:00", "finish", by="lin", dept="works").at("2026-07-06 13:00")
    assert (task(now, "works").met_at, task(now, "design").met_at) == (at("2026-07-06 13:00"), None)


def test_the_window_of_each_runs_from_its_own_beginning() -> None:
    late = given()
    with pytest.raises(StepRefused, match="window"):
        late.take("2026-07-06 15:00", "object", by="lin", dept="works")
    late.take("2026-07-06 15:00", "object", by="gao", dept="design")
    with pytest.raises(StepRefused, match="window"):
        late.take("2026-07-06 15:01", "object", by="gao", dept="design")


def test_a_step_is_offered_to_those_who_can_take_it_for_one_of_them() -> None:
    log = given()
    assert members(offered(log.at("2026-07-06 13:00"), "object").by) == {"specialist:lin", "specialist:gao"}
    state = offered(log.at("2026-07-06 15:00"), "object")
    assert state.is_allowed
    assert members(state.by) == {"specialist:gao"}
    assert [one.value for one in state.apart] == ["design"]
    assert not offered(log.at("2026-07-06 16:01"), "object").is_allowed
    assert local(log.at("2026-07-06 13:00").wake_at) == "2026-07-06 14:00"  # when the first of them can object no more


def test_the_policy_says_how_many_have_to_be_done() -> None:
    log = given().take("2026-07-06 13:00", "finish", by="lin", dept="works")
    with pytest.raises(StepRefused, match="enough"):
        log.take("2026-07-06 14:00", "close")
    log.take("2026-07-06 14:00", "finish", by="gao", dept="design").take("2026-07-06 14:01", "close")
    assert log.at("2026-07-06 14:01").is_final
