"""One obligation while the log is walked: met, standing still, re-dated, handed over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import cast

from kesu.policy.calendar import Calendar, Duration, Receipt, even_receipt
from kesu.policy.model.conditions import FactRef
from kesu.policy.model.facts import Value
from kesu.policy.model.limits import Limit
from kesu.policy.model.rules import Duty, Who
from kesu.policy.standing.alarms import Alarms
from kesu.policy.standing.apart import meant, members_about
from kesu.policy.standing.conditions import View, choose, next_change, table_change
from kesu.policy.standing.extending import asked_for, extended_by
from kesu.policy.standing.facts import end_of
from kesu.policy.standing.grounds import Earlier, Grounds, History, Longer, Moved
from kesu.policy.standing.hours import hours_now, why_counted_anew
from kesu.policy.standing.moments import Key, Mark
from kesu.policy.standing.pauses import PauseRun, paused_since, ruled_anew, stops, uncounted
from kesu.policy.standing.results import Obligation, ObligationState
from kesu.policy.standing.terms import (
    Clock,
    earliest_term,
    escalation_at,
    moved_receipt,
    term,
)


@dataclass(slots=True, eq=False)
class Running:
    """One obligation while the log is walked. Equal to itself only, which is found faster than field by field."""

    key: str
    duty: Duty
    value: Value | None
    start: Mark
    starts_at: datetime  # when its clock begins
    owner: Who
    limits: tuple[Limit, ...]
    limit: Limit  # of these the one that counts
    pauses: Sequence[PauseRun]
    reads: Set[str | Key]  # all that its rule names
    calendar: Calendar  # by which it is counted; of what is over, was counted
    is_unread: bool = False  # whether it is to be read again, whatever moves
    is_dated: bool = False  # whether it is known when time alone does something to it next
    until: datetime | None = None  # that instant
    state: ObligationState = ObligationState.OPEN
    due_at: datetime | None = None
    receipt: Receipt | None = None
    not_before: datetime | None = None
    met_at: datetime | None = None
    closed_at: datetime | None = None
    ran_over: bool = False
    stated: tuple[Value | None, ...] = ()
    longer: tuple[Longer, ...] = ()
    grounds: Grounds | None = None
    earlier: tuple[Earlier, ...] = ()  # due instants that it had before, and what moved each
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of groups that are kept apart, its own
    renewed_at: datetime | None = None  # since when another version of the policy counts

    @property
    def is_open(self) -> bool:
        return self.state is ObligationState.OPEN or self.state is ObligationState.PAUSED

    @property
    def extensions(self) -> tuple[Duration | datetime, ...]:
        """What made it longer, in the order in which it was given."""
        return tuple(one.length for one in self.longer) if self.longer else ()

    @property
    def history(self) -> History | None:
        """How its clock was held up and moved; None of nearly every one, whose clock simply ran."""
        if not (self.earlier or self.longer or self.pauses):
            return None
        return History(stops(self.pauses), self.longer, self.earlier)

    @property
    def clauses(self) -> tuple[str, ...]:
        """Those of the duty, with the ones of the row that gives its limits and of these limits."""
        duty = self.duty
        cited = duty.within.cited(self.limits, duty.clauses)
        if len(self.limits) == 1:
            return cited
        return tuple(dict.fromkeys((*cited, *(one for limit in self.limits for one in limit.clauses))))

    def has_moved(self, view: View) -> bool:
        """Whether it must be read again: something that it names has moved, or its time has come."""
        if self.is_unread or (self.until is not None and self.until <= view.now):
            return True
        return not self.reads.isdisjoint(view.history.moved)

    def alarms(self) -> Alarms:
        """Its reminders and escalations; of one obligation per unit, those of its own unit, not of the others."""
        duty, overdue = self.duty, self.duty.overdue
        if duty.per is not None:
            told = ([in_its_own(who, duty, self.value, self.members) for who in rule.tell] for rule in overdue)
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
            calendar=self.calendar,
            since=self.renewed_at,
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
            grounds=self.grounds,
            history=self.history,
            met_at=self.met_at,
            ended_at=self.met_at or self.closed_at,
            paused_since=paused_since(self.pauses) if self.pauses and self.state is ObligationState.PAUSED else None,
            step=duty.step,
            outer=duty.outer,
        )


def begins_at(mark: Mark) -> datetime:
    """When the clock begins of what a mark starts: never before anybody could know of it (others joined the matter,
    earlier)."""
    known_at = mark.snapshot.known_at
    return mark.at if known_at is None else max(mark.at, known_at)


def as_its_own(duty: Duty, value: Value | None, view: View) -> View:
    """The view of one obligation: of what is kept apart for each value, it sees its own."""
    per = duty.per or ""
    return view.of((per, value)) if per in view.history.apart.facts else view


def named(running: Running, view: View) -> None:
    """Note who is named for it. `view`: its own."""
    if view.about is not None:
        running.members = members_about(view.about, view.history)


def is_about(running: Running, mark: Mark) -> bool:
    """With `per`: whether the moment carries this obligation's value (one that carries none is about all)."""
    per, per_met = running.duty.per, running.duty.per_met
    if per is None or running.value is None:
        return True
    named = per_met if per_met is not None and per_met in mark.own else per
    if named not in mark.own:
        return True
    carried = mark.own[named]
    return running.value == carried or (isinstance(carried, tuple) and running.value in carried)


