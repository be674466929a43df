"""Whether a condition is true in a view of the case, and when it changes by time alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

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
    SamePerson,
    StageTest,
    StartIn,
    Table,
    WhoTakes,
)
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind
from kesu.policy.standing.apart import About, facts_about, is_about
from kesu.policy.standing.comparing import compare
from kesu.policy.standing.elapsed import Clocks, elapsed_change, elapsed_holds
from kesu.policy.standing.facts import end_of, instant_of, members_of
from kesu.policy.standing.moments import TICK, History, Mark

T = TypeVar("T")

# Words of an enumeration are slow to look up, and these are asked for at every test.
_IS: Final = Comparison.IS
_IN: Final = Comparison.IN
_STATED: Final = Comparison.STATED
_UNSTATED: Final = Comparison.UNSTATED


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
    taker: str | None = None  # who takes the step that is asked about; None: nobody in particular
    about: About | None = None  # what of the case is spoken of, where some of it is kept apart; None: all of it

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
            self.taker,
            self.about,
        )

    def of(self, about: About) -> View:
        """The same view for somebody who speaks of one value by which something is kept apart."""
        seen = self.but(facts_about(about, self.history, self.facts, self.upto))
        seen.about = about
        return seen

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
    change = _CHANGES.get(type(condition))
    return None if change is None else change(condition, view)


def choose(table: Table[T], view: View) -> T | None:
    """The value of the first row that holds; None when no row does (a table without `else`)."""
    for row in table.rows:
        when = row.when
        if _TESTS[type(when)](when, view):
            return row.use
    return None


def table_change(table: Table[T], view: View) -> datetime | None:
    """When time alone may select another row."""
    if len(table.rows) == 1 and type(table.rows[0].when) is Always:
        return None
    return earliest(next_change(row.when, view) for row in table.rows)


def earliest(instants: Iterable[datetime | None]) -> datetime | None:
    """The smallest of the instants that exist."""
    found = None
    for at in instants:
        if at is not None and (found is None or at < found):
            found = at
    return found


def sooner(one: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two instants, of those that exist."""
    return one if other is None or (one is not None and one <= other) else other


def latest_first(moment: Moment, view: View) -> Iterator[Mark]:
    """The marks of this moment that the view may see and whose `where` holds, newest first."""
    for mark in reversed(view.history.of(moment)):
        if view.about is not None and not is_about(mark, view.about):
            continue
        if (view.upto is None or mark.index <= view.upto) and matches(mark, moment, view):
            yield mark


def last_mark(moment: Moment, view: View) -> Mark | None:
    """The newest such mark."""
    return next(latest_first(moment, view), None)


def matches(mark: Mark, moment: Moment, view: View) -> bool:
    """Whether a mark of the right kind passes the moment's `where`, read as things stood when it happened."""
    if moment.where is None:
        return True
    if mark.verdicts is not None and (known := mark.verdicts.get(id(moment.where))) is not None:
        return known
    verdict = is_true(moment.where, view_at(mark, view))
    if mark.snapshot.is_past:
        if mark.verdicts is None:
            mark.verdicts = {}
        mark.verdicts[id(moment.where)] = verdict
    return verdict


def view_at(mark: Mark, view: View) -> View:
    """The case as it stood at a mark, the event's own facts included."""
    snapshot = mark.snapshot
    seen = View(
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
    per = next((code for code in view.history.apart.facts if code in mark.own), None)
    return seen if per is None else seen.of((per, mark.own[per]))


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
        case SamePerson(sides):
            yield from (side.code for side in sides if isinstance(side, FactRef))
        case _:
            return


def asks_who_takes(condition: Condition | None) -> bool:
    """Whether the answer depends on the person who takes the step."""
    match condition:
        case All(parts) | AnyOf(parts):
            return any(map(asks_who_takes, parts))
        case Not(part):
            return asks_who_takes(part)
        case SamePerson():
            return condition.asks_who_takes
        case _:
            return False


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
    value, comparison, operand = view.facts.get(test.fact), test.comparison, test.operand
    if comparison is _IS and type(operand) is type(value) and type(value) is not tuple:
        return value == operand  # as most tests
    if comparison is _UNSTATED:
        return value is None or value == ()
    if value is None:
        return False
    if comparison is _STATED:
        return value != ()
    if isinstance(operand, Present):
        return compare(comparison, value, _present(test, value, view))
    if comparison is _IN:
        options = operand if isinstance(operand, tuple) else (operand,)
        return any(compare(_IS, value, value_of(option, view)) for option in options)
    if isinstance(operand, tuple):
        return compare(comparison, value, tuple(part for part in operand if isinstance(part, str)))
    return compare(comparison, value, value_of(operand, view))


def _present(test: FactTest, value: Value, view: View) -> Value:
    """What a date, or a date with a time, is compared with now."""
    now = view.clocks.present(test, view.now)
    return now if isinstance(value, datetime) else view.calendar.local(now).date()


def _present_change(test: FactTest, view: View) -> datetime | None:
    """When the stated instant, or the stated day, begins or is over; nothing for what is compared with no clock."""
    if type(test.operand) is not Present:
        return None
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


def _part_change(test: All | AnyOf, view: View) -> datetime | None:
    return earliest([next_change(part, view) for part in test.parts])


def _elapsed_change(test: Elapsed, view: View) -> datetime | None:
    mark = last_mark(test.since, view)
    return None if mark is None else elapsed_change(test, mark.at, view.now, view.calendar, view.clocks)


def _boundary(_test: StartIn, view: View) -> datetime | None:
    return view.calendar.next_boundary(view.now) if view.start_at is None else None


def _all_hold(test: All, view: View) -> bool:
    for part in test.parts:  # noqa: SIM110  asked thousands of times; a generator costs twice
        if not _TESTS[type(part)](part, view):
            return False
    return True


def _any_holds(test: AnyOf, view: View) -> bool:
    for part in test.parts:  # noqa: SIM110  as above
        if _TESTS[type(part)](part, view):
            return True
    return False


def _same_person(test: SamePerson, view: View) -> bool:
    one, other = (_people_of(side, view) for side in test.sides)
    return not one.isdisjoint(other)


def _people_of(side: Moment | FactRef | WhoTakes, view: View) -> frozenset[str]:
    if isinstance(side, WhoTakes):
        known = view.taker
    elif isinstance(side, Moment):
        mark = last_mark(side, view)
        known = mark.by if mark is not None else None
    else:
        value = view.facts.get(side.code)
        if isinstance(value, tuple):
            return members_of(value)
        known = str(value) if value is not None else None
    return frozenset({known} if known else ())


# Dispatch by exact type: conditions are walked thousands of times per standing, and a chain of isinstance is slow.
_TESTS: dict[type, Callable[..., bool]] = {
    FactTest: _fact_test,
    LevelTest: _level_test,
    StageTest: lambda test, view: view.stage in test.stages,
    Happened: _happened,
    Elapsed: _elapsed,
    StartIn: _start_in,
    SamePerson: _same_person,
    Always: lambda test, _: test.holds,
    All: _all_hold,
    AnyOf: _any_holds,
    Not: lambda test, view: not is_true(test.part, view),
}

# Those that time alone may change.
_CHANGES: dict[type, Callable[..., datetime | None]] = {
    All: _part_change,
    AnyOf: _part_change,
    Not: lambda test, view: next_change(test.part, view),
    Elapsed: _elapsed_change,
    FactTest: _present_change,
    StartIn: _boundary,
}
