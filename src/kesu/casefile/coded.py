"""Whoever works blind on a case: in it through a coded slot alone, he has no sight of it and no part in it. He finds it
as a sample under its drawn code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from kesu.casefile.log import read_bodies
from kesu.casefile.people import People, Person, resolve
from kesu.casefile.shown import latest, shown
from kesu.casefile.streams import Head
from kesu.policy.coded import code_fact, coded_slots, is_blind, shown_to
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import STARTER, Who
from kesu.policy.standing import named_in
from kesu.policy.standing.results import Obligation, Standing
from kesu.store.inserting import insert
from kesu.store.models import Case, CodedSample

FIELDS: Final = ("code", "slots", "shown", "since", "due_at", "done_at")


@dataclass(frozen=True, slots=True)
class Blind:
    """Who of those that a rule means knows no more than the code."""

    kind: Kind
    slots: frozenset[str]
    log: Sequence[Event]
    current: Standing
    people: People

    @classmethod
    def on(cls, kind: Kind, log: Sequence[Event], current: Standing, people: People) -> Blind:
        return cls(kind, coded_slots(kind), log, current, people)

    def among(self, who: Who, persons: Iterable[Person], seq: int = 0) -> frozenset[UUID]:
        """`seq`: the event that started what somebody owes, where it is owed by whoever took that step."""
        if not self.slots:
            return frozenset()
        if who.group:
            named = {account for slot, account in self._named(who) if slot in self.slots}
            return frozenset(person.account_id for person in self.people.of_accounts(sorted(named)))
        started = who.role == STARTER and any(event.seq == seq and taken_blind(self.kind, event) for event in self.log)
        if who.role in self.slots or started:
            return frozenset(person.account_id for person in persons)
        return frozenset()

    def slots_in(self, who: Who, account: UUID) -> frozenset[str]:
        """The coded slots in which he is meant: as a member of a group his own, of whoever stands in those of all."""
        if not who.group:
            return frozenset({who.role})
        named = [(slot, one) for slot, one in self._named(who) if slot in self.slots]
        own = frozenset(slot for slot, one in named if one == account.hex)
        return own or frozenset(slot for slot, _ in named)

    def _named(self, who: Who) -> Iterator[tuple[str, str]]:
        for member in named_in(who, self.current.facts):
            slot, _, account = member.rpartition(":")
            yield slot, account


def taken_blind(kind: Kind, event: Event) -> bool:
    step = kind.steps.get(event.step or "")
    return step is not None and is_blind(kind, step)


def code_of(head: Head, kind: Kind, log: Sequence[Event]) -> str:
    """The drawn code as it stands now; empty before one is drawn. One query."""
    fact = kind.facts[code_fact(kind)]
    if not any(fact.code in event.facts for event in log):
        return ""
    return str(latest(kind, read_bodies(head, [fact.data.value]), log).get(fact.code, ""))


def rows_of(head: Case, blind: Blind, texts: Mapping[str, Any]) -> tuple[CodedSample, ...]:
    """One for each person who works blind on the case now. `texts`: the open ones as they stand."""
    kind, current = blind.kind, blind.current
    if not blind.slots or current.is_final or current.facts.get(code_fact(kind)) is None:
        return ()
    drawn = next(event for event in reversed(blind.log) if code_fact(kind) in event.facts)
    found = _persons(blind)
    if not found:
        return ()
    code = code_of(head, kind, blind.log)
    return tuple(
        CodedSample(
            case=head,
            account_id=account,
            code=code,
            slots=sorted(slots),
            shown={one: _shown(kind, one, current, texts) for one in shown_to(kind, slots)},
            since=drawn.at,
            due_at=_due(blind, account),
            done_at=_done(blind, account, drawn.seq),
        )
        for account, slots in sorted(found.items(), key=str)
    )


def _persons(blind: Blind) -> Mapping[UUID, frozenset[str]]:
    """Accounts for whom a step is open that they take blind, with the slots in which they do."""
    slots: dict[UUID, frozenset[str]] = {}
    for who in _open_to(blind):
        persons = resolve(who, blind.people, blind.kind, blind.log, blind.current.facts)
        for account in blind.among(who, persons):
            slots[account] = slots.get(account, frozenset()) | blind.slots_in(who, account)
    return slots


def _open_to(blind: Blind) -> Iterator[Who]:
    for state in blind.current.steps:
        if state.is_allowed and is_blind(blind.kind, blind.kind.steps[state.code]):
            yield from state.by


def _shown(kind: Kind, code: str, current: Standing, texts: Mapping[str, Any]) -> str:
    fact = kind.facts[code]
    return str(texts.get(code, "")) if fact.type.is_marked else shown(kind, code, current.facts.get(code))


def _due(blind: Blind, account: UUID) -> datetime | None:
    """Of what he himself owes; the limits of the case would say when it came in."""
    own = (one.due_at for one in blind.current.open_obligations if one.due_at and _owes(blind, one, account))
    return min(own, default=None)


def _owes(blind: Blind, one: Obligation, account: UUID) -> bool:
    facts = blind.current.facts
    persons = resolve(one.owner, blind.people, blind.kind, blind.log, facts, one.started_seq)
    return account in blind.among(one.owner, persons, one.started_seq)


def _done(blind: Blind, account: UUID, drawn: int) -> datetime | None:
    """When he last took a step of his since the code was drawn."""
    own = (e.at for e in blind.log if e.seq > drawn and e.by == account.hex and taken_blind(blind.kind, e))
    return max(own, default=None)


def write(head: Case, rows: Sequence[CodedSample], *, is_asked: bool) -> None:
    """Brings the rows in line. `is_asked`: whether the kind has coded roles at all; others cost no query."""
    if not is_asked:
        return
    CodedSample.objects.filter(case=head).exclude(account_id__in=[row.account_id for row in rows]).delete()
    CodedSample.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["case", "account"], update_fields=list(FIELDS)
    )


def write_first(rows: Sequence[CodedSample]) -> None:
    insert(list(rows), or_keep=True)
