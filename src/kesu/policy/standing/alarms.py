"""Reminders and escalations of one obligation: which instants they fall on and what is owed because of them.

They move nothing in a case, so they are worked out only when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from kesu.policy.calendar import Calendar, Duration
from kesu.policy.lasting import lasting
from kesu.policy.model.limits import Reminder
from kesu.policy.model.rules import Escalation, Who
from kesu.policy.standing.results import Effect, EffectKind
from kesu.policy.standing.terms import escalation_at, reminders


@lasting
class Alarms:
    """The rules by which one obligation is recalled and its delay is told. `is_running`: its clock runs; `closed_at`:
    when it was met or lapsed; `length`: the limit, where it is a length; `since`: what fell due until then is not told
    any more, for other rules counted when it did."""

    key: str
    code: str
    owner: Who
    clauses: tuple[str, ...]
    remind: Sequence[Reminder]
    overdue: Sequence[Escalation]
    starts_at: datetime
    length: Duration | None
    due_at: datetime | None
    is_running: bool
    closed_at: datetime | None
    calendar: Calendar
    since: datetime | None = None

    def next_change(self, now: datetime) -> datetime | None:
        """The next instant at which one of them falls due, or at which reminding has become pointless."""
        if not self.is_running or self.due_at is None:
            return None
        if now < self.due_at:
            return min((at for _, at in self._reminders() if at > now), default=self.due_at)
        return min((at for _, at in self._escalations() if at > now), default=None)

    def effects(self, now: datetime) -> Iterator[Effect]:
        """Reminders and escalations that have fallen due by `now`."""
        if self.due_at is None:
            return
        if now < self.due_at:
            if self.is_running:
                yield from self._reminded(now)
            return
        for nth, at in self._escalations():
            # One that falls due at the very moment when the thing is done tells of nothing that anybody must know.
            if at <= now and self._is_told(at) and (self.closed_at is None or at < self.closed_at):
                yield from self._told(nth, at)

    def to_come(self, now: datetime) -> Iterator[Effect]:
        """The reminders and escalations that follow after `now` where nobody does anything, in their order."""
        if self.due_at is None or not self.is_running:
            return
        for nth, at in self._reminders():
            if now < at < self.due_at:
                yield self._reminder(nth, at)
        for nth, at in self._escalations():
            if at > now:
                yield from self._told(nth, at)

    def _reminders(self) -> Iterator[tuple[int, datetime]]:
        assert self.due_at is not None
        return reminders(self.remind, self.starts_at, self.due_at, self.length, self.calendar)

    def _escalations(self) -> Iterator[tuple[int, datetime]]:
        assert self.due_at is not None
        if self.closed_at is not None and self.closed_at <= self.due_at:
            return
        for nth, rule in enumerate(self.overdue, 1):
            yield nth, escalation_at(self.due_at, rule.after, self.calendar)

    def _reminded(self, now: datetime) -> Iterator[Effect]:
        passed = [(at, nth) for nth, at in self._reminders() if at <= now and self._is_told(at)]
        if passed:
            at, nth = max(passed)
            yield self._reminder(nth, at)

    def _reminder(self, nth: int, at: datetime) -> Effect:
        return Effect(
            key=f"{self.key}/remind/{nth}",
            kind=EffectKind.REMINDER,
            code=self.code,
            at=at,
            to=(self.owner,),
            clauses=self.clauses,
            obligation=self.key,
            otherwise=self._told_after(0),
        )

    def _is_told(self, at: datetime) -> bool:
        return self.since is None or at > self.since

    def _told_after(self, nth: int) -> tuple[Who, ...]:
        return tuple(who for rule in self.overdue[nth:] for who in rule.tell)

    def _told(self, nth: int, at: datetime) -> Iterator[Effect]:
        rule = self.overdue[nth - 1]
        key = f"{self.key}/overdue/{nth}"
        if rule.tell:
            yield Effect(
                key=key,
                kind=EffectKind.ESCALATION,
                code=self.code,
                at=at,
                to=rule.tell,
                clauses=self.clauses,
                urgent=True,
                obligation=self.key,
                after=rule.after,
                otherwise=self._told_after(nth),
            )
        if rule.step is not None and self.closed_at is None:
            yield Effect(
                key=f"{key}/step" if rule.tell else key,
                kind=EffectKind.STEP,
                code=rule.step,
                at=at,
                to=(),
                clauses=self.clauses,
                obligation=self.key,
                after=rule.after,
            )
