"""A case moves to the unit that is responsible: sight, holders and obligations follow, number and policy stay."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connections

from kesu.access.cases import case_for
from kesu.casefile.going_over import Obstacle
from kesu.casefile.proof.rebuilding import Outcome, compare_case
from kesu.commands.cases.take_step import take_step
from kesu.commands.organisation.give_post import give_post
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.commands.policies.carry_over import CarriedOver, Left, carry_over
from kesu.core.errors import NotFound, Overtaken, Unacceptable
from kesu.queries.cases.case_page import case_page
from kesu.queries.cases.step_form import step_form
from kesu.store.models import Case, CaseCard, CaseEvent, CaseSearch, ObligationOwner, Unit
from tests import confidential
from tests.own_packs import changed
from tests.world import MONDAY, World, calendar, pack, said

LATER = MONDAY + timedelta(hours=1)
MINUTE = timedelta(minutes=1)
FACT = ("\nfacts:\n", "\nfacts:\n  receiving_unit: {name: 接收的单位, type: unit, clause: D1c}\n")
MOVES = (
    "{name: 移交, by: [cs_specialist, cs_dept], event: case.handed_on, asks: receiving_unit, moves_to: %s, clause: D1c}"
)
TAKE_DOWN = (
    "{name: 登记, clause: D1c, starts: specialist.informed, owner: holder, within: 8小时, met_by: case.registered}"
)
WORK = ("\nduties:\n", f"\nduties:\n  take_down: {TAKE_DOWN}\n")


def adopt(world: World, moves_to: str = "receiving_unit", code: str = "hand_on", at: datetime = MONDAY) -> None:
    step = ("\nsteps:\n", f"\nsteps:\n  {code}: {MOVES % moves_to}\n")
    own = changed("p10", "complaint.yaml", FACT, step, WORK)
    place = {"unit_id": world.units["group"], "calendar": calendar()}
    adopt_pack(actor=None, at=at, pack=own, signatures=confidential.SIGNED, **place)


def opened(world: World, moves_to: str = "receiving_unit") -> UUID:
    adopt(world, moves_to)
    case_id = world.register("wutong", at=LATER)
    world.take(case_id, "inform", "wutong", LATER)
    return case_id


def hand_on(world: World, case_id: UUID, unit: str, login: str = "zhouyining", at: int = 1) -> None:
    world.take(case_id, "hand_on", login, LATER + at * MINUTE, receiving_unit=world.units[unit].hex)


def sees(world: World, login: str, case_id: UUID) -> bool:
    try:
        case_for(world.actor(login), case_id)
    except NotFound:
        return False
    return True


def owners(case_id: UUID) -> set[UUID]:
    return set(ObligationOwner.objects.filter(obligation__case_id=case_id).values_list("account_id", flat=True))


def test_number_and_policy_stay_and_everything_else_follows_the_unit(world: World) -> None:
    case_id = opened(world)
    before = Case.objects.get(pk=case_id)
    assert (sees(world, "xumingche", case_id), sees(world, "baiting", case_id)) == (False, False)

    hand_on(world, case_id, "huaixu")

    after, card = Case.objects.get(pk=case_id), CaseCard.objects.select_related("unit").get(pk=case_id)
    assert (after.number, after.policy_version_id) == (before.number, before.policy_version_id)
    assert after.unit_id == card.unit_id == world.units["huaixu"]
    assert card.unit_path == CaseSearch.objects.get(pk=case_id).unit_path == card.unit.path
    assert card.holder_id == world.people["xumingche"]
    assert world.people["xumingche"] in owners(case_id)
    assert world.people["zhouyining"] not in owners(case_id)
    assert sees(world, "xumingche", case_id)
    compared = compare_case(case_id, LATER + 2 * MINUTE)
    assert compared is not None
    assert compared.outcome is Outcome.SAME


def test_whoever_took_part_keeps_sight_and_whoever_only_could_see_it_there_does_not(world: World) -> None:
    case_id = opened(world)
    assert sees(world, "gulan", case_id)
    hand_on(world, case_id, "wangting")
    assert sees(world, "zhaolang", case_id)
    assert sees(world, "zhouyining", case_id)
    assert not sees(world, "gulan", case_id)


def test_nobody_keeps_sight_where_the_policy_says_so_and_those_there_may_pass_it_on(world: World) -> None:
    case_id = opened(world, "{fact: receiving_unit, sight: lost}")
    hand_on(world, case_id, "wangting")
    assert sees(world, "zhaolang", case_id)
    assert [login for login in ("wutong", "zhouyining", "heqing", "gulan") if sees(world, login, case_id)] == []
    hand_on(world, case_id, "qingtang", "zhaolang", at=2)
    assert sees(world, "zhouyining", case_id)
    assert not sees(world, "zhaolang", case_id)
    compared = compare_case(case_id, LATER + 3 * MINUTE)
    assert compared is not None
    assert compared.outcome is Outcome.SAME


def test_its_record_tells_from_where_to_where_and_by_whom(world: World) -> None:
    case_id = opened(world)
    hand_on(world, case_id, "huaixu")
    page = case_page(actor=world.actor("xumingche"), at=LATER + 2 * MINUTE, case_id=case_id)
    assert page.unit == "槐序里"
    moved = next(item for item in page.timeline if item.name == "移交")
    assert moved.who == "周以宁"
    assert "槐序里" in repr(moved)


def test_it_is_offered_only_where_the_same_policy_is_in_force_and_refused_elsewhere(world: World) -> None:
    case_id = opened(world)
    for role in ("dept_handler", "supervision"):
        post = {"unit_id": world.units["group"], "role": role, "name": role, "account_id": world.people["songwei"]}
        give_post(actor=world.actor("admin"), at=MONDAY, on=MONDAY.date(), **post)
    given = {"unit_id": world.units["wangting"], "calendar": calendar(), "pack": pack("p06")}
    adopt_pack(actor=None, at=LATER, signatures=confidential.SIGNED, **given)
    at = LATER + MINUTE
    form = step_form(actor=world.actor("zhouyining"), at=at, case_id=case_id, step="hand_on")
    offered = {option.label for field in form.fields if field.code == "receiving_unit" for option in field.options}
    assert "槐序里" in offered
    assert offered.isdisjoint({"望汀", "青棠湾一期", "东部客户服务部"})

    for unit, why in (
        ("wangting", "moves_to_other_policy"),
        ("qingtang", "moves_nowhere"),
        ("east_cs", "moves_to_no_place"),
    ):
        with pytest.raises(Unacceptable) as refused:
            hand_on(world, case_id, unit)
        assert refused.value.data["fields"] == {"receiving_unit": why}
    assert Case.objects.get(pk=case_id).unit_id == world.units["qingtang"]


def test_it_moves_to_no_unit_under_another_root(world: World) -> None:
    case_id = opened(world)
    elsewhere = Unit.objects.create(name="别家集团", kind="group")
    with pytest.raises(Unacceptable) as refused:
        world.take(case_id, "hand_on", "zhouyining", LATER, receiving_unit=elsewhere.pk.hex)
    assert refused.value.data["fields"] == {"receiving_unit": "unknown_row"}


def test_of_two_who_move_it_at_once_one_does_and_the_other_is_told(committed_world: World) -> None:
    world = committed_world
    case_id = opened(world)
    seen = Case.objects.get(pk=case_id).version
    start, said_back = threading.Barrier(2), dict[str, str]()

    def move(login: str, unit: str) -> None:
        try:
            actor, given = world.actor(login), said(receiving_unit=world.units[unit].hex)
            start.wait(timeout=20)
            at = LATER + MINUTE
            take_step(actor=actor, at=at, case_id=case_id, step="hand_on", seen_version=seen, given=given)
            said_back[login] = unit
        except (Overtaken, NotFound) as refused:
            said_back[login] = type(refused).__name__
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=move, args=("zhouyining", "huaixu")),
        threading.Thread(target=move, args=("heqing", "wangting")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    won = {login: unit for login, unit in said_back.items() if unit in world.units}
    assert len(won) == 1, said_back
    assert Case.objects.get(pk=case_id).unit_id == world.units[next(iter(won.values()))]
    assert CaseEvent.objects.filter(case_id=case_id, kind="case.handed_on").count() == 1


def test_a_version_that_has_another_step_for_it_does_not_take_over_a_case_that_moved(world: World) -> None:
    case_id = opened(world)
    hand_on(world, case_id, "huaixu")
    adopt(world, code="pass_on", at=LATER + 5 * MINUTE)
    told: list[CarriedOver | Left] = []
    carry_over(pack_code="p10", at=LATER + 10 * MINUTE, tell=told.append)
    (left,) = told
    assert isinstance(left, Left)
    assert [one.why for one in left.why] == [Obstacle.STEP]
    assert Case.objects.get(pk=case_id).unit_id == world.units["huaixu"]
