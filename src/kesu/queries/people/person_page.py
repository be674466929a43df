"""One of the house: his posts and absences, and what he can see and do with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from kesu.access.actor import Actor, actor_of
from kesu.access.house import PersonChoice, held_on, open_people, person_for
from kesu.access.permissions import Permission
from kesu.casefile.adoption import standing_adoptions
from kesu.casefile.books import kind_of
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import HOLDER
from kesu.store.models import Absence, Account, PostHolding, Unit


@dataclass(frozen=True, slots=True)
class PostLine:
    """`stands_for`: the name of the one who is away and in whose stead he holds it."""

    holding: int
    unit: str
    name: str
    from_on: date
    until_on: date | None
    stands_for: str


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """`is_deputy_there`: his account is open; otherwise nobody stands in."""

    id: int
    deputy: str
    is_deputy_there: bool
    from_on: date
    until_on: date | None
    is_now: bool


@dataclass(frozen=True, slots=True)
class StepsLine:
    """What he may do with cases of a kind where his posts reach. `places`: names of the units that a policy serves."""

    kind: str
    policy: str
    places: tuple[str, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """`rights`: permission and the names of the units over which it reaches. `deputies`: who may stand in for him."""

    id: UUID
    login: str
    name: str
    email: str
    line: str
    is_open: bool
    is_reader: bool
    posts: tuple[PostLine, ...]
    absences: tuple[AbsenceLine, ...]
    rights: tuple[tuple[str, tuple[str, ...]], ...]
    steps: tuple[StepsLine, ...]
    deputies: tuple[PersonChoice, ...]
    may_hand_over: bool


def person_page(*, actor: Actor, at: datetime, on: date, account_id: UUID) -> PersonPage:
    """Of oneself, or of anybody with the right to change people. No case is looked at. Raises `Forbidden` and
    `NotFound`."""
    account = person_for(actor, account_id)
    his = actor_of(account, on) if account.is_active else Actor(account.pk, account.login, account.name, ())
    return PersonPage(
        id=account.pk,
        login=account.login,
        name=account.name,
        email=account.email,
        line=account.line,
        is_open=account.is_active,
        is_reader=account.pk == actor.account_id,
        posts=tuple(_posts(account, on)),
        absences=tuple(_absences(account, on)),
        rights=tuple(_rights(his)),
        steps=tuple(_steps(his, at)),
        deputies=open_people(without=account.pk),
        may_hand_over=account.is_active
        and account.pk != actor.account_id
        and actor.may(Permission.PEOPLE_EDIT)
        and actor.may(Permission.HOUSE_EDIT),
    )


def _posts(account: Account, on: date) -> Iterator[PostLine]:
    rows = PostHolding.objects.filter(held_on(on), account=account).select_related("post__unit", "stands_for")
    for row in rows.order_by("from_on", "pk"):
        whom = row.stands_for.name if row.stands_for else ""
        yield PostLine(row.pk, row.post.unit.name, row.post.name, row.from_on, row.until_on, whom)


def _absences(account: Account, on: date) -> Iterator[AbsenceLine]:
    rows = Absence.objects.filter(held_on(on), account=account).select_related("deputy").order_by("from_on")
    for row in rows:
        yield AbsenceLine(row.pk, row.deputy.name, row.deputy.is_active, row.from_on, row.until_on, row.from_on <= on)


def _rights(his: Actor) -> Iterator[tuple[str, tuple[str, ...]]]:
    paths = {one: his.reach(one) for one in Permission}
    ends = {path.rstrip("/").rpartition("/")[2] for reach in paths.values() for path in reach}
    names = {pk.hex: name for pk, name in Unit.objects.filter(pk__in=ends - {""}).values_list("pk", "name")}
    for permission, reach in paths.items():
        if reach:
            yield permission.value, tuple(names.get(path.rstrip("/").rpartition("/")[2], path) for path in reach)


def _steps(his: Actor, at: datetime) -> Iterator[StepsLine]:
    found: dict[tuple[str, str], tuple[str, set[str], dict[str, None]]] = {}
    for row in standing_adoptions(at):
        kind = kind_of(row.policy_version_id, row.kind)
        near = [post for post in his.posts if _meets(row.unit.path, post.scope_path)]
        steps = _steps_of(kind, frozenset[str]().union(*(post.slots for post in near)))
        if steps:
            _, places, names = found.setdefault(
                (row.policy_version_id, row.kind), (kind.name, set(), dict.fromkeys(steps))
            )
            places.update(post.unit_name for post in near)
            names.update(dict.fromkeys(steps))
    for (policy, _), (name, places, steps_named) in found.items():
        yield StepsLine(name, policy, tuple(sorted(places)), tuple(steps_named))


def _meets(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _steps_of(kind: Kind, slots: frozenset[str]) -> list[str]:
    mine = slots | ({HOLDER} if kind.holder in slots else frozenset())
    return [
        step.name
        for step in kind.steps.values()
        if any(who.group is None and who.role in mine for row in step.by.rows for who in row.use)
    ]
