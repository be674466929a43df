"""A confidential case that was opened out of one which everybody sees: it is no more told of there than anywhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from kesu.access.cases import cards_for
from kesu.access.sight.item import ItemKind
from kesu.commands.clock.wake_one import wake_one
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.policy.model.pack import Pack
from kesu.queries.cases.case_page import case_page
from kesu.store.models import CaseCard, CaseEvent, Obligation
from tests.linked_policies import RECTIFICATION, linked
from tests.world import MONDAY, World, calendar, standing_of

SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}
LATER = MONDAY + timedelta(hours=1)
SECRET = "secrecy: {when: {topic: 已填}, opened_to: [cs_specialist], says: 只有经办的人能看, clause: D1c}\n"
LINKS = {ItemKind.LINK_OPENED, ItemKind.LINK_CLOSED, ItemKind.LINK_REOPENED}
ACCUSED = "  accused: {name: 被投诉的人, type: group, clause: D1c}\n"
HIDING = SECRET.replace("topic", "problem_text").replace("says:", "hidden_from: accused, says:")


def minutes(count: int) -> datetime:
    return LATER + timedelta(minutes=count)


def work(until: datetime) -> None:
    while wake_one(at=until):
        pass


def led_to_one(world: World, pack: Pack, **also: str) -> tuple[UUID, UUID]:
    """A complaint and the rectification that came out of it."""
    place = world.units["qingtang"]
    adopt_pack(actor=None, at=MONDAY, unit_id=place, pack=pack, calendar=calendar(), signatures=SIGNED)
    case_id = world.register("wutong", at=LATER)
    world.take(case_id, "find_problem", "zhouyining", minutes(5), problem_text="管井没有封堵", **also)
    return case_id, CaseCard.objects.get(kind="rectification").pk


def links_told(world: World, login: str, case_id: UUID, at: datetime) -> set[ItemKind]:
    page = case_page(actor=world.actor(login), at=at, case_id=case_id)
    return {item.kind for item in page.timeline} & LINKS


def sees(world: World, login: str, case_id: UUID) -> bool:
    return cards_for(world.actor(login)).filter(pk=case_id).exists()


def test_only_who_is_let_in_on_it_reads_that_it_was_opened_and_has_ended(world: World) -> None:
    case_id, child = led_to_one(world, linked(kind=RECTIFICATION + SECRET))
    assert (sees(world, "zhouyining", child), sees(world, "gulan", child)) == (True, False)
    assert links_told(world, "zhouyining", case_id, minutes(6)) == {ItemKind.LINK_OPENED}
    assert links_told(world, "gulan", case_id, minutes(6)) == set()

    world.take(child, "finish", "zhouyining", minutes(10), result="某人签的字")
    work(minutes(11))

    assert links_told(world, "zhouyining", case_id, minutes(12)) == {ItemKind.LINK_OPENED, ItemKind.LINK_CLOSED}
    assert links_told(world, "gulan", case_id, minutes(12)) == set()


def test_nothing_but_its_end_comes_back_to_where_everybody_sees_it(world: World) -> None:
    case_id, child = led_to_one(world, linked(kind=RECTIFICATION + SECRET))
    world.take(child, "finish", "zhouyining", minutes(10), result="某人签的字")
    work(minutes(11))

    assert CaseEvent.objects.filter(case=case_id, kind="link.closed").count() == 1
    assert Obligation.objects.get(case=case_id, duty="rectify").met_at == minutes(10)
    assert {"problem_end", "problem_result"}.isdisjoint(standing_of(case_id, minutes(12)).facts)


def test_what_one_brings_back_that_is_not_confidential_comes_back(world: World) -> None:
    case_id, child = led_to_one(world, linked())
    world.take(child, "finish", "zhouyining", minutes(10), result="已封堵")
    work(minutes(11))

    assert standing_of(case_id, minutes(12)).facts["problem_end"] == "已整改"
    assert links_told(world, "gulan", case_id, minutes(12)) == {ItemKind.LINK_OPENED, ItemKind.LINK_CLOSED}


def test_from_whom_it_is_kept_the_case_that_comes_out_of_it_is_kept_too(world: World) -> None:
    hiding = RECTIFICATION.replace("facts:\n", f"facts:\n{ACCUSED}").replace("may: [person,", "may: [accused, person,")
    hiding += HIDING.replace("problem_text", "topic")
    pack = linked(
        ("\nfacts:\n  problem_text", f"\nfacts:\n{ACCUSED}  problem_text"),
        ("\nopens:\n", f"\n{HIDING}\nopens:\n"),
        ("may: [problem_at,", "may: [accused, problem_at,"),
        ("carries: {topic: problem_text,", "carries: {accused: accused, topic: problem_text,"),
        kind=hiding,
    )

    accused = world.member("cs_specialist", "zhouyining")
    case_id, child = led_to_one(world, pack, accused=accused)

    assert (sees(world, "zhouyining", case_id), sees(world, "zhouyining", child)) == (False, False)
