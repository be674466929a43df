"""Who will be told where something is not done, by name: deputies of those who are away, and the next in line where
nobody is there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kesu.casefile import confidants
from kesu.casefile.people import Holders, People, Person, resolve, slots_of
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import HOLDER, Who
from kesu.policy.model.separations import Part
from kesu.policy.standing.results import Effect, EffectKind, Standing
from kesu.policy.standing.rungs import rungs
from kesu.policy.standing.takers import named_in
from kesu.store.models import Case


@dataclass(frozen=True, slots=True)
class Rung:
    """At `at` those of `persons` are told. `slots`: names of the slots that the policy tells; `instead`: of the next in
    line, where nobody holds any of them today; with no person at all, nobody is told. `is_reminder`: whoever owes it is
    told before it falls due; else what was not done is told further up."""

    at: datetime
    slots: tuple[str, ...]
    persons: tuple[Person, ...]
    instead: str
    clauses: tuple[str, ...]
    is_reminder: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(person.name for person in self.persons))


def line_of(
    head: Case, kind: Kind, log: Sequence[Event], current: Standing, key: str, holders: Holders
) -> tuple[Rung, ...]:
    """Of one obligation, those who are told that it was not done. As things stand today; who comes and goes until then
    changes it."""
    on = current.walk.calendar.local(current.now).date()
    people = holders.of(head.unit.path, slots_of(kind), current.facts, on)
    found = lines_of(head, kind, log, current, [key], people).get(key, ())
    return tuple(rung for rung in found if not rung.is_reminder)


def lines_of(
    head: Case, kind: Kind, log: Sequence[Event], current: Standing, keys: Collection[str], people: People
) -> Mapping[str, tuple[Rung, ...]]:
    """Of several obligations of one case. However many there are, whoever is named in them is asked for at once."""
    coming = {key: some for key, some in rungs(current, keys).items() if some}
    if not coming:
        return {}
    told = confidants.told(head, kind, log, current, people)
    people.of_accounts(_named((one for some in coming.values() for one in some), current))

    def held(slots: Sequence[Who], part: Part) -> list[Person]:
        found = (one for who in slots for one in resolve(who, people, kind, log, current.facts, part=part))
        return list({one.account_id: one for one in found if told is None or one.account_id in told}.values())

    def rung(effect: Effect) -> Rung:
        part = Part.SIGNERS if effect.code in kind.approvals else Part.HOLDER
        persons, instead = held(effect.to, part), ""
        if not persons:
            nexts = ((slot_name(kind, who), held([who], part)) for who in effect.otherwise)
            instead, persons = next(((name, some) for name, some in nexts if some), ("", []))
        names = tuple(dict.fromkeys(slot_name(kind, who) for who in effect.to))
        is_reminder = effect.kind is EffectKind.REMINDER
        return Rung(effect.at, names, tuple(persons), instead, effect.clauses, is_reminder)

    return {key: tuple(map(rung, some)) for key, some in coming.items()}


def _named(effects: Iterable[Effect], current: Standing) -> Iterator[str]:
    """Those who are meant by name, not through a slot."""
    for effect in effects:
        for who in (*effect.to, *effect.otherwise):
            if who.person:
                yield who.person
            elif who.group:
                yield from (member.rpartition(":")[2] for member in named_in(who, current.facts))


def slot_name(kind: Kind, who: Who) -> str:
    """Empty for a slot that every policy has."""
    role = kind.roles.get(kind.holder if who.role == HOLDER else who.role)
    return role.name if role else ""
