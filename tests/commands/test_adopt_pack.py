"""A policy takes effect only complete: slots filled, figures set, three different signatures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kesu.casefile.books import adoption_for, calendar_of
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.core.errors import Forbidden, Unacceptable
from kesu.policy.calendar import DayKind, Period, PostHours, Source, SpecialDay, Year
from kesu.policy.calendar.official import WorkingHours
from kesu.store.models import Adoption, Case, PolicyVersion, PostSlot, RoleGrant, Unit
from tests.world import MONDAY, World, calendar, pack

SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}


def adopt(world: World, code: str = "p10", signatures: dict[str, str] | None = None, login: str | None = None) -> str:
    return adopt_pack(
        actor=world.actor(login) if login else None,
        at=MONDAY,
        unit_id=world.units["east_co"],
        pack=pack(code),
        calendar=calendar(),
        signatures=SIGNED if signatures is None else signatures,
    )


def problems(refused: pytest.ExceptionInfo[Unacceptable]) -> set[str]:
    return {what for what, _, _ in refused.value.data["problems"]}


def test_it_stores_the_resolved_text_under_its_digest(world: World) -> None:
    digest = adopt(world)

    stored = PolicyVersion.objects.get(pk=digest)
    assert stored.canonical == pack("p10").canonical
    assert stored.document_number == "QY-KH-LC001"
    assert Adoption.objects.filter(policy_version=digest, unit_id=world.units["east_co"]).exists()


@pytest.mark.parametrize("missing", SIGNED)
def test_it_needs_every_signature(world: World, missing: str) -> None:
    with pytest.raises(Unacceptable) as refused:
        adopt(world, signatures={slot: name for slot, name in SIGNED.items() if slot != missing})
    assert problems(refused) == {"signature_missing"}


def test_it_refuses_one_person_signing_twice(world: World) -> None:
    with pytest.raises(Unacceptable) as refused:
        adopt(world, signatures={**SIGNED, "approved_by": "周以宁"})
    assert problems(refused) == {"signed_twice"}


def test_it_names_the_clause_that_needs_an_unfilled_slot(world: World) -> None:
    PostSlot.objects.filter(slot="vp_in_charge").delete()
    before = Adoption.objects.count()

    with pytest.raises(Unacceptable) as refused:
        adopt(world)

    assert refused.value.data["problems"] == [("slot_empty", "主管副总裁", ("4.3",))]
    assert "4.3" in refused.value.clauses
    assert Adoption.objects.count() == before


def test_it_refuses_a_figure_that_the_company_has_not_set(world: World) -> None:
    whole = pack("p10")
    code, first = next(iter(whole.parameters.items()))
    unset = replace(whole, parameters={**whole.parameters, code: replace(first, value=None)})

    with pytest.raises(Unacceptable) as refused:
        adopt_pack(
            actor=None,
            at=MONDAY,
            unit_id=world.units["east_co"],
            pack=unset,
            calendar=calendar(),
            signatures=SIGNED,
        )
    assert problems(refused) == {"figure_unset"}


def test_it_is_a_right_of_its_own(world: World) -> None:
    with pytest.raises(Forbidden):
        adopt(world, login="zhouyining")


def test_a_person_signs_for_nobody_and_adopts_at_once_only_what_nobody_signs(world: World) -> None:
    with pytest.raises(Unacceptable) as refused:
        adopt(world, login="admin")
    assert problems(refused) == {"signature_missing"}

    unsigned = replace(pack("p10"), signatures=())
    digest = adopt_pack(
        actor=world.actor("admin"),
        at=MONDAY,
        unit_id=world.units["east_co"],
        pack=unsigned,
        calendar=calendar(),
        signatures={"approved_by": "顾岚"},
    )
    adopted = Adoption.objects.filter(policy_version=digest, unit_id=world.units["east_co"])
    assert {tuple(one.signatures) for one in adopted} == {()}


def test_a_newer_policy_says_how_the_office_works_and_posts_go_on_as_they_did(world: World) -> None:
    every_day = (Period.parse("07:00-23:00"),)
    desk = PostHours("cs_specialist", "项目客服专管员", (every_day,) * 7, every_day, keeps_holidays=False)
    adopt_pack(
        actor=None,
        at=MONDAY,
        unit_id=world.units["group"],
        pack=pack("p10"),
        calendar=replace(calendar(), posts=(desk,)),
        signatures=SIGNED,
    )
    digest = adopt(world)
    rows = Adoption.objects.filter(policy_version=digest, unit_id=world.units["east_co"])
    assert {calendar_of(row.calendar_version_id).posts for row in rows} == {(desk,)}


def test_days_off_and_plans_that_were_brought_in_stay_with_a_newer_policy(world: World) -> None:
    unit = Unit.objects.get(pk=world.units["qingtang"])
    move = SpecialDay(date(2026, 8, 3), DayKind.CLOSURE, "搬家")
    plan = Year(2031, Source.OFFICIAL, (SpecialDay(date(2031, 1, 1), DayKind.HOLIDAY, "元旦"),))
    ours = replace(calendar(), closures=(move,), years=(*calendar().years, plan))
    given = {"actor": None, "unit_id": unit.pk, "pack": pack("p10"), "signatures": SIGNED}
    adopt_pack(at=MONDAY, **given, calendar=ours)
    adopt_pack(at=MONDAY + timedelta(days=1), **given, calendar=WorkingHours(periods=("08:00-16:00",)))
    row = adoption_for(unit, "complaint", MONDAY + timedelta(days=2))
    assert row is not None
    found = calendar_of(row.calendar_version_id)
    assert found.closures == (move,)
    assert plan in found.years
    assert str(found.week[0][0]) == "08:00-16:00"


def test_it_leaves_running_cases_on_the_policy_they_began_with(world: World) -> None:
    case_id = world.register("wutong")
    pinned = Case.objects.get(pk=case_id).policy_version_id
    changed = replace(pack("p10"), hash="f" * 64, version="2.0")
    adopt_pack(
        actor=None,
        at=MONDAY + timedelta(days=1),
        unit_id=world.units["group"],
        pack=changed,
        calendar=calendar(),
        signatures=SIGNED,
    )

    world.take(case_id, "inform", "wutong", MONDAY + timedelta(minutes=5))
    assert Case.objects.get(pk=case_id).policy_version_id == pinned


def test_it_grants_each_role_what_the_policy_lets_it_see_and_do(world: World) -> None:
    def rights(role: str) -> set[str]:
        return set(RoleGrant.objects.filter(role=role).values_list("permission", flat=True))

    assert {"case:personal:read", "case:case:register", "case:customer:reply"} <= rights("cs_specialist")
    assert rights("legal_counsel") == {
        "case:case:read",
        "report:numbers:read",
        "policy:version:read",
        "case:note:write",
    }
    assert "case:customer:reply" not in rights("vp_in_charge")
    assert rights("discipline") == set()
