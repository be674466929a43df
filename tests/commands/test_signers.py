"""Who can sign, as posts are held: nobody, the author alone, another role; who hears of it and what is shown."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from kesu.casefile.rest import wake_under
from kesu.commands.clock.wake_one import wake_one
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.queries.cases.case_page import case_page
from kesu.queries.work.workbench import approvals
from kesu.store.models import CaseEvent, OutboxMessage, PostHolding, Unit
from tests.own_packs import changed
from tests.world import MONDAY, World, calendar, standing_of

pytestmark = pytest.mark.django_db

LATER = MONDAY + timedelta(hours=2)
SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}
NEXT = "  leadership:\n    name: 领导批准\n"


def leave(world: World, login: str) -> None:
    """He holds no post any more."""
    PostHolding.objects.filter(account_id=world.people[login]).update(until_on=MONDAY.date() - timedelta(days=1))


def wake(world: World, at: datetime = LATER) -> None:
    """As in the morning when posts have changed hands."""
    wake_under([world.units["east_engineering"]], at)
    while wake_one(at=at):
        pass


def review_says(world: World, *lines: str) -> None:
    """The policy of the place says these things of its joint review."""
    more = "".join(f"    {line}\n" for line in lines)
    own = changed("p10", "complaint.yaml", (NEXT, f"{more}{NEXT}"))
    adopt_pack(actor=None, at=MONDAY, unit_id=world.units["qingtang"], pack=own, calendar=calendar(), signatures=SIGNED)


def found(case_id: UUID) -> list[str]:
    rows = CaseEvent.objects.filter(case_id=case_id, kind="approval.staffed").order_by("seq")
    return [row.facts["sign.found"] for row in rows]


def waiting(case_id: UUID, at: datetime = LATER) -> list[str]:
    return [who.role for state in standing_of(case_id, at).approvals for who in state.waiting_for]


def told(world: World) -> set[UUID]:
    return set(OutboxMessage.objects.filter(template__in=["unmanned", "own_work"]).values_list("account_id", flat=True))


def mine(world: World, login: str, at: datetime = LATER) -> set[UUID]:
    return {one.case_id for one in approvals(actor=world.actor(login), at=at)}


def test_where_everybody_is_there_nothing_is_said(world: World) -> None:
    case = world.planned()
    assert (found(case), told(world)) == ([], set())
    assert case in mine(world, "chenmuzhi")


def test_an_empty_post_waits_is_shown_and_told_to_those_who_can_fill_it(world: World) -> None:
    case = world.planned()
    leave(world, "chenmuzhi")
    wake(world)
    assert (found(case), waiting(case)) == (["nobody"], ["dept_head"])
    letters = list(OutboxMessage.objects.filter(template="unmanned"))
    assert letters
    assert {one.payload["post"] for one in letters} == {"部门第一负责人"}
    assert {one.payload["unit"] for one in letters} == {Unit.objects.get(pk=world.units["east_engineering"]).name}
    assert not any(str(case) in str(one.payload) or one.case_id for one in letters)

    page = case_page(actor=world.actor("heqing"), at=LATER, case_id=case)
    assert [one.staffing.value for one in page.obligations if one.is_open and one.staffing.is_vacant] == ["nobody"]
    (line,) = [item for item in page.timeline if item.kind.value == "staffed"]
    assert (line.name, line.verdict) == ("联合审核（部门第一负责人）", "nobody")


def test_whoever_comes_to_the_post_signs(world: World) -> None:
    case = world.planned()
    leave(world, "chenmuzhi")
    wake(world)
    PostHolding.objects.filter(account_id=world.people["chenmuzhi"]).update(until_on=None)
    wake(world)
    assert found(case) == ["nobody", "somebody"]
    world.take(case, "sign_joint_review", "chenmuzhi", LATER, verdict="同意")
    assert waiting(case) == ["regional_leadership"]


def test_it_is_said_once_however_often_the_case_wakes(world: World) -> None:
    case = world.planned()
    leave(world, "chenmuzhi")
    for hours in range(3):
        wake(world, LATER + timedelta(hours=hours))
    assert found(case) == ["nobody"]


def test_another_role_signs_where_the_policy_says_so(world: World) -> None:
    review_says(world, "nobody: {role: regional_leadership}")
    case = world.planned()
    leave(world, "chenmuzhi")
    wake(world)
    assert waiting(case) == ["regional_leadership"]
    assert (case in mine(world, "gulan"), told(world)) == (True, set())


def test_what_the_only_signer_wrote_himself_is_not_his_to_sign(world: World) -> None:
    review_says(world, "authors: team")
    case = world.planned()  # the head of the department is in the team
    assert (found(case), waiting(case)) == (["own"], ["dept_head"])
    assert told(world)
    letters = set(OutboxMessage.objects.filter(case=None).values_list("template", flat=True))
    assert letters == {"own_work"}  # the post is held: nobody is told that it is empty
