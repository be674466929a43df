"""What the form of a step asks, and what it knows already."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kesu.core.errors import NotFound
from kesu.policy.model.facts import FactType
from kesu.queries.cases.step_form import step_form
from tests.world import MONDAY, World

HOUR = timedelta(hours=1)
LATER = MONDAY + 9 * HOUR


def test_it_asks_the_fields_of_the_documents_and_fills_in_what_is_known(here: World) -> None:
    form = step_form(actor=here.actor("zhouyining"), at=LATER, case_id=here.register(), step="register")
    fields = {field.code: field for field in form.fields}
    assert fields["demand"].is_required
    assert not fields["content"].is_required
    assert form.typed["content"] == ("客厅东墙发霉，下雨就渗",)
    assert form.typed["person.name"] == ("苏女士",)


def test_it_fills_in_no_personal_text_for_those_without_the_right(here: World) -> None:
    case = here.register()
    from kesu.store.models import RoleGrant

    RoleGrant.objects.filter(role="project_dept", permission="case:personal:read").delete()
    form = step_form(actor=here.actor("sunyan"), at=LATER, case_id=case, step="register")
    assert "person.name" not in form.typed
    assert "person.phone" not in form.typed


def test_it_says_whose_step_it_is(here: World) -> None:
    case = here.register()
    mine = step_form(actor=here.actor("zhouyining"), at=LATER, case_id=case, step="register")
    his = step_form(actor=here.actor("sunyan"), at=LATER, case_id=case, step="register")
    assert mine.is_mine
    assert not his.is_mine
    assert his.who == "周以宁"


def test_it_offers_departments_over_the_place_and_people_by_slot(here: World) -> None:
    case = here.register()
    form = step_form(actor=here.actor("heqing"), at=LATER, case_id=case, step="assign")
    units = next(field for field in form.fields if field.type is FactType.UNIT)
    assert "东部工程部" in [option.label for option in units.options]
    assert "西部工程部" not in [option.label for option in units.options]
    team = step_form(actor=here.actor("heqing"), at=LATER, case_id=case, step="form_team")
    people = next(field for field in team.fields if field.type is FactType.GROUP)
    assert ("客户服务部", "何青") in [(option.group, option.label) for option in people.options]
    assert "方木" not in [option.label for option in people.options]


def test_it_offers_earlier_cases_of_the_same_room(here: World) -> None:
    before, case = here.register(), here.register(title="又渗水")
    form = step_form(actor=here.actor("zhouyining"), at=LATER, case_id=case, step="state_facts")
    same = next(field for field in form.fields if field.type is FactType.CASE)
    assert [option.value for option in same.options] == [before.hex]


def test_it_lays_the_plan_before_the_signer_with_level_team_and_chain(here: World) -> None:
    form = step_form(actor=here.actor("chenmuzhi"), at=LATER, case_id=here.planned(), step="sign_joint_review")
    assert form.is_mine
    assert form.verdict is not None
    assert [option.value for option in form.verdict.options] == ["同意", "退回"]
    assert form.to_sign is not None
    assert ("处理方案", "清理旧胶，重打密封胶") in [(line.name, line.text) for line in form.to_sign.submitted]
    assert form.to_sign.level.name == "热点"
    assert [line.text for line in form.to_sign.groups] == ["何青、陈牧之"]
    waiting = [signed.who for link in form.to_sign.chain for signed in link.signatures if link.is_current]
    assert waiting == ["陈牧之"]


def test_it_is_not_there_for_an_unknown_step_or_the_opening_one(here: World) -> None:
    case = here.register()
    for step in ("no_such_step", "receive"):
        with pytest.raises(NotFound):
            step_form(actor=here.actor("zhouyining"), at=LATER, case_id=case, step=step)


def test_it_brings_guidance_with_its_clause(here: World) -> None:
    form = step_form(actor=here.actor("zhouyining"), at=LATER, case_id=here.register(), step="register")
    assert [[clause.printed for clause in line.clauses] for line in form.guidance] == [["2.2"]]
