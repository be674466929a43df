"""A case as commands hold it: one locked head, its policy, its log, and the acts that extend the log."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from kesu.casefile import (
    confidants,
    credentials,
    drawing,
    effects,
    files,
    handing_on,
    hearing_of,
    ledgers,
    measures,
    projection,
    publications,
    references,
    sampling,
    sealed_files,
    signers,
    waiting_for,
)
from kesu.casefile.books import calendar_of, kind_of, pack_of
from kesu.casefile.desk import Desk
from kesu.casefile.log import read_log
from kesu.casefile.mail_files import taken
from kesu.casefile.named_files import FileRef
from kesu.casefile.people import People, slots_of, units_in
from kesu.casefile.projection import Rest
from kesu.casefile.refused import refusal
from kesu.casefile.statement import Given, Statement, read_given, says, state
from kesu.casefile.streams import Head, stream_of
from kesu.core.errors import NotFound
from kesu.core.ids import uuid7
from kesu.core.uploads import Upload
from kesu.policy.asking import opening_step
from kesu.policy.calendar import Calendar
from kesu.policy.events import Event
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind
from kesu.policy.standing import Retelling, StepRefused, Taker, attempt, standing
from kesu.policy.standing.attempts import attempt_on, effect_event, next_seq, world_event
from kesu.policy.standing.links import heard_event, opened_event
from kesu.policy.standing.named import heard_of_named
from kesu.policy.standing.results import Effect, EffectKind, Refusal, Standing
from kesu.policy.standing.staffing import staffed_event
from kesu.store.keys import ring
from kesu.store.models import Case, SealedCase

SYSTEM_TAKER = Taker(by=None, roles=frozenset({"system"}))
_MAX_ROUNDS = 20
Bodies = Mapping[str, Mapping[str, Any]]
_OVER_CASES = frozenset({EffectKind.DRAW, EffectKind.MEASURE})


@dataclass(slots=True)
class CaseFile:
    """Open it inside `transaction.atomic()` with the head row locked (`select_for_update`)."""

    head: Head
    kind: Kind
    calendar: Calendar
    log: list[Event]
    desk: Desk = field(default_factory=Desk)
    _people: dict[tuple[object, ...], People] = field(default_factory=dict)
    _walked: Retelling | None = None
    _staffed: list[Event] = field(default_factory=list)  # what was found of the places that wait, since it was told

    @classmethod
    def open(cls, head: Head) -> CaseFile:
        kind = kind_of(head.policy_version_id, head.kind)
        return cls(head, kind, calendar_of(head.calendar_version_id), read_log(head, kind))

    def standing(self, now: datetime) -> Standing:
        return standing(self.kind, self.log, now, self.calendar)

    def _retold(self) -> Retelling:
        """One walk for all that is asked while the log grows; what it says is to be read before it is asked again."""
        self._walked = self._walked or Retelling(self.kind, self.calendar)
        return self._walked.hear_all(self.log)

    def take(
        self,
        step: str,
        *,
        taker: Taker,
        given: Given,
        at: datetime,
        now: datetime,
        uploads: Sequence[Upload] = (),
        sees: references.CasesInSight = references.no_cases,
        also: Mapping[str, Value] = MappingProxyType({}),
    ) -> Event:
        """Takes a step or raises `NotFound` (no such step), `Forbidden`, `NotNow` or `Unacceptable` with every reason
        at once. `at`: when it happened; `now`: when it is recorded; `sees`: the cases that may be named in it; `also`:
        facts of the engine that its event is to carry."""
        if step not in self.kind.steps:
            raise NotFound
        uploads = taken(uploads, self.kind.facts)
        at, now = (self._in_turn(moment) if moment >= now else moment for moment in (at, now))
        new_id = uuid7 if isinstance(self.head, Case) else uuid4  # of a sealed case not even the time of birth shows
        ids = sorted(new_id() for _ in uploads)  # where they tell a time, in the order in which they were given
        statement = self._statement(given, uploads, ids, self._ground(now, sees))
        if self.log:
            hearing_of.hold_cards(self.head, self.kind, self.log)
            self._hear(now)
            self._rest(now, before=at)  # what time brought about comes first, also when the worker is late
        event = self.extend(step, taker, statement, at, now, also)
        self.settle(now)
        if uploads:  # last: what fails above must not leave files behind
            self._keep(uploads, ids, event, now)
        return event

    def open_with(self, taker: Taker, statement: Statement, at: datetime, also: Mapping[str, Value]) -> Event:
        """Takes the opening step with what another case brings: values that were read when they were stated there.
        Raises what `take` raises."""
        event = self.extend(opening_step(self.kind).code, taker, statement, at, at, also)
        self.settle(at)
        return event

    def extend(
        self,
        step: str,
        taker: Taker,
        statement: Statement,
        at: datetime,
        now: datetime,
        also: Mapping[str, Value] = MappingProxyType({}),
    ) -> Event:
        """Takes a step; whoever asks for it settles the case afterwards."""
        try:
            event, _ = attempt_on(self._retold().walked(at), self.log, step, taker, statement.facts, at, now)
        except StepRefused as refused:
            raise refusal(waiting_for.numbered(refused.refusals), is_opening=not self.log) from refused
        against = (
            *self._against(event, now),
            *credentials.against(self.head, self.kind, self.log, event, self._day(now)),
        )
        if against:
            raise refusal(against, is_opening=not self.log)
        if also:
            event = replace(event, facts={**event.facts, **also})
        rule, head = self.kind.steps[step], self.head
        unit = handing_on.destination(head, rule, self.log, event.facts, now) if isinstance(head, Case) else None
        self._add(event, drawing.with_codes(self.kind, event, statement))
        for told in credentials.follow(head, self.kind, self.log, event, self._day(now), now):
            self._add(*told)
        if isinstance(head, Case) and unit is not None:
            handing_on.arrive(head, rule, unit)
            self._people.clear()
        return event

    def _keep(self, uploads: Sequence[Upload], ids: Sequence[UUID], event: Event, now: datetime) -> None:
        if not isinstance(self.head, Case):
            sealed_files.keep(self.head, uploads, ids, seq=event.seq)
            return
        adder = UUID(event.by) if event.by and len(event.by) == 32 else None
        files.keep(self.head, uploads, ids, seq=event.seq, added_by=adder, at=now)

    def has_taken(
        self,
        step: str,
        *,
        taker: Taker,
        given: Given,
        since: int,
        now: datetime,
        uploads: Sequence[Upload] = (),
        sees: references.CasesInSight = references.no_cases,
    ) -> bool:
        """Whether one of the events after number `since` is this step, by the same person and with the same statement
        and files: a form that is sent again. For sealed cases, which leave no token of a form anywhere."""
        if step not in self.kind.steps:
            raise NotFound
        uploads = taken(uploads, self.kind.facts)
        assert isinstance(self.head, SealedCase)
        ground = self._ground(now, sees)
        rows = stream_of(self.head).events.filter(case=self.head, seq__gt=since, step=step, actor=taker.by or "")
        for row in rows:
            ids = sealed_files.same(self.head, row.seq, uploads)
            if ids is not None and says(row, self._statement(given, uploads, ids, ground)):
                return True
        return False

    def _day(self, at: datetime) -> date:
        return self.calendar.local(at).date()

    def _ground(self, now: datetime, sees: references.CasesInSight) -> references.Ground:
        pack = pack_of(self.head.policy_version_id).code
        is_of_units = self.log and any(fact.among for fact in self.kind.facts.values())
        known = self._retold().at(now).facts if is_of_units else {}
        return references.Ground(self.head.unit.path, self._day(now), pack, sees, known)

    def stated(self, given: Given, now: datetime, sees: references.CasesInSight) -> Statement:
        """What somebody states without a file. Raises `Unacceptable` for what cannot be read."""
        return self._statement(given, (), (), self._ground(now, sees))

    def _statement(
        self, given: Given, uploads: Sequence[Upload], ids: Sequence[UUID], ground: references.Ground
    ) -> Statement:
        inputs = read_given(self.kind.facts, given, ZoneInfo(self.calendar.zone))
        references.check(self.kind, inputs, ground)
        named: dict[str, tuple[FileRef, ...]] = {}
        for upload, file_id in zip(uploads, ids, strict=True):
            named[upload.fact] = (*named.get(upload.fact, ()), FileRef(file_id, upload.sha256, upload.signed))
        return state(self.kind.facts, {**inputs, **named}, ring())

    def state_world(self, event_kind: str, facts: Mapping[str, Value], at: datetime, now: datetime) -> None:
        """Records what the program itself knows (no step, no person). `at`: when it happened."""
        self.hear(world_event(self.kind, self.log, event_kind, facts, at, now), now)

    def hear(self, event: Event, now: datetime, bodies: Bodies = MappingProxyType({})) -> None:
        """Records what the program has found out elsewhere, or what somebody says of a file or takes back, and does
        what follows. The event stands after the last."""
        now = self._in_turn(now)
        self._add(replace(event, recorded_at=now), Statement({}, bodies))
        self.settle(now)

    def settle(self, now: datetime) -> Standing:
        """Does what the engine owes at this moment (notices, reminders, escalations, the system's own steps), each
        exactly once, and brings head and projections up to date."""
        now = self._in_turn(now)
        hearing_of.hold_cards(self.head, self.kind, self.log)
        self._hear(now)
        current = self._rest(now)
        people = self._people_of(current, now)
        self._tell_of_empty_places(current, now)
        rest = Rest(self.head, self.kind, self.calendar, people, self.log, current, now)
        self.desk.settle(rest)
        if isinstance(self.head, Case):
            self.desk.beside(rest)
        hearing_of.tell_parent(self.head, self.kind, self.log, current, now)
        return current

    def rebuilt(
        self, now: datetime, *, holders_at: datetime | None = None, also_left: bool = False
    ) -> projection.Projected:
        """What the rows of an ordinary case should be at `now`, with the holders of posts on the day of `holders_at`
        (usually the same; `also_left` with those who have left since). Writes nothing, does nothing that is owed."""
        assert isinstance(self.head, Case)  # sealed cases are projected anew each morning
        now = self._in_turn(now)
        current = self.standing(now)
        on = self._day(holders_at or now)
        people = People(self.head.unit.path, slots_of(self.kind), units_in(current.facts), on, also_left=also_left)
        return projection.rows_of(self.head, self.kind, people, self.log, current, now)

    def _in_turn(self, now: datetime) -> datetime:
        """Never before the last event was recorded. A request that waited for the row, or a machine whose clock lags,
        would not see what has been done since and do it again."""
        return max([now, *(event.recorded_at for event in self.log)])

    def _rest(self, now: datetime, before: datetime | None = None) -> Standing:
        """Does what is owed (what fell due `before` a moment, where one is given) until nothing more is. A step of the
        system that the policy refuses, and a case that cannot be opened, stay owed: they are tried again whenever the
        case moves, and stop nobody."""
        refused: set[str] = set()
        for _ in range(_MAX_ROUNDS):
            current = self._retold().at(now)
            due = (effect for effect in current.effects if before is None or effect.at < before)
            owed = [effect for effect in due if effect.key not in refused]
            if not owed:
                if before is not None or not self._has_staffed(current, now):
                    return current
                continue
            over_cases = [effect for effect in owed if effect.kind in _OVER_CASES]
            if over_cases:  # first: what is told afterwards may speak of what they state
                for effect in over_cases:
                    self._look_over_cases(effect, now)
                continue
            for effect in owed:
                if not self._carry_out(effect, current, now):
                    refused.add(effect.key)
                elif effect.kind is EffectKind.STEP or (effect.kind is EffectKind.LINK and self._hear(now)):
                    break  # the case has moved, or what it opened is over already: what else is owed is asked anew
        named = self.head.pk if isinstance(self.head, Case) else ""  # a log never tells which report there is
        raise RuntimeError(f"effects of a case do not come to rest {named}".rstrip())

    def _has_staffed(self, current: Standing, now: datetime) -> bool:
        """Says of the places that wait to be signed what the log does not know: that nobody is there, or somebody
        again. Whether there was anything to say."""
        if not any(state.current is not None for state in current.approvals):
            return False
        people = self._people_of(current, now)
        news = signers.seats(self.kind, self.log, current, people, self._told(people, current))
        for seat in news:
            event = staffed_event(self.log, seat, now)
            self._staffed.append(event)
            self._add(event, Statement({}))
        return bool(news)

    def _tell_of_empty_places(self, current: Standing, now: datetime) -> None:
        """Those who can fill a post hear that one is missing; of a sealed case nobody hears anything."""
        stuck, self._staffed = signers.stuck_places(current, self._staffed), []
        if stuck and isinstance(self.head, Case):
            rows = signers.letters(self.head, self.kind, stuck, current.facts, self._day(now), now)
            self.desk.messages(rows)

    def _carry_out(self, effect: Effect, current: Standing, now: datetime) -> bool:
        """Whether it could be done."""
        if effect.kind is EffectKind.STEP:
            return self._take_for_system(effect, now)
        if effect.kind is EffectKind.LINK:
            return self._open_linked(effect, current, now)
        self._do(effect, current, now)
        return True

    def _do(self, effect: Effect, current: Standing, now: datetime) -> None:
        people = self._people_of(current, now)
        told = self._told(people, current)
        found = effects.enqueue(self.head, self.kind, people, self.log, current, effect, now, told, self.desk)
        self._add(effect_event(self.log, effect, now, found.instead, found.copied), Statement({}))

    def _look_over_cases(self, effect: Effect, now: datetime) -> None:
        """Draws a sample, or works a figure out: here and once, whatever becomes of the other cases."""
        assert isinstance(self.head, Case)  # no policy asks for either in sealed cases
        seq = next_seq(self.log)
        if effect.kind is EffectKind.DRAW:
            event = sampling.draw_sample(self.head, self.kind, self.calendar, seq, effect, now)
        else:
            event = measures.reckon(self.head, self.kind.facts[effect.code], self.calendar, seq, effect, now)
        self._add(event, Statement({}))

    def _open_linked(self, effect: Effect, current: Standing, now: datetime) -> bool:
        # A case opens another one as any case is opened: the import waits until both modules are there.
        from kesu.casefile.opening_linked import open_linked

        case = open_linked(self, effect, current, now)
        if case is not None:
            self._add(opened_event(next_seq(self.log), effect, case.hex, now), Statement({}))
        return case is not None

    def _hear(self, now: datetime) -> bool:
        """Notes which of the cases that were opened out of this one, or that it waits for, have ended
        meanwhile, or were taken up again; says whether there are any."""
        news = hearing_of.news(self.head, self.kind, self.log)
        for heard in news:
            named = heard_event(next_seq(self.log), heard.linked, heard.statement.facts, heard.at, now)
            self._add(named, heard.statement)
        ends = waiting_for.news(self.head, self.kind, self.log)
        for case, at, has_ended in ends:
            self._add(heard_of_named(next_seq(self.log), case, at, now, has_ended=has_ended), Statement({}))
        return bool(news or ends)

    def _take_for_system(self, effect: Effect, now: datetime) -> bool:
        """Dated when it fell due, but never before what people have done meanwhile."""
        at = max([effect.at, *(event.at for event in self.log if event.step)])
        try:
            # Walks for itself: what else is owed is still read from the standing that owes it.
            event = attempt(self.kind, self.log, effect.code, SYSTEM_TAKER, {}, at, at, self.calendar)
        except StepRefused:
            return False
        if self._against(event, now):
            return False
        event = replace(event, recorded_at=now)
        self._add(event, drawing.with_codes(self.kind, event, Statement({})))
        self._add(effect_event(self.log, effect, now), Statement({}))
        return True

    def _against(self, event: Event, now: datetime) -> tuple[Refusal, ...]:
        """What only the rows say against an event: whom it names, and the ledgers. The accounts that it moves are this
        case's until the transaction ends."""
        if signers.keeps_from_some(self.kind) and any(map(signers.is_naming, event.facts)):
            current = self._retold().at(now)
            people = self._people_of(current, now)
            unseen = signers.unseen_refusals(self.kind, event, people, self._told(people, current), current.facts)
            if unseen:
                return unseen
        return ledgers.refusals(self.head, self.kind, self.calendar, self.log, event)

    def _people_of(self, current: Standing, now: datetime) -> People:
        on, units = self.calendar.local(now).date(), units_in(current.facts)
        key = (on, *units)
        if key not in self._people:
            self._people[key] = People(self.head.unit.path, slots_of(self.kind), units, on)
        return self._people[key]

    def told(self, now: datetime) -> Collection[UUID] | None:
        """The accounts of all who may know of the case; None where everybody within reach may."""
        current = self.standing(now)
        return self._told(self._people_of(current, now), current)

    def _told(self, people: People, current: Standing) -> Collection[UUID] | None:
        """Who may be told anything at all; None: no limit."""
        return confidants.told(self.head, self.kind, self.log, current, people)

    def _add(self, event: Event, statement: Statement) -> None:
        if isinstance(self.head, Case):
            event = publications.in_whose_name(self.head, self.kind, event)
        self.desk.event(self.head, event, statement.bodies)
        self.log.append(event)
