"""A case is named in another one: only one that may be named there, and the one that is named shows where."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from uuid import UUID

import pytest
from django.apps import apps

from kesu.access.sight.links import Way
from kesu.casefile.proof.rebuilding import Outcome, compare_case
from kesu.commands.cases.register_case import register_case
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.config.cli.rebuild import told_of
from kesu.core.errors import Unacceptable
from kesu.queries.cases.case_page import case_page
from kesu.store.models import CaseCard, CaseMention, Unit
from tests.linked_policies import NAMING, linked
from tests.world import MONDAY, World, calendar, said

SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}
LATER = MONDAY + timedelta(hours=1)


def adopt(world: World, kind: str = "complaint") -> None:
    text = NAMING.replace("kind: complaint, clause", f"kind: {kind}, clause")
    place = world.units["qingtang"]
    adopt_pack(actor=None, at=MONDAY, unit_id=place, pack=linked(kind=text), calendar=calendar(), signatures=SIGNED)


def open_one(world: World, about: UUID | None = None) -> UUID:
    given = {"source": "巡检", "topic": "管井没有封堵"} | ({"about": about.hex} if about else {})
    return register_case(
        actor=world.actor("zhouyining"),
        at=LATER,
        happened_at=LATER,
        unit_id=world.units["qingtang"],
        kind="rectification",
        given=said(**given),
        uploads=(),
        token=f"rectification {about}",
    )


def again_after(world: World, first: UUID) -> UUID:
    """A second complaint, in which the first one is named."""
    case_id = world.register("zhouyining", at=LATER, person__phone="13800002018")
    world.take(case_id, "state_facts", "zhouyining", LATER + timedelta(minutes=1), repeat_of=first.hex)
    return case_id


def links(world: World, case_id: UUID, login: str = "zhouyining") -> list[tuple[Way, str, UUID]]:
    page = case_page(actor=world.actor(login), at=LATER + timedelta(hours=1), case_id=case_id)
    return [(line.way, line.name, line.id) for line in page.links.lines]


def test_one_of_another_kind_of_the_policy_is_taken_and_shows_where_it_is_named(world: World) -> None:
    adopt(world)
    complaint = world.register("zhouyining", at=LATER)
    naming = open_one(world, complaint)
    assert links(world, naming) == [(Way.NAMED, "有关的投诉", complaint)]
    assert links(world, complaint) == [(Way.NAMING, "有关的投诉", naming)]


def test_one_that_was_named_by_hand_as_complained_about_before_shows_it(world: World) -> None:
    first = world.register("zhouyining")
    again = again_after(world, first)
    assert links(world, first) == [(Way.NAMING, "二次投诉的原件", again)]


def test_several_are_named_one_after_the_other(world: World) -> None:
    adopt(world)
    first, second = (world.register("zhouyining", at=LATER, person__phone=f"1380000201{n}") for n in (1, 2))
    naming = open_one(world, first)
    for minute in (1, 2):
        world.take(naming, "name_case", "zhouyining", LATER + timedelta(minutes=minute), about=second.hex)
    assert [case for _way, _name, case in links(world, naming)] == [first, second]
    assert CaseMention.objects.filter(case=naming).count() == 2
    compared = compare_case(naming, LATER + timedelta(minutes=3))
    assert compared is not None
    assert compared.outcome is Outcome.SAME

    CaseMention.objects.filter(case=naming, named=second).delete()
    compared = compare_case(naming, LATER + timedelta(minutes=3))
    assert compared is not None
    (difference,) = compared.differences
    assert "提到的诉件" in told_of(compared, difference)


def refused(world: World, about: UUID) -> dict[str, str]:
    with pytest.raises(Unacceptable) as caught:
        open_one(world, about)
    return dict(caught.value.data["fields"])


def test_one_of_a_kind_a_policy_or_a_place_that_is_not_meant_is_refused(world: World) -> None:
    adopt(world)
    out_of_sight = world.register("xumingche", unit="huaixu", person__phone="13800009999")
    by_another = world.register("zhouyining", at=LATER)
    CaseCard.objects.filter(pk=by_another).update(pack="p99")
    told = [refused(world, wrong) for wrong in (open_one(world), out_of_sight, by_another)]
    assert told == [{"about": "unknown_row"}] * 3


def test_one_that_another_policy_rules_is_taken_where_any_policy_is_meant(world: World) -> None:
    adopt(world, "{served: suggestion}")
    suggestion = register_case(
        actor=world.actor("zhouyining"),
        at=LATER,
        happened_at=LATER,
        unit_id=world.units["qingtang"],
        kind="suggestion",
        given=said(
            channel="电话", topic="增设充电位", content="插座太少", person__name="翁女士", person__phone="13800030001"
        ),
        uploads=(),
        token="a suggestion",
    )
    naming = open_one(world, suggestion)
    assert links(world, suggestion) == [(Way.NAMING, "有关的投诉", naming)]


def test_one_of_another_root_is_refused_though_whoever_names_it_sees_it(world: World) -> None:
    adopt(world)
    complaint = world.register("zhouyining", at=LATER)
    apart = Unit.objects.create(parent=None, kind="company", name="别家公司")
    CaseCard.objects.filter(pk=complaint).update(unit_path=apart.path)
    actor = world.actor("zhouyining")
    CaseCard.objects.get(pk=complaint).case.parties.get_or_create(account_id=actor.account_id, part="owner")
    assert refused(world, complaint) == {"about": "unknown_row"}


def test_whoever_may_not_see_the_case_that_names_it_is_shown_nothing(world: World) -> None:
    adopt(world)
    complaint = world.register("zhouyining", at=LATER)
    naming = open_one(world, complaint)
    CaseCard.objects.filter(pk=naming).update(confidential=True)
    CaseCard.objects.get(pk=naming).case.parties.all().delete()
    assert links(world, complaint) == []


def test_what_is_named_goes_along_into_a_case_that_is_opened(world: World) -> None:
    goes_along = ("weight: problem_weight}", "weight: problem_weight, about: repeat_of}")
    text = NAMING.replace("kind: complaint, clause", "kind: {served: complaint}, clause")
    pack, place = linked(goes_along, kind=text), world.units["qingtang"]
    adopt_pack(actor=None, at=MONDAY, unit_id=place, pack=pack, calendar=calendar(), signatures=SIGNED)
    first = world.register("zhouyining", at=LATER)
    again = again_after(world, first)
    world.take(again, "find_problem", "zhouyining", LATER + timedelta(minutes=5), problem_text="管井没有封堵")
    child = CaseCard.objects.get(kind="rectification").pk
    assert (Way.NAMED, "有关的投诉", first) in links(world, child)
    assert {(way, case) for way, _name, case in links(world, first)} == {(Way.NAMING, again), (Way.NAMING, child)}


def test_an_upgrade_finds_what_was_named_before(world: World) -> None:
    first = world.register("zhouyining")
    again = again_after(world, first)
    CaseMention.objects.all().delete()
    import_module("kesu.store.migrations.0033_named_cases")._named_until_now(apps, None)
    assert list(CaseMention.objects.values_list("case", "named", "fact")) == [(again, first, "repeat_of")]
