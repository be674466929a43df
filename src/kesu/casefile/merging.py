"""A case goes into another one of its kind and goes on there. Nothing is moved: its log, people, files and notes stay
where they are, and the other one shows them. Both are of one matter from then on, so that its people stay counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.casefile.books import kind_of
from kesu.casefile.casefile import CaseFile
from kesu.casefile.matters.dividing import absorbed_at, divide
from kesu.casefile.matters.membership import Held, hold, join, part
from kesu.casefile.statement import Given
from kesu.core.errors import Unacceptable
from kesu.policy.events import CASE_ABSORBED, LINKED_CASE, Event
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import WORLD
from kesu.policy.standing import next_seq, void_event
from kesu.policy.standing.corrections import voided_seqs
from kesu.store.fixed import Fixed
from kesu.store.models import Case, CaseCard, CaseEvent, CaseMention, MatterMember

_MOST_STEPS: Final = 50
"""So far a case is followed that went into one that went into another one."""

Lock = Callable[[UUID], Case]


@dataclass(frozen=True, slots=True)
class Merging:
    """Both cases and their matters, locked. `fact`: in which the one names the other."""

    held: Held
    case: UUID
    into: UUID
    fact: str

    def weigh(self, file: CaseFile, now: datetime) -> None:
        """Raises `Unacceptable` where the other case takes none in: it is over, or one of the two is confidential and
        would be read off the other. None goes into one that is over, as every merged one is: so nothing goes round."""
        other = CaseFile.open(self.held.cases[self.into]).standing(now)
        if other.is_final:
            raise _wrong(self.fact, "case_over")
        if other.only_for is not None or file.standing(now).only_for is not None:
            raise _wrong(self.fact, "case_secret")

    def carry_out(self, event: Event, by: UUID | None) -> None:
        """The other case learns that this one came, and both become one matter."""
        now = event.recorded_at
        other = CaseFile.open(self.held.cases[self.into])
        came = Event(next_seq(other.log), CASE_ABSORBED, now, now, role=WORLD, facts={LINKED_CASE: self.case.hex})
        other.hear(came, now)
        join(self.held, self.case, self.into, by=by, now=now)

    def undo(self, merged: Event, undone: Event, by: UUID | None) -> None:
        """The other case learns that this one never came, and where they became one matter by it they part: each with
        the matter that it had."""
        now = undone.recorded_at
        other = CaseFile.open(self.held.cases[self.into])
        seq = _came_by(other, self.case)
        if seq is not None:
            other.hear(void_event(other.log, seq, undone.by, undone.role, now), now)
        absorbed, came_then = absorbed_at(self.held, merged.recorded_at), self._came_to_the_matter(merged.recorded_at)
        if absorbed is not None:
            divide(self.held, absorbed, by=by, now=now)
        elif came_then is not None:
            part(self.held, came_then, by=by, now=now)

    def _came_to_the_matter(self, at: datetime) -> UUID | None:
        """Which of the two came to the matter of the other by the merging; where it made the matter, this one."""
        members = MatterMember.objects.filter(case__in=(self.case, self.into), joined_at=at)
        came = set(members.values_list("case_id", flat=True)) & self.held.matters.keys()
        return next((one for one in (self.case, self.into) if one in came), None)


def _came_by(other: CaseFile, case: UUID) -> int | None:
    voided = voided_seqs(other.log)
    came = (e.seq for e in other.log if e.kind == CASE_ABSORBED and e.facts.get(LINKED_CASE) == case.hex)
    return max((seq for seq in came if seq not in voided), default=None)


def _wrong(fact: str, why: str) -> Unacceptable:
    return Unacceptable(why, data={"fields": {fact: why}, "refusals": ()})


def held_to_merge(case_id: UUID, step: str, given: Given, lock: Lock, lock_other: Lock) -> Merging | None:
    """Where the step merges the case: both, locked in the one order that everybody keeps to; None where it does not, or
    names nothing that could be a case. Raises `Unacceptable` for a case with itself, and what the locks raise."""
    for policy, kind in _RULED(case_id) if any(map(_named, given.values())) else ():
        rule = kind_of(policy, kind).steps.get(step)
        into = _named(given.get(rule.merges, ())) if rule is not None and rule.merges else None
        if rule is None or rule.merges is None or into is None:
            return None
        if into == case_id:
            raise _wrong(rule.merges, "merges_itself")
        return _held(case_id, into, rule.merges, lock, lock_other)
    return None


def refuse_unseen(kind: Kind, step: str, given: Given) -> None:
    """Raises `Unacceptable` for a step that would merge a case into one that was not found and locked."""
    rule = kind.steps.get(step)
    if rule is not None and rule.merges is not None and _named(given.get(rule.merges, ())) is not None:
        raise _wrong(rule.merges, "unknown_row")


def held_to_undo(case_id: UUID, seq: int, lock: Lock, lock_other: Lock) -> Merging | None:
    """The same for an event that is to be taken back."""
    for policy, kind, step, facts in _EVENT(case_id, seq):
        rule = kind_of(policy, kind).steps.get(step)
        into = _named((facts.get(rule.merges, ""),)) if rule is not None and rule.merges else None
        if rule is not None and rule.merges is not None and into is not None:
            return _held(case_id, into, rule.merges, lock, lock_other)
    return None


def _held(case_id: UUID, into: UUID, fact: str, lock: Lock, lock_other: Lock) -> Merging:
    held = hold((case_id, into), lambda pk: (lock if pk == case_id else lock_other)(pk))
    return Merging(held, case_id, into, fact)


def _named(texts: object) -> UUID | None:
    text = texts[0] if isinstance(texts, tuple | list) and texts else ""
    is_id = isinstance(text, str) and len(text) == 32 and set(text) <= set("0123456789abcdef")
    return UUID(text) if is_id else None


def locked(case_id: UUID) -> Case:
    """The row, whoever may see it: what is done to it follows from what was done to another one."""
    return Case.objects.select_for_update(of=("self",)).select_related("unit").get(pk=case_id)


def merged_into(case_id: UUID) -> list[UUID]:
    """The cases that were merged into this one, the first one first. One query."""
    return [
        case
        for case, fact, policy, kind, stage in _MERGED(case_id)
        if fact in merging_facts(kind_of(policy, kind), stage)
    ]


def goes_on_in(card: CaseCard) -> CaseCard | None:
    """Where a merged case goes on: the last one, where that was merged too. `card`: with its case."""
    found = None
    for _ in range(_MOST_STEPS):
        facts = merging_facts(kind_of(card.case.policy_version_id, card.case.kind), card.stage)
        named = CaseMention.objects.filter(case=card.pk, fact__in=facts) if facts else CaseMention.objects.none()
        cards = CaseCard.objects.select_related("case", "case__unit").filter(pk__in=named.values("named"))
        after = cards.first() if facts else None
        if after is None:
            break
        card = found = after
    return found


def merging_facts(kind: Kind, stage: str) -> frozenset[str]:
    """The facts that name where a case in this stage goes on."""
    return frozenset(_facts(kind, stage))


def _facts(kind: Kind, stage: str) -> Iterator[str]:
    for step in kind.steps.values():
        if step.merges is not None and step.to is not None and step.to.only == stage:
            yield step.merges


_RULED: Final = Fixed(lambda case: Case.objects.filter(pk=case).values_list("policy_version_id", "kind"))
_EVENT: Final = Fixed(
    lambda case, seq: CaseEvent.objects.filter(case=case, seq=seq).values_list(
        "case__policy_version_id", "case__kind", "step", "facts"
    )
)
_MERGED: Final = Fixed(
    lambda case: (
        CaseMention.objects.filter(named=case)
        .order_by("case_id")
        .values_list("case_id", "fact", "case__policy_version_id", "case__kind", "case__card__stage")
    )
)
