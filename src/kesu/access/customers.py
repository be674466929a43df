"""Customers: scope, and the way to one row.

Somebody is seen over every project where he is kept or has a room. Whoever was joined to another is reached as that
other one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from kesu.access.actor import Actor
from kesu.access.cases import cards_for, in_scope
from kesu.access.estate import within
from kesu.access.permissions import Permission
from kesu.casefile import customer_keys
from kesu.casefile.search_text import phone_token
from kesu.core.errors import Forbidden, NotFound
from kesu.core.masking import masked_name
from kesu.core.searching import Search, first_gram, is_phone, is_typed
from kesu.core.surnames import surnames_typed
from kesu.store.models import (
    CaseCard,
    CaseSearch,
    Customer,
    CustomerApart,
    CustomerKey,
    CustomerOfGroup,
    CustomerPhone,
    CustomerPlace,
    CustomerRoom,
    Room,
    Unit,
)
from kesu.store.walking import starting

_MOST_CASES = 200
MOST_SIMILAR = 20
_MOST_COMPARED = 200
_MOST_STARTS = 400
"""So many places are looked up for a surname; beyond, going to each costs more than the index of words."""
_TO_COMPARE = (Permission.CUSTOMER_READ, Permission.CUSTOMER_EDIT, Permission.PERSONAL_READ)


@dataclass(frozen=True, slots=True)
class Reached:
    """A customer with the paths under which he is seen."""

    row: Customer
    paths: tuple[str, ...]

    def may(self, actor: Actor, permission: Permission) -> bool:
        return any(actor.may_at(permission, path) for path in self.paths)


def places_for(actor: Actor, inside: str = "") -> QuerySet[CustomerPlace]:
    """Every list of customers starts here: one row for each project of a customer, of those `inside` a path."""
    return CustomerPlace.objects.filter(within(actor, Permission.CUSTOMER_READ, "place", inside))


def grouped_for(actor: Actor, group: str, inside: str = "") -> QuerySet[CustomerOfGroup]:
    """The same rows of one group, by their `row`."""
    return CustomerOfGroup.objects.filter(within(actor, Permission.CUSTOMER_READ, "place", inside), name=group)


def suspected_for(actor: Actor) -> QuerySet[CustomerKey]:
    """Keys that two customers share, in the projects where the actor may see, read and change both. One query more."""
    reach = (within(actor, needs, "path") for needs in _TO_COMPARE)
    units = list(Unit.objects.filter(*reach).values_list("pk", flat=True))
    return CustomerKey.objects.filter(is_shared=True, unit__pk__any=units)


def places_holding(
    places: QuerySet[CustomerPlace], actor: Actor, search: Search, inside: str = ""
) -> QuerySet[CustomerPlace]:
    """`places` (of `places_for`, with the same `inside`) that hold all words: a name or its sounds, a room, the last
    figures of a telephone or the whole of it. All of these are personal: only where the actor may read personal data
    does a search find anything."""
    reach = within(actor, Permission.PERSONAL_READ, "place", inside)
    if reach != within(actor, Permission.CUSTOMER_READ, "place", inside):
        places = places.filter(reach)
    for word in search.words:
        found = Q(grams__holds=word)
        if first_gram(word) != word:
            found &= Q(text__contains=word)
        if is_phone(word):
            found |= Q(phones__contains=[phone_token(word)])
        if is_typed(word):
            found |= Q(sounds__begins=word)
        places = places.filter(found)
    return places


def surnamed(actor: Actor, word: str, projects: Sequence[Unit], most: int) -> list[int]:
    """The first `most` of `places_for` whose surname is meant by a word, in the order of lists; `projects`: those that
    are listed. None for a word that means no surname. One query.

    In the place of a customer his name follows the path of the project: who bears a surname stands together, and is
    found there however many there are."""
    signs = surnames_typed(word)
    paths = [one.path for one in projects if actor.may_at(Permission.PERSONAL_READ, one.path)]
    if not signs or len(signs) * len(paths) > _MOST_STARTS:
        return []
    starts = sorted(path + sign for path in paths for sign in signs)
    return [pk for _place, pk in starting(CustomerPlace, "place", starts, most)]


def customer_for(
    actor: Actor, customer_id: UUID, needs: Permission = Permission.CUSTOMER_READ, *, lock: bool = False
) -> Reached:
    """The customer, or the one he was joined to; `NotFound` outside the actor's scope, `Forbidden` inside it without
    the right. `lock` takes the row for the rest of the transaction."""
    merged = Customer.objects.filter(pk=customer_id).values_list("merged_into_id", flat=True).first()
    rows = Customer.objects.select_related("unit")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(pk=merged or customer_id).first()
    if row is None:
        raise NotFound
    places = CustomerPlace.objects.filter(customer=row).values_list("unit__path", flat=True)
    found = Reached(row, tuple(places))
    if not found.may(actor, Permission.CUSTOMER_READ):
        raise NotFound
    if needs is not Permission.CUSTOMER_READ and not found.may(actor, needs):
        raise Forbidden("permission_missing", data={"permission": needs.value})
    return found


def names_for(actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Names of those whom the actor may see, masked where he may not read personal data; whoever was joined to another
    is seen where that one is. Two queries, none without anybody."""
    if not ids:
        return {}
    rows = {row.pk: row for row in Customer.objects.filter(pk__any=list(ids))}
    roots = {pk: row.merged_into_id or pk for pk, row in rows.items()}
    places = places_for(actor).filter(customer__pk__any=list(set(roots.values())))
    is_clear: dict[UUID, bool] = {}
    for root, path in places.values_list("customer_id", "unit__path"):
        is_clear[root] = is_clear.get(root, False) or actor.may_at(Permission.PERSONAL_READ, path)
    seen = ((pk, row.name, roots[pk]) for pk, row in rows.items() if roots[pk] in is_clear)
    return {pk: name if is_clear[root] else masked_name(name) for pk, name, root in seen}


