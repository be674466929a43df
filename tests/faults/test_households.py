"""Households join a group complaint one by one, eight clients at once: nobody is lost, nobody waits for ever, levels
rise at the right head, and no log grows with the number of the others."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import OperationalError, connection, connections, reset_queries
from django.test.utils import CaptureQueriesContext

from kesu.access.actor import Actor
from kesu.commands.cases.take_step import take_step
from kesu.commands.clock.wake_one import wake_one
from kesu.commands.matters.join_matter import join_matter
from kesu.policy.events import MATTER_COUNTED
from kesu.queries.proof.verify_log import verify_log
from kesu.store.models import CaseCard, CaseEvent, Matter, MatterEvent, MatterMember
from tests.full import is_full
from tests.world import MONDAY, World, said, standing_of

HOUSEHOLDS = 2000 if is_full else 60
CLIENTS = 8
EDGES = (3, 10)
"""Hot and major, of different people within thirty days: what the policy of these cases asks for."""


def moment(number: int) -> datetime:
    """When this household complained."""
    return MONDAY + timedelta(seconds=10 * number)


def phone(number: int) -> str:
    return f"1381{number:07d}"


LATER = moment(HOUSEHOLDS) + timedelta(hours=1)


@dataclass
class Clients:
    """Eight of them share out the households. Whatever goes wrong in one of them ends the test."""

    took: dict[int, float] = field(default_factory=dict)
    asked: dict[int, int] = field(default_factory=dict)
    errors: list[BaseException] = field(default_factory=list)
    _next: int = 1
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def join(self, act: Callable[[int], Callable[[], None]], others: tuple[Callable[[], None], ...] = ()) -> None:
        """`act` makes a household ready, and gives back what is to be measured."""
        threads = [threading.Thread(target=self._work, args=(act,)) for _ in range(CLIENTS)]
        beside = [threading.Thread(target=self._alone, args=(other,)) for other in others]
        for thread in (*threads, *beside):
            thread.start()
        for thread in (*threads, *beside):
            thread.join(timeout=3000)
        assert not self.errors, self.errors[:3]
        assert len(self.took) == HOUSEHOLDS - 1
        print(f"\n{HOUSEHOLDS} households: the 10th took {self.at(10):.3f} s, the last {self.at(HOUSEHOLDS - 8):.3f} s")

    def at(self, number: int) -> float:
        """Seconds of a join about there: of eight, the one in the middle."""
        near = sorted(self.took[one] for one in range(number, number + 8) if one in self.took)
        return near[len(near) // 2]

    @property
    def is_over(self) -> bool:
        return len(self.took) >= HOUSEHOLDS - 1 or bool(self.errors)

    def _take(self) -> int | None:
        with self._lock:
            number, self._next = self._next, self._next + 1
        return number if number < HOUSEHOLDS else None

    def _work(self, act: Callable[[int], Callable[[], None]]) -> None:
        try:
            while not self.errors and (number := self._take()) is not None:
                ready = act(number)
                begun = time.monotonic()
                self.asked[number] = _until_answered(ready)
                self.took[number] = time.monotonic() - begun
        except BaseException as error:
            self.errors.append(error)
        finally:
            connections.close_all()

    def _alone(self, act: Callable[[], None]) -> None:
        try:
            act()
        except BaseException as error:
            self.errors.append(error)
        finally:
            connections.close_all()


def _until_answered(ready: Callable[[], None]) -> int:
    """Whoever waited too long for the others sends the same form again, as people do. How often the database was asked
    when he was answered."""
    for _ in range(5):
        try:
            return _asked(ready)
        except OperationalError as busy:
            if "timeout" not in str(busy):
                raise
    return _asked(ready)


def _asked(ready: Callable[[], None]) -> int:
    reset_queries()
    with CaptureQueriesContext(connection) as caught:
        ready()
    return len(caught)


def test_each_with_a_complaint_of_its_own(committed_world: World) -> None:
    world, clients = committed_world, Clients()
    actor = world.actor("zhouyining")
    first = world.register("wutong", at=moment(0), person__phone=phone(0))

    def household(number: int) -> Callable[[], None]:
        case_id = world.register("wutong", at=moment(number), person__phone=phone(number), title=f"渗水 {number}")
        return lambda: join_matter(actor=actor, at=LATER, case_id=case_id, other_id=first)

    def worker() -> None:
        while not clients.is_over:
            if not wake_one(at=LATER):
                time.sleep(0.05)

    clients.join(household, (worker,))
    while wake_one(at=LATER):
        pass

    assert MatterMember.objects.filter(matter=Matter.objects.get()).count() == HOUSEHOLDS
    crossed = MatterEvent.objects.filter(kind="edge.crossed").order_by("seq")
    assert [event.facts["count"] for event in crossed] == list(EDGES)
    for event in crossed:  # at the complaint that made the count full, of all that had been joined by then
        counted = MatterEvent.objects.filter(kind="person.counted", seq__lt=event.seq).values_list("at", flat=True)
        assert (len(counted), max(counted)) == (event.facts["count"], event.at)
    heard = CaseEvent.objects.filter(kind=MATTER_COUNTED)
    each = list(heard.values_list("case", "facts__same_issue_people"))
    assert len(each) == len(set(each))
    assert heard.filter(facts__same_issue_people=EDGES[1]).count() == HOUSEHOLDS
    assert set(CaseCard.objects.values_list("level", flat=True)) == {"major"}
    assert at_rest(clients)
    assert verify_log(is_sealed=False).faults == 0


def at_rest(clients: Clients) -> bool:
    """Whether the last ones asked the database no more often than those who came when there were few."""
    few = max(clients.asked[number] for number in range(12, 24))
    return max(clients.asked[number] for number in range(HOUSEHOLDS - 12, HOUSEHOLDS)) <= few


def test_all_on_one_complaint(committed_world: World) -> None:
    world, clients = committed_world, Clients()
    actor = world.actor("zhouyining")
    group = world.register("wutong", at=moment(0), person__phone=phone(0))

    def household(number: int) -> Callable[[], None]:
        return lambda: join_as(actor, group, number)

    clients.join(household)

    joined = list(CaseEvent.objects.filter(case=group, kind="complainant.joined").order_by("seq"))
    assert len(joined) == HOUSEHOLDS - 1
    raised = {change.after: change.at for change in standing_of(group, LATER).level_changes}
    assert (raised["hot"], raised["major"]) == (joined[1].at, joined[8].at)
    assert standing_of(group, LATER).facts["complainants"] == HOUSEHOLDS
    assert at_rest(clients)
    assert verify_log(is_sealed=False).faults == 0


def join_as(actor: Actor, group: UUID, number: int) -> None:
    """With the page as it was when nobody had joined yet."""
    given = said(person__name=f"邻居{number}", person__phone=phone(number), joiner_room=f"3-{number}")
    take_step(
        actor=actor, at=moment(number), case_id=group, step="join", seen_version=1, given=given, token=f"{number}"
    )
