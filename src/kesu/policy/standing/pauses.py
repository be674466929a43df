"""Pauses of one obligation: while their condition holds its clock stands still, at most for their limit in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from kesu.policy.calendar import Interval, age_full_at
from kesu.policy.model.rules import Pause
from kesu.policy.standing.conditions import View, earliest, is_true, next_change


@dataclass(slots=True)
class PauseRun:
    """One pause rule on one obligation. `since`: it is on; `is_spent`: its limit is used up."""

    rule: Pause
    closed: list[Interval] = field(default_factory=list)
    since: datetime | None = None
    is_spent: bool = False

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
        if self.since is None:
            if holds and may_begin:
                self.since = view.now
            return
        limit = self.ends_at(view)
        self.is_spent = limit is not None and limit <= view.now
        if self.is_spent or not holds:
            end = min(view.now, limit) if limit is not None else view.now
            self.closed.append(Interval(self.since, max(self.since, end)))
            self.since = None

    def next_change(self, view: View) -> datetime | None:
        """When it may begin or end by itself."""
        if self.is_spent:
            return None
        return earliest((next_change(self.rule.when, view), self.ends_at(view)))


def paused_since(runs: Sequence[PauseRun]) -> datetime | None:
    """Since when the clock stands still, whichever pause holds it."""
    return min((run.since for run in runs if run.since is not None), default=None)


def uncounted(runs: Sequence[PauseRun]) -> tuple[Interval, ...]:
    """All stretches that do not count, in order."""
    return tuple(sorted((one for run in runs for one in run.closed), key=lambda one: (one.start, one.end)))
