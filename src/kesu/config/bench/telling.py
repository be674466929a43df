"""Hands that carry a course out in memory: the case file of the commands, with a desk that collects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from kesu.access.takers import complainant_taker, taker_for
from kesu.casefile.books import Serving, adoption_for, calendar_of, kind_of
from kesu.casefile.casefile import CaseFile
from kesu.casefile.desk import Desk
from kesu.casefile.opening import DESK, PORTAL, new_head, secret_of
from kesu.casefile.people import People, slots_of, units_in
from kesu.casefile.projection import Rest, rows_of
from kesu.casefile.streams import Head
from kesu.config.bench.acting import Cast, Given
from kesu.config.bench.courses import Course
from kesu.policy.asking import opening_step
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.policy.standing import standing
from kesu.policy.standing.results import Effect, Standing
from kesu.store.models import Case, Note, OutboxMessage, Unit

Bodies = Mapping[str, Mapping[str, Any]]
_MOST = 5_000


@dataclass(frozen=True, slots=True)
class Written:
    """An event with its texts."""

    event: Event
    bodies: Bodies


@dataclass(frozen=True, slots=True)
class Owed:
    """An effect that was carried out, after so many events, as the case then stood."""

    effect: Effect
    people: People
    current: Standing
    events: int
    now: datetime


@dataclass(slots=True)
class Told:
    """What came of a course: everything that its rows are made from."""

    kind: Kind
    adoption: Serving
    unit: Unit
    channel: str
    began: datetime
    acts: list[Written | Owed] = field(default_factory=list)
    parties: set[tuple[UUID, str]] = field(default_factory=set)
    rest: Rest | None = None


class _Collecting(Desk):
    """Keeps what would be written; of projections, the last and whoever ever took part."""

    def __init__(self, told: Told, cast: Cast) -> None:
        self.told = told
        self.cast = cast

    def event(self, head: Head, event: Event, bodies: Bodies) -> None:
        for data_class, texts in bodies.items():
            head.known_texts[data_class][event.seq] = dict(texts)
        head.version = event.seq
        self.told.acts.append(Written(event, bodies))

    def messages(self, rows: Sequence[OutboxMessage]) -> None:
        """Made anew for every copy."""

    def note(self, row: Note, text: str) -> None:
        """Made anew for every copy."""

    def settle(self, rest: Rest) -> None:
        assert isinstance(rest.head, Case)
        rows = rows_of(rest.head, rest.kind, rest.people, rest.events, rest.current, rest.now)
        self.told.parties |= rows.parties
        self.told.rest = rest

    def beside(self, rest: Rest) -> None:
        """Made anew for every copy."""


class _File(CaseFile):
    """A case file that knows who holds which post without asking: in this company nobody ever leaves."""

    def _people_of(self, current: Standing, now: datetime) -> People:
        units = tuple(units_in(current.facts))
        key = (self.head.unit_id, *units)
        assert isinstance(self.desk, _Collecting)
        known = self.desk.cast.holders
        if key not in known:
            if len(known) > _MOST:
                known.clear()
            on = self.calendar.local(now).date()
            known[key] = People(self.head.unit.path, slots_of(self.kind), units, on)
        return known[key]

    def _do(self, effect: Effect, current: Standing, now: datetime) -> None:
        assert isinstance(self.desk, _Collecting)
        acts = self.desk.told.acts
        CaseFile._do(self, effect, current, now)
        people = self._people_of(current, now)
        # Read when the copies are written, long after the case has gone on: a standing of its own.
        lasting = standing(self.kind, self.log[: len(self.log) - 1], now, self.calendar)
        acts.append(Owed(effect, people, lasting, len(self.log), now))


class Memory:
    """One course; `told` is there when it has been opened."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self.told: Told | None = None
        self._file: _File | None = None

    @property
    def file(self) -> _File:
        assert self._file is not None
        return self._file

    def open(self, course: Course, given: Given, at: datetime, login: str | None) -> None:
        unit = self._cast.unit(course.place)
        adoption = adoption_for(unit, course.kind, at)
        assert adoption is not None
        rules = kind_of(adoption.policy_version_id, course.kind)
        channel = DESK if login else PORTAL
        self.told = Told(rules, adoption, unit, channel, at)
        head = new_head(rules, adoption, unit, channel, at, secret_of(rules, "bench"))
        self._file = _File(
            head, rules, calendar_of(adoption.calendar_version_id), [], _Collecting(self.told, self._cast)
        )
        step = opening_step(rules).code
        if login is None:
            taker = complainant_taker()
            given = {**given, **{code: (value,) for code, value in rules.portal_facts.items()}}
        else:
            taker = taker_for(self._cast.actor(login), unit.path, rules, ())
        self.file.take(step, taker=taker, given=given, at=at, now=at)

    def take(self, step: str, login: str, given: Given, at: datetime) -> None:
        file = self.file
        taker = taker_for(self._cast.actor(login), file.head.unit.path, file.kind, file.log)
        file.take(step, taker=taker, given=given, at=at, now=at)

    def wait(self, until: datetime) -> None:
        assert self.told is not None
        while True:
            assert self.told.rest is not None
            wake_at = self.told.rest.current.wake_at
            if wake_at is None or wake_at > until:
                return
            self.file.settle(wake_at)
