"""Where and what somebody may register."""

from __future__ import annotations

import pytest

from kesu.core.errors import Forbidden, NotFound
from kesu.queries.cases.intake import intake_page
from tests.world import MONDAY, World


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
