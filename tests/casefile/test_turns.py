"""Time on a case runs one way, whoever was held up: nothing is done twice, nothing is taken back unnoticed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from kesu.access.takers import taker_for
from kesu.casefile import notes
from kesu.casefile.casefile import CaseFile
from kesu.commands.cases.take_public_step import take_public_step
from kesu.commands.cases.take_step import take_step
from kesu.commands.clock.wake_one import wake_one
from kesu.core.errors import NotNow
from kesu.policy.model.pack import Kind
from kesu.store.models import Case, CaseCard, CaseEvent, Obligation
from tests.world import MONDAY, World, said

MINUTE = timedelta(minutes=1)


def late(world: World, case_id: UUID, step: str, login: str, at: datetime, happened_at: datetime, **given: str) -> None:
    take_step(
        actor=world.actor(login, at.date()),
        at=at,
        case_id=case_id,
        step=step,
        seen_version=Case.objects.get(pk=case_id).version,
        given=said(**given),
        happened_at=happened_at,
    )


def test_it_escalates_once_when_a_request_waited_for_the_worker(world: World) -> None:
    """The request read the clock first, but the worker had the case first."""
    submitted = world.submit()
    due = Obligation.objects.get(case_id=submitted.case_id, duty="inform_specialist").due_at
    assert due is not None
    assert wake_one(at=due + 2 * MINUTE)

    given = {"withdraw_reason": ("已自行解决",)}
    take_public_step(at=due + MINUTE, secret=submitted.secret, step="withdraw", given=given)

    events = CaseEvent.objects.filter(case_id=submitted.case_id).order_by("seq")
    assert events.filter(kind="duty.escalated").count() == 1
    assert [e.recorded_at for e in events] == sorted(e.recorded_at for e in events)
    assert CaseCard.objects.get(pk=submitted.case_id).stage == "withdrawn"


def test_it_takes_no_step_back_by_one_that_is_dated_before_it(world: World) -> None:
    """A withdrawal dated before the classifying would be swallowed by it."""
    case_id = world.triaged()
    before = Case.objects.get(pk=case_id).version

    with pytest.raises(NotNow):
        late(
            world,
            case_id,
            "withdraw",
            "zhouyining",
            MONDAY + 60 * MINUTE,
            MONDAY + 7 * MINUTE,
            withdraw_reason="客户来电撤回",
        )

    assert Case.objects.get(pk=case_id).version == before
    assert CaseCard.objects.get(pk=case_id).stage == "triaged"


def test_it_records_late_what_moves_nothing_that_was_done_since(world: World) -> None:
    case_id = world.register("wutong")
    at, happened_at = MONDAY + 50 * MINUTE, MONDAY + 20 * MINUTE
    late(world, case_id, "inform", "wutong", at, happened_at)
    joined = {"person__name": "邻居", "person__phone": "13800001001"}
    late(world, case_id, "join", "zhouyining", at, MONDAY + 10 * MINUTE, **joined)

    assert CaseCard.objects.get(pk=case_id).stage == "informed"
    assert CaseCard.objects.get(pk=case_id).people_count == 2
    assert Obligation.objects.get(case_id=case_id, duty="inform_specialist").met_at == happened_at


def acting_late(kind: Kind, step: str) -> Kind:
    """The same rules, but the system itself takes a step when the hour is over."""
    by_system = replace(kind.steps[step], by=kind.steps["receive"].by)
    duty = kind.duties["inform_specialist"]
    duty = replace(duty, overdue=tuple(replace(rule, step=step) for rule in duty.overdue))
    return replace(
        kind,
        steps={**kind.steps, step: by_system},
        duties={**kind.duties, "inform_specialist": duty},
    )


def ruled(case_id: UUID, step: str) -> CaseFile:
    file = CaseFile.open(Case.objects.select_related("unit").get(pk=case_id))
    return replace(file, kind=acting_late(file.kind, step))


def test_it_takes_the_step_of_the_system_also_when_the_worker_is_days_late(world: World) -> None:
    case_id = world.register("wutong")
    ruled(case_id, "inform").settle(MONDAY + timedelta(days=9))

    taken = CaseEvent.objects.get(case_id=case_id, step="inform")
    assert taken.at == MONDAY + timedelta(hours=1)
    assert taken.recorded_at == MONDAY + timedelta(days=9)
    assert CaseCard.objects.get(pk=case_id).stage == "informed"


def test_it_dates_the_step_of_the_system_after_what_people_did_meanwhile(world: World) -> None:
    case_id = world.register("wutong")
    joined = {"person__name": "邻居", "person__phone": "13800001001"}
    world.take(case_id, "join", "zhouyining", MONDAY + timedelta(hours=2), **joined)
    ruled(case_id, "inform").settle(MONDAY + timedelta(hours=3))

    assert CaseEvent.objects.get(case_id=case_id, step="inform").at == MONDAY + timedelta(hours=2)


def test_it_comes_to_rest_when_the_policy_refuses_the_step_of_the_system(world: World) -> None:
    case_id = world.register("wutong")
    file = ruled(case_id, "close")

    file.settle(MONDAY + timedelta(hours=3))

    assert not CaseEvent.objects.filter(case_id=case_id, step="close").exists()
    assert CaseCard.objects.get(pk=case_id).stage == "received"


def test_it_tells_the_customer_in_full_however_long_the_words_are(world: World) -> None:
    """The bound of what people type as a note is none of what the policy says with their texts in it."""
    long = "渗水" * 3_000

    case_id = world.submit(title=long).case_id

    assert any(long in text for _, text in notes.read(Case.objects.get(pk=case_id)))


def test_it_lets_what_is_done_at_the_last_moment_be_in_time(world: World) -> None:
    case_id = world.register("wutong")
    world.take(case_id, "inform", "wutong", MONDAY + timedelta(hours=1))

    assert not CaseEvent.objects.filter(case_id=case_id, kind="duty.escalated").exists()


def test_it_lets_the_step_of_the_system_come_before_a_later_one_of_people(world: World) -> None:
    """The worker stood still: what the system had to do at ten is done before what somebody does at eleven."""
    case_id = world.register("wutong")
    joined = said(person__name="邻居", person__phone="13800001001")
    at = MONDAY + timedelta(hours=2)
    actor = world.actor("zhouyining")
    file = ruled(case_id, "inform")
    taker = taker_for(actor, file.head.unit.path, file.kind, file.log)
    file.take("join", taker=taker, given=joined, at=at, now=at)

    steps = CaseEvent.objects.filter(case_id=case_id).exclude(step="").order_by("seq")
    assert [(e.step, e.at) for e in steps[1:]] == [("inform", MONDAY + timedelta(hours=1)), ("join", at)]
