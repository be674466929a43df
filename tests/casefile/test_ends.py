"""What the numbers stand on: when a case ended, what ran over, whose duty it was. All of it comes back from the log."""

from __future__ import annotations

from datetime import timedelta

from kesu.commands.clock.wake_one import wake_one
from kesu.store.models import CaseCard, Obligation
from tests.web.numbers import story
from tests.world import MONDAY, World

LATE = timedelta(days=3)


def test_the_archive_does_not_move_the_end_of_a_case(world: World) -> None:
    case_id = story.resolved(world, MONDAY, "门禁失灵")
    closed_at = CaseCard.objects.get(pk=case_id).closed_at
    assert closed_at == MONDAY + len(story.TO_CLOSED) * story.MINUTES

    world.take(case_id, "archive", "zhouyining", MONDAY + timedelta(days=2))

    card = CaseCard.objects.get(pk=case_id)
    assert card.stage_name == "归档"
    assert card.closed_at == closed_at
    assert card.late_from is None


def test_a_duty_that_no_longer_applies_keeps_when_that_was(world: World) -> None:
    case_id = world.register(at=MONDAY)
    world.take(case_id, "withdraw", "zhouyining", MONDAY + LATE, withdraw_reason="客户来电撤回")

    duty = Obligation.objects.get(case_id=case_id, duty="inform_specialist")
    card = CaseCard.objects.get(pk=case_id)
    assert (duty.state, duty.met_at, duty.ended_at) == ("lapsed", None, MONDAY + LATE)
    assert duty.due_at == MONDAY + timedelta(hours=1) == card.late_from


def test_a_duty_met_in_time_leaves_nothing_late(world: World) -> None:
    case_id = world.register(at=MONDAY)
    assert CaseCard.objects.get(pk=case_id).late_from == MONDAY + timedelta(hours=1)  # unless it is met

    world.take(case_id, "inform", "zhouyining", MONDAY + timedelta(minutes=5))

    duty = Obligation.objects.get(case_id=case_id, duty="inform_specialist")
    assert duty.ended_at == duty.met_at == MONDAY + timedelta(minutes=5)
    assert CaseCard.objects.get(pk=case_id).late_from is None


def test_a_duty_belongs_to_the_department_of_the_slot_that_owes_it(world: World) -> None:
    case_id = world.planned()

    found = {one.duty: one for one in Obligation.objects.filter(case_id=case_id).select_related("department")}
    assert found["opinion"].department.name == "东部工程部"  # named by a fact
    assert found["report_up"].department.name == "东部客户服务部"  # where the post is that fills the slot
    assert found["report_up"].owner_role == "cs_dept"
    assert found["inform_specialist"].department is None  # whoever heard it first


def test_waking_a_case_fills_what_an_older_version_did_not_know(world: World) -> None:
    case_id = story.resolved(world, MONDAY, "门禁失灵")
    before = CaseCard.objects.get(pk=case_id)
    CaseCard.objects.filter(pk=case_id).update(closed_at=None, late_from=None, pack="", wake_at=MONDAY)
    Obligation.objects.filter(case_id=case_id).update(ended_at=None, department=None)

    assert wake_one(at=MONDAY + LATE)

    after = CaseCard.objects.get(pk=case_id)
    assert (after.closed_at, after.pack, after.wake_at) == (before.closed_at, "p10", before.wake_at)
    assert not Obligation.objects.filter(case_id=case_id, met_at__isnull=False, ended_at__isnull=True).exists()
