"""A case opens another one: once, with what is carried over, and hears when that one ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from kesu.casefile.opening_linked import DEEPEST
from kesu.casefile.proof.rebuilding import Outcome, compare_case
from kesu.commands.clock.wake_one import wake_one
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.core.errors import NotNow
from kesu.policy.explain import explain_lines
from kesu.queries.cases.explain_case import explain_case
from kesu.store.models import Case, CaseCard, CaseEvent, Obligation, OutboxMessage
from tests.linked_policies import linked
from tests.world import MONDAY, World, calendar, standing_of

SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}
LATER = MONDAY + timedelta(hours=1)


def adopt(world: World, *changes: tuple[str, str], unit: str = "qingtang") -> None:
    pack = linked(*changes)
    adopt_pack(actor=None, at=MONDAY, unit_id=world.units[unit], pack=pack, calendar=calendar(), signatures=SIGNED)


@pytest.fixture
def case_id(world: World) -> UUID:
    adopt(world)
    return world.register("wutong", at=LATER)


def minutes(count: int) -> datetime:
    return LATER + timedelta(minutes=count)


def find(world: World, case_id: UUID, at: datetime, **given: str) -> None:
    said = {"problem_text": "三单元的管井没有封堵", "problem_weight": "重", **given}
    world.take(case_id, "find_problem", "zhouyining", at, **said)


def opened() -> list[UUID]:
    return list(
        CaseCard.objects.filter(kind="rectification").order_by("received_at", "pk").values_list("pk", flat=True)
    )


def kinds(case_id: UUID) -> list[str]:
    return list(CaseEvent.objects.filter(case=case_id).order_by("seq").values_list("kind", flat=True))


def work(until: datetime) -> None:
    while wake_one(at=until):
        pass


def test_it_is_opened_at_once_with_what_is_carried_over(world: World, case_id: UUID) -> None:
    find(world, case_id, minutes(5))
    (child,) = opened()
    card = CaseCard.objects.get(pk=child)
    assert (card.title, card.stage_name, card.unit.code) == ("三单元的管井没有封堵", "待整改", "qingtang")
    assert card.number.startswith("ZG-26-")
    assert card.person_name == "苏女士"
    facts = standing_of(child, minutes(6)).facts
    assert (facts["source"], facts["weight"]) == ("投诉", "重")
    assert Obligation.objects.get(case=child, duty="finish").is_open
    assert kinds(case_id).count("link.opened") == 1


def test_each_moment_opens_one_and_no_worker_opens_it_again(world: World, case_id: UUID) -> None:
    find(world, case_id, minutes(5))
    find(world, case_id, minutes(6), problem_text="电梯厅积水")
    work(minutes(60))
    assert [CaseCard.objects.get(pk=one).title for one in opened()] == ["三单元的管井没有封堵", "电梯厅积水"]


def test_it_is_opened_at_the_unit_that_is_named(world: World, case_id: UUID) -> None:
    other = world.units["huaixu"]
    find(world, case_id, minutes(5), problem_at=other.hex)
    assert [Case.objects.get(pk=one).unit_id for one in opened()] == [other]


def test_where_a_department_is_named_it_is_opened_at_the_place_that_the_department_serves(
    world: World, case_id: UUID
) -> None:
    find(world, case_id, minutes(5), problem_at=world.units["east_property"].hex)
    assert [Case.objects.get(pk=one).unit_id for one in opened()] == [world.units["qingtang"]]


def test_nothing_is_opened_where_the_condition_does_not_hold(world: World) -> None:
    adopt(world, ("when: {problem_text: 已填}", "when: {problem_weight: 重}"))
    case_id = world.register("wutong", at=LATER)
    find(world, case_id, minutes(5), problem_weight="轻")
    assert opened() == []
    assert "link.opened" not in kinds(case_id)


def test_the_case_waits_for_its_linked_cases_and_hears_of_their_end(world: World, case_id: UUID) -> None:
    find(world, case_id, minutes(5))
    (child,) = opened()
    with pytest.raises(NotNow) as refused:
        world.take(case_id, "withdraw", "zhouyining", minutes(6), withdraw_reason="客户撤回")
    assert "D1c" in refused.value.clauses
    assert Obligation.objects.get(case=case_id, duty="rectify").is_open

    world.take(child, "finish", "zhouyining", minutes(10), result="已封堵")
    work(minutes(11))
    standing = standing_of(case_id, minutes(12))
    assert standing.facts["problem_end"] == "已整改"
    assert standing.facts["problem_result"] == "已填"
    assert not Obligation.objects.get(case=case_id, duty="rectify").is_open
    assert OutboxMessage.objects.filter(case=case_id, payload__code="rectified").exists()
    world.take(case_id, "withdraw", "zhouyining", minutes(13), withdraw_reason="客户撤回")


def test_it_hears_of_it_also_when_somebody_acts_before_the_worker(world: World, case_id: UUID) -> None:
    find(world, case_id, minutes(5))
    (child,) = opened()
    world.take(child, "drop", "zhouyining", minutes(10))
    world.take(case_id, "withdraw", "zhouyining", minutes(11), withdraw_reason="客户撤回")
    assert standing_of(case_id, minutes(12)).facts["problem_end"] == "不用整改"
    assert kinds(case_id).count("link.closed") == 1


def test_the_duty_is_met_when_the_linked_case_ended_however_late_it_was_heard(world: World, case_id: UUID) -> None:
    find(world, case_id, minutes(5))
    (child,) = opened()
    world.take(child, "finish", "zhouyining", minutes(10), result="已封堵")
    work(minutes(600))
    assert Obligation.objects.get(case=case_id, duty="rectify").met_at == minutes(10)


def test_one_that_is_taken_up_again_holds_the_case_again(world: World, case_id: UUID) -> None:
    find(world, case_id, minutes(5))
    (child,) = opened()
    world.take(child, "finish", "zhouyining", minutes(10), result="已封堵")
    work(minutes(11))
    world.take(child, "resume", "zhouyining", minutes(12))
    work(minutes(13))
    assert kinds(case_id).count("link.reopened") == 1
    with pytest.raises(NotNow):
        world.take(case_id, "withdraw", "zhouyining", minutes(14), withdraw_reason="客户撤回")


def test_what_cannot_be_opened_stays_owed_and_is_opened_once_it_can(world: World) -> None:
    """Another policy's kind, which nobody serves there yet."""
    adopt(world, ("kind: rectification\n    place", "kind: {served: rectification}\n    place"))
    case_id = world.register("wutong", at=LATER)
    find(world, case_id, minutes(5), problem_at=world.units["group"].hex)
    assert opened() == []
    assert [one.code for one in standing_of(case_id, minutes(6)).effects] == ["problem"]
    seen = explain_case(at=minutes(6), case_ref=str(case_id))
    told = explain_lines(seen.pack, seen.kind, seen.standing, UTC)
    assert any(line.startswith("应开立而未开成 查出的问题转整改") for line in told)
    with pytest.raises(NotNow):
        world.take(case_id, "withdraw", "zhouyining", minutes(6), withdraw_reason="客户撤回")

    adopt(world, unit="group")
    world.take(case_id, "take_note", "zhouyining", minutes(8), note="再看一次")
    assert len(opened()) == 1


