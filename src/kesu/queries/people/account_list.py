"""Who has an account, and which posts he holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.house import HeldPost, held_on
from kesu.access.permissions import Permission
from kesu.core.pages import leaf
from kesu.store.models import Account, PostHolding

_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class AccountLine:
    """`posts`: unit and name of each that he holds on the day."""

    id: UUID
    login: str
    name: str
    is_open: bool
    posts: tuple[HeldPost, ...]


@dataclass(frozen=True, slots=True)
class AccountList:
    rows: tuple[AccountLine, ...]
    total: int
    page: int
    pages: int


def account_list(*, actor: Actor, on: date, page: int = 1) -> AccountList:
    """By name, 50 a page. Three queries. Raises `Forbidden`."""
    actor.require(Permission.PEOPLE_EDIT)
    total = Account.objects.count()
    shown = leaf(total, _PAGE, page)
    rows = list(Account.objects.order_by("pinyin", "login")[shown.rows])
    held: dict[UUID, list[HeldPost]] = {}
    posts = PostHolding.objects.filter(held_on(on), from_on__lte=on, account__in=rows).order_by("from_on", "pk")
    for account_id, unit, post in posts.values_list("account_id", "post__unit__name", "post__name"):
        held.setdefault(account_id, []).append(HeldPost(unit, post))
    lines = (AccountLine(a.pk, a.login, a.name, a.is_active, tuple(held.get(a.pk, ()))) for a in rows)
    return AccountList(tuple(lines), total, shown.number, shown.pages)
