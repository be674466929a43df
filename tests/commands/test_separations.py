"""Whoever is complained about takes no step of the case, is given none of its work and signs nothing in it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.core.errors import Forbidden, Unacceptable
from kesu.queries.cases.case_page import case_page
from kesu.store.models import CaseCard, ObligationOwner
from tests.own_packs import changed
from tests.world import MONDAY, World, calendar

SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}
IMPARTIAL = "impartial: {of: accused, apart: [taker, holder, signers], says: 被投诉的人不办这一件, clause: D1c}"
RULE = ("\nguards:\n", f"\nseparations:\n  {IMPARTIAL}\n\nguards:\n")
FACT = ("\nfacts:\n", "\nfacts:\n  accused: {name: 被投诉的人, type: group, clause: D1c}\n")
ASKED = ("other_company_help, category, staff_fault", "other_company_help, category, accused, staff_fault")
TAKE_DOWN = (
    "{name: 登记, clause: D1c, starts: specialist.informed, owner: holder, within: 8小时, met_by: case.registered}"
)
WORK = ("\nduties:\n", f"\nduties:\n  take_down: {TAKE_DOWN}\n")
LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def case_id(world: World) -> UUID:
    own = changed("p10", "complaint.yaml", RULE, FACT, ASKED, WORK)
    adopt_pack(
        actor=None,
        at=MONDAY,
        unit_id=world.units["qingtang"],
        pack=own,
        calendar=calendar(),
        signatures=SIGNED,
    )
    case_id = world.register("wutong", at=LATER)
    world.take(case_id, "inform", "wutong", LATER)
    return case_id


def name(world: World, case_id: UUID, login: str, slot: str = "cs_specialist") -> None:
    who = world.member(slot, login)
    world.take(case_id, "state_facts", "zhouyining", LATER + timedelta(minutes=5), accused=who)


def owners(case_id: UUID) -> set[UUID]:
    return set(ObligationOwner.objects.filter(obligation__case_id=case_id).values_list("account_id", flat=True))


def mine(world: World, case_id: UUID, login: str) -> set[str]:
    at = LATER + timedelta(minutes=6)
    page = case_page(actor=world.actor(login), case_id=case_id, at=at)
    return {step.code for step in page.steps if step.is_mine}


def test_he_may_say_so_himself_and_then_takes_no_further_step(world: World, case_id: UUID) -> None:
    assert "register" in mine(world, case_id, "zhouyining")
    name(world, case_id, "zhouyining")

    assert mine(world, case_id, "zhouyining") == set()
    with pytest.raises(Forbidden) as refused:
        world.take(case_id, "register", "zhouyining", LATER + timedelta(minutes=6), customer_type="业主", demand="修好")
    assert "D1c" in refused.value.clauses
    assert [one.says for one in refused.value.data["refusals"]] == ["被投诉的人不办这一件"]


def test_his_work_falls_to_others(world: World, case_id: UUID) -> None:
    assert world.people["zhouyining"] in owners(case_id)
    name(world, case_id, "zhouyining")

    assert world.people["zhouyining"] not in owners(case_id)
    assert CaseCard.objects.get(pk=case_id).holder_id != world.people["zhouyining"]


def test_a_complaint_about_somebody_else_changes_nothing_for_him(world: World, case_id: UUID) -> None:
    before = owners(case_id)
    name(world, case_id, "heqing", "cs_dept")
    assert owners(case_id) == before
    assert "register" in mine(world, case_id, "zhouyining")


MAY = ("may: [room, photos, promised_feedback_at]", "may: [room, photos, promised_feedback_at, accused]")


def test_nobody_opens_a_case_in_which_he_is_named_and_may_mend_what_he_stated(world: World) -> None:
    rule = (RULE[0], RULE[1].replace("[taker,", "[opener, taker,"))
    own = changed("p10", "complaint.yaml", rule, FACT, MAY)
    place = world.units["qingtang"]
    adopt_pack(actor=None, at=MONDAY, unit_id=place, pack=own, calendar=calendar(), signatures=SIGNED)
    himself, another = (world.member("cs_specialist", "zhouyining"), world.member("cs_dept", "heqing"))
    with pytest.raises(Unacceptable) as refused:
        world.register("zhouyining", at=LATER, accused=himself)
    assert "D1c" in refused.value.clauses
    assert [one.says for one in refused.value.data["refusals"]] == ["被投诉的人不办这一件"]
    assert world.register("zhouyining", at=LATER, accused=another)


NO_HOLDER = (RULE[0], RULE[1].replace("apart: [taker, holder, signers]", "apart: [taker]"))


def test_whoever_is_kept_from_a_step_reads_why_and_what_he_owes_says_that_another_must_be_given_it(
    world: World,
) -> None:
    own = changed("p10", "complaint.yaml", NO_HOLDER, FACT, ASKED, WORK)
    place = world.units["qingtang"]
    adopt_pack(actor=None, at=MONDAY, unit_id=place, pack=own, calendar=calendar(), signatures=SIGNED)
    case_id = world.register("wutong", at=LATER)
    world.take(case_id, "inform", "wutong", LATER)
    name(world, case_id, "zhouyining")

    page = case_page(actor=world.actor("zhouyining"), case_id=case_id, at=LATER + timedelta(minutes=6))

    step = next(one for one in page.steps if one.code == "register")
    assert not step.is_mine
    assert [(one.says, [clause.id for clause in one.clauses]) for one in step.kept] == [
        ("被投诉的人不办这一件", ["D1c"])
    ]
    assert "周以宁" not in step.who
    owed = next(one for one in page.obligations if one.step == "register" and one.is_open)
    assert owed.kept is not None
    assert (owed.kept.who, owed.kept.is_reader, owed.kept.says) == ("周以宁", True, "被投诉的人不办这一件")
    assert "周以宁" not in owed.owner
    assert not owed.is_mine
    assert owed.kept.is_nobody == (owed.owner == owed.kept.slot)

    others = case_page(actor=world.actor("gulan"), case_id=case_id, at=LATER + timedelta(minutes=6))
    assert not any(one.kept for one in others.steps), "he has nothing to do with it"
