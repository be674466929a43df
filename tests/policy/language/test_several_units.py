# ruff: noqa: E501 (a mistake, and what is said about it, are compared more easily on one line)
"""Several units in one fact: a role in any of them, an obligation for each, all that were ever named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kesu.casefile.library import read_library
from kesu.policy.calendar import sample_calendar
from kesu.policy.errors import PackInvalid
from kesu.policy.events import Event
from kesu.policy.model.facts import Value
from kesu.policy.model.rules import Who
from kesu.policy.standing import EffectKind, Standing, Taker, holds, standing
from kesu.policy.telling.rules import told_rules
from kesu.policy.values import from_document, to_document
from tests.own_packs import changed

P09 = read_library().load("p09").kinds["complaint"]
MONDAY = datetime(2026, 7, 6, 2, tzinfo=UTC)
ROAD, LIFT, PARK = "unit-road", "unit-lift", "unit-park"


def after(*asked: tuple[str, ...], done: str | None = None) -> Standing:
    log = [Event(1, "case.received", MONDAY, MONDAY, by="a", step="receive")]

    def add(kind: str, facts: dict[str, Value]) -> None:
        at = MONDAY + timedelta(hours=len(log))
        log.append(Event(len(log) + 1, kind, at, at, by="a", facts=facts))

    for depts in asked:
        add("task.assigned", {"task_depts": depts})
    if done is not None:
        add("task.finished", {"task_dept": done})
    return standing(P09, log, MONDAY + timedelta(hours=9), sample_calendar())


def tasks(seen: Standing) -> dict[str, tuple[Who, bool]]:
    return {o.key.partition("#")[2]: (o.owner, o.is_open) for o in seen.obligations if o.duty == "task"}


def test_each_unit_has_its_own_obligation_and_keeps_it_when_others_are_asked() -> None:
    owed = tasks(after((ROAD, LIFT), (PARK,)))
    assert owed == {unit: (Who("dept_handler", "task_depts", unit=unit), True) for unit in (ROAD, LIFT, PARK)}
    handler = Taker("b", frozenset({f"dept_handler@{LIFT}"}))
    facts = after((ROAD, LIFT), (PARK,)).facts
    assert holds(handler, owed[LIFT][0], facts)
    assert not holds(handler, owed[ROAD][0], facts)


def test_what_is_done_in_one_unit_ends_its_obligation_alone() -> None:
    assert {unit: is_open for unit, (_, is_open) in tasks(after((ROAD, LIFT), done=LIFT)).items()} == {
        ROAD: True,
        LIFT: False,
    }


def test_a_role_of_any_unit_that_was_asked_may_act() -> None:
    state = next(step for step in after((ROAD, LIFT), (PARK,)).steps if step.code == "finish_task")
    facts = after((ROAD, LIFT), (PARK,)).facts
    assert facts["depts_asked"] == (ROAD, LIFT, PARK)
    for unit, may in ((LIFT, True), (PARK, True), ("unit-other", False)):
        assert any(holds(Taker("b", frozenset({f"dept_handler@{unit}"})), who, facts) for who in state.by) is may


def test_who_is_told_of_what_one_unit_owes_is_of_that_unit() -> None:
    told = "overdue: [{after: 0分钟, tell: [holder, cs_manager]}]}\n  feed_back"
    head = "overdue: [{after: 0分钟, tell: {role: dept_handler, of: task_depts}}]}\n  feed_back"
    kind = changed("p09", "complaint.yaml", (told, head)).kinds["complaint"]
    log = [Event(1, "task.assigned", MONDAY, MONDAY, by="a", facts={"task_depts": (ROAD, LIFT)})]
    late = standing(kind, log, MONDAY + timedelta(days=9), sample_calendar()).effects
    told_of = {one.to for one in late if one.code == "task" and one.kind is EffectKind.ESCALATION}
    assert told_of == {(Who("dept_handler", "task_depts", unit=unit),) for unit in (ROAD, LIFT)}


def test_several_units_are_stored_as_they_were_said() -> None:
    fact = P09.facts["task_depts"]
    assert from_document(fact, to_document((ROAD, LIFT))) == (ROAD, LIFT)


def test_it_is_told_back_as_any_of_them() -> None:
    assert "由请过的部门中任一的配合部门经办人、承办人" in told_rules(P09)["steps.finish_task"]
    assert told_rules(P09)["facts.depts_asked"] == "请过的部门由系统算出：请部门配合的每一个请配合的部门。"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("type: units, clause: 3.3b, derive: {each", "type: unit, clause: 3.3b, derive: {each", "放不进 unit 类型的事实。可用的类型：units"),
        ("met_by: task_dept}, owner", "met_by: task_dep}, owner", "没有事实 task_dep"),
        ("owner: {role: dept_handler, of: task_depts}", "owner: {role: dept_handler, of: team}", "不是部门（unit 或 units）类型"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_what_to_write(old: str, new: str, said: str) -> None:
    with pytest.raises(PackInvalid) as caught:
        changed("p09", "complaint.yaml", (old, new))
    assert said in "\n".join(str(problem) for problem in caught.value.problems)
