"""Who has lost sight of a confidential case, or never had it, keeps no trace of it: not on his workbench, not in what
waits to be sent, not in the name of somebody for whom he stands in."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from kesu.commands.clock.wake_one import wake_one
from kesu.commands.messages.send_one import send_one
from kesu.commands.organisation.end_post import end_post
from kesu.commands.people.begin_absence import begin_absence
from kesu.core.errors import NotFound
from kesu.queries.cases.case_page import case_page
from kesu.queries.work.frame import frame_facts
from kesu.queries.work.workbench import approvals, workbench
from kesu.store.models import OutboxMessage, PostHolding
from tests import confidential
from tests.commands.test_confidential_cases import MINUTE, given_to, keep, seeing
from tests.confidential import LATER
from tests.letters import Kept
from tests.world import World

LATE = LATER + timedelta(days=1)


@pytest.fixture
def case_id(world: World) -> UUID:
    confidential.adopt(world)
    case_id = world.register("wutong", at=LATER)
    world.take(case_id, "inform", "wutong", LATER)
    return case_id


def gives_up_his_posts(world: World, login: str) -> None:
    """Nobody has come round to his cases yet."""
    for held in PostHolding.objects.filter(account=world.people[login], instead_of=None):
        end_post(actor=world.actor("admin"), at=LATE, on=LATE.date(), holding_id=held.pk)


def is_away(world: World, login: str, deputy: str, days: int = 0) -> None:
    """For one day, so many days from when the case was heard."""
    day = (LATER + timedelta(days=days)).date()
    who = {"account_id": world.people[login], "deputy_id": world.people[deputy]}
    begin_absence(actor=world.actor("admin", day), at=LATER + timedelta(days=days), on=day, first=day, last=day, **who)


def on_the_workbench(world: World, login: str) -> set[UUID]:
    bench = workbench(actor=world.actor(login, LATE.date()), at=LATE)
    return {line.case_id for group in bench.groups for line in group.lines}


def sent_to(case_id: UUID) -> set[str]:
    sent = Kept()
    while send_one(at=LATE, sender=sent):
        pass
    return sent.told(case_id)


def test_whoever_gives_up_the_post_finds_its_duties_no_longer_on_his_workbench(world: World, case_id: UUID) -> None:
    given_to(world, case_id, "east_engineering")
    keep(world, case_id, LATER + 3 * MINUTE)
    assert case_id in on_the_workbench(world, "chenmuzhi")

    gives_up_his_posts(world, "chenmuzhi")

    assert case_id not in on_the_workbench(world, "chenmuzhi")


def test_nor_is_he_asked_to_sign_or_told_how_many_signatures_wait(world: World) -> None:
    confidential.adopt(world, also=[(", {group: team}], hidden_from", "], hidden_from")])  # he is of the team, too
    case_id = world.planned(LATER)
    keep(world, case_id, LATER + timedelta(hours=2))
    signer = world.actor("chenmuzhi", LATE.date())
    assert case_id in {line.case_id for line in approvals(actor=signer, at=LATE)}
    waiting = frame_facts(actor=signer, at=LATE).approvals

    gives_up_his_posts(world, "chenmuzhi")

    signer = world.actor("chenmuzhi", LATE.date())
    assert approvals(actor=signer, at=LATE) == ()
    assert frame_facts(actor=signer, at=LATE).approvals == waiting - 1


def test_nothing_is_sent_to_whom_once_stood_in_for_somebody_who_is_let_in(world: World, case_id: UUID) -> None:
    is_away(world, "linsheng", "chenmuzhi", days=-3)
    given_to(world, case_id, "east_engineering")
    assert OutboxMessage.objects.filter(case=case_id, account=world.people["chenmuzhi"], state="due").exists()

    keep(world, case_id, LATER + 3 * MINUTE, accused=world.member("dept_head", "chenmuzhi"))

    assert "陈牧之" not in sent_to(case_id)


def test_nothing_is_sent_to_whom_has_given_up_the_post_through_which_he_was_let_in(world: World, case_id: UUID) -> None:
    keep(world, case_id)
    assert OutboxMessage.objects.filter(case=case_id, account=world.people["zhouyining"], state="due").exists()

    gives_up_his_posts(world, "zhouyining")

    assert "周以宁" not in sent_to(case_id)


def test_whom_it_is_about_does_not_see_it_by_standing_in_for_somebody_who_does(world: World, case_id: UUID) -> None:
    keep(world, case_id, accused=world.member("cs_dept", "heqing"))
    assert "heqing" not in seeing(world, case_id)

    is_away(world, "linsheng", "heqing")

    assert "heqing" not in seeing(world, case_id), "before anybody has come round to the case"
    while wake_one(at=LATER + 2 * MINUTE):
        pass
    assert "heqing" not in seeing(world, case_id)


def test_whoever_stands_in_for_a_member_of_the_team_sees_it_while_he_does(world: World, case_id: UUID) -> None:
    given_to(world, case_id, "east_engineering")
    team = f"{world.member('cs_specialist', 'zhouyining')}|{world.member('project_dept', 'sunyan')}"
    world.take(case_id, "form_team", "zhouyining", LATER + 2 * MINUTE, team=team)
    keep(world, case_id, LATER + 3 * MINUTE)
    assert "gulan" not in seeing(world, case_id)

    is_away(world, "sunyan", "gulan")
    while wake_one(at=LATER + 4 * MINUTE):
        pass

    assert "gulan" in seeing(world, case_id)
    assert "gulan" not in seeing(world, case_id, LATE)


def test_what_time_has_made_confidential_is_so_before_anybody_has_come_round_to_it(world: World) -> None:
    by_time = "{when: {elapsed: {since: case.received, at_least: 5天}}, opened_to"
    confidential.adopt(world, also=[("{when: {legal_support: 是}, opened_to", by_time)])
    case_id = world.register("wutong", at=LATER)
    fourth, sixth = LATER + timedelta(days=4), LATER + timedelta(days=6)
    assert page_opens_for(world, case_id, fourth) == {"zhouyining", "linsheng", "gulan"}

    assert page_opens_for(world, case_id, sixth) == {"zhouyining", "linsheng"}

    while wake_one(at=sixth):
        pass
    assert page_opens_for(world, case_id, sixth) == {"zhouyining", "linsheng"}


def page_opens_for(world: World, case_id: UUID, at: datetime) -> set[str]:
    found = set()
    for login in ("zhouyining", "linsheng", "gulan"):
        with suppress(NotFound):
            case_page(actor=world.actor(login, at.date()), at=at, case_id=case_id)
            found.add(login)
    return found
