"""Approvals: rounds of signatures, opened by what is to be signed and ended by the last signature or a refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from kesu.policy.events import APPROVAL_SIGNED, Event
from kesu.policy.model.conditions import MomentNoun
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Approval, Link, LinkMode, Who
from kesu.policy.standing.conditions import View, choose, earliest, is_true, matches, next_change, table_change
from kesu.policy.standing.facts import role_of
from kesu.policy.standing.moments import APPROVAL, MOST_PASSES, History, Mark, Snapshot
from kesu.policy.standing.plan import Plan
from kesu.policy.standing.reads import Watch
from kesu.policy.standing.results import ApprovalState, ApprovalStatus, LinkState, Signature
from kesu.policy.standing.takers import slots_of, units_of

GRANTED = "granted"
REFUSED = "refused"
OPENED = "opened"


@dataclass(slots=True)
class LinkRun:
    """One link of a round: who signs it as things stand, and who has."""

    link: Link
    signatures: dict[int, Signature] = field(default_factory=dict)
    began_at: datetime | None = None
    began_seq: int = 0
    began_origin: str = ""
    is_done: bool = False

    def waiting(self) -> dict[int, Who]:
        """Those who have still to sign, by their place in the link."""
        if self.is_done:
            return {}
        return {place: who for place, who in enumerate(self.link.who) if place not in self.signatures}

    def sign(self, event: Event, facts: Mapping[str, Value]) -> bool:
        """Put the signature in the first place that the signer's slot fits. False when it fits none."""
        for place, who in self.waiting().items():
            if _fits(event.role, who, facts):
                verdict = str(event.facts.get("verdict", ""))
                self.signatures[place] = Signature(who, verdict, event.by, event.at, event.seq)
                self.is_done = verdict != GRANTED or self.link.mode is not LinkMode.ALL or not self.waiting()
                return True
        return False


def _of_each_unit(link: Link | None, facts: Mapping[str, Value]) -> Link | None:
    """Where one of every unit signs, all of those in the units that are named. Until some are, the link waits."""
    if link is None or link.mode is not LinkMode.EACH:
        return link
    signers = tuple(replace(who, unit=unit) for who in link.who for unit in units_of(who, facts))
    return Link(LinkMode.ALL, signers or link.who)


def _fits(role: str | None, who: Who, facts: Mapping[str, Value]) -> bool:
    if role is None:
        return False
    if who.group is not None:
        members = facts.get(who.group)
        return isinstance(members, tuple) and any(role_of(member) == role for member in members)
    return role == who.role or role in slots_of(who, facts)


@dataclass(slots=True)
class Round:
    """One version of what is signed. Until `when` holds it only waits (`opened_at` None)."""

    code: str
    asked: Mark
    opened_at: datetime | None = None
    opened_seq: int = 0
    origin: str = ""
    status: ApprovalStatus = ApprovalStatus.OPEN
    closed_at: datetime | None = None
    links: dict[int, LinkRun] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.status is ApprovalStatus.OPEN

    @property
    def author(self) -> str | None:
        """Who wrote what is signed."""
        return self.asked.by

    def close(self, status: ApprovalStatus, at: datetime) -> None:
        """End the round; what ended it first is when it ended."""
        self.status = status
        self.closed_at = self.closed_at or at

    def current(self) -> tuple[int, LinkRun] | None:
        """The link whose turn it is."""
        if not self.is_open:
            return None
        return next(((index, run) for index, run in sorted(self.links.items()) if not run.is_done), None)


@dataclass(frozen=True, slots=True)
class Turn:
    """What an approval does to the stage: to be applied by the stage stratum, in order."""

    to: str | None
    seq: int
    origin: str


