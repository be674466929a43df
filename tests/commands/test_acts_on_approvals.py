"""What signers do beside signing, as people of the house: on whose list it stands, who sees it, what is shown."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.core.errors import Forbidden, NotFound, NotNow, Unacceptable
from kesu.queries.cases.case_page import case_page
from kesu.queries.cases.step_form import StepForm, step_form
from kesu.queries.work.workbench import approvals
from kesu.store.models import OutboxMessage
from tests import confidential
from tests.own_packs import changed
from tests.world import MONDAY, World, calendar, standing_of

pytestmark = pytest.mark.django_db

LATER = MONDAY + timedelta(hours=2)
SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}
LIBRARY = (
    "allows: {pass_on: {to: [dept_head, regional_dept]}, add_before: {to: [legal_counsel]}, ask: 是, send_back: 是, "
    "take_back: 是, urge: {every: 4工作小时}}"
)
ALLOWS = (
    "allows: {pass_on: {to: [cs_manager, dept_head]}, add_before: {to: [cs_manager]}, ask: 是, "
    "take_back: 是, urge: {every: 4小时}}"
)


@pytest.fixture
def case(world: World) -> UUID:
    own = changed("p10", "complaint.yaml", (LIBRARY, ALLOWS))
    adopt_pack(actor=None, at=MONDAY, unit_id=world.units["qingtang"], pack=own, calendar=calendar(), signatures=SIGNED)
    return world.planned()


def lists(world: World, case: UUID, *logins: str) -> list[str]:
    """On whose list of signatures the case stands."""
    return [one for one in logins if case in {o.case_id for o in approvals(actor=world.actor(one), at=LATER)}]


def form(world: World, case: UUID, step: str, login: str) -> StepForm:
    return step_form(actor=world.actor(login), at=LATER, case_id=case, step=step)


def stage(case: UUID, at: datetime = LATER) -> str:
    return standing_of(case, at).stage


def test_passed_on_it_stands_on_the_other_ones_list_and_he_signs(world: World, case: UUID) -> None:
    assert lists(world, case, "chenmuzhi", "linsheng") == ["chenmuzhi"]
    manager = world.member("cs_manager", "linsheng")
    world.take(case, "pass_on_joint_review", "chenmuzhi", LATER, named_signer=manager, opinion="出差")
    assert lists(world, case, "chenmuzhi", "linsheng") == ["linsheng"]
    next_form = form(world, case, "sign_joint_review", "linsheng")
    assert {"opinion", "verdict"} & {*next_form.known, *next_form.typed} == set()  # the words of another are not his
    with pytest.raises(Forbidden):
        world.take(case, "sign_joint_review", "chenmuzhi", LATER, verdict="同意")

    ((first, *_), *_) = [link.signatures for link in form(world, case, "sign_joint_review", "linsheng").to_sign.chain]
    assert first.passed_by == ("陈牧之",)
    page = case_page(actor=world.actor("heqing"), at=LATER, case_id=case)
    assert "转办：联合审核" in {item.name for item in page.timeline}
    world.take(case, "sign_joint_review", "linsheng", LATER, verdict="同意")
    assert stage(case) == "leadership_approval"


def test_only_those_whom_the_policy_names_are_offered_and_taken(world: World, case: UUID) -> None:
    (field,) = [one for one in form(world, case, "pass_on_joint_review", "chenmuzhi").fields if one.is_required]
    roles = {one.value.partition(":")[0] for one in field.options}
    assert roles <= {"cs_manager", "dept_head"}
    assert not any(one.value.endswith(world.people["chenmuzhi"].hex) for one in field.options)
    other = world.member("cs_specialist", "zhouyining")
    with pytest.raises(Unacceptable):
        world.take(case, "pass_on_joint_review", "chenmuzhi", LATER, named_signer=other)


def test_the_form_of_a_signature_offers_what_else_may_be_done(world: World, case: UUID) -> None:
    to_sign = form(world, case, "sign_joint_review", "chenmuzhi").to_sign
    assert to_sign is not None
    assert [name for _, name in to_sign.acts] == ["转办", "前加签", "征询"]
    wrote = form(world, case, "sign_joint_review", "heqing").to_sign
    assert wrote is not None
    assert [name for _, name in wrote.acts] == ["撤回", "催办"]


def test_somebody_added_before_signs_first(world: World, case: UUID) -> None:
    manager = world.member("cs_manager", "linsheng")
    world.take(case, "add_before_joint_review", "chenmuzhi", LATER, named_signer=manager)
    assert lists(world, case, "chenmuzhi", "linsheng") == ["linsheng"]
    world.take(case, "sign_joint_review", "linsheng", LATER, verdict="同意")
    assert lists(world, case, "chenmuzhi", "linsheng") == ["chenmuzhi"]


def test_who_is_asked_answers_and_the_answer_is_read_on_the_case(world: World, case: UUID) -> None:
    asked = world.member("cs_manager", "linsheng")
    world.take(case, "ask_joint_review", "chenmuzhi", LATER, named_signer=asked, opinion="费用是否合适")
    assert lists(world, case, "chenmuzhi", "linsheng") == ["chenmuzhi", "linsheng"]
    world.take(case, "advise_joint_review", "linsheng", LATER, opinion="合适")
    assert lists(world, case, "chenmuzhi", "linsheng") == ["chenmuzhi"]
    page = case_page(actor=world.actor("chenmuzhi"), at=LATER, case_id=case)
    texts = {line.text for item in page.timeline for line in item.lines}
    assert {"费用是否合适", "合适"} <= texts


def test_the_author_takes_it_back_until_somebody_has_signed(world: World, case: UUID) -> None:
    with pytest.raises(Forbidden):
        world.take(case, "take_back_joint_review", "chenmuzhi", LATER)
    world.take(case, "take_back_joint_review", "heqing", LATER)
    assert (stage(case), lists(world, case, "chenmuzhi")) == ("planning", [])
    world.take(case, "submit_plan", "heqing", LATER, plan_text="改用另一种密封胶")
    assert lists(world, case, "chenmuzhi") == ["chenmuzhi"]


def test_it_is_urged_once_and_a_letter_leaves(world: World, case: UUID) -> None:
    world.take(case, "urge_joint_review", "heqing", LATER)
    letters = OutboxMessage.objects.filter(key__contains="/joint_review/urged@")
    assert [one.account_id for one in letters] == [world.people["chenmuzhi"]]
    with pytest.raises(NotNow) as refused:
        world.take(case, "urge_joint_review", "heqing", LATER + timedelta(hours=1))
    assert "early" in {one.code for one in refused.value.data["refusals"]}


def test_nobody_without_sight_of_the_case_does_anything(world: World, case: UUID) -> None:
    with pytest.raises(NotFound):
        world.take(case, "urge_joint_review", "fangmu", LATER)


APART = "separations:\n  no_part: {of: accused, apart: [signers], says: 被投诉的人不签这一件, clause: 4.1}\n\nsecrecy:"
RULES = (
    (LIBRARY, ALLOWS),
    ("secrecy: {when: {legal_support: 是}", "secrecy: {when: {stage: joint_review}"),
    ("secrecy:", APART),
)


def test_nobody_is_named_who_may_not_know_of_the_case_or_has_no_part_in_it(world: World) -> None:
    """Of four heads of departments three are not let in on a confidential case; one is complained of as well."""
    confidential.adopt(world, also=RULES)
    case = world.planned()
    world.take(case, "state_facts", "zhouyining", LATER, accused=world.member("dept_head", "luqiao"))
    for act in ("pass_on", "add_before", "ask"):
        fields = form(world, case, f"{act}_joint_review", "chenmuzhi").fields
        (field,) = [one for one in fields if one.code == "named_signer"]
        offered = {one.value.rpartition(":")[2] for one in field.options}
        assert world.people["linsheng"].hex in offered
        assert not {world.people[one].hex for one in ("duheng", "luqiao")} & offered

    for login, code, clause in (("duheng", "unseen", "D1c"), ("luqiao", "no_part", "4.1")):
        head = world.member("dept_head", login)
        with pytest.raises(NotNow) as refused:
            world.take(case, "pass_on_joint_review", "chenmuzhi", LATER, named_signer=head)
        (why,) = refused.value.data["refusals"]
        assert (why.code, why.clauses) == (code, (clause,))
    assert lists(world, case, "chenmuzhi", "duheng", "luqiao") == ["chenmuzhi"]
