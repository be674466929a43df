"""Duties: each start opens an obligation that is met, lapses, stands still, is re-dated or runs over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from kesu.policy.calendar import Calendar, Duration, Receipt
from kesu.policy.model.conditions import FactRef
from kesu.policy.model.facts import Value
from kesu.policy.model.limits import Limit
from kesu.policy.model.rules import Duty, Who
from kesu.policy.standing.alarms import Alarms
from kesu.policy.standing.conditions import View, choose, earliest, is_true, matches, next_change, table_change
from kesu.policy.standing.facts import end_of
from kesu.policy.standing.moments import BY_TIME, DUTY, MOST_PASSES, History, Mark, Snapshot
from kesu.policy.standing.pauses import PauseRun, paused_since, uncounted
from kesu.policy.standing.plan import Plan
from kesu.policy.standing.reads import Watch
from kesu.policy.standing.results import Obligation, ObligationState
from kesu.policy.standing.terms import (
    Clock,
    Term,
    earliest_term,
    escalation_at,
    moved_receipt,
    term,
)

MET = "met"
DUE = "due"
OVERDUE = "overdue"
LAPSED = "lapsed"


@dataclass(slots=True)
class Running:
    """One obligation while the log is walked."""

    key: str
    duty: Duty
    value: Value | None
    start: Mark
    owner: Who
    limits: tuple[Limit, ...]
    limit: Limit  # of these the one that counts
    pauses: list[PauseRun]
    watch: Watch
    is_dated: bool = False  # whether the watch knows when time alone does something to it next
    state: ObligationState = ObligationState.OPEN
    due_at: datetime | None = None
    receipt: Receipt | None = None
    not_before: datetime | None = None
    met_at: datetime | None = None
    closed_at: datetime | None = None
    ran_over: bool = False
    stated: tuple[Value | None, ...] = ()
    extensions: list[Duration | datetime] = field(default_factory=list)

    @property
    def starts_at(self) -> datetime:
        """When its clock begins: never before anybody could know of it (others joined the matter, earlier)."""
        known_at = self.start.snapshot.known_at
        return self.start.at if known_at is None else max(self.start.at, known_at)

    @property
    def is_open(self) -> bool:
        return self.state in {ObligationState.OPEN, ObligationState.PAUSED}

    @property
    def clauses(self) -> tuple[str, ...]:
        """Those of the duty, with the ones of the row that gives its limits and of these limits."""
        cited = self.duty.within.cited(self.limits, self.duty.clauses)
        if len(self.limits) == 1:
            return cited
        return tuple(dict.fromkeys((*cited, *(one for limit in self.limits for one in limit.clauses))))

    def view(self, view: View) -> View:
        """The case as this obligation's conditions see it: `StartIn` asks about its start."""
        return view.but(start_at=self.start.at)

    def alarms(self, calendar: Calendar) -> Alarms:
        """Its reminders and escalations; of one obligation per unit, those of its own unit, not of the others."""
        duty, overdue = self.duty, self.duty.overdue
        if duty.per is not None:
            told = ([in_its_unit(who, duty, self.value) for who in rule.tell] for rule in overdue)
            overdue = tuple(replace(rule, tell=tuple(whos)) for rule, whos in zip(overdue, told, strict=True))
        return Alarms(
            key=self.key,
            code=duty.code,
            owner=self.owner,
            clauses=self.clauses,
            remind=duty.remind,
            overdue=overdue,
            starts_at=self.starts_at,
            length=self.limit.length if isinstance(self.limit.length, Duration) else None,
            due_at=self.due_at,
            is_running=self.state is ObligationState.OPEN,
            closed_at=self.closed_at,
            calendar=calendar,
        )

    def result(self) -> Obligation:
        """As the standing shows it. A paused obligation has no due instant: nobody knows how long it will stand."""
        duty = self.duty
        return Obligation(
            key=self.key,
            duty=duty.code,
            name=duty.name,
            owner=self.owner,
            starts_at=self.starts_at,
            started_seq=self.start.seq,
            due_at=self.due_at,
            state=self.state,
            clauses=self.clauses,
            severity=duty.severity,
            receipt=self.receipt,
            met_at=self.met_at,
            ended_at=self.met_at or self.closed_at,
            paused_since=paused_since(self.pauses) if self.state is ObligationState.PAUSED else None,
            step=duty.step,
        )


