"""The organisation as rows of a file: what an import would take back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from kesu.access.actor import Actor
from kesu.access.house import held_on
from kesu.access.permissions import Permission
from kesu.store.models import Account, PostHolding, Unit


@dataclass(frozen=True, slots=True)
class UnitRow:
    code: str
    name: str
    kind: str
    inside: str
    is_public: bool
    is_closed: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    login: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class PostRow:
    login: str
    unit: str
    role: str
    name: str
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class OrganisationBook:
    """`units` without a code cannot be told apart by an import: they are written with an empty one."""

    units: tuple[UnitRow, ...]
    people: tuple[PersonRow, ...]
    posts: tuple[PostRow, ...]


def organisation_book(*, actor: Actor, on: date) -> OrganisationBook:
    """What lies under the reader's posts, and who holds posts there on the day or later. Three queries. Raises
    `Forbidden`."""
    actor.require(Permission.HOUSE_EDIT)
    actor.require(Permission.PEOPLE_EDIT)
    within = Q(pk__in=[])
    for path in actor.reach(Permission.HOUSE_READ):
        within |= Q(path__startswith=path)
    units = list(Unit.objects.filter(within).select_related("parent").order_by("path"))
    people = Account.objects.filter(is_active=True).order_by("login")
    held = PostHolding.objects.filter(held_on(on), post__unit__in=units, account__is_active=True, instead_of=None)
    posts = held.order_by("post__unit__path", "post__role", "from_on", "pk")
    columns = ("account__login", "post__unit__code", "post__role", "post__name", "from_on", "until_on")
    return OrganisationBook(
        tuple(
            UnitRow(u.code, u.name, u.kind, u.parent.code if u.parent else "", u.is_public, u.closed_on is not None)
            for u in units
        ),
        tuple(PersonRow(*row) for row in people.values_list("login", "name", "email")),
        tuple(PostRow(*row) for row in posts.values_list(*columns)),
    )
