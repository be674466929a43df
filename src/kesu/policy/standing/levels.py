"""The level of a case: the first rule that matches, re-read on every event and by time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from kesu.policy.events import LEVEL_LOWERED, LEVEL_RAISED, Event
from kesu.policy.model.conditions import All as AllOf
from kesu.policy.model.conditions import AnyOf, Comparison, Condition, Elapsed, FactTest, Present
from kesu.policy.model.rules import LevelRule, Levels
from kesu.policy.standing.comparing import compare
from kesu.policy.standing.conditions import View, is_true, next_change, reasons, sooner, value_of
from kesu.policy.standing.moments import BY_TIME, LEVEL, LEVEL_ITSELF, LOWERED, RAISED, TICK, History, Snapshot
from kesu.policy.standing.reads import Reads, Watch
from kesu.policy.standing.results import LevelChange, NextRaise

_BY_HAND: Final = frozenset({LEVEL_LOWERED, LEVEL_RAISED})


class LevelGauge:
    """The present level and how it came about.

    A level lowered by hand stays until a rule becomes true that was not true at the lowering: until then the rules
    true at that time are `muted`. One raised by hand is a `floor` until it is lowered by hand: rules may raise further,
    none lets the level fall below it."""

    def __init__(
        self, levels: Levels | None, reads: Reads, ranks: Mapping[str, int], merged: Collection[str] = ()
    ) -> None:
        self._levels = levels
        self._merged = merged  # stages in which the level stays: the case goes on in another one
        self._watch = Watch(reads)
        self._is_dated = False  # whether the watch knows when time alone moves the level next
        self._looked_at = 0  # how much had moved at the present instant when the rules were looked at
        self.level: str | None = None
        self.clauses: tuple[str, ...] = ()
        self.changes: list[LevelChange] = []
        self._muted: frozenset[int] = frozenset()
        self._floor: LevelChange | None = None
        self._ranks = ranks

    def settle(self, event: Event | None, view: View, snapshot: Snapshot) -> None:
        """The level stratum of one instant. `view.level` is the level just before."""
        if self._levels is None:
            return
        if view.stage in self._merged:
            snapshot.level = self.level
            return
        seq = event.seq if event is not None else BY_TIME
        if event is not None and event.kind in _BY_HAND:
            self.forget(view.history)
            if self._lower(event, view) if event.kind == LEVEL_LOWERED else self._lift(event, view):
                self._record(seq, snapshot, view.history)
                snapshot.level = self.level
                return
        self._looked_at = len(view.history.moved)
        if self._watch.has_moved(view):
            self._watch.is_unread, self._watch.until, self._is_dated = False, None, False
            view.is_settled = False
            if self._muted:
                self._muted = frozenset(index for index in self._muted if self._holds(index, view))
            index = self._first_match(view)
            if index is not None and self._moves(self._levels.rules[index].level):
                self._raise(index, view)
                self._record(seq, snapshot, view.history)
            view.is_settled = True
        snapshot.level = self.level

    def forget(self, history: History) -> None:
        """Read the rules again: somebody lowered the level, or the case is over, or no longer, and ages stand still."""
        self._watch.is_unread = True
        history.moved.add(LEVEL_ITSELF)

    def take_over(self, other: LevelGauge, renames: Mapping[str, str], view: View) -> None:
        """The level that was reached under other rules, until these say another one. One that stands lowered by hand
        stays so until a rule becomes true that is not true now."""
        if self._levels is None:
            return
        self.changes = [_renamed(change, renames) for change in other.changes]
        self.level = None if other.level is None else renames.get(other.level, other.level)
        self.clauses = other.clauses
        self._floor = None if other._floor is None else _renamed(other._floor, renames)
        if other._muted:
            view.level = self.level
            self._muted = self._true_rules(view)

    def recount(self) -> None:
        """Another calendar counts."""
        self._watch.recount()
        self._is_dated = False

    def next_change(self, view: View) -> datetime | None:
        """When time alone may move the level. `view.level` is the present level."""
        if self._levels is None or view.stage in self._merged:
            return None
        # A rule that reads the level saw the one before this instant. If the new one makes it true, it is true next.
        is_later = len(view.history.moved) > self._looked_at and self._watch.has_moved(view)
        if self._watch.is_unread or is_later:
            view.is_settled = False
            index = self._first_match(view)
            view.is_settled = True
            if index is not None and self._moves(self._levels.rules[index].level):
                self._watch.is_unread = True
                return view.now + TICK
            self._watch.is_unread = self._is_dated = False
        if not self._is_dated:
            self._is_dated, self._watch.until = True, None
            for index, rule in enumerate(self._levels.rules):
                if self._levels.falls_by_itself or index in self._muted or self._moves(rule.level):
                    self._watch.until = sooner(self._watch.until, next_change(rule.when, view))
        return self._watch.until

    def next_raises(self, view: View) -> tuple[NextRaise, ...]:
        """Rules above the present level of which only one part is still short, and that is on its way."""
        if self._levels is None or self.level is None or view.stage in self._merged:
            return ()
        rank, view = self._ranks[self.level], view.inside()
        above = (rule for rule in self._levels.rules if self._ranks[rule.level] > rank)
        found = (_on_its_way(rule, view) for rule in above)
        return tuple(raise_ for raise_ in found if raise_ is not None)

    def _first_match(self, inside: View) -> int | None:
        """The first rule that holds and is not muted."""
        assert self._levels is not None
        for index, rule in enumerate(self._levels.rules):
            if index not in self._muted and is_true(rule.when, inside):
                return index
        return None

    def _holds(self, index: int, inside: View) -> bool:
        assert self._levels is not None
        return is_true(self._levels.rules[index].when, inside)

    def _true_rules(self, view: View) -> frozenset[int]:
        assert self._levels is not None
        inside = view.inside()
        return frozenset(index for index in range(len(self._levels.rules)) if self._holds(index, inside))

    def _moves(self, level: str) -> bool:
        """Whether a matching rule for `level` would change the present one."""
        assert self._levels is not None
        if self.level is None:
            return True
        if self._levels.falls_by_itself:
            return self._at_least(level) != self.level
        return self._ranks[level] > self._ranks[self.level]

    def _at_least(self, level: str) -> str:
        return self._floor.after if self._floor is not None and self._is_under(level) else level

    def _is_under(self, level: str) -> bool:
        """Whether somebody raised it above `level` by hand."""
        return self._floor is not None and self._ranks[level] < self._ranks[self._floor.after]

    def _lower(self, event: Event, view: View) -> bool:
        to_level = event.facts.get("to_level")
        if not isinstance(to_level, str) or to_level not in self._ranks:
            return False
        lowered = view.but()
        lowered.level = to_level
        self._muted = self._true_rules(view) | self._true_rules(lowered)
        if self._is_under(to_level):
            self._floor = None
        if to_level == self.level:
            return False
        self._change_by_hand(event, view, to_level)
        return True

    def _lift(self, event: Event, view: View) -> bool:
        raised_to = event.facts.get("raised_to")
        if not isinstance(raised_to, str) or raised_to not in self._ranks:
            return False
        if self.level is not None and self._ranks[raised_to] <= self._ranks[self.level]:
            return False  # the same hour brought it as high already
        self._change_by_hand(event, view, raised_to)
        self._floor = self.changes[-1]
        return True

    def _change_by_hand(self, event: Event, view: View, level: str) -> None:
        step = view.kind.steps.get(event.step or "")
        self.clauses = step.clauses if step else ()
        self.changes.append(LevelChange(event.at, self.level, level, None, self.clauses, {}, event.seq))
        self.level = level

    def _raise(self, index: int, inside: View) -> None:
        assert self._levels is not None
        rule = self._levels.rules[index]
        if self._floor is not None and self._is_under(rule.level):
            change = replace(self._floor, at=inside.now, before=self.level)
        else:
            values = reasons(rule.when, inside)
            change = LevelChange(inside.now, self.level, rule.level, index, rule.clauses, values)
        self.clauses = change.clauses
        self.changes.append(change)
        self.level = change.after

    def _record(self, seq: int, snapshot: Snapshot, history: History) -> None:
        assert self.level is not None
        origin = f"L{len(self.changes)}"
        history.moved.add(LEVEL_ITSELF)
        history.add((LEVEL, self.level, ""), snapshot, seq, origin)
        before = self.changes[-1].before
        old = self._ranks[before] if before is not None else 0
        new = self._ranks[self.level]
        if new != old:
            word = RAISED if new > old else LOWERED
            history.add((LEVEL, word, ""), snapshot, seq, origin)


def _renamed(change: LevelChange, renames: Mapping[str, str]) -> LevelChange:
    before = None if change.before is None else renames.get(change.before, change.before)
    return replace(change, before=before, after=renames.get(change.after, change.after))


def _on_its_way(rule: LevelRule, view: View) -> NextRaise | None:
    parts: tuple[Condition, ...] = rule.when.parts if isinstance(rule.when, AllOf) else (rule.when,)
    missing = [part for part in parts if not is_true(part, view)]
    if len(missing) != 1:
        return None
    ways = missing[0].parts if isinstance(missing[0], AnyOf) else (missing[0],)
    found = [raised for part in ways if (raised := _short_of(rule, part, view)) is not None]
    return max(found, key=_how_near, default=None)  # of several as near the first


def _how_near(raised: NextRaise) -> float:
    """How much of what it takes is there; what time alone brings is nearest."""
    have, want = raised.have, raised.want
    if not isinstance(have, int | Decimal) or not isinstance(want, int | Decimal) or not want:
        return 1.0
    return float(have) / float(want)


def _short_of(rule: LevelRule, part: Condition, view: View) -> NextRaise | None:
    """What `part` alone, which does not hold yet, would take."""
    if _will_be_true(part):
        at = next_change(part, view)
        return NextRaise(rule.level, rule.clauses, at=at) if at is not None else None
    if isinstance(part, FactTest) and part.comparison in {Comparison.AT_LEAST, Comparison.ABOVE}:
        have = view.facts.get(part.fact)
        want = None if isinstance(part.operand, tuple | Present) else value_of(part.operand, view)
        if have is not None and want is not None and compare(Comparison.ABOVE, have, 0):
            return NextRaise(rule.level, rule.clauses, part.fact, have, want)
    return None


def _will_be_true(part: Condition) -> bool:
    """Whether time alone makes it true: an age that grows, a date that comes."""
    if isinstance(part, Elapsed):
        return part.at_least is not None
    return isinstance(part, FactTest) and isinstance(part.operand, Present)