class ApprovalDesk:
    """All rounds of a case, oldest first, and the approvals that still wait for their condition."""

    def __init__(self, kind: Kind, plan: Plan) -> None:
        self._approvals = kind.approvals
        self.rounds: list[Round] = []
        self._latest: dict[str, Round] = {}
        self._cursor = 0
        self._asks, self._ends = plan.asks, plan.ends
        self._listened = plan.approvals_hear
        self._watch = Watch(plan.approval_reads, reads_ahead=True)
        self._is_dated = False  # whether the watch knows when time alone opens one or changes who has to sign

    def latest(self, code: str) -> Round | None:
        """The newest round, whatever became of it."""
        return self._latest.get(code)

    def is_granted(self, code: str) -> bool:
        """Whether the present version is signed by everybody."""
        found = self._latest.get(code)
        return found is not None and found.status is ApprovalStatus.GRANTED

    def settle(self, event: Event | None, view: View, snapshot: Snapshot) -> Sequence[Turn]:
        """The approval stratum of one instant. What it grants may ask for the next approval at the same instant."""
        is_signature = event is not None and event.kind == APPROVAL_SIGNED
        history = view.history
        if not is_signature and not (self._watch.has_moved(view) if self._is_waiting() else self._may_hear(history)):
            self._cursor = len(history.marks)
            return ()
        self._is_dated, self._watch.until = False, None
        turns: list[Turn] = []
        if event is not None and is_signature:
            self._listen(view, upto_seq=event.seq)
            self._open(view, snapshot, turns)
            self._sign(event, view, snapshot, turns)
        for _ in range(MOST_PASSES):
            before = (len(history.marks), self._cursor)
            self._listen(view)
            self._open(view, snapshot, turns)
            self._watch.is_unread = (len(history.marks), self._cursor) != before
            if not self._watch.is_unread:
                break
        return turns

    def heard_all(self, view: View) -> bool:
        """Whether no later stratum of this instant brought about something that an approval listens to."""
        if not self._may_hear(view.history):
            return True
        for mark in view.history.since(self._cursor):
            if mark.key in self._listened:
                heard = (*self._asks.get(mark.key, ()), *self._ends.get(mark.key, ()))
                if any(matches(mark, moment, view) for _, moment in heard):
                    return False
        return True

    def _may_hear(self, history: History) -> bool:
        """Whether anything that approvals listen to came about lately."""
        return not (self._listened.isdisjoint(history.moved) and self._listened.isdisjoint(history.moved_before))

    def _is_waiting(self) -> bool:
        """Whether a round is under way or waits for its condition."""
        for found in self._latest.values():  # noqa: SIM110  asked at every instant; a generator costs twice
            if found.status is ApprovalStatus.OPEN:
                return True
        return False

    def next_change(self, view: View) -> datetime | None:
        """When time alone opens an approval or changes who has to sign."""
        if not self._is_waiting():
            return None
        if self._is_dated and not self._watch.has_moved(view):
            return self._watch.until
        instants: list[datetime | None] = []
        for found in self._latest.values():
            approval = self._approvals[found.code]
            if found.opened_at is None and found.status is ApprovalStatus.OPEN:
                instants.append(next_change(approval.when, view))
            elif found.is_open:
                instants.extend(table_change(table, view) for table in approval.chain)
        self._watch.until, self._is_dated = earliest(instants), True
        return self._watch.until

    def waits_in(self, view: View) -> bool:
        """Whether a waiting approval could open now (its condition reads something that moved after its stratum)."""
        return self._is_waiting() and any(
            found.opened_at is None
            and found.status is ApprovalStatus.OPEN
            and is_true(self._approvals[found.code].when, view)
            for found in self._latest.values()
        )

    def end(self, at: datetime) -> None:
        """The case is over: nobody needs to sign any more."""
        for found in self._latest.values():
            if found.status is ApprovalStatus.OPEN:
                found.close(ApprovalStatus.VOID, at)

    def states(self) -> tuple[ApprovalState, ...]:
        """Every round that was opened, oldest first."""
        return tuple(_state(found, self._approvals[found.code]) for found in self.rounds if found.opened_at)

    def _listen(self, view: View, upto_seq: int | None = None) -> None:
        for mark in view.history.since(self._cursor):
            if upto_seq is not None and mark.seq > upto_seq:
                return
            self._cursor = mark.index + 1
            for approval, moment in self._ends.get(mark.key, ()):
                if matches(mark, moment, view):
                    self._void(approval.code, mark.snapshot.at, only_open=True)
            for approval, moment in self._asks.get(mark.key, ()):
                if matches(mark, moment, view):
                    self._ask(approval.code, mark)

    def _ask(self, code: str, mark: Mark) -> None:
        self._void(code, mark.snapshot.at)
        found = Round(code, mark)
        self._latest[code] = found
        self.rounds.append(found)

    def _void(self, code: str, at: datetime, *, only_open: bool = False) -> None:
        """End the present round, and with it the approvals that rest on it."""
        found = self._latest.get(code)
        if found is None or (only_open and found.status is not ApprovalStatus.OPEN):
            return
        if found.status is not ApprovalStatus.REFUSED:
            found.close(ApprovalStatus.VOID, at)
        for other, approval in self._approvals.items():
            rests = any(m.noun is MomentNoun.APPROVAL and m.subject == code for m in approval.of)
            later = self._latest.get(other)
            if rests and other != code and later is not None and later.status is not ApprovalStatus.VOID:
                self._void(other, at)

    def _open(self, view: View, snapshot: Snapshot, turns: list[Turn]) -> None:
        for found in list(self._latest.values()):
            if found.status is not ApprovalStatus.OPEN:
                continue
            approval = self._approvals[found.code]
            if found.opened_at is None:
                if not is_true(approval.when, view):
                    continue
                found.opened_at, found.origin = snapshot.at, found.asked.origin
                found.opened_seq = found.asked.seq
                self._mark(found, OPENED, found.opened_seq, found.origin, view.history, snapshot)
                turns.append(Turn(approval.opened_to, found.opened_seq, found.origin))
            self._advance(found, view, found.opened_seq, found.origin, snapshot, turns)

    def _sign(self, event: Event, view: View, snapshot: Snapshot, turns: list[Turn]) -> None:
        found = self._latest.get(str(event.facts.get("approval", "")))
        current = found.current() if found is not None else None
        if found is None or current is None or not current[1].sign(event, view.facts):
            return
        origin = str(event.seq)
        if event.facts.get("verdict") == GRANTED:
            self._advance(found, view, event.seq, origin, snapshot, turns)
            return
        found.close(ApprovalStatus.REFUSED, snapshot.at)
        self._mark(found, REFUSED, event.seq, origin, view.history, snapshot)
        turns.append(Turn(self._approvals[found.code].refused_to, event.seq, origin))

    def _advance(
        self,
        found: Round,
        view: View,
        seq: int,
        origin: str,
        snapshot: Snapshot,
        turns: list[Turn],
    ) -> None:
        """Read the chain as facts and level now choose it; a link that is signed stays as it was signed."""
        approval = self._approvals[found.code]
        for index, table in enumerate(approval.chain):
            run = found.links.get(index)
            if run is not None and (run.is_done or run.signatures):
                continue
            link = _of_each_unit(choose(table, view), view.facts)
            if link is None:
                found.links.pop(index, None)
            elif run is None:
                found.links[index] = LinkRun(link)
            else:
                run.link = link
        current = found.current()
        if current is None:
            found.close(ApprovalStatus.GRANTED, snapshot.at)
            self._mark(found, GRANTED, seq, origin, view.history, snapshot)
            turns.append(Turn(approval.granted_to, seq, origin))
        elif current[1].began_at is None:
            run = current[1]
            run.began_at, run.began_seq, run.began_origin = snapshot.at, seq, origin

    @staticmethod
    def _mark(found: Round, became: str, seq: int, origin: str, history: History, snapshot: Snapshot) -> None:
        history.add((APPROVAL, found.code, became), snapshot, seq=seq, origin=origin, by=found.author)


def _state(found: Round, approval: Approval) -> ApprovalState:
    assert found.opened_at is not None
    current = found.current()
    links = tuple(
        LinkState(
            str(run.link.mode),
            tuple(
                run.signatures.get(place, Signature(who, None, None, None, None))
                for place, who in enumerate(run.link.who)
            ),
            is_current=current is not None and current[0] == index,
            is_done=run.is_done,
        )
        for index, run in sorted(found.links.items())
    )
    waiting = tuple(current[1].waiting().values()) if current else ()
    return ApprovalState(
        approval.code,
        approval.name,
        approval.clauses,
        found.status,
        found.opened_at,
        found.opened_seq,
        links,
        waiting,
    )