def extend(running: Running, mark: Mark, view: View) -> None:
    """Make it longer, where the mark is of what does so and comes in time."""
    rule = running.duty.extension
    if rule is None or mark.key != extended_by(rule):
        return
    asked = asked_for(rule, mark, view.history, running.start)
    if asked is None or not is_about(running, asked):
        return
    is_late = running.due_at is not None and mark.at > running.due_at
    if is_late or (rule.times is not None and len(running.extensions) >= rule.times):
        return
    extension: Duration | datetime | None
    if isinstance(rule.length, FactRef):
        stated = asked.own.get(rule.length.code)
        extension = _more(stated, running.limit) or end_of(stated, view.calendar)
    else:
        extension = rule.length
    if extension is not None:
        running.longer = (*running.longer, Longer(rule, extension, mark.at))
        running.is_unread = True
        set_due(running, view, Moved.EXTENSION)


def _more(stated: Value | None, limit: Limit) -> Duration | None:
    """A stated figure is so many of the duty's own unit."""
    if isinstance(stated, bool) or not isinstance(stated, int | Decimal) or stated <= 0:
        return None
    return Duration(int(stated), limit.length.unit) if isinstance(limit.length, Duration) else None


def pause(running: Running, view: View) -> None:
    """Begin or end its pauses; what has been left out moves the due instant."""
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
        was_paused = running.state is ObligationState.PAUSED
        running.state = ObligationState.OPEN
        set_due(running, view, Moved.PAUSE if was_paused else Moved.SLOWER)


def redate(running: Running, view: View) -> None:
    """Follow the calendar, the table and the stated dates. A change is counted from the original start, with the new
    calendar or the new row."""
    calendar = hours_now(running.duty, running.owner, view)
    if running.calendar is not calendar:
        _recount(running, calendar, view)
    limits = choose(running.duty.within, view)
    if not limits or (limits == running.limits and _stated(limits, view) == running.stated):
        return
    why = Moved.STATED if limits == running.limits else Moved.LIMIT
    running.limits = limits
    running.not_before = view.now
    set_due(running, view, why)


def _recount(running: Running, calendar: Calendar, view: View) -> None:
    """Another calendar counts. Nobody is late by it who was not."""
    why = why_counted_anew(running.calendar, view.calendar)
    running.calendar = calendar
    _keep_promise(running, view)
    set_due(running, view, why)


def _keep_promise(running: Running, view: View) -> None:
    """What would be over by what counts now stays due as it was promised."""
    before = running.receipt
    found = _receipt(running, view) if before is not None else None
    if before is not None and found is not None and found.due_at < view.now:
        running.not_before = max(running.not_before or before.due_at, before.due_at)


