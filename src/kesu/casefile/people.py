"""Who holds a slot today. The engine speaks of slots and units; here they become persons, at reading."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from kesu.casefile.books import above
from kesu.policy.events import Event
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import FIRST_CONTACT, HOLDER, STARTER, Who
from kesu.policy.model.separations import Part
from kesu.policy.standing import in_charge, named_in, set_aside, units_of
from kesu.store.fixed import Fixed, Slot
from kesu.store.models import Account, PostHolding, Unit


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a slot: the account, and the name of the post through which he is asked. Whoever is away is not
    found; who stands in for him is."""

    account_id: UUID
    name: str
    post: str
    unit_id: UUID | None


class People:
    """Resolves slots for one place on one day. Loads the holders of all roles asked for in one query. `also_left`: with
    those whose accounts have been shut."""

    def __init__(
        self, place_path: str, roles: Iterable[str], units: Iterable[str], on: date, *, also_left: bool = False
    ) -> None:
        self._on, self._also_left = on, also_left
        active = [True, False] if also_left else [True]
        self._by_role: dict[str, list[tuple[int, Person]]] = {}
        self._by_unit: dict[tuple[str, str], list[Person]] = {}
        self._accounts: dict[str, Person | None] = {}
        unit_ids = [UUID(u) for u in units if _is_hex(u)]
        holdings = _HOLDINGS(above(place_path), sorted(set(roles)), unit_ids, active, on)
        for account_id, name, post, slot, unit_id, scope_path in holdings:
            person = Person(account_id, name, post, unit_id)
            if place_path.startswith(scope_path):
                self._by_role.setdefault(slot, []).append((len(scope_path), person))
            self._by_unit.setdefault((slot, unit_id.hex), []).append(person)
            self._accounts[account_id.hex] = Person(account_id, name, "", None)  # whoever is found is there

    def of_role(self, role: str, aside: Collection[str] = ()) -> list[Person]:
        """The holders nearest to the place: the project's own before the company's, before the group's. Those `aside`
        count as if they were not there."""
        found = [one for one in self._by_role.get(role, []) if one[1].account_id.hex not in aside]
        nearest = max((reach for reach, _ in found), default=0)
        return _each_once(person for reach, person in found if reach == nearest)

    def of_unit(self, role: str, unit: str) -> list[Person]:
        return _each_once(self._by_unit.get((role, unit), []))

    def of_accounts(self, ids: Iterable[str]) -> list[Person]:
        """Those of the accounts that are open, in the order given, and in place of whoever is away the one who stands
        in for him; asks for each only once."""
        wanted = [one for one in dict.fromkeys(ids) if _is_hex(one)]
        unknown = [one for one in wanted if one not in self._accounts]
        if unknown:
            self._accounts.update(dict.fromkeys(unknown))
            for pk, name, is_open, deputy_id, deputy, is_deputy_open in _PERSONS(
                [UUID(one) for one in unknown], self._on
            ):
                if deputy_id is not None and is_deputy_open:
                    self._accounts[pk.hex] = Person(deputy_id, deputy, "", None)
                elif is_open or self._also_left:
                    self._accounts[pk.hex] = Person(pk, name, "", None)
        return _each_once(person for one in wanted if (person := self._accounts[one]))


def _each_once(persons: Iterable[Person]) -> list[Person]:
    return list({person.account_id: person for person in reversed(list(persons))}.values())[::-1]


def _holdings(paths: Slot, roles: Slot, units: Slot, active: Slot, on: Slot) -> QuerySet[PostHolding, Any]:
    reach = Q(post__unit__scope_path__any=paths, post__fills__slot__any=roles) | Q(post__unit__pk__any=units)
    stood_in = PostHolding.objects.filter(_covering(on), instead_of=OuterRef("pk"))
    return (
        PostHolding.objects.filter(reach, _covering(on), ~Exists(stood_in), account__is_active__any=active)
        .order_by("from_on", "id")
        .values_list(
            "account_id", "account__name", "post__name", "post__fills__slot", "post__unit_id", "post__unit__scope_path"
        )
    )


def _covering(on: Slot) -> Q:
    return Q(from_on__lte=on) & (Q(until_on__isnull=True) | Q(until_on__gte=on))