def test_one_that_ends_as_it_is_opened_is_heard_at_once(world: World) -> None:
    adopt(world, ("from: [start], to: opened, event: rectification", "from: [start], to: done, event: rectification"))
    case_id = world.register("wutong", at=LATER)
    find(world, case_id, minutes(5))
    assert kinds(case_id).count("link.closed") == 1
    assert standing_of(case_id, minutes(6)).facts["problem_end"] == "已整改"
    world.take(case_id, "withdraw", "zhouyining", minutes(6), withdraw_reason="客户撤回")


def test_a_value_that_the_policy_in_force_knows_no_more_stops_nobody(world: World, case_id: UUID) -> None:
    """The open case goes by the version under which it began."""
    adopt(world, ("[投诉, 巡检]", "[来自投诉, 巡检]"), ("states: {source: 投诉}", "states: {source: 来自投诉}"))
    find(world, case_id, minutes(5))
    world.take(case_id, "take_note", "zhouyining", minutes(6), note="再看一次")
    work(minutes(60))
    assert opened() == []
    assert [one.code for one in standing_of(case_id, minutes(61)).effects] == ["problem"]


def test_policies_that_chase_each_other_come_to_a_stop(world: World) -> None:
    """A complaint that asks whatever policy serves the place for another complaint, and so on."""
    once = "starts: problem.found\n    when: {problem_text: 已填}\n    kind: rectification\n    place: problem_at"
    for_ever = "starts: case.received\n    kind: {served: complaint}"
    kept = "carries: {topic: problem_text, person: person, weight: problem_weight}\n    states: {source: 投诉}"
    whole = "carries: [channel, person, title, content, promised_feedback_at]"
    back = ("\n    brings: {problem_end: stage, problem_result: result}", "")
    adopt(world, (once, for_ever), (kept, whole), back)
    world.register("wutong", at=LATER)
    cases = CaseCard.objects.filter(kind="complaint")
    assert cases.count() == DEEPEST + 1
    assert set(cases.values_list("title", flat=True)) == {"外墙渗水"}


def test_the_rows_of_both_follow_from_their_logs(world: World, case_id: UUID) -> None:
    find(world, case_id, minutes(5))
    (child,) = opened()
    world.take(child, "finish", "zhouyining", minutes(10), result="已封堵")
    work(minutes(11))
    for one in (case_id, child):
        compared = compare_case(one, minutes(12))
        assert compared is not None
        assert compared.outcome is Outcome.SAME, compared.differences


def test_a_kind_that_lies_at_companies_is_opened_at_the_company_above(world: World) -> None:
    adopt(world, ("numbering: {prefix: ZG, digits: 4}\n", "numbering: {prefix: ZG, digits: 4}\nin: company\n"))
    case_id = world.register("wutong", at=LATER)
    find(world, case_id, minutes(5))
    (child,) = opened()
    assert CaseCard.objects.get(pk=child).unit.code == "east_co"


def test_a_text_that_the_other_policy_keeps_more_closely_stays_there(world: World) -> None:
    """What serves the place may keep its words for fewer eyes than this policy knew when it was read."""
    served = ("kind: rectification\n    place", "kind: {served: rectification}\n    place")
    closer = (
        "result: {name: 整改情况, type: text, clause",
        "result: {name: 整改情况, type: text, data: restricted, clause",
    )
    adopt(world, served, closer)
    case_id = world.register("wutong", at=LATER)
    find(world, case_id, minutes(5))
    (child,) = opened()
    world.take(child, "finish", "zhouyining", minutes(10), result="已封堵")
    work(minutes(11))
    facts = standing_of(case_id, minutes(12)).facts
    assert facts["problem_end"] == "已整改"
    assert "problem_result" not in facts
