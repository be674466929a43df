"""Facts derived from the log: aggregates over its moments, and tables of values or other facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from kesu.policy.model.conditions import Aggregate, Derivation, FactRef, Moment, Window
from kesu.policy.model.facts import Fact, Value
from kesu.policy.model.pack import Kind
from kesu.policy.standing.conditions import (
    View,
    choose,
    earliest,
    facts_named,
    last_mark,
    latest_first,
    matches,
    table_change,
    value_of,
)
from kesu.policy.standing.moments import Key, Mark, key_of
from kesu.policy.standing.reads import Reads, Watch
from kesu.policy.windows import period_end

MomentsByKey = Mapping[Key, Sequence[Moment]]
_COUNT: Final = Aggregate.COUNT  # looked up once


def derived_in_order(kind: Kind) -> tuple[Fact, ...]:
    """Derived facts, each after those that it reads. (A cycle is a load error; here it would end in pack order.)"""
    ordered: dict[str, Fact] = {}
    visiting: set[str] = set()

    def visit(code: str) -> None:
        fact = kind.facts.get(code)
        if fact is None or fact.derive is None or code in ordered or code in visiting:
            return
        visiting.add(code)
        for other in _reads(fact.derive):
            visit(other)
        ordered[code] = fact

    for code in kind.facts:
        visit(code)
    return tuple(ordered.values())


def table_reads(derivation: Derivation) -> Iterator[str]:
    """The facts that the table of a derivation reads."""
    for row in derivation.table.rows if derivation.table else ():
        yield from facts_named(row.when)
        if isinstance(row.use, FactRef):
            yield row.use.code


def _reads(derivation: Derivation) -> Iterator[str]:
    yield from table_reads(derivation)
    for moment in derivation.of:
        yield from facts_named(moment.where)


def derive_all(order: Iterable[Fact], view: View) -> dict[str, Value]:
    """The facts of the view with every derived one worked out. A stated value of a derived fact stands (override)."""
    facts = dict(view.facts)
    for fact in order:
        if fact.code in view.facts or fact.derive is None:
            continue
        value = _derived(fact.derive, view.but(facts))
        if value is not None:
            facts[fact.code] = value
    return facts


def moments_by_key(derivation: Derivation | None) -> MomentsByKey:
    """The moments that a derivation counts."""
    found: dict[Key, list[Moment]] = {}
    for moment in derivation.of if derivation is not None else ():
        found.setdefault(key_of(moment), []).append(moment)
    return found


class Derived:
    """One derived fact while the log is walked: worked out again only when something that it reads has moved."""

    def __init__(self, fact: Fact, of: MomentsByKey, reads: Reads, *, reads_ahead: bool) -> None:
        assert fact.derive is not None
        self.code = fact.code
        self._derivation = fact.derive
        # What has a window or begins anew shrinks as well as grows, and is small; else it only grows, with the log.
        is_growing = fact.derive.table is None and fact.derive.window is None and not fact.derive.since
        self._tally = Tally(fact.derive, of) if is_growing else None
        self._value: Value | None = None
        self._watch, self._times = Watch(reads, reads_ahead=reads_ahead), Watch(reads)

    def has_moved(self, view: View) -> bool:
        """Whether it must be worked out again."""
        return self._watch.has_moved(view)

    def forget(self) -> None:
        """Work it out anew when it is asked for again: nobody asks while a stated value stands in its place."""
        self._watch.is_unread = True

    def recount(self) -> None:
        """Another calendar counts."""
        self._watch.recount()
        self._times.recount()

    def settle(self, view: View) -> Value | None:
        """Its value now; its code joins what has moved when that is another one than at the instant before."""
        if self._watch.has_moved(view):
            self._watch.is_unread = False
            value = self._tally.value(view) if self._tally is not None else _derived(self._derivation, view)
            if value is not self._value:
                view.history.moved.add(self.code)
            self._value = value
        return self._value

    def next_change(self, view: View) -> datetime | None:
        """When time alone changes it: a member leaves its window, or its table selects another row."""
        if self._times.has_moved(view):
            self._times.is_unread = False
            self._times.until = self._watch.until = _derivation_change(self._derivation, view)
        return self._times.until


class Tally:
    """An aggregate over moments without a window. What is counted stays counted: each mark is looked at for good once,
    and those of the present instant as long as it lasts."""

    def __init__(self, derivation: Derivation, of: MomentsByKey) -> None:
        self._aggregate = derivation.aggregate
        self._fact = derivation.fact or ""
        self._of = of
        self._cursor = 0
        self._count = 0
        self._values: dict[Value, None] = {}
        self._total: int | Decimal = 0
        self._last: Value | None = None

    def value(self, view: View) -> Value | None:
        """The aggregate over all marks that the view may see."""
        history, fact = view.history, self._fact
        present, values = 0, []
        for mark in history.marks[self._cursor :]:
            if not self._is_counted(mark, view):
                continue
            if mark.index >= history.settled:
                present += 1
                values += [mark.own[fact]] if fact in mark.own else []
                continue
            self._count += 1
            if fact in mark.own:
                self._keep(mark.own[fact])
        self._cursor = max(self._cursor, history.settled)
        if self._aggregate is _COUNT:  # as most of them
            return self._count + present
        match self._aggregate:
            case Aggregate.DISTINCT:
                return len(self._values) + len(set(_flat(values)) - self._values.keys())
            case Aggregate.SUM:
                return _sum(values, self._total)
            case Aggregate.EACH:
                return _each(self._values, values)
            case _:
                return values[-1] if values else self._last

    def _keep(self, value: Value) -> None:
        self._last = value
        self._values.update(dict.fromkeys(_flat([value])))
        self._total = _sum([value], self._total)

    def _is_counted(self, mark: Mark, view: View) -> bool:
        for moment in self._of.get(mark.key, ()):  # noqa: SIM110  asked of every mark; a generator costs twice
            if moment.where is None or matches(mark, moment, view):
                return True
        return False


def _derivation_change(derivation: Derivation, view: View) -> datetime | None:
    if derivation.table is not None:
        return table_change(derivation.table, view)
    if derivation.window is None:
        return None
    return earliest(_leaves_at(mark, derivation.window, view) for mark in counted_marks(derivation, view))


def _derived(derivation: Derivation, view: View) -> Value | None:
    if derivation.table is not None:
        return value_of(choose(derivation.table, view), view)
    members = counted_marks(derivation, view)
    if derivation.aggregate is Aggregate.COUNT:
        return len(members)
    values = [mark.own[code] for mark in members if (code := derivation.fact or "") in mark.own]
    match derivation.aggregate:
        case Aggregate.DISTINCT:
            return len(set(_flat(values)))
        case Aggregate.SUM:
            return _sum(values)
        case Aggregate.EACH:
            return _each({}, values)
        case _:
            return values[-1] if values else None


def _each(known: Mapping[Value, None], values: Iterable[Value]) -> Value | None:
    """The different values, in the order in which they came."""
    found = tuple(str(value) for value in {**known, **dict.fromkeys(_flat(values))})
    return found or None


def _flat(values: Iterable[Value]) -> Iterator[Value]:
    for value in values:
        if isinstance(value, tuple):
            yield from value
        else:
            yield value


def _sum(values: Iterable[Value], total: int | Decimal = 0) -> int | Decimal:
    for value in values:
        if isinstance(value, int | Decimal):
            total += value
    return total


def counted_marks(derivation: Derivation, view: View) -> list[Mark]:
    """The counted marks, oldest first, that lie in the window, and after the last moment with which it began anew."""
    marks = {mark.index: mark for moment in derivation.of for mark in latest_first(moment, view)}
    anew = max((mark.index for one in derivation.since if (mark := last_mark(one, view))), default=-1)
    marks = {index: mark for index, mark in marks.items() if index > anew}
    found = [marks[index] for index in sorted(marks)]
    window = derivation.window
    return found if window is None else [mark for mark in found if _leaves_at(mark, window, view) > view.now]


def _leaves_at(mark: Mark, window: Window, view: View) -> datetime:
    """From when on a mark is no longer in the window."""
    if window.rolling is not None:
        return view.clocks.plain_age(view.calendar, mark.at, window.rolling)
    return period_end(mark.at, window, view.calendar)