def _persons(ids: Slot, on: Slot) -> QuerySet[Account, Any]:
    day = Q(stand_ins__from_on__lte=on) & (Q(stand_ins__until_on__isnull=True) | Q(stand_ins__until_on__gte=on))
    return (
        Account.objects.filter(pk__any=ids)
        .annotate(away=FilteredRelation("stand_ins", condition=day))
        .values_list("pk", "name", "is_active", "away__deputy_id", "away__deputy__name", "away__deputy__is_active")
    )


_HOLDINGS: Final = Fixed(_holdings)
_PERSONS: Final = Fixed(_persons)


def _is_hex(text: str) -> bool:
    return len(text) == 32 and all(c in "0123456789abcdef" for c in text)


def slots_of(kind: Kind) -> set[str]:
    return set(kind.roles) | {kind.holder}


def units_in(facts: Mapping[str, Value]) -> list[str]:
    held = (one for value in facts.values() for one in (value if isinstance(value, tuple) else (value,)))
    return [one for one in held if isinstance(one, str) and _is_hex(one)]


class Holders:
    """Who holds what, asked once for all cases at one place, of several that are looked at together."""

    def __init__(self, logs: Sequence[Sequence[Event]]) -> None:
        """Makes one query: much in a log looks like the name of a unit and is none, and differs from case to case."""
        found = {one for log in logs for event in log for one in units_in(event.facts)}
        units = Unit.objects.filter(pk__in=[UUID(one) for one in found]).values_list("pk", flat=True) if found else ()
        self._aside = found - {pk.hex for pk in units}
        self._known: dict[tuple[object, ...], People] = {}

    def of(self, path: str, roles: Collection[str], facts: Mapping[str, Value], on: date) -> People:
        units = [one for one in units_in(facts) if one not in self._aside]
        key = (path, frozenset(roles), on, *units)
        if key not in self._known:
            self._known[key] = People(path, roles, units, on)
        return self._known[key]


def resolve(
    who: Who,
    people: People,
    kind: Kind,
    log: Sequence[Event],
    facts: Mapping[str, Value],
    seq: int = 0,
    part: Part = Part.HOLDER,
) -> list[Person]:
    """The persons behind a slot for this case now, without those whom the policy keeps from this `part` of it; empty
    where the slot is empty or is nobody of the house."""
    aside = set_aside(kind, facts, part) if kind.separations else frozenset()
    found = _resolved(who, people, kind, log, facts, seq, aside)
    return [person for person in found if person.account_id.hex not in aside] if aside else found


def _resolved(
    who: Who,
    people: People,
    kind: Kind,
    log: Sequence[Event],
    facts: Mapping[str, Value],
    seq: int,
    aside: Collection[str],
) -> list[Person]:
    if who.person:
        return people.of_accounts([who.person])
    if who.group:
        return people.of_accounts(_members(named_in(who, facts)))
    if who.of:
        return _each_once(one for unit in units_of(who, facts) for one in people.of_unit(who.role, unit))
    if who.role == FIRST_CONTACT:
        return people.of_accounts(e.by for e in log[:1] if e.by)
    if who.role == STARTER:
        return people.of_accounts(e.by for e in log if e.seq == seq and e.by)
    named = in_charge(kind, facts) if who.role == HOLDER else frozenset()
    return (
        people.of_accounts(named) if named else people.of_role(kind.holder if who.role == HOLDER else who.role, aside)
    )


def holder_of(kind: Kind, log: Sequence[Event], people: People, facts: Mapping[str, Value]) -> Person | None:
    """Whoever was named to hold it; else whoever acted last in the holder's slot; before that, the only one who
    could."""
    named = in_charge(kind, facts)
    if named:
        aside = set_aside(kind, facts, Part.HOLDER)
        found = (one for one in people.of_accounts(sorted(named)) if one.account_id.hex not in aside)
        return next(found, None)
    able = people.of_role(kind.holder, set_aside(kind, facts, Part.HOLDER))
    acted = [e.by for e in log if e.role == kind.holder and e.by]
    for person in able:
        if acted and person.account_id.hex == acted[-1]:
            return person
    return able[0] if len(able) == 1 else None


def _members(value: Value | None) -> list[str]:
    return [m.rpartition(":")[2] for m in value] if isinstance(value, tuple) else []
