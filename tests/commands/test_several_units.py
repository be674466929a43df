"""Several departments asked in one form: each has its own work, and the page says which they are."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.core.errors import Forbidden, Unacceptable
from kesu.policy.model.facts import FactType
from kesu.policy.standing.results import ApprovalStatus
from kesu.queries.cases.case_page import case_page
from kesu.queries.cases.step_form import step_form
from kesu.store.models import Obligation
from tests.own_packs import changed
from tests.world import MONDAY, World, calendar, standing_of

SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}
FACTS = """
facts:
  helpers: {name: 请来协作的部门, type: units, clause: D1c}
  helper: {name: 协作部门, type: unit, clause: D1c}
"""
STEPS = """
  ask_help: {name: 请协作, by: cs_specialist, event: help.asked, asks: [helpers], clause: D1c}
  give_help: {name: 协作, by: {role: regional_dept, of: helpers}, event: help.given, asks: [helper], clause: D1c}

guards:
"""
DUTIES = """
duties:
  help:
    {name: 协作, clause: D1c, starts: help.asked, per: {fact: helpers, met_by: helper}, within: 8小时,
     owner: {role: regional_dept, of: helpers}, met_by: help.given}
"""
LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def case_id(world: World) -> UUID:
    own = changed("p10", "complaint.yaml", ("\nfacts:\n", FACTS), ("\nguards:\n", STEPS), ("\nduties:\n", DUTIES))
    adopt_pack(actor=None, at=MONDAY, unit_id=world.units["qingtang"], pack=own, calendar=calendar(), signatures=SIGNED)
    case_id = world.register("wutong", at=LATER)
    both = "|".join(world.units[code].hex for code in ("east_engineering", "east_property"))
    world.take(case_id, "ask_help", "zhouyining", LATER + timedelta(minutes=5), helpers=both)
    return case_id


def owed(case_id: UUID) -> dict[str, bool]:
    rows = Obligation.objects.filter(case_id=case_id, duty="help")
    return {row.owner_name: row.is_open for row in rows}


def test_each_department_owes_its_own_and_ends_its_own(world: World, case_id: UUID) -> None:
    assert owed(case_id) == {"陈牧之": True, "陆樵": True}
    done = world.units["east_property"].hex
    world.take(case_id, "give_help", "luqiao", LATER + timedelta(minutes=9), helper=done)
    assert owed(case_id)["陈牧之"]
    assert sorted(owed(case_id).values()) == [False, True]


def test_nobody_of_another_department_may_answer(world: World, case_id: UUID) -> None:
    with pytest.raises(Forbidden):
        world.take(
            case_id, "give_help", "sunyan", LATER + timedelta(minutes=9), helper=world.units["east_property"].hex
        )


def test_the_form_offers_departments_and_the_page_names_those_that_were_asked(world: World, case_id: UUID) -> None:
    at = LATER + timedelta(minutes=6)
    form = step_form(actor=world.actor("zhouyining"), case_id=case_id, step="ask_help", at=at)
    (field,) = (one for one in form.fields if one.code == "helpers")
    assert field.type is FactType.UNITS
    assert {"东部工程部", "东部物业公司"} <= {option.label for option in field.options}
    page = case_page(actor=world.actor("zhouyining"), case_id=case_id, at=at)
    lines = [line.text for item in page.timeline for line in item.lines]
    assert "东部工程部、东部物业公司" in lines


def test_what_is_no_department_is_refused(world: World, case_id: UUID) -> None:
    with pytest.raises(Unacceptable) as refused:
        world.take(case_id, "ask_help", "zhouyining", LATER + timedelta(minutes=9), helpers=f"{'0' * 32}|x")
    assert refused.value.data["fields"] == {"helpers": "unknown_row"}


APPROVAL = """
approvals:
  agreed: {name: 协作部门都同意, clause: D1c, of: help.asked, chain: [{each: {role: regional_dept, of: helpers}}]}
"""


def test_one_of_each_department_signs_and_whoever_signed_is_not_asked_again(world: World) -> None:
    own = changed("p10", "complaint.yaml", ("\nfacts:\n", FACTS), ("\nguards:\n", STEPS), ("\napprovals:\n", APPROVAL))
    place = world.units["qingtang"]
    adopt_pack(actor=None, at=MONDAY, unit_id=place, pack=own, calendar=calendar(), signatures=SIGNED)
    case_id = world.register("wutong", at=LATER)
    both = "|".join(world.units[code].hex for code in ("east_engineering", "east_property"))
    world.take(case_id, "ask_help", "zhouyining", LATER + timedelta(minutes=5), helpers=both)

    def waiting() -> set[str]:
        return set(
            Obligation.objects.filter(case_id=case_id, duty="agreed", is_open=True).values_list("owner_name", flat=True)
        )

    assert waiting() == {"陈牧之", "陆樵"}
    world.take(case_id, "sign_agreed", "luqiao", LATER + timedelta(minutes=9), verdict="同意")
    assert waiting() == {"陈牧之"}
    with pytest.raises(Forbidden):
        world.take(case_id, "sign_agreed", "luqiao", LATER + timedelta(minutes=10), verdict="同意")
    world.take(case_id, "sign_agreed", "chenmuzhi", LATER + timedelta(minutes=11), verdict="同意")
    assert waiting() == set()
    assert standing_of(case_id, LATER + timedelta(minutes=12)).approvals[0].status is ApprovalStatus.GRANTED