class DutyBook:
    """All obligations of a case, in the order in which they were opened."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.all: list[Running] = []
        self._open: list[Running] = []
        self._keys: set[str] = set()
        self._cursor = 0
        self._is_dated = True  # whether `_until` is the next instant at which time alone moves an open obligation
        self._until: datetime | None = None

    def settle(self, view: View, snapshot: Snapshot, *, is_final: bool) -> None:
        """The duty stratum of one instant, repeated until no duty starts or ends another."""
        marks = view.history.marks
        for _ in range(MOST_PASSES):
            while self._cursor < len(marks):
                self._cursor += 1
                self._hear(marks[self._cursor - 1], view, snapshot, is_final=is_final)
            if is_final or self._may_have_moved(view):
                for running in list(self._open):
                    if is_final or running.watch.has_moved(view):
                        self._follow(running, view, snapshot, is_final=is_final)
            if self._cursor == len(marks):
                return

    def _may_have_moved(self, view: View) -> bool:
        """Whether any open obligation may have to be read again."""
        if not self._is_dated or (self._until is not None and self._until <= view.now):
            return True
        return not self._plan.duties_read.isdisjoint(view.history.moved)

    def next_change(self, view: View) -> datetime | None:
        """The next instant at which time alone does something to an open obligation."""
        if not self._is_dated:
            for running in self._open:
                if not running.is_dated:
                    running.is_dated = True
                    running.watch.until = self._changes_at(running, view)
            self._until = earliest([running.watch.until for running in self._open])
            self._is_dated = not any(running.watch.is_unread for running in self._open)
        return earliest((self._until, *self._alarms_ahead(view))) if self._waits_for_any_instant() else self._until

    def _changes_at(self, running: Running, view: View) -> datetime | None:
        due_at = running.due_at
        if running.duty.code not in self._plan.plain_duties:
            return earliest(_changes(running, view))
        return due_at if due_at is not None and due_at > view.now else None

    def alarms(self, calendar: Calendar) -> Iterator[Alarms]:
        """The reminders and escalations of the obligations that still have any."""
        for running in self.all:
            duty, due_at, closed_at = running.duty, running.due_at, running.closed_at
            if due_at is not None and (duty.overdue or duty.remind) and (closed_at is None or closed_at > due_at):
                yield running.alarms(calendar)

    def _waits_for_any_instant(self) -> bool:
        """Whether something that came about too late for its reader is read at the next instant, whatever brings it
        on: then reminders and escalations, which move nothing themselves, are instants too."""
        if self._plan.adds_by_duties:
            return True
        return not self._is_dated and any(run.pauses and run.watch.is_unread for run in self._open)

    def _alarms_ahead(self, view: View) -> Iterator[datetime | None]:
        for running in self._open:
            yield running.alarms(view.calendar).next_change(view.now)

    def _hear(self, mark: Mark, view: View, snapshot: Snapshot, *, is_final: bool) -> None:
        """What one mark ends, extends and starts, in this order."""
        if mark.key not in self._plan.duties_hear:
            return
        for duty, moment in self._plan.duty_ends.get(mark.key, ()):
            for running in [r for r in self._open if r.duty is duty]:
                if _is_about(running, mark) and matches(mark, moment, view):
                    running.met_at = mark.at
                    self._close(running, ObligationState.MET, view.history, snapshot, mark)
        if mark.key in self._plan.extends:
            self._is_dated = False
            for running in self._open:
                _extend(running, mark, view)
        for duty, moment in self._plan.duty_starts.get(mark.key, ()):
            if matches(mark, moment, view) and (duty.survives or not is_final):
                self._start(duty, mark, view, snapshot)

    def _start(self, duty: Duty, mark: Mark, view: View, snapshot: Snapshot) -> None:
        seen = view if duty.code in self._plan.plain_duties else view.but(start_at=mark.at)
        if not is_true(duty.when, seen) or not is_true(duty.whilst, seen):
            return
        for value in (None,) if duty.per is None else _values(duty.per, mark, view):
            present = self._present(duty, value)
            if present is not None and (not duty.restarts or present.start.seq == mark.seq != BY_TIME):
                continue
            limits, owner = choose(duty.within, seen), choose(duty.owner, seen)
            if not limits or owner is None:
                continue
            if present is not None:
                present.state, present.closed_at = ObligationState.RENEWED, snapshot.at
                self._open.remove(present)
            key = self._key(duty, mark, value)
            watch = Watch(self._plan.duty_reads[duty.code])
            pauses = [PauseRun(pause) for pause in duty.pauses]
            owner = in_its_unit(owner, duty, value)
            running = Running(key, duty, value, mark, owner, limits, limits[0], pauses, watch)
            self.all.append(running)
            self._open.append(running)
            self._is_dated = False
            _date(running, view, changed_at=None)
            # What has just been read need not be read again, unless it might stand still or is due already.
            watch.is_unread = bool(pauses) or (running.due_at is not None and running.due_at <= view.now)

    def _present(self, duty: Duty, value: Value | None) -> Running | None:
        """The open obligation of this duty and value."""
        for running in self._open:
            if running.duty is duty and running.value == value:
                return running
        return None

    def _key(self, duty: Duty, mark: Mark, value: Value | None) -> str:
        plain = f"{duty.code}@{mark.origin}" + ("" if value is None else f"#{value}")
        key, nth = plain, 1
        while key in self._keys:
            nth += 1
            key = f"{plain}.{nth}"
        self._keys.add(key)
        return key

    def _follow(self, running: Running, view: View, snapshot: Snapshot, *, is_final: bool) -> None:
        """Lapse, pause or resume, re-date, hand over, run over."""
        if not running.is_open:
            return
        running.watch.is_unread = running.is_dated = self._is_dated = False
        seen = running.view(view)
        duty = running.duty
        before = (running.state, running.due_at, running.limit)
        if (is_final and not duty.survives) or not is_true(duty.whilst, seen):
            self._close(running, ObligationState.LAPSED, view.history, snapshot, None)
            return
        _pause(running, seen)
        _redate(running, seen)
        _assign(running, seen)
        if before != (running.state, running.due_at, running.limit):
            # What it has become may let a pause begin: that is read at the next instant, as any change.
            running.watch.is_unread = True
        due_at = running.due_at
        if due_at is not None and due_at <= view.now and not running.ran_over:
            running.ran_over = True
            for became in (DUE, OVERDUE):
                self._mark(running, became, view.history, snapshot, running.start.seq, running.start.origin)

    def _close(
        self, running: Running, state: ObligationState, history: History, snapshot: Snapshot, mark: Mark | None
    ) -> None:
        running.state = state
        running.closed_at = snapshot.at
        self._open.remove(running)
        self._is_dated = False
        became = MET if state is ObligationState.MET else LAPSED
        cause = mark or running.start
        self._mark(running, became, history, snapshot, cause.seq, cause.origin)

    @staticmethod
    def _mark(running: Running, became: str, history: History, snapshot: Snapshot, seq: int, origin: str) -> None:
        duty = running.duty
        moment = (DUTY, duty.code, became)
        if moment in history.heard:
            own = {duty.per: running.value} if duty.per and running.value is not None else {}
            history.add(moment, snapshot, seq=seq, origin=origin, own=own)


def _is_about(running: Running, mark: Mark) -> bool:
    """With `per`: whether the moment carries this obligation's value (one that carries none is about all)."""
    per, per_met = running.duty.per, running.duty.per_met
    if per is None or running.value is None:
        return True
    named = per_met if per_met is not None and per_met in mark.own else per
    if named not in mark.own:
        return True
    carried = mark.own[named]
    return running.value == carried or (isinstance(carried, tuple) and running.value in carried)


