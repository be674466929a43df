"""Brings an organisation into an installation: units, people, the posts they hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from kesu.core.errors import Unacceptable
from kesu.store.models import Account, Post, PostHolding, RoleGrant, Unit


@dataclass(frozen=True, slots=True)
class NewUnit:
    """`code` names the unit within the file; `inside` is the code of the unit it belongs to (None: a root)."""

    code: str
    kind: str
    name: str
    inside: str | None = None
    is_public: bool = False


@dataclass(frozen=True, slots=True)
class NewPerson:
    """`password` None: the account cannot sign in until one is set."""

    login: str
    name: str
    email: str = ""
    password: str | None = None


@dataclass(frozen=True, slots=True)
class NewPost:
    unit: str
    role: str
    name: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Organisation:
    """`grants` maps a role to permissions beyond those that the adopted policies bring."""

    units: Sequence[NewUnit]
    people: Sequence[NewPerson]
    posts: Sequence[NewPost]
    grants: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Ids by the codes and logins of the file."""

    units: Mapping[str, UUID]
    people: Mapping[str, UUID]


@transaction.atomic
def load_organisation(*, organisation: Organisation, on: date, is_demonstration: bool = False) -> Loaded:
    """`on`: the day from which the posts are held. All or nothing: raises `Unacceptable` with every unknown code."""
    _check(organisation)
    units = _units(organisation.units)
    keep = cache(make_password)  # slow on purpose: whoever is given the same password is not made to wait for it again
    people = {person.login: _account(person, is_demonstration, keep) for person in organisation.people}
    for new in organisation.posts:
        post, _ = Post.objects.get_or_create(unit=units[new.unit], role=new.role, defaults={"name": new.name})
        for login in new.people:
            PostHolding.objects.get_or_create(post=post, account=people[login], defaults={"from_on": on})
    RoleGrant.objects.bulk_create(
        [RoleGrant(role=role, permission=p) for role, permissions in organisation.grants.items() for p in permissions],
        ignore_conflicts=True,
    )
    return Loaded({c: u.pk for c, u in units.items()}, {login: a.pk for login, a in people.items()})


def _units(news: Sequence[NewUnit]) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for new in news:
        parent = units[new.inside] if new.inside else None
        units[new.code] = Unit.objects.create(
            parent=parent, kind=new.kind, name=new.name, code=new.code, is_public=new.is_public
        )
    return units


def _account(person: NewPerson, is_demonstration: bool, keep: Callable[[str | None], str]) -> Account:
    return Account.objects.create(
        login=person.login,
        name=person.name,
        email=person.email,
        is_demonstration=is_demonstration,
        password=keep(person.password),
    )


def _check(organisation: Organisation) -> None:
    problems: list[str] = []
    seen: set[str] = set()
    for unit in organisation.units:
        if unit.inside is not None and unit.inside not in seen:
            problems.append(f"unit {unit.code}: {unit.inside}")
        if unit.code in seen:
            problems.append(f"unit {unit.code}: twice")
        seen.add(unit.code)
    logins = {person.login for person in organisation.people}
    for post in organisation.posts:
        if post.unit not in seen:
            problems.append(f"post {post.role}: {post.unit}")
        problems.extend(f"post {post.role}: {login}" for login in post.people if login not in logins)
    if problems:
        raise Unacceptable("organisation", data={"problems": problems, "fields": {}, "refusals": ()})
