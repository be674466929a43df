"""Counts the heads of a matter, and notes each edge that is crossed and that some member asks for."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Final

from django.db.models import F, Min

from kesu.casefile.books import calendar_of, kind_of
from kesu.casefile.matters.people import heads_of
from kesu.casefile.matters.stream import CROSSED, MatterFile
from kesu.policy.heads import HeadCount, Reached, head_counts, turn
from kesu.policy.model.conditions import Window
from kesu.store.fixed import Fixed
from kesu.store.models import Matter, MatterMember


@lru_cache(maxsize=256)
def counts_of(policy: str, kind: str) -> tuple[HeadCount, ...]:
    """What a kind of an adopted policy wants counted."""
    return head_counts(kind_of(policy, kind))


def recount(file: MatterFile, now: datetime) -> None:
    """Brings the matter up to this moment: what has been reached since, and when it must be looked at again. A fixed
    number of queries, however many members and people there are."""
    asked = counters_of(file.head)
    calendar = calendar_of(asked.calendar) if asked.calendar else None
    heads = heads_of(file.head) if asked.edges else []
    wakes = []
    for counter, (window, edges) in sorted(asked.edges.items()):
        assert calendar is not None
        found = turn(heads, window, sorted(edges), _known(file.head, counter), now, calendar)
        for reached in found.crossed:
            at = reached.at or now
            seq = file.say(CROSSED, {"counter": counter, "count": reached.count}, at, now)
            file.head.reached[counter] = [reached.count, at.isoformat()]
            file.head.crossed_seq = seq
        wakes.append(found.next_at)
    file.head.wake_at = min(filter(None, wakes), default=None)


def look_again(file: MatterFile, at: datetime) -> None:
    """Has the worker look at the matter no later than `at`."""
    file.head.wake_at = min(filter(None, (file.head.wake_at, at)))


def tell_the_others(file: MatterFile, now: datetime) -> None:
    """Has the worker tell the members that have not heard of the last edge, and read the logs of those whose people
    are not counted yet."""
    waiting = _WAITING(file.head.pk, file.head.crossed_seq)
    if waiting:
        look_again(file, max(now, waiting[0][0] or now))


def _known(matter: Matter, counter: str) -> Reached:
    count, at = matter.reached.get(counter, (0, None))
    return Reached(count, datetime.fromisoformat(at) if at else None)


class Counters:
    """By counter the window and the edges that any member asks for, and the calendar by which windows are told."""

    def __init__(self) -> None:
        self.edges: dict[str, tuple[Window | None, set[int]]] = {}
        self.calendar = ""


def counters_of(matter: Matter) -> Counters:
    """In how many ways the matter is counted. One query."""
    found = Counters()
    for policy, kind, calendar in _KINDS(matter.pk):
        found.calendar = found.calendar or calendar
        for one in counts_of(policy, kind):
            found.edges.setdefault(one.counter, (one.window, set()))[1].update(one.edges)
    return found


_KINDS: Final = Fixed(
    lambda matter: (
        MatterMember.objects.filter(matter=matter)
        .values_list("case__policy_version_id", "case__kind", "case__calendar_version_id")
        .annotate(first=Min("joined_seq"))
        .order_by("first", "case__calendar_version_id")
        .values_list("case__policy_version_id", "case__kind", "case__calendar_version_id")
    )
)
"""Who came first comes first: his calendar counts for the matter."""
_WAITING: Final = Fixed(
    lambda matter, crossed: (
        MatterMember.objects.filter(matter=matter, told_seq__lt=crossed)
        .order_by(F("try_at").asc(nulls_first=True))
        .values_list("try_at")[:1]
    )
)
