"""One case read for one person: its rules, its log, its standing at a moment, and the names that pages need."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.cases import case_for, in_scope
from kesu.access.guests import guest_names
from kesu.access.permissions import Permission
from kesu.access.scope import InSight
from kesu.access.sources import source_names
from kesu.access.takers import taker_for
from kesu.casefile import confidants
from kesu.casefile.books import calendar_of, pack_of
from kesu.casefile.log import read_log
from kesu.casefile.people import People, holder_of, slots_of, units_in
from kesu.core.errors import NotFound
from kesu.policy.calendar import Calendar
from kesu.policy.coded import is_blind
from kesu.policy.events import CASE_ABSORBED, LINKED_CASE, NAMED_CLOSED, NAMED_REOPENED, Event
from kesu.policy.model.facts import FactType, Value
from kesu.policy.model.pack import Kind, Pack
from kesu.policy.model.rules import COMPLAINANT, FIRST_CONTACT, HOLDER, STARTER, Role, Who
from kesu.policy.model.separations import Part, Separation
from kesu.policy.standing import (
    Taker,
    apart_from,
    as_holder,
    holds,
    in_charge,
    kept_from,
    named_in,
    separation_refusals,
    set_aside,
    standing,
    units_of,
)
from kesu.policy.standing.links import LINK_EVENTS
from kesu.policy.standing.results import Obligation, Refusal, Standing, StepState
from kesu.store.fixed import Fixed
from kesu.store.models import Account, Case, CaseCard, Unit


@dataclass(frozen=True, slots=True)
class CaseRead:
    """What the questions about one case share. Rows stay in here: answers are made of lines only."""

    actor: Actor
    case: Case
    pack: Pack
    kind: Kind
    calendar: Calendar
    log: Sequence[Event]
    current: Standing
    taker: Taker
    names: Mapping[str, str]
    people: People
    sees_personal: bool

    def person(self, hex_id: str | None) -> str:
        return self.names.get(hex_id or "", "")

    def may_take(self, state: StepState) -> bool:
        """Whether the reader is one of those who may take the step, and nothing keeps him from it. What is done blind,
        nobody who reads the case does."""
        facts, step = self.current.facts, self.kind.steps[state.code]
        if is_blind(self.kind, step):
            return False
        if any(separation_refusals(self.kind, step, self.taker, facts)):
            return False
        if self.taker.by is not None and kept_from(self.current, step, self.taker.by):
            return False
        return self.is_among(state.by)

    def kept_apart(self, state: StepState) -> tuple[Refusal, ...]:
        """What keeps the reader from the step, who has the post for it."""
        if not self.is_among(state.by):
            return ()
        return tuple(separation_refusals(self.kind, self.kind.steps[state.code], self.taker, self.current.facts))

    def apart(self, step: str | None) -> Mapping[str, Separation]:
        """Those whom the policy keeps from a step, with what keeps them."""
        known = self.kind.steps.get(step or "")
        return apart_from(self.kind, known, self.current.facts) if known is not None else {}

    def is_among(self, whos: Iterable[Who]) -> bool:
        """Whether the reader is one of those."""
        return any(holds(self.taker, who, self.current.facts) for who in whos)

    def owes(self, one: Obligation) -> bool:
        """Whether the reader is one of those who owe it now."""
        facts = self.current.facts
        aside = set_aside(self.kind, facts, Part.SIGNERS if one.approval is not None else Part.HOLDER)
        if one.approval is None and self.taker.by in self.apart(one.step):
            return False
        return one.is_open and self.taker.by not in aside and holds(self.taker, one.owner, facts)

    def takers(self, state: StepState) -> str:
        """Those of the house who may take a step, by name or slot."""
        apart = self.apart(state.code)
        names = (self.who(who, apart=apart) for who in state.by if who.role != COMPLAINANT)
        return "、".join(dict.fromkeys(name for name in names if name))

    def who(self, who: Who, *, started_seq: int = 0, apart: Collection[str] = ()) -> str:
        """Persons of the slot where somebody holds it, else the name of the slot (empty for the engine's own). Those
        `apart` are not named."""
        persons = list(dict.fromkeys(self.persons(who, started_seq, apart).values()))
        role = self.slot(who)
        names = "、".join(persons[:2]) + (f" 等 {len(persons)} 人" if len(persons) > 2 else "")
        return names or (role.name if role else "")

    def slot(self, who: Who) -> Role | None:
        return self.kind.roles.get(self.kind.holder if who.role == HOLDER else who.role)

    def persons(self, who: Who, started_seq: int = 0, apart: Collection[str] = ()) -> dict[str, str]:
        """The names of those who are meant, by identifier, without those `apart`."""
        found = self._persons(who, started_seq, apart)
        return {one: name for one, name in found if name and one not in apart}

    def _persons(self, who: Who, started_seq: int, apart: Collection[str]) -> Iterable[tuple[str, str]]:
        facts = self.current.facts
        if who.person:
            return self._named([who.person])
        if who.group:
            return self._named(m.partition(":")[2] for m in named_in(who, facts))
        if who.of:
            held = (self.people.of_unit(who.role, unit) for unit in units_of(who, facts))
            return [(person.account_id.hex, person.name) for persons in held for person in persons]
        if who.role == FIRST_CONTACT:
            return self._named(e.by for e in self.log[:1])
        if who.role == STARTER:
            return self._named(e.by for e in self.log if e.seq == started_seq)
        if who.role == HOLDER and in_charge(self.kind, facts):
            return self._named(sorted(in_charge(self.kind, facts)))
        aside = set_aside(self.kind, facts, Part.HOLDER) | set(apart)
        able = self.people.of_role(self.kind.holder if who.role == HOLDER else who.role, aside)
        return [(one.account_id.hex, one.name) for one in able]

    def _named(self, ids: Iterable[str | None]) -> list[tuple[str, str]]:
        return [(one, self.person(one)) for one in ids if one]

    def role_name(self, role: str | None) -> str:
        known = self.kind.roles.get((role or "").partition("@")[0])
        return known.name if known else ""


def read_case(actor: Actor, at: datetime, case_id: UUID, needs: Permission = Permission.CASE_READ) -> CaseRead:
    """Raises what `case_for` raises, and `NotFound` for a case that time has made confidential since. A fixed number of
    queries whatever the length of the log."""
    case = case_for(actor, case_id, needs)
    pack = pack_of(case.policy_version_id)
    kind = pack.kinds[case.kind]
    calendar = calendar_of(case.calendar_version_id)
    log = read_log(case, kind)
    current = standing(kind, log, at, calendar)
    people = People(case.unit.path, slots_of(kind), units_in(current.facts), calendar.local(at).date())
    if current.only_for is not None and not case.card.confidential:  # by time alone, and nobody has come round to it
        let_in = confidants.let_in(kind, log, people, current, holder_of(kind, log, people, current.facts))
        if let_in is not None and actor.account_id not in let_in.told:
            raise NotFound
    return CaseRead(
        actor=actor,
        case=case,
        pack=pack,
        kind=kind,
        calendar=calendar,
        log=log,
        current=current,
        taker=as_holder(kind, current.facts, taker_for(actor, case.unit.path, kind, log)),
        names=_names(log, current.facts),
        people=people,
        sees_personal=actor.may_at(Permission.PERSONAL_READ, case.unit.path),
    )


def _names(log: Sequence[Event], facts: Mapping[str, Value]) -> dict[str, str]:
    acted = [event.by for event in log if event.by]
    return account_names(_persons_in(log, facts)) | guest_names(acted) | source_names(acted)


def account_names(ids: Iterable[str]) -> dict[str, str]:
    """Names by identifier, for those that are accounts. One query."""
    wanted = {one for one in ids if is_id(one)}
    return {pk.hex: name for pk, name in _ACCOUNTS([UUID(one) for one in wanted])} if wanted else {}


_ACCOUNTS: Final = Fixed(lambda ids: Account.objects.filter(pk__any=ids).values_list("pk", "name"))
_UNITS: Final = Fixed(lambda ids: Unit.objects.filter(pk__any=ids).values_list("pk", "name"))


def is_id(text: str) -> bool:
    return len(text) == 32 and all(c in "0123456789abcdef" for c in text)


def _persons_in(log: Sequence[Event], facts: Mapping[str, Value]) -> Iterator[str]:
    for event in log:
        if event.by:
            yield event.by
        for value in event.facts.values():
            if isinstance(value, tuple):
                yield from (member.rpartition(":")[2] for member in value)
    for value in facts.values():
        if isinstance(value, tuple):
            yield from (member.rpartition(":")[2] for member in value)


@dataclass(frozen=True, slots=True)
class RowNames:
    """Names of the rows that facts point at: units, and cases that the reader may see. `kept_from_him`: confidential
    cases of which the program says something here and that he does not see."""

    units: Mapping[str, str]
    cases: Mapping[str, str]
    kept_from_him: frozenset[str] = frozenset()


def row_names(read: CaseRead) -> RowNames:
    """Two queries at most for all facts of the log together, and one for the cases that were opened out of it."""
    units: set[str] = set()
    cases: set[str] = set()
    for event in read.log:
        if event.kind in _ABOUT_CASES:
            cases.add(str(event.facts[LINKED_CASE]))
        for code, value in event.facts.items():
            fact = read.kind.facts.get(code)
            if fact is None or fact.type not in {FactType.UNIT, FactType.UNITS, FactType.CASE}:
                continue
            named = {str(one) for one in (value if isinstance(value, tuple) else (value,)) if is_id(str(one))}
            (cases if fact.type is FactType.CASE else units).update(named)
    return RowNames(
        {pk.hex: name for pk, name in _UNITS([UUID(one) for one in units])} if units else {},
        {pk.hex: number for pk, number in _NUMBERS(read.actor, [UUID(one) for one in cases])} if cases else {},
        _kept_from(read.actor, _linked(read.log)),
    )


_ABOUT_CASES: Final = frozenset({CASE_ABSORBED, NAMED_CLOSED, NAMED_REOPENED})


def _linked(log: Sequence[Event]) -> list[UUID]:
    """The cases that events of the program speak of."""
    about = (str(event.facts[LINKED_CASE]) for event in log if event.kind in {*LINK_EVENTS, *_ABOUT_CASES})
    return [UUID(one) for one in dict.fromkeys(about)]


_NUMBERS: Final = InSight(
    Fixed,
    lambda scope, cases: CaseCard.objects.filter(scope.of_cases(), case__pk__any=cases).values_list("pk", "number"),
)


def _kept_from(actor: Actor, linked: Sequence[UUID]) -> frozenset[str]:
    if not linked:
        return frozenset()
    kept = CaseCard.objects.filter(~in_scope(actor), pk__in=linked, confidential=True)
    return frozenset(pk.hex for pk in kept.values_list("pk", flat=True))
