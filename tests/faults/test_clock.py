"""A clock that jumps: no duty is escalated twice, none is lost, and the log stays in its order."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connections

from kesu.core import clock
from kesu.jobs import worker
from kesu.store.models import CaseCard, CaseEvent, Heartbeat, OutboxMessage
from tests.world import MONDAY, World

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


class Hand:
    """What the machine's clock shows."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    found = Hand(MONDAY)
    monkeypatch.setattr(clock, "now", found.now)
    monkeypatch.setattr(worker, "now", found.now)
    return found


def escalated(case_id: object) -> int:
    return CaseEvent.objects.filter(case_id=case_id, kind="duty.escalated").count()


def test_it_escalates_once_when_the_clock_jumps_ahead_and_comes_back(world: World, hand: Hand) -> None:
    stop = threading.Event()
    first = world.register("wutong")
    second = world.register("wutong", at=MONDAY + 20 * MINUTE, title="另一件")

    hand.at = MONDAY + HOUR + 5 * MINUTE  # an hour ahead of five past
    worker.work(None, stop)
    assert (escalated(first), escalated(second)) == (1, 0)

    hand.at = MONDAY + 25 * MINUTE  # and back
    worker.work(None, stop)
    world.take(first, "inform", "wutong", hand.at)
    for minutes in (30, 59, 60, 66, 79, 80, 81, 140):
        hand.at = MONDAY + minutes * MINUTE
        worker.work(None, stop)
    assert (escalated(first), escalated(second)) == (1, 1)
    assert OutboxMessage.objects.filter(template="escalation").count() == 2

    for case in (first, second):
        moments = list(CaseEvent.objects.filter(case_id=case).order_by("seq").values_list("recorded_at", flat=True))
        assert moments == sorted(moments)
        wake_at = CaseCard.objects.get(pk=case).wake_at
        assert wake_at is None or wake_at > hand.at


def test_it_catches_up_with_everything_after_a_jump_over_its_moment(world: World, hand: Hand) -> None:
    cases = [world.register("wutong", at=MONDAY + n * MINUTE, title=f"第 {n} 件") for n in range(5)]
    hand.at = MONDAY + 3 * HOUR
    worker.work(None, threading.Event())
    assert [escalated(case) for case in cases] == [1] * 5


def test_it_does_not_sleep_longer_because_the_clock_was_set_back(
    committed_world: World, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_LONGEST_SLEEP", 1.0)
    monkeypatch.setattr(worker, "_NAP", 0.2)
    stop = threading.Event()
    thread = threading.Thread(target=lambda: (worker.run(stop), connections.close_all()))
    thread.start()
    _wait(Heartbeat.objects.exists)
    hand.at = MONDAY - HOUR
    _wait(lambda: Heartbeat.objects.filter(at=hand.at).exists())
    stop.set()
    thread.join(60)
    assert not thread.is_alive()


def _wait(is_so: object) -> None:
    for _ in range(600):
        if is_so():  # type: ignore[operator]
            return
        threading.Event().wait(0.1)
    raise AssertionError("it did not happen")
