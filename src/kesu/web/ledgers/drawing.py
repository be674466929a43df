"""Accounts and what is entered in them, as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from kesu.access.ledgers import AccountLine, EntryLine, MoveLine
from kesu.web import marks, when
from kesu.web.cases.drawing import refs
from kesu.web.marks import yuan


@dataclass(frozen=True, slots=True)
class EntryPart:
    what: str
    at: str
    amount: str


@dataclass(frozen=True, slots=True)
class AccountPart:
    """`account_id` None: nothing has been entered yet, by nobody."""

    account_id: UUID | None
    name: str
    balance: str
    limit: str
    clauses: tuple[marks.ClauseRef, ...]
    entries: tuple[EntryPart, ...]


@dataclass(frozen=True, slots=True)
class MovePart:
    """`said`: why the ledger does not bear it, empty where it does."""

    name: str
    balance: str
    moved: str
    after: str
    said: str
    clauses: tuple[marks.ClauseRef, ...]


def account_parts(policy_hash: str, accounts: Iterable[AccountLine], now: datetime) -> tuple[AccountPart, ...]:
    return tuple(
        AccountPart(
            account_id=one.id,
            name=named(one.name, one.per),
            balance=yuan(one.balance),
            limit=_("上限 %(limit)s") % {"limit": yuan(one.limit)} if one.limit is not None else "",
            clauses=refs(policy_hash, one.clauses),
            entries=tuple(_entry(entry, now) for entry in one.entries),
        )
        for one in accounts
    )


def _entry(entry: EntryLine, now: datetime) -> EntryPart:
    what = entered(entry.what, corrects=entry.corrects)
    return EntryPart(what, when.month_day(entry.at, now), yuan(entry.amount))


def move_parts(policy_hash: str, moves: Iterable[MoveLine]) -> tuple[MovePart, ...]:
    return tuple(
        MovePart(
            name=named(one.name, one.per),
            balance=yuan(one.balance),
            moved=yuan(one.moved),
            after=yuan(one.after),
            said=_said(one),
            clauses=refs(policy_hash, one.clauses),
        )
        for one in moves
    )


def named(ledger: str, per: Iterable[str]) -> str:
    """质量保证金 · 甲施工单位 · 溪岭南苑"""
    return " · ".join((ledger, *per))


def entered(what: str, *, corrects: bool) -> str:
    """What was done; for what answers an earlier entry, that it does."""
    return _("%(what)s（冲正）") % {"what": what} if corrects else what


def _said(one: MoveLine) -> str:
    if not one.beyond:
        return ""
    if one.moved < 0:
        return _("余额不够，不能办") if one.beyond == "refuse" else _("余额不够，可以办，余额会成为负数")
    return _("超过上限，不能办") if one.beyond == "refuse" else _("超过上限，可以办")
