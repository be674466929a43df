"""Who holds a slot today. The engine speaks of slots and units; here they become persons, at reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from kesu.casefile.books import above
from kesu.policy.events import Event
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import FIRST_CONTACT, HOLDER, STARTER, Who
from kesu.store.fixed import Fixed, Slot
from kesu.store.models import Account, PostHolding


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a slot: the account, and the name of the post through which he is asked."""

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
        self._active = [True, False] if also_left else [True]
        self._by_role: dict[str, list[tuple[int, Person]]] = {}
        self._by_unit: dict[tuple[str, str], list[Person]] = {}
        self._accounts: dict[str, Person | None] = {}
        unit_ids = [UUID(u) for u in units if _is_hex(u)]
        holdings = _HOLDINGS(above(place_path), sorted(set(roles)), unit_ids, self._active, on)
        for account_id, name, post, role, unit_id, scope_path in holdings:
            person = Person(account_id, name, post, unit_id)
            if place_path.startswith(scope_path):
                self._by_role.setdefault(role, []).append((len(scope_path), person))
            self._by_unit.setdefault((role, unit_id.hex), []).append(person)
            self._accounts[account_id.hex] = Person(account_id, name, "", None)

    def of_role(self, role: str) -> list[Person]:
        """The holders nearest to the place: the project's own before the company's, before the group's."""
        found = self._by_role.get(role, [])
        nearest = max((reach for reach, _ in found), default=0)
        return [person for reach, person in found if reach == nearest]

    def of_unit(self, role: str, unit: str) -> list[Person]:
        return self._by_unit.get((role, unit), [])

    def of_accounts(self, ids: Iterable[str]) -> list[Person]:
        """Those of the accounts that are open, in the order given; asks for each only once."""
        wanted = [one for one in dict.fromkeys(ids) if _is_hex(one)]
        unknown = [one for one in wanted if one not in self._accounts]
        if unknown:
            self._accounts.update(dict.fromkeys(unknown))
            for account in Account.objects.filter(pk__in=unknown, is_active__in=self._active).only("name"):
                self._accounts[account.pk.hex] = Person(account.pk, account.name, "", None)
        return [person for one in wanted if (person := self._accounts[one])]


def _holdings(paths: Slot, roles: Slot, units: Slot, active: Slot, on: Slot) -> QuerySet[PostHolding, Any]:
    reach = Q(post__unit__scope_path__any=paths, post__role__any=roles) | Q(post__unit__pk__any=units)
    return (
        PostHolding.objects.filter(reach, account__is_active__any=active, from_on__lte=on)
        .filter(Q(until_on__isnull=True) | Q(until_on__gte=on))
        .order_by("from_on", "id")
        .values_list(
            "account_id", "account__name", "post__name", "post__role", "post__unit_id", "post__unit__scope_path"
        )
    )


_HOLDINGS: Final = Fixed(_holdings)


def _is_hex(text: str) -> bool:
    return len(text) == 32 and all(c in "0123456789abcdef" for c in text)


def slots_of(kind: Kind) -> set[str]:
    return set(kind.roles) | {kind.holder}


def units_in(facts: Mapping[str, Value]) -> list[str]:
    return [value for value in facts.values() if isinstance(value, str) and _is_hex(value)]


def resolve(
    who: Who, people: People, kind: Kind, log: Sequence[Event], facts: Mapping[str, Value], seq: int = 0
) -> list[Person]:
    """The persons behind a slot for this case now; empty where the slot is empty or is nobody of the house."""
    if who.group:
        return people.of_accounts(_members(facts.get(who.group)))
    if who.of:
        unit = facts.get(who.of)
        return people.of_unit(who.role, unit) if isinstance(unit, str) else []
    if who.role == FIRST_CONTACT:
        return people.of_accounts(e.by for e in log[:1] if e.by)
    if who.role == STARTER:
        return people.of_accounts(e.by for e in log if e.seq == seq and e.by)
    return people.of_role(kind.holder if who.role == HOLDER else who.role)


def _members(value: Value | None) -> list[str]:
    return [m.rpartition(":")[2] for m in value] if isinstance(value, tuple) else []
