"""The walk over a log: a small simulation that stops at every event and at every instant at which time changes
something. At one instant the strata follow each other in a fixed order: events, facts, level, approvals, stage,
duties, effects. Nothing here reads a clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from kesu.policy.calendar import Calendar
from kesu.policy.events import DOCUMENT_FILLED, NOTICE_SENT, Event
from kesu.policy.model.conditions import MomentNoun
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import WORLD
from kesu.policy.standing.approvals import ApprovalDesk
from kesu.policy.standing.conditions import View, choose, earliest
from kesu.policy.standing.derived import Derived, derive_all
from kesu.policy.standing.duties import DutyBook
from kesu.policy.standing.effects import NoticeBook
from kesu.policy.standing.elapsed import Clocks, Timeline
from kesu.policy.standing.facts import Ledger, instant_of
from kesu.policy.standing.joining import Additions
from kesu.policy.standing.levels import LevelGauge
from kesu.policy.standing.links import LINK_EVENTS, LinkBook, link_key
from kesu.policy.standing.moments import BY_TIME, MOST_PASSES, SENT, TICK, History, Snapshot, key
from kesu.policy.standing.plan import plan_of
from kesu.policy.standing.stages import StageTrack


class Walk:
    """The state of a case while its log is walked, and after it: what `standing` reads its answer from."""

    def __init__(self, kind: Kind, calendar: Calendar) -> None:
        self.kind = kind
        self.calendar = calendar
        self.plan = plan_of(kind)
        self.history = History(self.plan.keys)
        self.ledger = Ledger(kind, self.plan.lapses)
        self.clocks = Clocks(
            {code: Timeline(self.ledger.stated.get(code)) for code in self.plan.counted_facts},
            self.plan.lived_ages,
        )
        self.derived = [Derived(fact, self.plan.derived_reads[fact.code]) for fact in self.plan.derived]
        self.levels = LevelGauge(kind.levels, self.plan.level_reads)
        self.approvals = ApprovalDesk(kind)
        self.stages = StageTrack(kind)
        self.additions = Additions(self.plan.additions, self.plan.addition_reads)
        self.duties = DutyBook(self.plan)
        self.notices = NoticeBook(self.plan)
        self.links = LinkBook(self.plan)
        self.facts: Mapping[str, Value] = dict(self.ledger.stated)
        self._plain = self.facts  # without those who join a group by themselves: what the strata before duties read
        self._dates_seen: dict[str, Value] = {}
        self._dates_ahead: dict[str, datetime] = {}
        self._walked = datetime.min.replace(tzinfo=UTC)
        self._ticks = 0

    def run(self, events: Sequence[Event], until: datetime) -> datetime | None:
        """Walk events (none of them after `until`) and the time between and after them, up to and including `until`.

        Returns the first instant after `until` at which time alone would change something."""
        upcoming: datetime | None = None
        for event in sorted(events, key=_order):
            while upcoming is not None and upcoming < event.at:
                upcoming = self._instant(upcoming, [])
            # One by one, also at one instant: what somebody did stays done whatever is written down after it.
            upcoming = self._instant(event.at, [event])
        while upcoming is not None and upcoming <= until:
            upcoming = self._instant(upcoming, [])
        return upcoming

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

    def _instant(self, at: datetime, events: list[Event]) -> datetime | None:
        self.history.settled = len(self.history.marks)
        snapshot = Snapshot(at, self.facts, self.levels.level, self.stages.stage, self.levels.level, self.stages.stage)
        snapshot.known_at = max((event.recorded_at for event in events if event.role == WORLD), default=None)
        changed = {code for event in events for code in event.facts}
        self._apply(events, snapshot, changed)
        view = self.view(at)
        self._derive(view, snapshot, changed)
        self.levels.settle(events, view, self.history, snapshot, changed)
        view.level = self.levels.level
        turns = self.approvals.settle(events, view, self.history, snapshot)
        self.stages.follow(events, view, self.history, snapshot)
        for turn in turns:
            self.stages.move(turn.to, turn.seq, turn.origin, self.history, snapshot)
        self._leave_waiting(events, view, snapshot)
        view.stage = self.stages.stage
        is_final = self.stages.is_final
        if snapshot.stage is not snapshot.stage_before and self.clocks.over.put(at, is_final):
            self.levels.forget()
        if is_final:
            self.approvals.end(at)
        self.facts = snapshot.facts = view.facts = self.additions.settle(view, changed)
        self.duties.settle(view, self.history, snapshot, changed, is_final=is_final)
        self.notices.settle(view, self.history)
        self.links.settle(view, self.history)
        snapshot.is_past = True
        return self._next_change(view, changed)

    def _leave_waiting(self, events: list[Event], view: View, snapshot: Snapshot) -> None:
        """The end of the last linked case of a rule moves the case, as the rule says. One that is over stays so."""
        for event in events if self.plan.links else ():
            link = self.links.ended(event, self.history)
            if link is None or link.closed_to is None or self.stages.is_final:
                continue
            view.stage = self.stages.stage
            self.stages.move(choose(link.closed_to, view), event.seq, str(event.seq), self.history, snapshot)

    def _apply(self, events: list[Event], snapshot: Snapshot, changed: set[str]) -> None:
        for event in events:
            for code in self.ledger.lapse(event):
                changed.add(code)
                self._dates_seen.pop(code, None)  # the same date stated again is a moment again
                self._dates_ahead.pop(code, None)
            self.ledger.state(event)
            for document in event.forms:
                self.ledger.documents[document] = None
            if event.kind == DOCUMENT_FILLED and "document" in event.facts:
                self.ledger.documents[str(event.facts["document"])] = None
        if events:
            snapshot.facts = dict(self.ledger.stated)
        for event in events:
            keys = [key(MomentNoun.EVENT, event.kind)]
            if event.kind == NOTICE_SENT and "notice" in event.facts:
                keys.append(key(MomentNoun.NOTICE, str(event.facts["notice"]), SENT))
            elif event.kind in LINK_EVENTS:
                keys.append(link_key(event))
            for one in keys:
                self.history.add(one, snapshot, seq=event.seq, origin=str(event.seq), by=event.by, own=event.facts)

    def _derive(self, view: View, snapshot: Snapshot, changed: set[str]) -> None:
        facts = view.facts = dict(self.ledger.stated)
        for derived in self.derived:
            if derived.code not in self.ledger.stated:  # a stated value stands
                value = derived.settle(view, changed)
                if value is not None:
                    facts[derived.code] = value
        self.facts = self._plain = snapshot.facts = facts
        for code, line in self.clocks.timelines.items():
            line.put(view.now, facts.get(code))
        for code in self.plan.dated_facts:
            self._date_fact(code, view.now, snapshot)

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
            self.history.add((MomentNoun.FACT, code, ""), snapshot, seq=seq, origin=str(seq), at=arrives)

    def _next_change(self, view: View, changed: set[str]) -> datetime | None:
        at = view.now
        duties = self.duties.next_change(view)
        view.facts = self._plain
        instants = [
            duties,
            self.levels.next_change(view),
            self.approvals.next_change(view),
            self.additions.next_change(view, changed),
            *(derived.next_change(view, changed) for derived in self.derived),
            *self._dates_ahead.values(),
            at + TICK if self._is_unsettled(view) else None,
        ]
        self._ticks = self._ticks + 1 if at - self._walked <= TICK else 0
        self._walked = at
        if self._ticks < MOST_PASSES:
            return earliest(instants)
        # Rules that never come to rest would be followed from tick to tick for ever.
        return earliest(instant for instant in instants if instant != at + TICK)

    def _is_unsettled(self, view: View) -> bool:
        """Whether a stratum was passed before something came about that it reads: then it is read one tick later."""
        if not self.approvals.heard_all(self.history, view):
            return True
        if not self.stages.is_final and self.approvals.waits_in(view):
            return True
        if not self.plan.reads_late or not any(derived.may_differ(view) for derived in self.derived):
            return False
        again = derive_all(self.plan.derived, view.but(self.ledger.stated))
        return any(again.get(fact.code) != self._plain.get(fact.code) for fact in self.plan.derived)


def _order(event: Event) -> tuple[datetime, int]:
    return (event.at, event.seq)
