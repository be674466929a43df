"""What comes out of a confidential case is opened only where it is kept as well, so that neither tells of the other."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from kesu.access.cases import cards_for
from kesu.access.sight.links import Way
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.queries.cases.case_page import case_page
from kesu.store.models import CaseCard
from tests.linked_policies import RECTIFICATION, linked
from tests.world import MONDAY, World, calendar

SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}
LATER = MONDAY + timedelta(hours=1)
SECRECY = "secrecy: {{when: {when}, opened_to: [cs_specialist], says: 只有经办的人能看, clause: D1c}}\n"
CONFIDENTIAL = ("levels:\n", SECRECY.format(when="{legal_support: 是}") + "levels:\n")
KEPT = RECTIFICATION + SECRECY.format(when="{topic: 已填}")
SERVED = ("kind: rectification\n    place", "kind: {served: rectification}\n    place")


def minutes(count: int) -> datetime:
    return LATER + timedelta(minutes=count)


def found_problem(world: World, *changes: tuple[str, str], kind: str = RECTIFICATION) -> UUID:
    """A confidential complaint in which a problem was found that asks for a case of its own."""
    pack, place = linked(CONFIDENTIAL, *changes, kind=kind), world.units["qingtang"]
    adopt_pack(actor=None, at=MONDAY, unit_id=place, pack=pack, calendar=calendar(), signatures=SIGNED)
    case_id = world.register("zhouyining", at=LATER)
    world.take(case_id, "state_facts", "zhouyining", minutes(1), legal_support="是")
    world.take(case_id, "find_problem", "zhouyining", minutes(2), problem_text="管井没有封堵", problem_weight="重")
    return case_id


def opened() -> list[UUID]:
    return list(CaseCard.objects.filter(kind="rectification").values_list("pk", flat=True))


@pytest.mark.parametrize("changes", [(), (SERVED,)])
def test_one_that_everybody_would_see_waits_until_the_case_is_confidential_no_more(
    world: World, changes: tuple[tuple[str, str], ...]
) -> None:
    case_id = found_problem(world, *changes)
    assert opened() == []
    page = case_page(actor=world.actor("zhouyining"), at=minutes(3), case_id=case_id)
    assert [(one.name, one.is_kept_back) for one in page.links.owed] == [("查出的问题转整改", True)]

    world.take(case_id, "state_facts", "zhouyining", minutes(4), legal_support="否")
    (child,) = opened()
    page = case_page(actor=world.actor("zhouyining"), at=minutes(5), case_id=case_id)
    assert [(line.way, line.id) for line in page.links.lines] == [(Way.OPENED, child)]
    assert page.links.owed == ()


@pytest.mark.parametrize("changes", [(), (SERVED,)])
def test_one_that_is_kept_from_its_first_event_is_opened_at_once(
    world: World, changes: tuple[tuple[str, str], ...]
) -> None:
    case_id = found_problem(world, *changes, kind=KEPT)
    (child,) = opened()
    for login in ("heqing", "gulan"):
        seen = cards_for(world.actor(login, LATER.date())).values_list("pk", flat=True)
        assert not {case_id, child} & set(seen)
    assert child in cards_for(world.actor("zhouyining", LATER.date())).values_list("pk", flat=True)
