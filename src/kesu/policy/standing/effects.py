"""What is owed to the world: notices, reminders, escalations, and steps that the system itself takes.

That something was done is an event with the effect's key; what is in the log is not owed again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kesu.policy.events import DUTY_ESCALATED, DUTY_REMINDED, LINK_OPENED, NOTICE_SENT, Event
from kesu.policy.model.rules import Escalation, Notice, Who
from kesu.policy.standing.conditions import View, choose, is_true, matches
from kesu.policy.standing.duties import Running, in_its_unit
from kesu.policy.standing.moments import History
from kesu.policy.standing.plan import Plan
from kesu.policy.standing.results import Effect, EffectKind, ObligationState

_DONE = frozenset({NOTICE_SENT, DUTY_REMINDED, DUTY_ESCALATED, LINK_OPENED})


@dataclass(frozen=True, slots=True)
class OwedNotice:
    """A notice whose moment came: at which instant, and under which stable key."""

    key: str
    notice: Notice
    at: datetime
    to: tuple[Who, ...]


class NoticeBook:
    """The notices that became owed while the log was walked, whether sent since or not."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.owed: dict[str, OwedNotice] = {}
        self._cursor = 0

    def settle(self, view: View, history: History) -> None:
        """The effects stratum of one instant."""
        for mark in history.since(self._cursor):
            self._cursor = mark.index + 1
            for notice, moment in self._plan.notice_starts.get(mark.key, ()):
                key = f"notice/{notice.code}@{mark.origin}"
                if key in self.owed or not notice.by_system or not matches(mark, moment, view):
                    continue
                seen = view.but(start_at=mark.at)
                if is_true(notice.when, seen):
                    self.owed[key] = OwedNotice(key, notice, view.now, choose(notice.to, seen) or ())


def keys_done(events: Sequence[Event]) -> frozenset[str]:
    """The keys of the effects that the log says were carried out."""
    return frozenset(str(event.facts["effect"]) for event in events if event.kind in _DONE and "effect" in event.facts)


@dataclass(frozen=True, slots=True)
class Alarms:
    """The instants of one obligation at which somebody is reminded or told, each with its place among the rules.

    `is_running`: its clock runs; `closed_at`: when it was met or lapsed."""

    key: str
    code: str
    owner: Who
    clauses: tuple[str, ...]
    rules: tuple[Escalation, ...]
    reminders: Sequence[tuple[int, datetime]]
    escalations: Sequence[tuple[int, datetime]]
    due_at: datetime | None
    is_running: bool
    closed_at: datetime | None

    def next_change(self, now: datetime) -> datetime | None:
        """The next instant at which one of them falls due, or at which reminding has become pointless."""
        if not self.is_running:
            return None
        due = () if self.due_at is None else (self.due_at,)
        instants = (*due, *(at for _, at in self.reminders), *(at for _, at in self.escalations))
        return min((at for at in instants if at > now), default=None)

    def effects(self, now: datetime) -> Iterator[Effect]:
        """Reminders and escalations that have fallen due by `now`."""
        if self.is_running and self.due_at is not None and now < self.due_at:
            yield from self._reminders(now)
        for nth, at in self.escalations:
            # One that falls due at the very moment when the thing is done tells of nothing that anybody must know.
            if at <= now and (self.closed_at is None or at < self.closed_at):
                yield from self._escalation(nth, at)

    def _reminders(self, now: datetime) -> Iterator[Effect]:
        passed = [(at, nth) for nth, at in self.reminders if at <= now]
        if not passed:
            return
        at, nth = max(passed)
        yield Effect(
            key=f"{self.key}/remind/{nth}",
            kind=EffectKind.REMINDER,
            code=self.code,
            at=at,
            to=(self.owner,),
            clauses=self.clauses,
            obligation=self.key,
            otherwise=self._told_after(0),
        )

    def _told_after(self, nth: int) -> tuple[Who, ...]:
        return tuple(who for rule in self.rules[nth:] for who in rule.tell)

    def _escalation(self, nth: int, at: datetime) -> Iterator[Effect]:
        rule = self.rules[nth - 1]
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


def duty_alarms(running: Running) -> Alarms:
    """The alarms of an obligation that a duty opened."""
    duty = running.duty
    return Alarms(
        running.key,
        duty.code,
        running.owner,
        running.clauses,
        _told_of_one(running) if duty.per is not None else duty.overdue,
        running.reminders,
        running.escalations,
        running.due_at,
        is_running=running.state is ObligationState.OPEN,
        closed_at=running.closed_at,
    )


def _told_of_one(running: Running) -> tuple[Escalation, ...]:
    """Of one obligation per unit: in its own unit, not in those of the others."""
    duty = running.duty
    return tuple(
        replace(rule, tell=tuple(in_its_unit(who, duty, running.value) for who in rule.tell)) for rule in duty.overdue
    )


def notice_effect(owed: OwedNotice) -> Effect:
    """An owed notice as an effect."""
    notice = owed.notice
    return Effect(
        key=owed.key,
        kind=EffectKind.NOTICE,
        code=notice.code,
        at=owed.at,
        to=owed.to,
        clauses=notice.clauses,
        urgent=notice.urgent,
    )
