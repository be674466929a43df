"""A case as commands hold it: one locked head, its policy, its log, and the acts that extend the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from kesu.casefile import effects, files, projection
from kesu.casefile.books import calendar_of, kind_of
from kesu.casefile.log import append, read_log
from kesu.casefile.statement import Given, Statement, read_given, state
from kesu.casefile.streams import Head
from kesu.core.errors import Forbidden, NotFound, NotNow, Refused, Unacceptable
from kesu.core.ids import uuid7
from kesu.core.uploads import Upload
from kesu.policy.calendar import Calendar
from kesu.policy.events import Event
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind
from kesu.policy.standing import StepRefused, Taker, attempt, effect_event, standing, world_event
from kesu.policy.standing.results import Effect, EffectKind, Refusal, Standing
from kesu.store.bell import ring_bell
from kesu.store.keys import ring
from kesu.store.models import Case

SYSTEM_TAKER = Taker(by=None, roles=frozenset({"system"}))
_MAX_ROUNDS = 20
_INPUT_CODES = frozenset({"value"})


@dataclass(slots=True)
class CaseFile:
    """Open it inside `transaction.atomic()` with the head row locked (`select_for_update`)."""

    head: Head
    kind: Kind
    calendar: Calendar
    log: list[Event]

    @classmethod
    def open(cls, head: Head) -> CaseFile:
        kind = kind_of(head.policy_version_id, head.kind)
        return cls(head, kind, calendar_of(head.calendar_version_id), read_log(head, kind))

    def standing(self, now: datetime) -> Standing:
        return standing(self.kind, self.log, now, self.calendar)

    def take(
        self,
        step: str,
        *,
        taker: Taker,
        given: Given,
        at: datetime,
        now: datetime,
        uploads: Sequence[Upload] = (),
    ) -> Event:
        """Takes a step or raises `NotFound` (no such step), `Forbidden`, `NotNow` or `Unacceptable` with every reason
        at once. `at`: when it happened; `now`: when it is recorded."""
        if step not in self.kind.steps:
            raise NotFound
        files.check(uploads)
        ids = [uuid7() for _ in uploads]
        statement = self._statement(given, uploads, ids)
        try:
            event = attempt(self.kind, self.log, step, taker, statement.facts, at, now, self.calendar)
        except StepRefused as refused:
            raise _refusal(refused.refusals) from refused
        self._add(event, statement)
        if uploads and isinstance(self.head, Case):
            adder = UUID(taker.by) if taker.by and len(taker.by) == 32 else None
            files.keep(self.head, uploads, ids, seq=event.seq, added_by=adder, at=now)
        self.settle(now)
        return event

    def _statement(self, given: Given, uploads: Sequence[Upload], ids: Sequence[UUID]) -> Statement:
        inputs = read_given(self.kind.facts, given, ZoneInfo(self.calendar.zone))
        for upload, file_id in zip(uploads, ids, strict=True):
            held = inputs.get(upload.fact, ())
            inputs[upload.fact] = (*held, file_id.hex) if isinstance(held, tuple) else (file_id.hex,)
        return state(self.kind.facts, inputs, ring())

    def state_world(self, event_kind: str, facts: Mapping[str, Value], at: datetime, now: datetime) -> None:
        """Records what the program itself knows (no step, no person)."""
        self._add(world_event(self.kind, self.log, event_kind, facts, at), Statement({}))
        self.settle(now)

    def settle(self, now: datetime) -> Standing:
        """Does what the engine owes at this moment (notices, reminders, escalations, the system's own steps), each
        exactly once, and brings the projections up to date."""
        for _ in range(_MAX_ROUNDS):
            current = self.standing(now)
            if not current.effects:
                break
            for effect in current.effects:
                self._do(effect, current, now)
        else:
            raise RuntimeError(f"case {self.head.pk}: effects do not come to rest")
        projection.project(self.head, self.kind, self.calendar, self.log, current, now)
        ring_bell()
        return current

    def _do(self, effect: Effect, current: Standing, now: datetime) -> None:
        if effect.kind is EffectKind.STEP:
            event = attempt(self.kind, self.log, effect.code, SYSTEM_TAKER, {}, effect.at, now, self.calendar)
            self._add(event, Statement({}))
        self._add(effect_event(self.log, effect, now), Statement({}))
        effects.enqueue(self.head, self.kind, self.calendar, self.log, current, effect, now)

    def _add(self, event: Event, statement: Statement) -> None:
        append(self.head, event, statement.bodies)
        self.log.append(event)


def _refusal(refusals: Sequence[Refusal]) -> Refused:
    """The HTTP meaning of a refusal: not his (403), his input (422), or not at this moment (409)."""
    clauses = [clause for refusal in refusals for clause in refusal.clauses]
    data: Mapping[str, Any] = {"refusals": tuple(refusals)}
    codes = {refusal.code for refusal in refusals}
    if "role" in codes:
        return Forbidden("step_not_yours", clauses=clauses, data=data)
    if codes <= _INPUT_CODES:
        return Unacceptable("step_incomplete", clauses=clauses, data=data)
    return NotNow("step_refused", clauses=clauses, data=data)
