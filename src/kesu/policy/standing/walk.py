"""The walk over a log: a small simulation that stops at every event and at every instant at which time changes
something. At one instant the strata follow each other in a fixed order: events, facts, level, approvals, stage,
duties, effects. Nothing here reads a clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from math import inf
from typing import Final

from kesu.policy.calendar import Calendar
from kesu.policy.events import DOCUMENT_FILLED, LINK_CLOSED, NOTICE_SENT, Event, author
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import WORLD
from kesu.policy.renewal import Renewal
from kesu.policy.standing.approvals import ApprovalDesk, Turn
from kesu.policy.standing.conditions import View, choose, earliest, sooner
from kesu.policy.standing.derived import Derived, derive_all
from kesu.policy.standing.duties import DutyBook
from kesu.policy.standing.effects import NoticeBook
from kesu.policy.standing.elapsed import Clocks, Timeline
from kesu.policy.standing.facts import Ledger, instant_of
from kesu.policy.standing.levels import LevelGauge
from kesu.policy.standing.links import LINK_EVENTS, link_key
from kesu.policy.standing.moments import BY_TIME, FACT, MOST_PASSES, NOTICE, SENT, TICK, History, Key, Snapshot
from kesu.policy.standing.plan import Plan, plan_of
from kesu.policy.standing.renaming import Renaming
from kesu.policy.standing.seldom import Seldom
from kesu.policy.standing.stages import StageTrack
from kesu.policy.standing.strata import Counting, Reached, Ruled, Timed

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class Walk(Seldom):
    """The state of a case while its log is walked, and after it: what `standing` reads its answer from.

    `plan`: that of the kind, where it is not another one by which less is left out."""

    # More names than thirty make an object slow whose names are not said beforehand.
    __slots__ = (
        "_at", "_before", "_dates_ahead", "_dates_seen", "_follows_facts", "_is_dated", "_is_over", "_may_be_unsettled",
        "_others", "_plain", "_seq", "_signing", "_stated", "_ticks", "_timed", "_timed_facts", "_upcoming", "_values",
        "_view", "approvals", "calendar", "clocks", "derived", "duties", "earlier", "facts", "history", "kind",
        "ledger", "levels", "notices", "plan", "stages",
    )  # fmt: skip

    def __init__(self, kind: Kind, calendar: Calendar, plan: Plan | None = None) -> None:
        self.kind = kind
        self.calendar = calendar
        self.plan = plan or plan_of(kind)
        self.history = History(self.plan.keys, self.plan.hearers, self.plan.apart)
        self.ledger = Ledger(kind, self.plan.defaults, self.plan.file_facts, self.plan.lapses)
        self.clocks = Clocks(
            {code: Timeline(self.ledger.stated.get(code)) for code in self.plan.counted_facts},
            self.plan.lived_ages,
        )
        self.derived = [
            Derived(fact, self.plan.derived_of[fact.code], reads, reads_ahead=fact.code in self.plan.late_facts)
            for fact, reads in zip(self.plan.derived, self.plan.derived_reads.values(), strict=True)
        ]
        self.levels = LevelGauge(kind.levels, self.plan.level_reads, self.plan.level_ranks, self.plan.over.merged)
        self.approvals = ApprovalDesk(kind, self.plan)
        self.stages = StageTrack(kind, self.plan)
        self.duties = DutyBook(self.plan, self.stages)
        self.notices = NoticeBook()
        self._timed_facts = [derived for derived in self.derived if derived.code in self.plan.timed_facts]
        self._timed: list[Timed] = [*self._timed_facts]
        self._timed += [self.levels] if kind.levels else []
        self._timed += [self.additions] if self.plan.additions else []
        self.facts: Mapping[str, Value] = self.ledger.stated
        self.earlier: list[Ruled] = []  # by what it was counted before
        self._at = _NEVER  # the last instant that was walked
        self._seq: float = 0  # and the number of its event
        self._before = _NEVER  # the instant before it
        self._is_dated = True  # whether it is known when time alone changes something next
        self._upcoming: datetime | None = None
        self._is_over = False  # whether the case had come to an end
        self._plain = self.facts  # without those who join a group by themselves: what the strata before duties read
        self._stated: Mapping[str, Value] | None = None  # what had been stated when derived facts were worked out
        self._view = self.view(_NEVER)  # of the instant that is walked
        self._values: dict[str, Value] = {}  # what derived facts came to then, without those that were stated
        self._others: datetime | None = (
            _NEVER if self._timed else None
        )  # when time alone moves anything but duties and approvals
        self._signing: datetime | None = None  # when it moves an approval
        self._follows_facts = bool(self.plan.counted_facts or self.plan.dated_facts)
        self._dates_seen: dict[str, Value] = {}
        self._dates_ahead: dict[str, datetime] = {}
        self._may_be_unsettled = bool(kind.approvals) or self.plan.reads_late
        self._ticks = 0

    @property
    def has_begun(self) -> bool:
        """Whether anything has happened."""
        return self._at is not _NEVER

    def take(self, event: Event) -> None:
        """Walk the time up to an event, which does not lie before what has been walked, and the event."""
        at = event.at
        if at != self._at:  # of events of one instant nobody asks what time alone would do between them
            upcoming = self._upcoming if self._is_dated else self.upcoming
            if upcoming is not None and upcoming < at:
                self.reach(at)
        self._instant(at, event)

    def reach(self, at: datetime) -> None:
        """Walk the time up to an instant, and not the instant."""
        upcoming = self.upcoming
        while upcoming is not None and upcoming < at:
            self._instant(upcoming, None)
            upcoming = self.upcoming

    def wait(self, until: datetime) -> datetime | None:
        """Walk the time up to and including `until`; returns the first instant after it that is left to walk."""
        while (upcoming := self.upcoming) is not None and upcoming <= until:
            self._instant(upcoming, None)
        return upcoming

    @property
    def upcoming(self) -> datetime | None:
        """The next instant at which time alone would change something."""
        if not self._is_dated:
            self._upcoming, self._is_dated = self._next_change(), True
        return self._upcoming

    @property
    def reached(self) -> Reached:
        return self._at, self._seq

    def view(self, now: datetime) -> View:
        """The case as it stands after the last instant walked, seen at `now`."""
        return View(
            self.kind,
            self.calendar,
            self.history,
            self.clocks,
            now,
            self.facts,
            self.levels.level,
            self.stages.stage,
        )

    def _instant(self, at: datetime, event: Event | None) -> None:
        history, plan, view = self.history, self.plan, self._view
        history.begin(() if event is None else event.facts)
        snapshot = Snapshot(at, self.facts, view.level, view.stage, view.level, view.stage)
        if event is not None:
            self._apply(event, snapshot)
        view.now = at
        self._derive(view, snapshot)
        if self.kind.levels:
            self.levels.settle(event, view, snapshot)
            view.level = self.levels.level
        turns = self.approvals.settle(event, view, snapshot) if self.kind.approvals else ()
        if turns or (event is not None and (event.step in plan.turns or event.kind == LINK_CLOSED)):
            self._turn(event, turns, view, snapshot)
        if self.stages.is_final:
            self.approvals.end(at)
        if plan.additions:
            self.facts = snapshot.facts = view.facts = self.additions.settle(view)
        self.duties.settle(view, snapshot)
        if not plan.owing.isdisjoint(history.moved):
            self._owe(view)
        snapshot.is_past = True
        self._before = self._at
        self._at, self._seq, self._is_dated = at, inf if event is None else event.seq, False
        if self._timed or self.approvals.rounds:
            self._look_ahead(view)

    def _turn(self, event: Event | None, turns: Sequence[Turn], view: View, snapshot: Snapshot) -> None:
        """The stage stratum of one instant."""
        stages = self.stages
        if event is not None and event.step in self.plan.turns:
            stages.follow(event, view, snapshot)
        for turn in turns:
            stages.move(turn.to, turn.seq, turn.origin, view.history, snapshot)
        if event is not None and event.kind == LINK_CLOSED:
            self._leave_waiting(event, view, snapshot)
        view.stage = stages.stage
        if stages.is_final is not self._is_over and snapshot.stage is not snapshot.stage_before:
            self._is_over = stages.is_final
            self.clocks.over.put(view.now, stages.is_final)
            self.levels.forget(view.history)

    def _owe(self, view: View) -> None:
        """The effects stratum of one instant."""
        self.notices.settle(view)
        if self.plan.link_starts:
            self.links.settle(view, view.history)
        if self.plan.over.is_any:
            self.samples.settle(view, view.history)
            self.reckonings.settle(view, view.history)

    def _leave_waiting(self, event: Event, view: View, snapshot: Snapshot) -> None:
        """The end of the last linked case of a rule moves the case, as the rule says. One that is over stays so."""
        link = self.links.ended(event, self.history)
        if link is not None and link.closed_to is not None and not self.stages.is_final:
            view.stage = self.stages.stage
            self.stages.move(choose(link.closed_to, view), event.seq, str(event.seq), self.history, snapshot)

    def ruled_at(self, at: datetime) -> Ruled:
        """By what the case was counted then."""
        for one in self.earlier:
            if at < one.until:
                return one
        return Ruled(at, self.calendar, self.kind)

    def renewed_since(self, start: datetime) -> datetime | None:
        """When other rules began to count, where that was after `start`."""
        changes = [one.until for one in self.earlier if one.kind is not self.kind and one.until > start]
        return changes[-1] if changes else None

    def take_over(self, other: Walk, renewal: Renewal, at: datetime) -> None:
        """Goes on from where another walk has come to: from now on these rules count. Nothing is to be walked before
        the event that says so."""
        history, stages, levels = self.history, renewal.stages, renewal.levels
        history.take_over(other.history, Renaming(stages, levels).of)
        self.earlier = [*other.earlier, Ruled(at, other.calendar, other.kind)]
        self.ledger.take_over(other.ledger)
        self.clocks.timelines, self.clocks.over = other.clocks.timelines, other.clocks.over
        self.stages.take_over(other.stages, stages)
        self.facts = self._plain = self.ledger.stated
        self._at, self._seq, self._before, self._is_over = other._at, other._seq, other._before, self.stages.is_final
        self._dates_seen, self._dates_ahead = other._dates_seen, other._dates_ahead
        view = self._view = self.view(at)
        view.facts = derive_all(self.plan.derived, view)
        self.levels.take_over(other.levels, levels, view)
        view.level = self.levels.level
        self.approvals.take_over(other.approvals, history, at)
        self.duties.take_over(other.duties, view)
        self.notices.take_over(other.notices, self.kind.notices)
        if self.plan.link_starts:
            self.links.take_over(other.links, history)
        if self.plan.over.named_facts:
            self.named.take_over(other.named)
        if self.plan.over.is_any:
            self.samples.take_over(other.samples, history)
            self.reckonings.take_over(other.reckonings, self.kind.facts, history)

    def _recount(self, event: Event, calendar: Calendar) -> None:
        """From now on another calendar counts. What is over stays as it was counted."""
        self.earlier.append(Ruled(event.at, self.calendar, self.kind))
        self.calendar = self._view.calendar = calendar
        parts: list[Counting] = [self.clocks, self.levels, self.approvals, self.duties, *self.derived]
        parts += [self.additions] if self.plan.additions else []
        for part in parts:
            part.recount()
        if self._timed:
            self._others = event.at

    def _apply(self, event: Event, snapshot: Snapshot) -> None:
        history, seq = self.history, event.seq
        if event.calendar is not None and event.calendar != self.calendar:
            self._recount(event, event.calendar)
        for code in self.ledger.take(event):
            history.moved.add(code)
            self._dates_seen.pop(code, None)  # the same date stated again is a moment again
            self._dates_ahead.pop(code, None)
        for document in event.forms:
            self.ledger.documents[document] = None
        if self.plan.over.named_facts:
            self.named.take(event)
        if event.role == WORLD:
            snapshot.known_at = event.recorded_at
        snapshot.facts = self.ledger.stated
        key = self.plan.event_keys.get(event.kind)
        if key is not None:
            history.add(key, snapshot, seq, str(seq), author(event), event.facts)
        if event.kind in self.plan.said:
            for key in self._said_by_itself(event):
                history.add(key, snapshot, seq, str(seq), author(event), event.facts)

    def _said_by_itself(self, event: Event) -> Iterator[Key]:
        """The moments of an event that means something to the engine, whatever a policy says of it."""
        if event.kind == DOCUMENT_FILLED and "document" in event.facts:
            self.ledger.documents[str(event.facts["document"])] = None
        elif event.kind == NOTICE_SENT and "notice" in event.facts:
            yield (NOTICE, str(event.facts["notice"]), SENT)
        elif event.kind in LINK_EVENTS:
            yield link_key(event)
        if self.plan.over.is_any:
            self.reckonings.take(event)
            yield from self.samples.take(event)

    def _derive(self, view: View, snapshot: Snapshot) -> None:
        """Work out the derived facts. Where nothing is stated anew and none of them moved, all is as it was."""
        stated = self.ledger.stated
        if self.derived and self._may_derive_anew(view):
            plain = self._worked_out(stated, view)
        elif stated is self._stated:
            plain = self._plain
        else:
            plain = {**stated, **self._values} if self._values else stated
        self.facts = snapshot.facts = view.facts = self._plain = plain
        self._stated = stated
        if self._follows_facts:
            for code in self.plan.counted_facts:
                self.clocks.timelines[code].put(view.now, plain.get(code))
            for code in self.plan.dated_facts:
                self._date_fact(code, view.now, snapshot)

    def _worked_out(self, stated: Mapping[str, Value], view: View) -> Mapping[str, Value]:
        """Each derived fact sees those before it."""
        facts = view.facts = dict(stated)
        values = self._values = {}
        for derived in self.derived:
            if derived.code in stated:  # a stated value stands
                derived.forget()
                continue
            value = derived.settle(view)
            if value is not None:
                facts[derived.code] = values[derived.code] = value
        return facts

    def _may_derive_anew(self, view: View) -> bool:
        """Whether any derived fact may have another value, or is stated in its place or no longer."""
        plan, history = self.plan, view.history
        if self._stated is None or not plan.derived_hear.isdisjoint(history.moved):
            return True
        if plan.late_facts and not plan.derived_hear_late.isdisjoint(history.moved_before):
            return True
        for derived in self._timed_facts:  # noqa: SIM110  asked at every instant; a generator costs twice
            if derived.has_moved(view):
                return True
        return False

    def _date_fact(self, code: str, at: datetime, snapshot: Snapshot) -> None:
        """A date is a moment when it arrives, or when it is stated if it lies in the past; other facts when stated."""
        value = self.facts.get(code)
        if value is not None and value != self._dates_seen.get(code):
            self._dates_seen[code] = value
            self._dates_ahead[code] = instant_of(value, self.calendar) or at
        arrives = self._dates_ahead.get(code)
        if arrives is not None and arrives <= at:
            del self._dates_ahead[code]
            seq = self.ledger.seqs.get(code, BY_TIME)
            self.history.add((FACT, code, ""), snapshot, seq, str(seq), at=arrives)

    def _look_ahead(self, view: View) -> None:
        """When time alone moves anything but duties, where that may be another instant than was known."""
        view.facts = self._plain
        others = self._others
        is_due = others is not None and others <= view.now
        if self._timed and (is_due or not self.plan.time_reads.isdisjoint(self.history.moved)):
            self._others = None
            for timed in self._timed:
                self._others = sooner(self._others, timed.next_change(view))
        if self.approvals.rounds:
            self._signing = self.approvals.next_change(view)

    def _next_change(self) -> datetime | None:
        """The next instant at which time alone changes something."""
        view, at = self._view, self._view.now
        view.facts = self.facts
        duties = self.duties.next_change(view)
        view.facts = self._plain
        is_unsettled = self._may_be_unsettled and self._is_unsettled(view)
        self._ticks = self._ticks + 1 if at - self._before <= TICK else 0
        if is_unsettled and self._ticks < MOST_PASSES:
            return at + TICK
        if self._ticks >= MOST_PASSES:
            # Rules that never come to rest would be followed from tick to tick for ever.
            instants = (duties, self._others, self._signing, *self._dates_ahead.values())
            return earliest(instant for instant in instants if instant != at + TICK)
        found = sooner(sooner(duties, self._others), self._signing)
        return earliest((found, *self._dates_ahead.values())) if self._dates_ahead else found

    def _is_unsettled(self, view: View) -> bool:
        """Whether a stratum was passed before something came about that it reads: then it is read one tick later."""
        if self.kind.approvals:
            if not self.approvals.heard_all(view):
                return True
            if self.approvals.rounds and not self.stages.is_final and self.approvals.waits_in(view):
                return True
        if not self.plan.reads_late or not any(derived.has_moved(view) for derived in self.derived):
            return False
        again = derive_all(self.plan.derived, view.but(self.ledger.stated))
        return any(again.get(fact.code) != self._plain.get(fact.code) for fact in self.plan.derived)
