"""Roles, their rights, and the slots of policies that they fill."""

from __future__ import annotations

import pytest

from kesu.access.permissions import Permission
from kesu.casefile.adoption import empty_slots
from kesu.casefile.library import offered
from kesu.commands.organisation.add_role import add_role
from kesu.commands.organisation.end_post import end_post
from kesu.commands.organisation.give_post import give_post
from kesu.commands.organisation.map_slot import map_slot
from kesu.commands.organisation.set_rights import set_rights
from kesu.core.errors import Forbidden, NotFound, Overtaken, Unacceptable
from kesu.store.models import CaseCard, HouseChange, PostHolding, RoleGrant, Unit
from tests import desk
from tests.commands.test_absences import settled

pytestmark = pytest.mark.django_db


def granted(role: str) -> set[str]:
    return set(RoleGrant.objects.filter(role=role).values_list("permission", flat=True))


def test_a_role_of_the_house_fills_a_slot_of_the_policies_at_once() -> None:
    world, now = desk.opened()
    admin = world.actor("admin")
    case_id = world.register("wutong", at=now, promised_feedback_at=desk.PROMISED)
    world.take(case_id, "inform", "wutong", now)
    code = add_role(actor=admin, at=now, name="客服管家")
    post = {"unit_id": world.units["qingtang"], "role": code, "name": "客服管家", "account_id": world.people["tangshu"]}
    give_post(actor=admin, at=now, on=now.date(), **post)

    map_slot(actor=admin, at=now, slot="cs_specialist", roles=[code])
    settled(now)

    assert CaseCard.objects.get(pk=case_id).holder_id == world.people["tangshu"]
    keeper = world.actor("tangshu", now.date())
    assert "cs_specialist" in keeper.slots
    assert keeper.may_at(Permission.CASE_READ, Unit.objects.get(code="qingtang").path)
    assert "cs_specialist" not in world.actor("zhouyining", now.date()).slots


def test_a_slot_that_nobody_fills_stands_in_the_way_of_a_policy_and_names_its_clauses() -> None:
    world, now = desk.opened()
    code = add_role(actor=world.actor("admin"), at=now, name="无人的角色")
    map_slot(actor=world.actor("admin"), at=now, slot="cs_specialist", roles=[code])

    empty = empty_slots(offered()["p10"], Unit.objects.get(code="group"))
    assert [(slot, bool(clauses)) for slot, _name, clauses in empty] == [("cs_specialist", True)]
    map_slot(actor=world.actor("admin"), at=now, slot="cs_specialist", roles=[])
    assert empty_slots(offered()["p10"], Unit.objects.get(code="group")) == []


def test_slots_and_roles_that_nobody_knows_are_refused() -> None:
    world, now = desk.opened()
    with pytest.raises(NotFound):
        map_slot(actor=world.actor("admin"), at=now, slot="no_such_slot", roles=[])
    with pytest.raises(Unacceptable):
        map_slot(actor=world.actor("admin"), at=now, slot="cs_specialist", roles=["no_such_role"])
    with pytest.raises(Forbidden):
        map_slot(actor=world.actor("zhouyining"), at=now, slot="cs_specialist", roles=[])


def test_rights_are_changed_by_those_who_saw_them_as_they_are() -> None:
    world, now = desk.opened()
    admin, before = world.actor("admin"), granted("call_operator")
    change = {"actor": admin, "at": now, "on": now.date(), "role": "call_operator"}
    set_rights(**change, rights={*before, "report:numbers:read"}, seen=before)
    assert granted("call_operator") == {*before, "report:numbers:read"}
    with pytest.raises(Overtaken):
        set_rights(**change, rights=before, seen=before)
    with pytest.raises(Unacceptable):
        set_rights(**change, rights={"case:case:burn"}, seen=granted("call_operator"))
    last = HouseChange.objects.latest("seq")
    assert (last.act, last.before, last.after) == (
        "role.rights",
        {"taken": []},
        {"granted": ["report:numbers:read"]},
    )


def test_somebody_is_always_left_who_may_change_rights() -> None:
    world, now = desk.opened()
    before = granted("policy_admin")
    change = {"actor": world.actor("admin"), "at": now, "on": now.date(), "role": "policy_admin", "seen": before}
    with pytest.raises(Unacceptable) as refused:
        set_rights(**change, rights=before - {"house:right:edit"})
    assert refused.value.reason == "last_administrator"


def test_the_last_administrator_does_not_lay_down_his_post() -> None:
    world, now = desk.opened()
    holding = PostHolding.objects.get(account__login="admin")
    with pytest.raises(Unacceptable) as refused:
        end_post(actor=world.actor("admin"), at=now, on=now.date(), holding_id=holding.pk)
    assert refused.value.reason == "last_administrator"


@pytest.mark.parametrize(
    ("name", "code", "field"), [("", "", "name"), ("某", "Aa!", "code"), ("某", "cs_dept", "code")]
)
def test_a_role_needs_a_name_and_a_code_of_its_own(name: str, code: str, field: str) -> None:
    world, now = desk.opened()
    with pytest.raises(Unacceptable) as refused:
        add_role(actor=world.actor("admin"), at=now, name=name, code=code)
    assert field in refused.value.data["fields"]
