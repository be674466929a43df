"""Who will be told where something is not done, by name: deputies of those who are away, and the next in line where
nobody is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kesu.casefile import confidants
from kesu.casefile.people import Holders, Person, resolve, slots_of
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import HOLDER, Who
from kesu.policy.model.separations import Part
from kesu.policy.standing.results import Standing
from kesu.policy.standing.rungs import rungs
from kesu.store.models import Case


@dataclass(frozen=True, slots=True)
class Rung:
    """At `at` those of `persons` are told. `slots`: names of the slots that the policy tells; `instead`: of the next in
    line, where nobody holds any of them today; with no person at all, nobody is told."""

    at: datetime
    slots: tuple[str, ...]
    persons: tuple[Person, ...]
    instead: str
    clauses: tuple[str, ...]


def line_of(
    head: Case, kind: Kind, log: Sequence[Event], current: Standing, key: str, holders: Holders
) -> tuple[Rung, ...]:
    """As things stand today; who comes and goes until then changes it."""
    on = current.walk.calendar.local(current.now).date()
    people = holders.of(head.unit.path, slots_of(kind), current.facts, on)
    told = confidants.told(head, kind, log, current, people)

    def held(slots: Sequence[Who], part: Part) -> list[Person]:
        found = (one for who in slots for one in resolve(who, people, kind, log, current.facts, part=part))
        return list({one.account_id: one for one in found if told is None or one.account_id in told}.values())

    made = []
    for effect in rungs(current, key):
        part = Part.SIGNERS if effect.code in kind.approvals else Part.HOLDER
        persons, instead = held(effect.to, part), ""
        if not persons:
            nexts = ((slot_name(kind, who), held([who], part)) for who in effect.otherwise)
            instead, persons = next(((name, some) for name, some in nexts if some), ("", []))
        names = tuple(dict.fromkeys(slot_name(kind, who) for who in effect.to))
        made.append(Rung(effect.at, names, tuple(persons), instead, effect.clauses))
    return tuple(made)


def slot_name(kind: Kind, who: Who) -> str:
    """Empty for a slot that every policy has."""
    role = kind.roles.get(kind.holder if who.role == HOLDER else who.role)
    return role.name if role else ""
