"""Whether a condition is true in a view of the case, and when it changes by time alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from kesu.policy.calendar import Calendar
from kesu.policy.model.conditions import (
    All,
    Always,
    AnyOf,
    Comparison,
    Condition,
    Elapsed,
    FactRef,
    FactTest,
    Happened,
    LevelTest,
    Moment,
    Not,
    Operand,
    Present,
    StageTest,
    StartIn,
    Table,
)
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind
from kesu.policy.standing.comparing import compare
from kesu.policy.standing.elapsed import Clocks, elapsed_change, elapsed_holds
from kesu.policy.standing.facts import end_of, instant_of
from kesu.policy.standing.moments import TICK, History, Mark

T = TypeVar("T")


@dataclass(slots=True)
class View:
    """The case as a condition sees it at `now`.

    `start_at` is the moment that `StartIn` asks about; None: it moves along with `now`. `upto` is the last mark that
    may be seen (None: all). `is_settled` False inside the level stratum: there, what other marks of this very instant
    say of level and stage is what held just before, or the level would depend on itself.

    Only the walk changes one, from stratum to stratum of an instant: views are made so often that another for every
    stratum would be half of its work."""

    kind: Kind
    calendar: Calendar
    history: History
    clocks: Clocks
    now: datetime
    facts: Mapping[str, Value]
    level: str | None
    stage: str
    start_at: datetime | None = None
    upto: int | None = None
    is_settled: bool = True

    def but(self, facts: Mapping[str, Value] | None = None, start_at: datetime | None = None) -> View:
        """The same view with other facts, or asked about another start."""
        return View(
            self.kind,
            self.calendar,
            self.history,
            self.clocks,
            self.now,
            self.facts if facts is None else facts,
            self.level,
            self.stage,
            self.start_at if start_at is None else start_at,
            self.upto,
            self.is_settled,
        )

    def inside(self) -> View:
        """The view of the level stratum."""
        seen = self.but()
        seen.is_settled = False
        return seen


def is_true(condition: Condition | None, view: View) -> bool:
    """Whether the condition holds in the view; no condition always holds."""
    return condition is None or _TESTS[type(condition)](condition, view)


def next_change(condition: Condition | None, view: View) -> datetime | None:
    """The first instant after `view.now` at which the condition may change by itself (maybe early, never late)."""
    if condition is None:
        return None
    match condition:
        case All(parts) | AnyOf(parts):
            return earliest(next_change(part, view) for part in parts)
        case Not(part):
            return next_change(part, view)
        case Elapsed():
            mark = last_mark(condition.since, view)
            return None if mark is None else elapsed_change(condition, mark.at, view.now, view.calendar, view.clocks)
        case FactTest(operand=Present()):
            return _present_change(condition, view)
        case StartIn():
            return view.calendar.next_boundary(view.now) if view.start_at is None else None
        case _:
            return None


def choose(table: Table[T], view: View) -> T | None:
    """The value of the first row that holds; None when no row does (a table without `else`)."""
    for row in table.rows:
        if type(row.when) is Always and row.when.holds:
            return row.use
        if is_true(row.when, view):
            return row.use
    return None


def table_change(table: Table[T], view: View) -> datetime | None:
    """When time alone may select another row."""
    if len(table.rows) == 1 and type(table.rows[0].when) is Always:
        return None
    return earliest(next_change(row.when, view) for row in table.rows)


def earliest(instants: Iterable[datetime | None]) -> datetime | None:
    """The smallest of the instants that exist."""
    known = [at for at in instants if at is not None]
    return min(known) if known else None


def sooner(one: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two instants, of those that exist."""
    return one if other is None or (one is not None and one <= other) else other


def latest_first(moment: Moment, view: View) -> Iterator[Mark]:
    """The marks of this moment that the view may see and whose `where` holds, newest first."""
    for mark in reversed(view.history.of(moment)):
        if (view.upto is None or mark.index <= view.upto) and matches(mark, moment, view):
            yield mark


def last_mark(moment: Moment, view: View) -> Mark | None:
    """The newest such mark."""
    return next(latest_first(moment, view), None)


def matches(mark: Mark, moment: Moment, view: View) -> bool:
    """Whether a mark of the right kind passes the moment's `where`, read as things stood when it happened."""
    if moment.where is None:
        return True
    known = mark.verdicts.get(id(moment.where))
    if known is not None:
        return known
    verdict = is_true(moment.where, view_at(mark, view))
    if mark.snapshot.is_past:
        mark.verdicts[id(moment.where)] = verdict
    return verdict