def _values(per: str, mark: Mark, view: View) -> Iterator[Value | None]:
    carried = mark.own.get(per, view.facts.get(per))
    if isinstance(carried, tuple):
        yield from carried
    else:
        yield carried


def _extend(running: Running, mark: Mark, view: View) -> None:
    rule = running.duty.extension
    if rule is None or mark.key[1] != rule.event or not _is_about(running, mark):
        return
    is_late = running.due_at is not None and mark.at > running.due_at
    if is_late or (rule.times is not None and len(running.extensions) >= rule.times):
        return
    extension: Duration | datetime | None
    if isinstance(rule.length, FactRef):
        stated = mark.own.get(rule.length.code)
        extension = _more(stated, running.limit) or end_of(stated, view.calendar)
    else:
        extension = rule.length
    if extension is not None:
        running.extensions.append(extension)
        running.watch.is_unread = True
        _date(running, running.view(view), changed_at=None)


def _more(stated: Value | None, limit: Limit) -> Duration | None:
    """A stated figure is so many of the duty's own unit."""
    if isinstance(stated, bool) or not isinstance(stated, int | Decimal) or stated <= 0:
        return None
    return Duration(int(stated), limit.length.unit) if isinstance(limit.length, Duration) else None


def _pause(running: Running, view: View) -> None:
    if not running.pauses:
        return
    may_begin = running.due_at is None or view.now < running.due_at or running.state is ObligationState.PAUSED
    before = uncounted(running.pauses)
    for run in running.pauses:
        run.follow(view, may_begin=may_begin)
    if paused_since(running.pauses) is not None:
        running.state = ObligationState.PAUSED
        running.due_at = None
    elif running.state is ObligationState.PAUSED or uncounted(running.pauses) != before:
        running.state = ObligationState.OPEN
        _date(running, view, changed_at=None)


