"""Pauses of one obligation: while their condition holds its clock stands still or runs slow, for so long at most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from kesu.policy.calendar import Interval, age_full_at
from kesu.policy.model.stretching import Pause
from kesu.policy.standing.conditions import View, earliest, is_true, next_change
from kesu.policy.standing.grounds import Stop

_FOR_EVER: Final = timedelta(days=36_500)
"""A state that slows a clock is taken to last, until it ends: then the due instant is worked out again."""


@dataclass(slots=True)
class PauseRun:
    """One pause rule on one obligation. `since`: it is on; `held_since`: its condition holds; `is_spent`: its limit is
    used up; `at_latest`: when it will be."""

    rule: Pause
    closed: list[Interval] = field(default_factory=list)
    since: datetime | None = None
    held_since: datetime | None = None
    is_spent: bool = False
    at_latest: datetime | None = None

    def ends_at(self, view: View) -> datetime | None:
        """When the limit runs out if the pause stays on."""
        if self.since is None or self.rule.limit is None:
            return None
        runs = [*self.closed, Interval(self.since, self.since)]
        gaps = [Interval(one.end, two.start) for one, two in pairwise(runs)]
        return age_full_at(view.calendar, runs[0].start, self.rule.limit, gaps)

    def follow(self, view: View, *, may_begin: bool) -> None:
        """Begin or end at `view.now`."""
        if self.is_spent:
            return
        holds = is_true(self.rule.when, view)
        self.held_since = (self.held_since or view.now) if holds else None
        if self.since is None:
            if holds and may_begin and self._is_granted(view):
                self.since = view.now
                self.at_latest = self.ends_at(view)
            return
        limit = self.ends_at(view)
        self.is_spent = limit is not None and limit <= view.now
        if self.is_spent or not holds:
            end = min(view.now, limit) if limit is not None else view.now
            self.closed.append(Interval(self.since, max(self.since, end), self.rule.name, self.rule.factor))
            self.since = None

    def _is_granted(self, view: View) -> bool:
        """Whether it needs no approval, or has had it since its condition holds."""
        if self.rule.granted is None:
            return True
        since = self.held_since
        return since is not None and any(mark.at >= since for mark in view.history.of(self.rule.granted))

    def next_change(self, view: View) -> datetime | None:
        """When it may begin or end by itself."""
        if self.is_spent:
            return None
        return earliest((next_change(self.rule.when, view), self.ends_at(view)))

    def uncounted(self) -> Iterator[Interval]:
        """The stretches that do not count, or not wholly."""
        yield from self.closed
        if self.since is not None and self.rule.factor is not None:
            yield Interval(self.since, self.at_latest or self.since + _FOR_EVER, self.rule.name, self.rule.factor)

    def end(self, now: datetime) -> None:
        """For good: its rule is no longer there."""
        if self.since is not None:
            self.closed.append(Interval(self.since, now, self.rule.name, self.rule.factor))
        self.since, self.is_spent = None, True

    def stops(self) -> Iterator[Stop]:
        """As people are told of them."""
        yield from (Stop(self.rule, one.start, one.end) for one in self.closed)
        if self.since is not None:
            yield Stop(self.rule, self.since, None, self.at_latest)


def ruled_anew(runs: Sequence[PauseRun], rules: Sequence[Pause], now: datetime) -> list[PauseRun]:
    """By other rules from now on. What was left out stays left out; a pause goes on under the rule of its name, and
    ends where there is none."""
    left, made = list(runs), []
    for rule in rules:
        run = next((one for one in left if one.rule.name == rule.name), None)
        if run is None:
            run = PauseRun(rule)
        else:
            left.remove(run)
            run.rule = rule
        made.append(run)
    for run in left:
        run.end(now)
    return [*left, *made]


def paused_since(runs: Sequence[PauseRun]) -> datetime | None:
    """Since when the clock stands still, whichever pause holds it."""
    return min((run.since for run in runs if run.since is not None and run.rule.factor is None), default=None)


def uncounted(runs: Sequence[PauseRun]) -> tuple[Interval, ...]:
    """All stretches that do not count, or not wholly, in order."""
    return tuple(sorted((one for run in runs for one in run.uncounted()), key=lambda one: (one.start, one.end)))


def stops(runs: Sequence[PauseRun]) -> tuple[Stop, ...]:
    """All stretches in which the clock was held up, in order."""
    return tuple(sorted((one for run in runs for one in run.stops()), key=lambda one: one.starts_at))
