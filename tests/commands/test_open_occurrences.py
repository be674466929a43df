"""Standing duties come round by themselves: one case a period and place, and never a second one."""

from __future__ import annotations

import threading
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from kesu.commands.occurrences import open_occurrences as opening
from kesu.commands.occurrences.open_occurrences import open_occurrences
from kesu.jobs import worker
from kesu.jobs.nightly import Nightly
from kesu.store.models import CaseCard, NightlyResult, Obligation, Room, Unit
from tests.ledgers.house import Ledgered, ledgered
from tests.world import World

ZONE = ZoneInfo("Asia/Shanghai")
pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def night(text: str) -> int:
    return open_occurrences(at=at(f"{text} 02:00"))


def places(kind: str) -> list[str]:
    return sorted(CaseCard.objects.filter(kind=kind).values_list("unit__name", flat=True))


def every(kind: str) -> list[str]:
    return sorted(Unit.objects.filter(kind=kind, closed_on=None).values_list("name", flat=True))


def test_each_place_gets_its_own_once_a_period(world: World) -> None:
    night("2026-06-01")
    assert places("estate_file") == every("project")
    assert places("bulletin") == every("company")

    assert night("2026-06-01") == night("2026-06-02") == 0
    night("2026-07-01")
    assert places("estate_file") == sorted(every("project") * 2)


def test_it_is_due_as_the_policy_says_and_held_by_whom_it_names(world: World) -> None:
    night("2026-06-01")

    card = CaseCard.objects.get(kind="bulletin", unit__code="east_co")
    assert (card.title, card.stage_name) == ("投诉统计分析报告 2026 年 5 月", "待办")
    duty = Obligation.objects.get(case=card.pk)
    assert duty.due_at == at("2026-06-03 18:00")
    assert world.people["heqing"] in set(duty.owners.values_list("account_id", flat=True))


def test_a_night_without_a_worker_is_made_up_for(world: World) -> None:
    night("2026-06-20")

    card = CaseCard.objects.get(kind="bulletin", unit__code="east_co")
    assert card.received_at == at("2026-06-01 00:00")


def test_nothing_is_opened_of_the_time_before_the_policy(world: World) -> None:
    assert night("2026-05-10") == 0  # in force since 9 May: the period of May had begun


def test_one_that_cannot_be_opened_keeps_none_of_the_others_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = opening.open_case

    def open_elsewhere(**given: object) -> object:
        if given["unit"].code == "qingtang":  # type: ignore[attr-defined]
            raise ValueError("unreadable")
        return real(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(opening, "open_case", open_elsewhere)
    rounds = worker.Rounds(Nightly(), threading.Event())
    monkeypatch.setattr(worker, "now", lambda: at("2026-06-01 02:00"))
    rounds.turn()
    project = Unit.objects.get(code="qingtang").name
    assert places("estate_file") == [one for one in every("project") if one != project]
    assert places("bulletin") == every("company")
    assert NightlyResult.objects.exists()

    monkeypatch.setattr(opening, "open_case", real)
    monkeypatch.setattr(worker, "now", lambda: at("2026-06-01 03:00"))
    rounds.turn()
    assert places("estate_file") == every("project")


def test_a_closed_place_gets_none(world: World) -> None:
    Unit.objects.filter(code="qingtang").update(closed_on=at("2026-05-20 00:00").date())
    night("2026-06-01")
    assert Unit.objects.get(code="qingtang").name not in places("estate_file")


def test_its_holder_completes_it(world: World) -> None:
    night("2026-06-01")
    card = CaseCard.objects.get(kind="bulletin", unit__code="east_co")

    world.take(card.pk, "complete", "heqing", at("2026-06-02 10:00"), summary="本月受理十二件，结案十件")

    assert CaseCard.objects.get(pk=card.pk).is_final
    assert not Obligation.objects.filter(case=card.pk, is_open=True).exists()


@pytest.fixture
def meetings() -> Ledgered:
    """A house whose estates meet every week for a year after they were handed over; its policy since 9 May."""
    return ledgered()


def met() -> list[str]:
    """The days on which meetings were opened."""
    opened = CaseCard.objects.filter(kind="coordination_meeting").order_by("received_at")
    return [f"{card.received_at.astimezone(ZONE):%m-%d %H:%M}" for card in opened]


def handed_over(number: str, on: str) -> None:
    project = Unit.objects.get(code="xiling_site")
    Room.objects.create(project=project, phase="一期", building="1栋", number=number, delivered_on=on)


def test_what_runs_for_a_time_begins_at_the_place_that_was_handed_over(meetings: Ledgered) -> None:
    handed_over("101", "2026-06-03")
    handed_over("102", "2026-08-20")  # the phase began with its first room
    night("2026-06-02")
    assert met() == []
    night("2026-06-03")
    night("2026-06-04")
    assert met() == ["06-03 00:00"]
    card = CaseCard.objects.get(kind="coordination_meeting")
    assert card.unit_id == meetings.stage.units["xiling_site"]
    assert Obligation.objects.get(case=card.pk).due_at == at("2026-06-08 00:00")
    night("2026-06-08")
    assert met() == ["06-03 00:00", "06-08 00:00"]


def test_a_day_that_is_stated_late_opens_nothing_that_is_over(meetings: Ledgered) -> None:
    handed_over("101", "2026-05-20")
    night("2026-06-24")
    assert met() == ["06-22 00:00"]