def rule_anew(running: Running, duty: Duty, reads: Set[str | Key], view: View) -> None:
    """Another version of the policy counts: its limits from the original start. Nobody is late by it who was not. What
    held the clock up stays so; a pause that it does not know ends."""
    running.pauses = ruled_anew(running.pauses, duty.pauses, view.now)
    running.duty, running.reads, running.renewed_at = duty, reads, view.now
    running.is_unread, running.is_dated = True, False
    seen = as_its_own(duty, running.value, view)
    seen.start_at = running.start.at
    running.limits = choose(duty.within, seen) or running.limits
    seen.start_at = None
    _keep_promise(running, seen)
    set_due(running, seen, Moved.POLICY)


def _stated(limits: tuple[Limit, ...], view: View) -> tuple[Value | None, ...]:
    """The dates that the limits go by, as they are stated now."""
    if len(limits) == 1 and limits[0].stated_by is None:  # as nearly all of them
        return ()
    return tuple(view.facts.get(code) for limit in limits if (code := limit.stated_by) is not None)


def set_due(running: Running, view: View, why: Moved | None = None) -> None:
    """Work out the due instant, the first time or because of something (`why`) that moves it. A change of row never
    makes it fall before the moment of the change."""
    before = running.grounds
    found = _receipt(running, view)
    floor = running.not_before
    if found is not None and floor is not None and found.due_at < floor:
        found = moved_receipt(found, floor)
    running.receipt = found
    running.grounds = _grounds(running)
    if why is not None and before is not None and before.due_at not in {None, running.grounds.due_at}:
        running.earlier = (*running.earlier, Earlier(before, view.now, why))
    if not running.pauses or running.state is not ObligationState.PAUSED:
        running.due_at = found.due_at if found is not None else None


def _grounds(running: Running) -> Grounds:
    return Grounds(
        running.starts_at,
        running.limits,
        running.stated,
        uncounted(running.pauses) if running.pauses else (),
        running.extensions,
        running.duty.cap,
        running.not_before,
        running.receipt,
    )


def _receipt(running: Running, view: View) -> Receipt | None:
    """How the due instant comes about; None while no date is stated. Notes which of its limits counts."""
    limits, limit = running.limits, running.limits[0]
    pauses = uncounted(running.pauses) if running.pauses else ()
    is_single = len(limits) == 1
    if is_single and limit.is_even and not (pauses or running.longer or running.duty.cap):
        running.limit, running.stated = limit, ()
        return even_receipt(running.calendar, running.starts_at.astimezone(UTC), cast("Duration", limit.length))
    running.stated = _stated(limits, view)
    clock = Clock(running.starts_at, running.duty.cap, pauses, running.extensions)
    terms = [term(limit, clock, view.kind, running.calendar, view.facts) for limit in limits]
    running.limit, found = (limit, terms[0]) if is_single else earliest_term(limits, terms, view.kind)
    return found.receipt


def assign(running: Running, view: View) -> None:
    """Follow the owner table; from an escalation that hands over on, the one who is told owns it."""
    owner = choose(running.duty.owner, view)
    for at, who in _hand_overs(running):
        if at <= view.now:
            owner = who
    if owner:
        running.owner = in_its_own(owner, running.duty, running.value, running.members)


def _hand_overs(running: Running) -> Iterator[tuple[datetime, Who]]:
    if running.due_at is not None:
        for rule in running.duty.overdue:
            if rule.hand_over and rule.tell:
                yield escalation_at(running.due_at, rule.after, running.calendar), rule.tell[0]


def in_its_own(who: Who, duty: Duty, value: Value | None, members: Mapping[str, tuple[str, ...]]) -> Who:
    """Of one obligation per unit, the role in its own unit, and whoever was named for it: others are given theirs in
    the same fact."""
    who = meant(who, members)
    if duty.per is None or who.of != duty.per or not isinstance(value, str):
        return who
    return replace(who, unit=value)


def changes(running: Running, view: View) -> Iterator[datetime | None]:
    """When time alone may do something to it. `view` asks about its start."""
    duty = running.duty
    yield next_change(duty.whilst, view)
    yield table_change(duty.within, view)
    yield table_change(duty.owner, view)
    for run in running.pauses:
        yield run.next_change(view)
    if running.due_at is not None and running.due_at > view.now:
        yield running.due_at
    for at, _ in _hand_overs(running):
        if at > view.now:
            yield at