def _redate(running: Running, view: View) -> None:
    """Follow the table and the stated dates. A change is counted from the original start with the new row."""
    limits = choose(running.duty.within, view)
    if not limits or (limits == running.limits and _stated(limits, view) == running.stated):
        return
    running.limits = limits
    _date(running, view, changed_at=view.now)


def _stated(limits: tuple[Limit, ...], view: View) -> tuple[Value | None, ...]:
    """The dates that the limits go by, as they are stated now."""
    return tuple(view.facts.get(code) for limit in limits if (code := limit.stated_by) is not None)


def _date(running: Running, view: View, *, changed_at: datetime | None) -> None:
    """Work out the due instant. A change of row never makes it fall before the moment of the change."""
    running.stated = _stated(running.limits, view)
    pauses = uncounted(running.pauses) if running.pauses else ()
    clock = Clock(running.starts_at, running.duty.cap, pauses, running.extensions)
    terms = [term(limit, clock, view.kind, view.calendar, view.facts) for limit in running.limits]
    running.limit, found = earliest_term(running.limits, terms, view.kind)
    if changed_at is not None:
        running.not_before = changed_at
    floor = running.not_before
    if found.due_at is not None and floor is not None and found.due_at < floor:
        found = Term(floor, moved_receipt(found.receipt, floor) if found.receipt else None)
    running.receipt = found.receipt
    if running.state is ObligationState.PAUSED:
        return
    running.due_at = found.due_at


def _assign(running: Running, view: View) -> None:
    """Follow the owner table; from an escalation that hands over on, the one who is told owns it."""
    owner = choose(running.duty.owner, view)
    for at, who in _hand_overs(running, view):
        if at <= view.now:
            owner = who
    running.owner = in_its_unit(owner, running.duty, running.value) if owner else running.owner


def _hand_overs(running: Running, view: View) -> Iterator[tuple[datetime, Who]]:
    if running.due_at is not None:
        for rule in running.duty.overdue:
            if rule.hand_over and rule.tell:
                yield escalation_at(running.due_at, rule.after, view.calendar), rule.tell[0]


def in_its_unit(who: Who, duty: Duty, value: Value | None) -> Who:
    """Of one obligation per unit, the role in its own unit: others are given theirs in the same fact."""
    if duty.per is None or who.of != duty.per or not isinstance(value, str):
        return who
    return replace(who, unit=value)


def _changes(running: Running, view: View) -> Iterator[datetime | None]:
    seen = running.view(view)
    duty = running.duty
    yield next_change(duty.whilst, seen)
    yield table_change(duty.within, seen)
    yield table_change(duty.owner, seen)
    for run in running.pauses:
        yield run.next_change(seen)
    if running.due_at is not None and running.due_at > view.now:
        yield running.due_at
    for at, _ in _hand_overs(running, view):
        if at > view.now:
            yield at
