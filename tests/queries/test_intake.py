"""Where and what somebody may register."""

from __future__ import annotations

from uuid import UUID

import pytest

from kesu.commands.cases.register_case import register_case
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.core.errors import Forbidden, NotFound
from kesu.queries.cases.intake import intake_page, opening_form
from kesu.store.models import CaseCard
from tests.linked_policies import RECTIFICATION, linked
from tests.world import MONDAY, World, calendar, said


def test_it_offers_the_projects_in_reach_and_the_kinds_in_force(here: World) -> None:
    page = intake_page(actor=here.actor("heqing"), at=MONDAY)
    assert [option.label for option in page.units] == ["槐序里", "青棠湾一期"]
    assert "complaint" in [option.value for option in page.kinds]


def test_it_never_offers_a_sealed_kind(here: World) -> None:
    from kesu.store.models import Adoption

    sealed = set(Adoption.objects.values_list("kind", flat=True)) - {"complaint", "suggestion"}
    assert sealed
    for login in ("heqing", "zhouyining", "qiubai"):
        try:
            page = intake_page(actor=here.actor(login), at=MONDAY)
        except Forbidden:
            continue
        assert not sealed & {option.value for option in page.kinds}
    with pytest.raises(NotFound):
        intake_page(actor=here.actor("heqing"), at=MONDAY, kind=sealed.pop())


def test_it_draws_the_opening_step_of_the_kind_that_was_chosen(here: World) -> None:
    chosen = here.units["qingtang"].hex
    complaint = intake_page(actor=here.actor("zhouyining"), at=MONDAY, unit=chosen, kind="complaint").form
    suggestion = intake_page(actor=here.actor("zhouyining"), at=MONDAY, unit=chosen, kind="suggestion").form
    assert complaint is not None
    assert suggestion is not None
    assert complaint.policy_hash != suggestion.policy_hash
    assert [field.code for field in complaint.fields if field.is_required] == ["channel", "person", "title", "content"]


def test_it_refuses_a_place_out_of_reach_and_people_who_register_nothing(here: World) -> None:
    with pytest.raises(NotFound):
        intake_page(actor=here.actor("zhouyining"), at=MONDAY, unit=here.units["wangting"].hex)
    with pytest.raises(Forbidden):
        intake_page(actor=here.actor("admin"), at=MONDAY)


SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}
OF_THE_COMPANY = RECTIFICATION.replace("cs_specialist", "cs_manager").replace("holder:", "in: company\nholder:", 1)


def with_company_cases(world: World) -> UUID:
    """The company, with a policy in force one kind of which lies at companies."""
    unit, pack = world.units["east_co"], linked(kind=OF_THE_COMPANY)
    adopt_pack(actor=None, at=MONDAY, unit_id=unit, pack=pack, calendar=calendar(), signatures=SIGNED)
    return unit


def test_a_kind_that_lies_at_companies_is_offered_there_and_nowhere_else(here: World) -> None:
    company, manager = with_company_cases(here), here.actor("linsheng")
    page = intake_page(actor=manager, at=MONDAY)
    assert [option.label for option in page.units] == ["槐序里", "青棠湾一期", "南岑东部公司"]
    assert "rectification" not in [option.value for option in page.kinds]
    there = intake_page(actor=manager, at=MONDAY, unit=company.hex)
    assert [option.value for option in there.kinds] == ["rectification"]
    assert there.form is not None
    assert opening_form(actor=manager, at=MONDAY, unit=company.hex, kind="rectification").kind_name == "整改"
    for unit, kind in ((here.units["qingtang"], "rectification"), (company, "complaint")):
        with pytest.raises(NotFound):
            opening_form(actor=manager, at=MONDAY, unit=unit.hex, kind=kind)


def test_whoever_opens_nothing_there_is_not_offered_the_company(here: World) -> None:
    company = with_company_cases(here)
    page = intake_page(actor=here.actor("zhouyining"), at=MONDAY)
    assert company.hex not in [option.value for option in page.units]
    page = intake_page(actor=here.actor("heqing"), at=MONDAY)
    assert company.hex not in [option.value for option in page.units]


def test_it_cannot_be_registered_at_a_project_whatever_is_sent(here: World) -> None:
    company = with_company_cases(here)

    def register(unit: UUID) -> UUID:
        return register_case(
            actor=here.actor("linsheng"),
            at=MONDAY,
            happened_at=MONDAY,
            unit_id=unit,
            kind="rectification",
            given=said(source="巡检", topic="管井没有封堵"),
            uploads=(),
            token=unit.hex,
        )

    with pytest.raises(NotFound):
        register(here.units["qingtang"])
    assert CaseCard.objects.get(pk=register(company)).unit_id == company
