"""Who is let in on a case that not everybody within reach may see: on a sealed one the holders of the slots that the
policy opens it to, without those whom the report names; on a confidential one those whom the policy opens it to, and
whoever holds it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from kesu.casefile.books import kind_of
from kesu.casefile.hearing_of import parent_of
from kesu.casefile.log import read_bodies, read_log
from kesu.casefile.people import People, Person, holder_of, resolve
from kesu.policy.events import Event
from kesu.policy.model.facts import DataClass
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import FIRST_CONTACT, HOLDER, Who
from kesu.policy.standing import hidden_from, in_charge
from kesu.policy.standing.facts import members_of
from kesu.policy.standing.results import Standing
from kesu.store.models import Case, SealedCase

THROUGH: Final = "slot:"
"""Begins the part of somebody who is let in on a confidential case only while he is in a slot."""
IN_PLACE_OF: Final = "for:"
"""Begins the part of somebody who is let in only while he stands in for another one."""
_LENGTH_OF_ID: Final = 32  # others are customers and outside parties


def through(slot: str, unit_id: UUID | None) -> str:
    """The part of somebody who is let in on a confidential case while he is in this slot at this unit."""
    return f"{THROUGH}{slot}@{unit_id.hex if unit_id else ''}"


def in_place_of(account: str) -> str:
    """The part of somebody who is let in on a confidential case while he stands in for this account (hex)."""
    return f"{IN_PLACE_OF}{account}"


def of(head: SealedCase, kind: Kind, log: Sequence[Event], current: Standing, people: People) -> Mapping[UUID, str]:
    """Accounts let in on a sealed case, with the slot through which each is. The names are read in memory from the
    encrypted bodies and stay there; the transaction must read as the system."""
    hidden = hidden_on(head, kind, log)
    return {
        person.account_id: who.role
        for who in current.only_for or ()
        for person in people.of_role(who.role)
        if person.account_id.hex not in hidden
    }


def hidden_on(head: SealedCase, kind: Kind, log: Sequence[Event]) -> frozenset[str]:
    """Accounts (hex) from which a sealed case is kept: those that it names, and those that the cases name out of which
    it was opened, also after that. Nobody can name another one there until the transaction ends."""
    code = kind.secrecy.hidden_from if kind.secrecy else None
    named = named_in(read_bodies(head, [DataClass.SEALED.value]).values(), code) if code is not None else ()
    hidden = frozenset(one for member in named if len(one := member.rsplit(":", 1)[-1]) == _LENGTH_OF_ID)
    parent = parent_of(log)
    if parent is None:
        return hidden
    # Rows are waited for upwards only: who names somebody has the upper case and waits for none that came out of it.
    above = SealedCase.objects.select_for_update().get(pk=parent)
    rules = kind_of(above.policy_version_id, above.kind)
    return hidden | hidden_on(above, rules, read_log(above, rules))


def named_in(bodies: Iterable[Mapping[str, Any]], code: str) -> tuple[str, ...]:
    """Everybody who was ever named in a sealed group, as forms name people (slot and account). Nobody who names another
    one is shown the earlier names, so that the last statement does not hold them."""
    return tuple(dict.fromkeys(str(member) for texts in bodies for member in texts.get(code, ())))


@dataclass(frozen=True, slots=True)
class LetIn:
    """`parts`: account and part of everybody to whom a confidential case is open; `told`: whom anything may be told of
    it. Stand-ins for the absent are among both."""

    parts: frozenset[tuple[UUID, str]]
    told: frozenset[UUID]


def let_in(kind: Kind, log: Sequence[Event], people: People, current: Standing, holder: Person | None) -> LetIn | None:
    """Those who may know of an ordinary case that its policy keeps confidential now; None: it does not."""
    if current.only_for is None:
        return None
    hidden = hidden_from(kind, current.facts)
    parts: set[tuple[UUID, str]] = set()
    told: set[UUID] = set()
    charge = Who("", group=kind.in_charge) if in_charge(kind, current.facts) else None
    slots = [(kind.holder, [holder] if holder is not None else [])] if charge is None else []
    named = [who if charge is None or who.role != HOLDER else charge for who in current.only_for]
    for who in named if charge is None else (*named, charge):  # whoever was named holds it, in whatever slot
        if who.group or who.role == FIRST_CONTACT:
            for account, persons in _named(who, log, people, current):
                if hidden.isdisjoint({account, *(person.account_id.hex for person in persons)}):
                    parts.add((UUID(account), who.group or FIRST_CONTACT))
                    deputies = (person.account_id for person in persons if person.account_id.hex != account)
                    parts.update((deputy, in_place_of(account)) for deputy in deputies)
                    told.update(person.account_id for person in persons)
        else:
            slot = kind.holder if who.role == HOLDER else who.role
            slots.append((slot, resolve(who, people, kind, log, current.facts)))
    for slot, persons in slots:
        able = [person for person in persons if person.account_id.hex not in hidden]
        parts.update((person.account_id, through(slot, person.unit_id)) for person in able)
        told.update(person.account_id for person in able)
    return LetIn(frozenset(parts), frozenset(told))


def told(
    head: Case | SealedCase, kind: Kind, log: Sequence[Event], current: Standing, people: People
) -> Collection[UUID] | None:
    """Whom anything may be told of a case; None: everybody within reach."""
    if isinstance(head, SealedCase):
        return of(head, kind, log, current, people)
    found = let_in(kind, log, people, current, holder_of(kind, log, people, current.facts))
    return None if found is None else found.told


def _named(who: Who, log: Sequence[Event], people: People, current: Standing) -> Iterator[tuple[str, Sequence[Person]]]:
    """Accounts that are named and not found through a slot, each with those through whom it is reached today."""
    first = [log[0].by] if log and log[0].by else []
    named = sorted(members_of(current.facts.get(who.group))) if who.group else first
    accounts = [one for one in named if len(one) == _LENGTH_OF_ID]
    people.of_accounts(accounts)  # asks for all of them at once
    for account in accounts:
        yield account, people.of_accounts([account])