def view_at(mark: Mark, view: View) -> View:
    """The case as it stood at a mark, the event's own facts included."""
    snapshot = mark.snapshot
    return View(
        view.kind,
        view.calendar,
        view.history,
        view.clocks,
        snapshot.at,
        {**snapshot.facts, **mark.own} if mark.own else snapshot.facts,
        snapshot.level if view.is_settled else snapshot.level_before,
        snapshot.stage if view.is_settled else snapshot.stage_before,
        mark.at,
        mark.index,
        view.is_settled,
    )


def facts_named(condition: Condition | None) -> Iterator[str]:
    """Codes of the facts that a condition tests, in the order of the text."""
    match condition:
        case FactTest(fact=fact):
            yield fact
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from facts_named(part)
        case Not(part):
            yield from facts_named(part)
        case _:
            return


def reasons(condition: Condition, view: View) -> dict[str, Value]:
    """The stated facts that make a true condition true: of alternatives, only those that hold."""
    match condition:
        case FactTest(fact=fact):
            return {fact: view.facts[fact]} if fact in view.facts else {}
        case All(parts):
            return {code: value for part in parts for code, value in reasons(part, view).items()}
        case AnyOf(parts):
            true = (part for part in parts if is_true(part, view))
            return {code: value for part in true for code, value in reasons(part, view).items()}
        case _:
            return {}


def value_of(operand: Operand | None, view: View) -> Value | None:
    """A literal as it stands, or the present value of the fact referred to."""
    return view.facts.get(operand.code) if isinstance(operand, FactRef) else operand


def _fact_test(test: FactTest, view: View) -> bool:
    value = view.facts.get(test.fact)
    if test.comparison is Comparison.UNSTATED:
        return value is None or value == ()
    if value is None:
        return False
    if test.comparison is Comparison.STATED:
        return value != ()
    operand = test.operand
    if isinstance(operand, Present):
        return compare(test.comparison, value, _present(test, value, view))
    if test.comparison is Comparison.IN:
        options = operand if isinstance(operand, tuple) else (operand,)
        return any(compare(Comparison.IS, value, value_of(option, view)) for option in options)
    if isinstance(operand, tuple):
        return compare(test.comparison, value, tuple(part for part in operand if isinstance(part, str)))
    return compare(test.comparison, value, value_of(operand, view))


def _present(test: FactTest, value: Value, view: View) -> Value:
    """What a date, or a date with a time, is compared with now."""
    now = view.clocks.present(test, view.now)
    return now if isinstance(value, datetime) else view.calendar.local(now).date()


def _present_change(test: FactTest, view: View) -> datetime | None:
    """When the stated instant, or the stated day, begins or is over."""
    value, now = view.facts.get(test.fact), view.now
    if view.clocks.stands_still(test):
        return None
    begins = None if value is None else instant_of(value, view.calendar)
    if begins is None:
        return None
    ends = begins + TICK if isinstance(value, datetime) else end_of(value, view.calendar)
    return earliest(at for at in (begins, ends) if at is not None and at > now)


def _level_test(test: LevelTest, view: View) -> bool:
    if view.level is None or view.kind.levels is None:
        return False
    if test.comparison is Comparison.IN:
        return view.level in test.levels
    rank, bound = view.kind.levels.rank(view.level), view.kind.levels.rank(test.levels[0])
    return rank >= bound if test.comparison is Comparison.AT_LEAST else rank <= bound


def _happened(test: Happened, view: View) -> bool:
    after = -1
    if test.since is not None:
        since = last_mark(test.since, view)
        if since is None:
            return False
        after = since.index
    count = 0
    for mark in latest_first(test.moment, view):
        if mark.index <= after:
            break
        count += 1
        if count >= test.at_least:
            return True
    return count >= test.at_least


def _elapsed(test: Elapsed, view: View) -> bool:
    mark = last_mark(test.since, view)
    return mark is not None and elapsed_holds(test, mark.at, view.now, view.calendar, view.clocks)


def _start_in(test: StartIn, view: View) -> bool:
    return view.calendar.is_working(view.start_at or view.now) is test.working_time


# Dispatch by exact type: conditions are walked thousands of times per standing, and a chain of isinstance is slow.
_TESTS: dict[type, Callable[..., bool]] = {
    FactTest: _fact_test,
    LevelTest: _level_test,
    StageTest: lambda test, view: view.stage in test.stages,
    Happened: _happened,
    Elapsed: _elapsed,
    StartIn: _start_in,
    Always: lambda test, _: test.holds,
    All: lambda test, view: all(is_true(part, view) for part in test.parts),
    AnyOf: lambda test, view: any(is_true(part, view) for part in test.parts),
    Not: lambda test, view: not is_true(test.part, view),
}
