"""A code that the program draws when a step is taken: one code, kept with its event, for those who may read it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from kesu.casefile.drawing import SIGNS
from kesu.casefile.log import read_bodies
from kesu.casefile.proof.rebuilding import Outcome, compare_case
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.policy.model.facts import DataClass
from kesu.queries.cases.case_page import case_page
from kesu.queries.cases.step_form import step_form
from kesu.store.models import Case, CaseEvent, CaseSearch
from tests import confidential
from tests.own_packs import changed
from tests.world import MONDAY, World, calendar

LATER = MONDAY + timedelta(hours=1)
MINUTE = timedelta(minutes=1)
LINES = (
    ("\nfacts:\n", "\nfacts:\n  lot: {name: 号码, type: text, drawn: 8位, seen_by: cs_dept, clause: D1c}\n"),
    (
        "\nsteps:\n",
        "\nsteps:\n  draw_lot: {name: 抽号, by: cs_specialist, event: lot.drawn, asks: lot, clause: D1c}\n",
    ),
)


@pytest.fixture
def case_id(world: World) -> UUID:
    """Heard by an operator, passed on, and given a code by the specialist."""
    place = {"unit_id": world.units["qingtang"], "calendar": calendar()}
    pack = changed("p10", "complaint.yaml", *LINES)
    adopt_pack(actor=None, at=MONDAY, pack=pack, signatures=confidential.SIGNED, **place)
    case_id = world.register("wutong", at=LATER)
    world.take(case_id, "inform", "wutong", LATER)
    world.take(case_id, "draw_lot", "zhouyining", LATER + MINUTE)
    return case_id


def codes(case_id: UUID) -> list[str]:
    """Those that lie in the case, read as nobody reads them."""
    bodies = read_bodies(Case.objects.get(pk=case_id), [DataClass.RESERVED.value])
    return [str(texts["lot"]) for _, texts in sorted(bodies.items()) if "lot" in texts]


def page_of(world: World, login: str, case_id: UUID) -> str:
    return repr(case_page(actor=world.actor(login), at=LATER + 9 * MINUTE, case_id=case_id))


def test_it_is_drawn_once_and_stays_what_it_was(world: World, case_id: UUID) -> None:
    (code,) = codes(case_id)
    assert len(code) == 8
    assert set(code) <= set(SIGNS)
    world.take(case_id, "take_note", "zhouyining", LATER + 2 * MINUTE, note="已抽号")
    assert codes(case_id) == [code]
    assert CaseEvent.objects.get(case_id=case_id, step="draw_lot").facts == {"lot": "已填"}
    compared = compare_case(case_id, LATER + 3 * MINUTE)
    assert compared is not None
    assert compared.outcome is Outcome.SAME


def test_taken_again_it_is_another_one_and_both_are_kept(world: World, case_id: UUID) -> None:
    world.take(case_id, "draw_lot", "zhouyining", LATER + 2 * MINUTE)
    first, second = codes(case_id)
    assert first != second


def test_what_somebody_types_in_its_place_is_lost(world: World, case_id: UUID) -> None:
    world.take(case_id, "draw_lot", "zhouyining", LATER + 2 * MINUTE, lot="我的号码")
    assert "我的号码" not in codes(case_id)
    assert "我的号码" not in page_of(world, "heqing", case_id)


def test_only_the_role_that_is_named_reads_it(world: World, case_id: UUID) -> None:
    (code,) = codes(case_id)
    assert code in page_of(world, "heqing", case_id)
    for login in ("zhouyining", "wutong", "gulan"):
        assert code not in page_of(world, login, case_id)
    assert code not in repr(CaseSearch.objects.filter(pk=case_id).values().get())


def test_its_form_does_not_ask_for_it(world: World, case_id: UUID) -> None:
    form = step_form(actor=world.actor("zhouyining"), at=LATER + 2 * MINUTE, case_id=case_id, step="draw_lot")
    assert [field.code for field in form.fields] == []
