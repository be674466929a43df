"""Duties: each start opens an obligation that is met, lapses, stands still, is re-dated or runs over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kesu.policy.model.facts import Value
from kesu.policy.model.limits import Limit
from kesu.policy.model.rules import Duty, Who
from kesu.policy.standing.alarms import Alarms
from kesu.policy.standing.conditions import View, choose, earliest, is_true, matches
from kesu.policy.standing.hours import hours_of
from kesu.policy.standing.moments import BY_TIME, DUTY, MOST_PASSES, NOTHING, History, Mark, Snapshot
from kesu.policy.standing.pauses import PauseRun
from kesu.policy.standing.plan import Plan
from kesu.policy.standing.results import ObligationState
from kesu.policy.standing.running import (
    Running,
    as_its_own,
    assign,
    begins_at,
    changes,
    extend,
    in_its_own,
    is_about,
    named,
    pause,
    redate,
    rule_anew,
    set_due,
)
from kesu.policy.standing.stages import StageTrack
from kesu.policy.standing.strata import untaken

MET = "met"
DUE = "due"
OVERDUE = "overdue"
LAPSED = "lapsed"


class DutyBook:
    """All obligations of a case, in the order in which they were opened."""

    def __init__(self, plan: Plan, stages: StageTrack) -> None:
        self._plan = plan.duties
        self._stages = stages
        self._merged = plan.over.merged
        self._adds_by_duties = plan.adds_by_duties
        self.all: list[Running] = []
        self._open: list[Running] = []
        self._keys: set[str] = set()
        self._cursor = 0
        self._is_dated = True  # whether `_until` is the next instant at which time alone moves an open obligation
        self._until: datetime | None = None
        self._is_unread = False  # whether any open one is to be read again, whatever moves

    def settle(self, view: View, snapshot: Snapshot) -> None:
        """The duty stratum of one instant, repeated until no duty starts or ends another."""
        history, is_final = view.history, self._stages.is_final
        marks = history.marks
        if self._cursor == history.settled and self._plan.hears.isdisjoint(history.moved):
            self._cursor = len(marks)
            if not self._open or not (is_final or self._may_have_moved(view)):
                return
        for _ in range(MOST_PASSES):
            while self._cursor < len(marks):
                mark = marks[self._cursor]
                self._cursor += 1
                if mark.hearers.concerns_duties:
                    self._hear(mark, view, snapshot)
            if self._open and (is_final or self._may_have_moved(view)):
                self._is_unread = False
                for running in list(self._open):
                    if is_final or running.has_moved(view):
                        self._follow(running, view, snapshot)
            if self._cursor == len(marks):
                return

    def _may_have_moved(self, view: View) -> bool:
        """Whether any open obligation may have to be read again."""
        if self._is_unread or (self._until is not None and self._until <= view.now):
            return True
        return not self._plan.all_reads.isdisjoint(view.history.moved)

    def next_change(self, view: View) -> datetime | None:
        """The next instant at which time alone does something to an open obligation."""
        if not self._is_dated:
            self._until, self._is_dated = None, True
            for running in self._open:
                if not running.is_dated:
                    running.is_dated = True
                    running.until = self._changes_at(running, view)
                until = running.until
                if until is not None and (self._until is None or until < self._until):
                    self._until = until
                if running.is_unread:
                    self._is_dated = False
        return earliest((self._until, *self._alarms_ahead(view.now))) if self._waits_for_any_instant() else self._until

    def _changes_at(self, running: Running, view: View) -> datetime | None:
        due_at = running.due_at
        if running.duty.code not in self._plan.timed:
            return due_at if due_at is not None and due_at > view.now else None
        seen = as_its_own(running.duty, running.value, view)
        seen.start_at = running.start.at
        found = earliest(changes(running, seen))
        seen.start_at = None
        return found

    def alarms(self) -> Iterator[Alarms]:
        """The reminders and escalations of the obligations that still have any."""
        for running in self.all:
            duty, due_at, closed_at = running.duty, running.due_at, running.closed_at
            if due_at is not None and (duty.overdue or duty.remind) and (closed_at is None or closed_at > due_at):
                yield running.alarms()

    def _waits_for_any_instant(self) -> bool:
        """Whether something that came about too late for its reader is read at the next instant, whatever brings it
        on: then reminders and escalations, which move nothing themselves, are instants too."""
        if self._adds_by_duties:
            return True
        return not self._is_dated and any(run.pauses and run.is_unread for run in self._open)

    def _alarms_ahead(self, now: datetime) -> Iterator[datetime | None]:
        for running in self._open:
            yield running.alarms().next_change(now)

    def recount(self) -> None:
        """Another calendar counts: whatever is open is read again."""
        self._is_dated, self._is_unread = False, True
        for running in self._open:
            running.is_unread = True

    def take_over(self, other: DutyBook, view: View) -> None:
        """What was owed under other rules. What is over stays as it was; what is open goes by these, and lapses where
        they do not know it. What came about before starts nothing."""
        self.all, self._keys, self._cursor = other.all, other._keys, len(view.history.marks)
        duties = view.kind.duties
        for running in other._open:
            duty = duties.get(running.duty.code)
            if duty is None or duty.per != running.duty.per:
                running.state, running.closed_at = ObligationState.LAPSED, view.now
                continue
            rule_anew(running, duty, self._plan.reads[duty.code].all, view)
            self._open.append(running)
        self._is_dated, self._is_unread = False, True

    def _hear(self, mark: Mark, view: View, snapshot: Snapshot) -> None:
        """What one mark ends, extends and starts, in this order."""
        hearers = mark.hearers
        for duty, moment in hearers.ends if self._open else ():
            for running in tuple(self._open):
                if running.duty is duty and is_about(running, mark) and matches(mark, moment, view):
                    running.met_at = mark.at
                    self._close(running, ObligationState.MET, view.history, snapshot, mark)
        if hearers.extends:
            self._is_dated, self._is_unread = False, True
            for running in self._open:
                extend(running, mark, as_its_own(running.duty, running.value, view))
        for duty, moment in hearers.starts:
            if moment.where is not None and not matches(mark, moment, view):
                continue
            if not (self._stages.is_final and self._is_over(duty, view)):
                self._start(duty, mark, view, snapshot)

    def _is_over(self, duty: Duty, view: View) -> bool:
        """Whether nobody owes it any more, of a case that is over: it ends with it, or goes on in another one."""
        return not duty.survives or view.stage in self._merged

    def _start(self, duty: Duty, mark: Mark, view: View, snapshot: Snapshot) -> None:
        for value in _values(duty.per, mark, view) if duty.per is not None else (None,):
            seen = as_its_own(duty, value, view)
            limits, owner = self._plan.plain.get(duty.code) or self._chosen(duty, mark, seen)
            if limits and owner is not None:
                self._open_one(duty, value, mark, limits, owner, seen, snapshot)

    @staticmethod
    def _chosen(duty: Duty, mark: Mark, view: View) -> tuple[tuple[Limit, ...] | None, Who | None]:
        """The limits and the owner of a duty as its start finds them; none where it does not apply."""
        view.start_at = mark.at
        found = _read(duty, view)
        view.start_at = None
        return found

    def _open_one(
        self,
        duty: Duty,
        value: Value | None,
        mark: Mark,
        limits: tuple[Limit, ...],
        owner: Who,
        view: View,
        snapshot: Snapshot,
    ) -> None:
        present = self._present(duty, value)
        if present is not None:
            if not duty.restarts or present.start.seq == mark.seq != BY_TIME:
                return
            present.state, present.closed_at = ObligationState.RENEWED, snapshot.at
            self._open.remove(present)
        pauses = [PauseRun(pause) for pause in duty.pauses] if duty.pauses else ()
        key, reads = self._key(duty, mark, value), self._plan.reads[duty.code].all
        begins = begins_at(mark)
        calendar = hours_of(owner, view.calendar)
        running = Running(key, duty, value, mark, begins, owner, limits, limits[0], pauses, reads, calendar)
        if duty.per is not None:
            named(running, view)
            running.owner = in_its_own(owner, duty, value, running.members)
        self.all.append(running)
        self._open.append(running)
        self._is_dated = False
        set_due(running, view)
        # What has just been read need not be read again, unless it might stand still or is due already.
        if pauses or (running.due_at is not None and running.due_at <= view.now):
            running.is_unread = self._is_unread = True

    def _present(self, duty: Duty, value: Value | None) -> Running | None:
        """The open obligation of this duty and value."""
        for running in self._open:
            if running.duty is duty and running.value == value:
                return running
        return None

    def _key(self, duty: Duty, mark: Mark, value: Value | None) -> str:
        plain = f"{duty.code}@{mark.origin}" if value is None else f"{duty.code}@{mark.origin}#{value}"
        return untaken(plain, self._keys)

    def _follow(self, running: Running, view: View, snapshot: Snapshot) -> None:
        """Lapse, pause or resume, re-date, hand over, run over."""
        if not running.is_open:
            return
        running.is_unread = running.is_dated = self._is_dated = False
        seen = as_its_own(running.duty, running.value, view)
        seen.start_at = running.start.at  # as its conditions see the case
        is_over = self._stages.is_final and self._is_over(running.duty, view)
        is_owed = not is_over and is_true(running.duty.whilst, seen)
        if is_owed:
            self._read_again(running, seen)
        seen.start_at = None
        if not is_owed:
            self._close(running, ObligationState.LAPSED, view.history, snapshot, None)
            return
        due_at = running.due_at
        if due_at is not None and due_at <= view.now and not running.ran_over:
            running.ran_over = True
            for became in (DUE, OVERDUE):
                self._mark(running, became, view.history, snapshot, running.start.seq, running.start.origin)

    def _read_again(self, running: Running, view: View) -> None:
        before = (running.state, running.due_at, running.limit)
        named(running, view)
        pause(running, view)
        redate(running, view)
        assign(running, view)
        if before != (running.state, running.due_at, running.limit):
            # What it has become may let a pause begin: that is read at the next instant, as any change.
            running.is_unread = self._is_unread = True

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
        own = {duty.per: running.value} if duty.per and running.value is not None else NOTHING
        history.add((DUTY, duty.code, became), snapshot, seq, origin, None, own)


def _read(duty: Duty, view: View) -> tuple[tuple[Limit, ...] | None, Who | None]:
    """The limits and the owner of a duty as its start finds them; none where it does not apply."""
    if not is_true(duty.when, view) or not is_true(duty.whilst, view):
        return None, None
    return choose(duty.within, view), choose(duty.owner, view)


def _values(per: str, mark: Mark, view: View) -> Iterator[Value | None]:
    carried = mark.own.get(per, view.facts.get(per))
    if isinstance(carried, tuple):
        yield from carried
    else:
        yield carried
