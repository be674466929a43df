"""Who changed what in the house, the newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from kesu.access.actor import Actor
from kesu.access.codes_said import called_in
from kesu.access.permissions import Permission
from kesu.core.pages import leaf
from kesu.store.models import Account, HouseChange, Post

_PAGE: Final = 50
PEOPLE: Final = ("account", "deputy", "successor", "login", "proposed_by")
"""Parts of a change that hold somebody's account."""
_ROLE: Final = "role"
MOST: Final = 10_000
"""No further is counted or turned: whoever looks for something older says what."""


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """`who` is empty where the installation itself did it; `before` and `after` hold what the act names."""

    seq: int
    at: datetime
    who: str
    act: str
    name: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChangeList:
    """`total` is at most `MOST`."""

    rows: tuple[ChangeLine, ...]
    total: int
    page: int
    pages: int


def change_list(*, actor: Actor, text: str = "", page: int = 1, size: int = _PAGE) -> ChangeList:
    """`text`: part of the name of what was changed, of who changed it or of whom it concerns, or an account. Four
    queries. Raises `Forbidden`."""
    actor.require(Permission.CHANGES_READ)
    found = HouseChange.objects.all()
    if text:
        found = found.filter(Q(name__icontains=text) | Q(account__name__icontains=text) | _concerning(text))
    total = found.order_by()[:MOST].count()
    shown = leaf(total, size, page)
    rows = found.select_related("account").order_by("-seq")[shown.rows]
    return ChangeList(_told(list(rows)), total, shown.number, shown.pages)


def _concerning(text: str) -> Q:
    people = Account.objects.filter(Q(name__icontains=text) | Q(login__iexact=text)).values_list("login", flat=True)
    logins, named = list(people[:_PAGE]), Q(pk__in=[])
    for part in PEOPLE:
        named |= Q(**{f"before__{part}__in": logins}) | Q(**{f"after__{part}__in": logins})
    return named


def _told(rows: Sequence[HouseChange]) -> tuple[ChangeLine, ...]:
    """With the names of the people, posts, kinds of case and facts that the record knows by account and code. At most
    five queries."""
    stated = [part for row in rows for part in (row.before, row.after)]
    logins = {part[name] for part in stated for name in PEOPLE if isinstance(part.get(name), str)}
    names = dict(Account.objects.filter(login__in=logins).values_list("login", "name")) if logins else {}
    codes = {part[_ROLE] for part in stated if isinstance(part.get(_ROLE), str)}
    roles = dict(Post.objects.filter(role__in=codes).order_by("pk").values_list("role", "name")) if codes else {}
    called = called_in(rows)

    def named(part: Mapping[str, Any]) -> dict[str, Any]:
        people = {name: f"{names[part[name]]} {part[name]}" for name in PEOPLE if part.get(name) in names}
        return {**part, **people, **({_ROLE: roles[part[_ROLE]]} if part.get(_ROLE) in roles else {})}

    return tuple(
        ChangeLine(
            seq=row.seq,
            at=row.at,
            who=row.account.name if row.account else "",
            act=row.act,
            name=row.name,
            before=called.said(row, named(row.before)),
            after=called.said(row, named(row.after)),
        )
        for row in rows
    )