def hold_people_of(room: Room) -> Sequence[UUID]:
    """Whoever has or had to do with a room, in sight or not: their lists follow its address. Their rows are locked for
    the rest of the transaction, in one order."""
    ids = CustomerRoom.objects.filter(room=room).values("customer_id")
    rows = Customer.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def cases_at(actor: Actor, tokens: Collection[str]) -> Sequence[CaseCard]:
    """Cases that name one of these telephone numbers, the newest first, as far as the actor may see both the case and
    whose it is. Two queries."""
    if not tokens:
        return []
    personal = within(actor, Permission.PERSONAL_READ, "unit_path")
    hits = CaseSearch.objects.filter(in_scope(actor), personal, phones__overlap=list(tokens))
    ids = list(hits.values_list("pk", flat=True)[:_MOST_CASES])
    return list(cards_for(actor).filter(pk__in=ids).select_related("unit").order_by("-received_at", "pk"))


def similar_to(actor: Actor, customer_id: UUID) -> Mapping[UUID, str]:
    """Who else in the actor's sight may be the same person, with what speaks for it: ``phone`` or ``room`` (the same
    name in the same room); last of all, with ``apart``, those of whom somebody said that they are another. Three
    queries."""
    own = CustomerKey.objects.filter(customer=customer_id).values("key")
    others = CustomerKey.objects.filter(key__in=own).exclude(customer=customer_id).order_by("key", "customer")
    why: dict[UUID, str] = {}
    for pk, key in others.values_list("customer_id", "key")[:_MOST_COMPARED]:
        why.setdefault(pk, customer_keys.WHY[key[0]])
    for first, second in apart_among([customer_id], list(why)):
        why[second if first == customer_id else first] = "apart"
    seen = set(places_for(actor).filter(customer__pk__any=list(why)).values_list("customer_id", flat=True))
    found = sorted(((pk, speaks) for pk, speaks in why.items() if pk in seen), key=lambda one: one[1] == "apart")
    return dict(found[:MOST_SIMILAR])


def apart_among(some: Sequence[UUID], others: Sequence[UUID]) -> set[tuple[UUID, UUID]]:
    """Pairs, one of these and one of the others, of whom somebody said that they are two. One query."""
    rows = CustomerApart.objects.filter(
        Q(first__pk__any=list(some), second__pk__any=list(others))
        | Q(first__pk__any=list(others), second__pk__any=list(some))
    )
    return set(rows.values_list("first_id", "second_id"))


def customers_at(actor: Actor, tokens: Collection[str], needs: Permission) -> Mapping[str, Sequence[Customer]]:
    """By token of a telephone: who has it, of those over whom the actor has the right. Whoever was joined to another
    counts as that other one. Three queries; the rows are locked for the rest of the transaction."""
    phones = CustomerPhone.objects.filter(token__any=list(tokens))
    named = phones.values_list("token", "customer_id", "customer__merged_into_id")
    held = {(token, merged or pk) for token, pk, merged in named}
    places = CustomerPlace.objects.filter(customer__pk__any=list({pk for _token, pk in held}), is_erased=False)
    reached = set(places.filter(within(actor, needs, "place")).values_list("customer_id", flat=True))
    rows = Customer.objects.select_for_update(of=("self",)).select_related("unit")
    by_id = {row.pk: row for row in rows.filter(pk__any=list(reached)).order_by("pk")}
    found: dict[str, list[Customer]] = {}
    for token, pk in sorted(held):
        if pk in by_id:
            found.setdefault(token, []).append(by_id[pk])
    return found
