"""How many different people stand behind a matter, and when that number crosses an edge that somebody asks for."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import groupby
from typing import Final

from kesu.policy.calendar import Calendar
from kesu.policy.events import MATTER, MATTER_COUNTED, MATTER_SEQ, Event
from kesu.policy.model.conditions import Comparison, FactTest, Window
from kesu.policy.model.facts import Fact, Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.parts import parts_of
from kesu.policy.model.rules import WORLD
from kesu.policy.windows import leaves_at

Head = tuple[str, datetime]
"""Who complained (an opaque name that stands for one person), and when."""


@dataclass(frozen=True, slots=True)
class Reached:
    """So many heads since a moment; None: since ever."""

    count: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What is new about a count: the edges crossed, oldest first, and when time alone crosses the next one."""

    crossed: tuple[Reached, ...] = ()
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HeadCount:
    """A number of a kind that is counted over its matter. `counter`: equal for equal ways to count; `edges`: the counts
    of which its cases must learn, lowest first. `person`: the fact in which older policies want to be told of each
    person by an event, and count themselves; never of more than their highest edge asks for."""

    fact: str
    window: Window | None
    edges: tuple[int, ...]
    person: str | None = None

    @property
    def counter(self) -> str:
        if self.window is None:
            return "ever"
        return f"rolling:{self.window.rolling}" if self.window.rolling else f"calendar:{self.window.calendar}"


MATTER_JOINED: Final = "matter.joined"
"""The world event by which cases of older policies learn of a person behind the matter."""


def head_counts(kind: Kind) -> tuple[HeadCount, ...]:
    """What a kind wants counted over the matter of a case."""
    found = []
    for fact in kind.facts.values():
        if fact.counted is not None:
            found.append(HeadCount(fact.code, fact.counted.window, edges_of(kind, fact.code)))
        elif fact.derive is not None and {one.subject for one in fact.derive.of} == {MATTER_JOINED}:
            edges = edges_of(kind, fact.code)
            found.append(HeadCount(fact.code, fact.derive.window, edges, fact.derive.fact))
    return tuple(found)


def counted_facts(kind: Kind) -> tuple[Fact, ...]:
    """The facts of a kind that are counted over its matter."""
    return tuple(fact for fact in kind.facts.values() if fact.counted is not None)


def edges_of(kind: Kind, code: str) -> tuple[int, ...]:
    """The counts at which some rule of the kind answers otherwise than one below, lowest first. At any other count
    nobody needs to be told."""
    found: set[int] = set()
    for part in parts_of(kind):
        if isinstance(part, FactTest) and part.fact == code:
            found.update(_edges(part))
    return tuple(sorted(edge for edge in found if edge > 0))


def _edges(test: FactTest) -> Iterable[int]:
    operands = test.operand if isinstance(test.operand, tuple) else (test.operand,)
    figures = [Decimal(one) for one in operands if isinstance(one, int | Decimal) and not isinstance(one, bool)]
    match test.comparison:
        case Comparison.AT_LEAST | Comparison.BELOW:
            return (int(one.to_integral_value(ROUND_CEILING)) for one in figures)
        case Comparison.AT_MOST | Comparison.ABOVE:
            return (int(one.to_integral_value(ROUND_FLOOR)) + 1 for one in figures)
        case Comparison.IS | Comparison.IN:
            return (edge for one in figures if one == int(one) for edge in (int(one), int(one) + 1))
        case _:
            return (1,)


def counted_event(
    seq: int, code: str, reached: Reached, source: tuple[str, int] | None, recorded_at: datetime
) -> Event:  # fmt: skip
    """The event by which a case learns that a count over its matter crossed an edge. `source`: the matter, and the
    number of its event; None: no matter stands behind the case any more."""
    facts: dict[str, Value] = {code: reached.count}
    if source is not None:
        facts |= {MATTER: source[0], MATTER_SEQ: source[1]}
    return Event(seq, MATTER_COUNTED, reached.at or recorded_at, recorded_at, role=WORLD, facts=facts)


def last_counted(log: Sequence[Event], code: str) -> Reached:
    """What a case was told last of a count."""
    told = (event for event in reversed(log) if event.kind == MATTER_COUNTED and code in event.facts)
    event = next(told, None)
    count = event.facts[code] if event is not None else 0
    return Reached(count, event.at) if event is not None and isinstance(count, int) else Reached()


def heard_upto(log: Sequence[Event], code: str, matter: str) -> int:
    """The number of the last event of a matter of which a case has learned by a count, since it came to the matter:
    whoever was taken out and put back learns anew."""
    heard = 0
    for facts in (event.facts for event in log if event.kind == MATTER_COUNTED and code in event.facts):
        if MATTER not in facts:
            heard = 0
        elif facts[MATTER] == matter:
            heard = max(heard, int(str(facts[MATTER_SEQ])))
    return heard


def band(edges: Sequence[int], count: int) -> int:
    """How many of the edges (lowest first) a count has reached."""
    return bisect_right(edges, count)


def turn(
    heads: Collection[Head], window: Window | None, edges: Sequence[int], known: Reached, now: datetime,
    calendar: Calendar,
) -> Turn:  # fmt: skip
    """What is to be told at `now` beside what is `known`. A count that became greater did so when that many different
    people had complained, also when it is learned later; one that shrinks because a case was taken out shrinks now."""
    told, crossed = known.count, []
    counts = list(_counts(heads, window, calendar))
    present = Reached()
    for moment in counts:
        if moment.at is None or moment.at > now:
            break
        present = moment
        if (known.at is None or moment.at > known.at) and band(edges, moment.count) != band(edges, told):
            crossed.append(moment)
            told = moment.count
    if band(edges, present.count) != band(edges, told):
        at = now if present.count < told else max(filter(None, (present.at, known.at)), default=now)
        crossed.append(Reached(present.count, at))
    later = (
        one.at for one in counts if one.at and one.at > now and band(edges, one.count) != band(edges, present.count)
    )
    return Turn(tuple(crossed), next(later, None))


def count_at(heads: Collection[Head], window: Window | None, at: datetime, calendar: Calendar) -> int:
    """How many different people there are at a moment."""
    inside = (
        who for who, since in heads if since <= at and (window is None or leaves_at(since, window, calendar) > at)
    )
    return len(set(inside))


def _counts(heads: Collection[Head], window: Window | None, calendar: Calendar) -> Iterable[Reached]:
    """The count at each moment at which it changes, oldest first."""
    steps = [(at, _COMES, who) for who, at in heads]
    if window is not None:
        steps += [(leaves_at(at, window, calendar), _GOES, who) for who, at in heads]
    inside: Counter[str] = Counter()
    for at, together in groupby(sorted(steps), key=lambda step: step[0]):
        for _, change, who in together:
            inside[who] += change
            if not inside[who]:
                del inside[who]
        yield Reached(len(inside), at)


_COMES: Final = 1
_GOES: Final = -1
