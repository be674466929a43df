"""What is owed to the world: notices, reminders, escalations, and steps that the system itself takes.

That something was done is an event with the effect's key; what is in the log is not owed again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kesu.policy.events import DUTY_ESCALATED, DUTY_REMINDED, NOTICE_SENT, Event
from kesu.policy.model.rules import Notice
from kesu.policy.standing.conditions import View, is_true, matches
from kesu.policy.standing.duties import Running
from kesu.policy.standing.moments import History
from kesu.policy.standing.plan import Plan
from kesu.policy.standing.results import Effect, EffectKind, ObligationState

_DONE = frozenset({NOTICE_SENT, DUTY_REMINDED, DUTY_ESCALATED})


@dataclass(frozen=True, slots=True)
class OwedNotice:
    """A notice whose moment came: at which instant, and under which stable key."""

    key: str
    notice: Notice
    at: datetime


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
                if is_true(notice.when, replace(view, start_at=mark.at)):
                    self.owed[key] = OwedNotice(key, notice, view.now)


def keys_done(events: Sequence[Event]) -> frozenset[str]:
    """The keys of the effects that the log says were carried out."""
    return frozenset(str(event.facts["effect"]) for event in events if event.kind in _DONE and "effect" in event.facts)


def duty_effects(running: Running, now: datetime) -> Iterator[Effect]:
    """Reminders and escalations of one obligation that have fallen due by `now`."""
    if running.state is ObligationState.OPEN and running.due_at is not None and now < running.due_at:
        yield from _reminders(running, now)
    until = now if running.closed_at is None else running.closed_at
    for nth, at in running.escalations:
        # One that fell due when the duty was done, or later, tells of nothing that anybody must know.
        if at < until or (running.is_open and at <= now):
            yield from _escalation(running, nth, at)


def _reminders(running: Running, now: datetime) -> Iterator[Effect]:
    passed = [(at, nth) for nth, at in running.reminders if at <= now]
    if not passed:
        return
    at, nth = max(passed)
    duty = running.duty
    yield Effect(
        key=f"{running.key}/remind/{nth}",
        kind=EffectKind.REMINDER,
        code=duty.code,
        at=at,
        to=(running.owner,),
        clauses=duty.clauses,
        obligation=running.key,
    )


def _escalation(running: Running, nth: int, at: datetime) -> Iterator[Effect]:
    duty = running.duty
    rule = duty.overdue[nth - 1]
    key = f"{running.key}/overdue/{nth}"
    if rule.tell:
        yield Effect(
            key=key,
            kind=EffectKind.ESCALATION,
            code=duty.code,
            at=at,
            to=rule.tell,
            clauses=duty.clauses,
            urgent=True,
            obligation=running.key,
            after=rule.after,
        )
    if rule.step is not None and running.is_open:
        yield Effect(
            key=f"{key}/step" if rule.tell else key,
            kind=EffectKind.STEP,
            code=rule.step,
            at=at,
            to=(),
            clauses=duty.clauses,
            obligation=running.key,
            after=rule.after,
        )


def notice_effect(owed: OwedNotice) -> Effect:
    """An owed notice as an effect."""
    notice = owed.notice
    return Effect(
        key=owed.key,
        kind=EffectKind.NOTICE,
        code=notice.code,
        at=owed.at,
        to=notice.to,
        clauses=notice.clauses,
        urgent=notice.urgent,
    )
