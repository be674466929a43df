"""Running cases go over to the version of their policy that is in force where they lie."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from kesu.casefile.books import kind_of
from kesu.casefile.casefile import CaseFile
from kesu.casefile.going_over import Obstacle
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.commands.policies.carry_over import CarriedOver, Left, carry_over
from kesu.core.errors import NotFound
from kesu.policy.events import POLICY_RENEWED
from kesu.policy.loader import load_pack
from kesu.policy.model.pack import Pack
from kesu.queries.policies.carrying_over import carrying_over
from kesu.store.models import (
    Case,
    CaseEvent,
    DeadlineMove,
    Obligation,
    OutboxMessage,
    PolicyChange,
    SealedCase,
    SealedEvent,
)
from kesu.store.sealed_reader import SYSTEM, read_as
from tests import confidential, desk
from tests.access import sample
from tests.confidential import SIGNED
from tests.own_packs import changed, read_library
from tests.world import MONDAY, World, calendar

LATER = MONDAY + timedelta(minutes=40)
HOUR = "within: 1工作小时,"
DAY = "within: 24小时,"


def adopt(world: World, *lines: tuple[str, str]) -> str:
    """Another version of the policy from a moment before `LATER` on; its digest."""
    own = changed("p10", "complaint.yaml", *lines)
    put_in_force(world, own)
    return own.hash


def put_in_force(world: World, own: Pack) -> None:
    place = {"unit_id": world.units["qingtang"]}
    adopt_pack(actor=None, at=LATER - timedelta(minutes=1), **place, pack=own, calendar=calendar(), signatures=SIGNED)


def due(case: UUID) -> dict[str, object]:
    return dict(Obligation.objects.filter(case=case, is_open=True).values_list("key", "due_at"))


def test_they_go_over_as_the_preview_said_and_their_owners_hear_of_it(world: World) -> None:
    case = world.register()
    policy, before = Case.objects.get(pk=case).policy_version_id, due(case)
    newer = adopt(world, (HOUR, DAY))
    (seen,) = carrying_over(pack_code="p10", at=LATER).rows
    assert seen.found is not None
    said = [(one.after.name, one.due_before, one.due_after) for one in seen.found.moves]
    assert (due(case), PolicyChange.objects.count()) == (before, 0)

    told: list[CarriedOver | Left] = []
    count = carry_over(pack_code="p10", at=LATER, reason="放宽知会", tell=told.append)
    assert (count.cases, count.moved, count.left) == (1, 1, 0)
    (went,) = told
    assert isinstance(went, CarriedOver)
    assert [(one.after.name, one.due_before, one.due_after) for one in went.found.moves] == said != []

    change = PolicyChange.objects.get()
    assert (change.before_id, change.after_id, change.reason) == (policy, newer, "放宽知会")
    (move,) = DeadlineMove.objects.filter(case=case, policy_change=change)
    assert (move.due_before, move.due_after) == (before[move.key], due(case)[move.key])
    assert OutboxMessage.objects.filter(case=case, template="reruled").count() == 1
    head = Case.objects.get(pk=case)
    assert head.policy_version_id == newer
    assert CaseEvent.objects.get(case=case, seq=head.version).kind == POLICY_RENEWED
    assert carry_over(pack_code="p10", at=LATER).cases == 0


def test_what_was_done_before_is_read_as_it_was_and_steps_go_on_by_the_new_rules(world: World) -> None:
    case = world.register("wutong")
    newer = adopt(world, (HOUR, DAY))
    carry_over(pack_code="p10", at=LATER)
    world.take(case, "inform", "wutong", LATER + timedelta(minutes=5))
    file = CaseFile.open(Case.objects.select_related("unit").get(pk=case))
    assert file.kind is kind_of(newer, "complaint")
    now = LATER + timedelta(hours=1)
    assert {one.key: one.due_at for one in file.standing(now).open_obligations} == due(case)
    rows = file.rebuilt(now)
    assert rows.card.stage == Case.objects.get(pk=case).card.stage


def test_what_was_signed_does_not_hold_a_case_back_where_only_a_figure_is_another(world: World) -> None:
    case = world.planned()
    at = MONDAY + timedelta(hours=2)
    world.take(case, "sign_joint_review", "chenmuzhi", at, verdict="同意")
    newer = adopt(world, (HOUR, DAY))
    (seen,) = carrying_over(pack_code="p10", at=at).rows
    assert (seen.why, seen.after) == ((), f"1.0（{newer[:8]}）")


def test_who_is_stopped_in_the_middle_goes_on_where_he_was(world: World) -> None:
    for n in range(3):
        world.register(at=MONDAY + timedelta(minutes=n))
    adopt(world, (HOUR, DAY))

    def stop(_: CarriedOver | Left) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carry_over(pack_code="p10", at=LATER, tell=stop)
    assert carry_over(pack_code="p10", at=LATER).cases == 2
    assert CaseEvent.objects.filter(kind=POLICY_RENEWED).count() == 3


def test_a_case_whose_stage_is_not_there_any_more_stays_until_it_is_said_what_it_is_called(world: World) -> None:
    case = world.planned()
    put_in_force(world, in_chinese_alone(*STAGE_CALLED_OTHERWISE))
    at = MONDAY + timedelta(days=2)
    told: list[CarriedOver | Left] = []
    assert carry_over(pack_code="p10", at=at, tell=told.append).left == 1
    (left,) = told
    assert isinstance(left, Left)
    assert Obstacle.STAGE in [one.why for one in left.why]
    assert carry_over(pack_code="p10", at=at, stages={"joint_review": "reviewing"}).cases == 1
    assert Case.objects.get(pk=case).card.stage == "reviewing"


def test_a_case_stays_in_which_one_of_several_values_was_chosen_that_is_not_there_any_more(world: World) -> None:
    case = world.register("wutong")
    world.take(case, "inform", "wutong", MONDAY + timedelta(minutes=5))
    said = {"customer_type": "业主", "demand": "修好", "staff_fault": "失职|失误"}
    world.take(case, "register", "zhouyining", MONDAY + timedelta(minutes=10), **said)
    put_in_force(world, in_chinese_alone(("values: [失职, 失误, 失度, 失控]", "values: [失误, 失度, 失控]")))
    told: list[CarriedOver | Left] = []
    carry_over(pack_code="p10", at=LATER, tell=told.append)
    (left,) = told
    assert isinstance(left, Left)
    assert [(one.why, one.names) for one in left.why] == [(Obstacle.FACT, ("过失种类",))]


def test_a_case_stays_for_which_a_form_was_filled_in_that_is_not_there_any_more(world: World) -> None:
    world.triaged()
    old = ("  complaint_letter:\n", "  letter_of_complaint:\n")
    put_in_force(world, in_chinese_alone(old, ("forms: [complaint_file, complaint_letter]", "forms: [complaint_file]")))
    told: list[CarriedOver | Left] = []
    carry_over(pack_code="p10", at=LATER, tell=told.append)
    (left,) = told
    assert isinstance(left, Left)
    assert [one.why for one in left.why] == [Obstacle.FORM]


def test_what_is_confidential_does_not_come_to_lie_open(world: World) -> None:
    confidential.adopt(world)
    case = world.register(legal_support="是")
    assert Case.objects.get(pk=case).card.confidential
    adopt(world, (HOUR, DAY))
    told: list[CarriedOver | Left] = []
    assert carry_over(pack_code="p10", at=LATER, tell=told.append).left == 1
    (left,) = told
    assert isinstance(left, Left)
    assert [one.why for one in left.why] == [Obstacle.SEALED]
    assert Case.objects.get(pk=case).card.confidential


STAGE_CALLED_OTHERWISE = (
    ("  joint_review: {name: 联合审核, public", "  reviewing: {name: 联合审核, public"),
    ("insert_after: joint_review", "insert_after: reviewing"),
    ("from: [joint_review, leadership", "from: [reviewing, leadership"),
    ("opened_to: joint_review", "opened_to: reviewing"),
)


def in_chinese_alone(*lines: tuple[str, str]) -> Pack:
    """With other codes or values, for which the library has no translations."""
    texts = {code: dict(files) for code, files in read_library().texts.items()}
    own = {file: text for file, text in texts["p10"].items() if not file.startswith("texts/")}
    for before, after in lines:
        own["complaint.yaml"] = own["complaint.yaml"].replace(before, after)
    return load_pack({**texts, "p10": own}, "p10")


@pytest.mark.django_db
def test_the_case_says_so_in_its_history_and_what_moved_stands_on_a_page() -> None:
    world, now = desk.opened()
    at = now - timedelta(minutes=30)
    case = world.register(at=at, promised_feedback_at=desk.PROMISED)
    newer = changed("p10", "complaint.yaml", (HOUR, DAY))
    place = {"unit_id": world.units["qingtang"]}
    adopt_pack(actor=None, at=now - timedelta(minutes=10), **place, pack=newer, calendar=calendar(), signatures=SIGNED)
    carry_over(pack_code="p10", at=now - timedelta(minutes=5), reason="放宽知会")
    client = desk.client_of("zhouyining")
    page = " ".join(client.get(f"/cases/{case}").content.decode().split())
    assert f"改按制度 {newer.version} 版办理" in page
    assert "因改按新版制度而改" in page
    change = PolicyChange.objects.get()
    assert f"/policies/renewals/{change.pk}" in client.get("/policies/adoptions").content.decode()
    listed = client.get(f"/policies/renewals/{change.pk}").content.decode()
    assert "放宽知会" in listed
    assert Case.objects.get(pk=case).number in listed
    other = desk.client_of("zhaolang").get(f"/policies/renewals/{change.pk}").content.decode()
    assert Case.objects.get(pk=case).number not in other


@pytest.mark.django_db
def test_what_was_done_by_a_step_that_is_not_there_any_more_is_told_by_its_name() -> None:
    world, now = desk.opened()
    case = world.register(at=now - timedelta(hours=1), promised_feedback_at=desk.PROMISED)
    world.take(case, "tell_leadership", "heqing", now - timedelta(minutes=30))
    newer = in_chinese_alone(("  tell_leadership: {name: 上报领导", "  report: {name: 报告"))
    place = {"unit_id": world.units["qingtang"]}
    adopt_pack(actor=None, at=now - timedelta(minutes=10), **place, pack=newer, calendar=calendar(), signatures=SIGNED)
    assert carry_over(pack_code="p10", at=now - timedelta(minutes=5)).cases == 1
    page = desk.client_of("heqing").get(f"/cases/{case}").content.decode()
    assert "上报领导" in page
    assert "tell_leadership" not in page


@pytest.mark.django_db
def test_a_sealed_case_goes_over_in_silence() -> None:
    found = sample.build()
    _, sealed_id = sample.report(found)
    at = found.now + timedelta(days=1)
    own = changed("whistle", "whistle_report.yaml", ("within: 1小时, met_by: leader", "within: 2小时, met_by: leader"))
    place = {"unit_id": found.world.units["group"]}
    adopt_pack(actor=None, at=found.now, **place, pack=own, calendar=calendar(), signatures=SIGNED)
    told: list[CarriedOver | Left] = []
    carry_over(pack_code=own.code, at=at, tell=told.append)
    read_as(SYSTEM)
    case = SealedCase.objects.get(pk=sealed_id)
    assert case.policy_version_id == own.hash
    assert SealedEvent.objects.filter(case=case, kind=POLICY_RENEWED).count() == 1
    assert str(sealed_id) not in str(list(DeadlineMove.objects.values())) + str(list(OutboxMessage.objects.values()))
    assert told == []


@pytest.mark.django_db
def test_a_policy_that_nobody_adopted_is_not_there() -> None:
    with pytest.raises(NotFound):
        carry_over(pack_code="nothing", at=LATER)
    with pytest.raises(NotFound):
        carry_over(pack_code="p10", at=LATER, unit_id=uuid4())
