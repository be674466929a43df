"""Approvals: rounds of signatures, opened by what is to be signed and ended by the last signature or a refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from kesu.policy.events import (
    APPROVAL_SENT_BACK,
    APPROVAL_SIGNED,
    APPROVAL_STAFFED,
    APPROVAL_TAKEN_BACK,
    FOUND,
    RETURN_TO,
    SIGN_PLACE,
    SIGN_ROUND,
    SIGNATURE,
    Event,
)
from kesu.policy.model.approving import ApprovalConflict, SignAct, Staffing, VacancyMode
from kesu.policy.model.approving import allowed as allowed_act
from kesu.policy.model.conditions import MomentNoun
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Approval, Who
from kesu.policy.standing.acts import ACTS, act_on
from kesu.policy.standing.conditions import View, choose, earliest, is_true, matches, next_change, table_change
from kesu.policy.standing.moments import APPROVAL, MOST_PASSES, History, Mark, Snapshot
from kesu.policy.standing.plan import Plan
from kesu.policy.standing.reads import Watch
from kesu.policy.standing.results import ApprovalState, ApprovalStatus
from kesu.policy.standing.rounds import (
    GRANTED,
    OPENED,
    REFUSED,
    UNDER_WAY,
    LinkRun,
    Round,
    SignPlace,
    laid_out,
    state_of,
)

_ACTS: Final = frozenset({APPROVAL_SIGNED, APPROVAL_STAFFED, *ACTS})


@dataclass(frozen=True, slots=True)
class Turn:
    """What an approval does to the stage: to be applied by the stage stratum, in order."""

    to: str | None
    seq: int
    origin: str


def _stage_sent_to(event: Event, approval: Approval) -> str | None:
    """The stage to which a signer sends the case back, where he names one and no link."""
    allowed = allowed_act(approval.allows, SignAct.SEND_BACK) if event.kind == APPROVAL_SENT_BACK else None
    word = event.facts.get(f"{RETURN_TO}{approval.code}")
    return dict(allowed.stages).get(str(word)) if allowed is not None else None


def _stage_taken_back_to(approval: Approval) -> str | None:
    allowed = allowed_act(approval.allows, SignAct.TAKE_BACK)
    return allowed.stages[0][1] if allowed is not None and allowed.stages else None


def _is_kept(run: LinkRun, approval: Approval) -> bool:
    return run.is_added or run.is_touched or run.index < len(approval.chain)


def _leave(place: SignPlace, approval: Approval, at: datetime, *, has_next: bool) -> None:
    """What becomes of a place that nobody can sign. The last link is never left to a next one."""
    vacancy = approval.nobody
    is_own = place.staffing is Staffing.OWN and approval.conflict is ApprovalConflict.SKIP
    goes_on = is_own or vacancy.mode is VacancyMode.NEXT
    if (goes_on and has_next) or vacancy.mode is VacancyMode.SKIP:
        place.left_out_at = at
    elif vacancy.role is not None and place.who != Who(vacancy.role):
        place.who, place.staffing = Who(vacancy.role), Staffing.SOMEBODY


class ApprovalDesk:
    """All rounds of a case, oldest first, and the approvals that still wait for their condition."""

    def __init__(self, kind: Kind, plan: Plan) -> None:
        self._approvals = self._known = kind.approvals
        self.rounds: list[Round] = []
        self._latest: dict[str, Round] = {}
        self._cursor = 0
        self._listened = plan.approvals_hear
        self._watch = Watch(plan.approval_reads, reads_ahead=True)
        self._is_waiting = False  # whether a round is under way or waits for its condition
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
        is_act = event is not None and event.kind in _ACTS
        history = view.history
        if not is_act and not (self._watch.has_moved(view) if self._is_waiting else self._may_hear(history)):
            self._cursor = len(history.marks)
            return ()
        self._is_dated, self._watch.until = False, None
        turns: list[Turn] = []
        if event is not None and is_act:
            self._listen(view, upto_seq=event.seq)
            self._open(view, snapshot, turns)
            self._act(event, view, snapshot, turns)
        for _ in range(MOST_PASSES):
            before = (len(history.marks), self._cursor)
            self._listen(view)
            self._open(view, snapshot, turns)
            self._watch.is_unread = (len(history.marks), self._cursor) != before
            if not self._watch.is_unread:
                break
        self._note_waiting()
        return turns

    def recount(self) -> None:
        """Another calendar counts."""
        self._watch.recount()
        self._is_dated = False

    def take_over(self, other: ApprovalDesk, history: History, at: datetime) -> None:
        """The rounds that were opened under other rules. What is signed stays signed, what waits follows the chain as
        it is now; a round of which nothing is said any more ends."""
        self.rounds, self._latest = other.rounds, other._latest
        self._known = {**other._known, **self._approvals}
        self._cursor = len(history.marks)
        for found in self._latest.values():
            if found.status is not UNDER_WAY:
                continue
            approval = self._approvals.get(found.code)
            if approval is None:
                found.close(ApprovalStatus.VOID, at)
            else:
                found.links = [run for run in found.links if _is_kept(run, approval)]
        self._note_waiting()

    def rule(self, code: str) -> Approval:
        """The approval as it stands now, or stood when there was one."""
        return self._known[code]

    def heard_all(self, view: View) -> bool:
        """Whether no later stratum of this instant brought about something that an approval listens to."""
        if not self._may_hear(view.history):
            return True
        for mark in view.history.since(self._cursor):
            for _, moment in (*mark.hearers.asks, *mark.hearers.stops):
                if matches(mark, moment, view):
                    return False
        return True

    def _may_hear(self, history: History) -> bool:
        """Whether anything that approvals listen to came about lately."""
        return not (self._listened.isdisjoint(history.moved) and self._listened.isdisjoint(history.moved_before))

    def _note_waiting(self) -> None:
        self._is_waiting = False
        for found in self._latest.values():
            if found.status is UNDER_WAY:
                self._is_waiting = True

    def next_change(self, view: View) -> datetime | None:
        """When time alone opens an approval or changes who has to sign."""
        if not self._is_waiting:
            return None
        if self._is_dated and not self._watch.has_moved(view):
            return self._watch.until
        instants: list[datetime | None] = []
        for found in self._latest.values():
            approval = self._approvals[found.code]
            if found.opened_at is None and found.status is UNDER_WAY:
                instants.append(next_change(approval.when, view))
            elif found.is_open:
                instants.extend(table_change(table, view) for table in approval.chain)
        self._watch.until, self._is_dated = earliest(instants), True
        return self._watch.until

    def waits_in(self, view: View) -> bool:
        """Whether a waiting approval could open now (its condition reads something that moved after its stratum)."""
        return self._is_waiting and any(
            found.opened_at is None and found.status is UNDER_WAY and is_true(self._approvals[found.code].when, view)
            for found in self._latest.values()
        )

    def end(self, at: datetime) -> None:
        """The case is over: nobody needs to sign any more."""
        for found in self._latest.values():
            if found.status is UNDER_WAY:
                found.close(ApprovalStatus.VOID, at)
        self._is_waiting = False

    def states(self, facts: Mapping[str, Value]) -> tuple[ApprovalState, ...]:
        """Every round that was opened, oldest first."""
        return tuple(state_of(found, self._known[found.code], facts) for found in self.rounds if found.opened_at)

    def _listen(self, view: View, upto_seq: int | None = None) -> None:
        for mark in view.history.since(self._cursor):
            if upto_seq is not None and mark.seq > upto_seq:
                return
            self._cursor = mark.index + 1
            for approval, moment in mark.hearers.stops:
                if matches(mark, moment, view):
                    self._void(approval.code, mark.snapshot.at, only_open=True)
            for approval, moment in mark.hearers.asks:
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
        if found is None or (only_open and found.status is not UNDER_WAY):
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
            if found.status is not UNDER_WAY:
                continue
            approval = self._approvals[found.code]
            if found.opened_at is None:
                if not is_true(approval.when, view):
                    continue
                found.opened_at, found.origin = snapshot.at, found.asked.origin
                found.opened_seq, found.came_from = found.asked.seq, view.stage
                self._mark(found, OPENED, found.opened_seq, found.origin, view.history, snapshot)
                turns.append(Turn(approval.opened_to, found.opened_seq, found.origin))
            self._advance(found, view, found.opened_seq, found.origin, snapshot, turns)

    def _act(self, event: Event, view: View, snapshot: Snapshot, turns: list[Turn]) -> None:
        """What somebody does to the link whose turn it is, or what the program says of it."""
        found = self._latest.get(str(event.facts.get("approval", "")))
        current = found.current() if found is not None else None
        if found is None or current is None:
            return
        approval = self._approvals[found.code]
        if event.kind == APPROVAL_TAKEN_BACK:
            found.close(ApprovalStatus.VOID, snapshot.at)
            turns.append(Turn(_stage_taken_back_to(approval) or found.came_from, event.seq, str(event.seq)))
            return
        stage = _stage_sent_to(event, approval)
        if event.kind == APPROVAL_SIGNED:
            has_acted = current.sign(event, view.facts)
        elif event.kind == APPROVAL_STAFFED:
            has_acted = self._staff(found, current, event)
        else:
            has_acted = stage is not None or act_on(found, current, event, approval)
        if not has_acted:
            return
        if not current.is_refused and stage is None:
            self._advance(found, view, event.seq, str(event.seq), snapshot, turns)
            return
        found.close(ApprovalStatus.REFUSED, snapshot.at)
        self._mark(found, REFUSED, event.seq, str(event.seq), view.history, snapshot)
        turns.append(Turn(stage or approval.refused_to, event.seq, str(event.seq)))

    def _staff(self, found: Round, run: LinkRun, event: Event) -> bool:
        """Take in whom the program found for a place. Says whether it belongs to this version and link."""
        place = run.place(str(event.facts.get(SIGN_PLACE, "")))
        if place is None or event.facts.get(SIGN_ROUND) != found.opened_seq:
            return False
        place.staffing = Staffing(str(event.facts[FOUND]))
        if place.staffing is Staffing.SIGNED:
            earlier = found.signature(event.facts.get(SIGNATURE))
            place.signature = replace(earlier, who=place.who, at=event.at) if earlier is not None else None
        for one in run.places:  # of several who each suffice the last one missing decides for all
            if run.is_stuck_at(one):
                _leave(one, self._approvals[found.code], event.at, has_next=found.has_after(run))
        run.count()
        return True

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
            run = found.of_chain(index)
            if run is not None and run.is_touched:
                continue
            link = laid_out(choose(table, view), view.facts)
            if link is None:
                if run is not None:
                    found.links.remove(run)
            elif run is None:
                found.put(LinkRun.of(str(index + 1), link, index))
            elif run.chosen is not link and run.chosen != link:
                run.choose(link)
        current = found.current() or self._left_to_nobody(found, approval, snapshot)
        if current is None:
            found.close(ApprovalStatus.GRANTED, snapshot.at)
            self._mark(found, GRANTED, seq, origin, view.history, snapshot)
            turns.append(Turn(approval.granted_to, seq, origin))
        elif current.began_at is None:
            current.began_at, current.began_seq, current.began_origin = snapshot.at, seq, origin

    @staticmethod
    def _left_to_nobody(found: Round, approval: Approval, snapshot: Snapshot) -> LinkRun | None:
        """The last link, where it was left to a next one that is there no more: it is the last one now, and waits."""
        last = found.links[-1] if found.links else None
        if last is None or approval.nobody.mode is VacancyMode.SKIP or not all(one.left_out_at for one in last.places):
            return None
        for place in last.places:
            place.left_out_at = None
        last.count()
        for place in last.places:
            _leave(place, approval, snapshot.at, has_next=False)
        return found.current()

    @staticmethod
    def _mark(found: Round, became: str, seq: int, origin: str, history: History, snapshot: Snapshot) -> None:
        history.add((APPROVAL, found.code, became), snapshot, seq, origin, found.author)
