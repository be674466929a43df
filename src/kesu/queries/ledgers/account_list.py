"""Every account of the ledgers in the reader's roots with what it holds, and what cases entered in one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F, Max, OuterRef, QuerySet, Subquery, Sum

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.access.ledgers import account_for, accounts_for, per_words
from kesu.access.permissions import Permission
from kesu.core.pages import leaf
from kesu.store.models import LedgerAccount, LedgerEntry

SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class AccountRow:
    """`per`: what the account is kept by, in words; `entries`, `last_at`: of cases that the reader may see, how many
    and when the last. `hides_some`: others have entered something too."""

    id: UUID
    ledger: str
    per: tuple[str, ...]
    root: str
    balance: Decimal
    entries: int
    last_at: datetime | None
    hides_some: bool


@dataclass(frozen=True, slots=True)
class LedgerName:
    """A choice of the list: the policy and the code of a ledger, and its name."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class AccountList:
    """`ledgers`: what can be chosen. `sum`: of the accounts of the chosen ledger, None where none is chosen."""

    rows: tuple[AccountRow, ...]
    total: int
    sum: Decimal | None
    page: int
    pages: int
    ledgers: tuple[LedgerName, ...]


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry of a case that the reader may see. `number`: of the case. `balance`: after it; None where cases out of
    his sight have entered something too: he would see each of their entries by the difference."""

    number: str
    case_id: UUID
    unit: str
    what: str
    at: datetime
    amount: Decimal
    balance: Decimal | None
    corrects: bool


@dataclass(frozen=True, slots=True)
class AccountPage:
    """`elsewhere`: the sum of what cases out of the reader's sight entered, None where there is nothing of the kind."""

    account: AccountRow
    rows: tuple[EntryRow, ...]
    total: int
    elsewhere: Decimal | None
    page: int
    pages: int


def account_list(*, actor: Actor, ledger: str, page: int) -> AccountList:
    """By ledger and account; `ledger`: one of the choices, else all. Raises `Forbidden`."""
    actor.require(Permission.LEDGER_READ)
    found = _with_last(accounts_for(actor))
    names = _names(found)
    total_sum = None
    if ledger in names:
        found = _of(found, ledger)
        total_sum = found.aggregate(all=Sum("balance"))["all"]
    total = found.count()
    shown = leaf(total, SIZE, page)
    rows = _account_rows(actor, found.order_by("pack", "ledger", "root__name", "per", "pk")[shown.rows])
    choices = tuple(LedgerName(value, label) for value, label in sorted(names.items()))
    return AccountList(tuple(rows), total, total_sum, shown.number, shown.pages, choices)


def account_page(*, actor: Actor, ledger_account: UUID, page: int) -> AccountPage:
    """The newest entries first. Raises `Forbidden`, or `NotFound` for an account of another root."""
    account = account_for(actor, ledger_account)
    mine = _entries(actor, [account.pk])
    total = mine.count()
    shown = leaf(total, SIZE, page)
    row = next(_account_rows(actor, _with_last(LedgerAccount.objects.filter(pk=account.pk))))
    seen = mine.aggregate(all=Sum("amount"))["all"] or Decimal(0)
    hidden = row.balance - seen if row.hides_some else None
    rows = tuple(_shown(row, one) for one in _entry_rows(mine[shown.rows]))
    return AccountPage(row, rows, total, hidden, shown.number, shown.pages)


@dataclass(frozen=True, slots=True)
class AccountExport:
    """Accounts with the entries that the reader may see, by account from the oldest; `is_cut`: there are more."""

    accounts: tuple[AccountRow, ...]
    entries: tuple[tuple[AccountRow, EntryRow], ...]
    is_cut: bool


def account_export(*, actor: Actor, ledger: str, most: int) -> AccountExport:
    """What the list shows, as a file. Raises `Forbidden`."""
    actor.require(Permission.LEDGER_READ)
    found = _with_last(accounts_for(actor))
    if ledger in _names(found):
        found = _of(found, ledger)
    rows = tuple(_account_rows(actor, found.order_by("pack", "ledger", "root__name", "per", "pk")[:most]))
    by_id = {row.id: row for row in rows}
    entries = list(_entries(actor, list(by_id)).order_by("account", "number")[: most + 1])
    lines = zip(entries, _entry_rows(entries), strict=True)
    found_entries = tuple((by_id[one.account_id], _shown(by_id[one.account_id], line)) for one, line in lines)
    return AccountExport(rows, found_entries[:most], len(entries) > most)


def _with_last(accounts: QuerySet[LedgerAccount]) -> QuerySet[Any]:
    """With its last entry: the name that the ledger has now, what the account holds, and how many entries there are."""
    last = LedgerEntry.objects.filter(account=OuterRef("pk")).order_by("-number")
    columns = {"ledger_name": "ledger_name", "balance": "balance", "count": "number"}
    found = {name: Subquery(last.values(column)[:1]) for name, column in columns.items()}
    return accounts.annotate(**found, root_name=F("root__name")).filter(count__isnull=False)


def _names(accounts: QuerySet[Any]) -> dict[str, str]:
    """What can be chosen → its name."""
    return {f"{pack}.{code}": name for pack, code, name in accounts.values_list("pack", "ledger", "ledger_name")}


def _of(accounts: QuerySet[Any], ledger: str) -> QuerySet[Any]:
    pack, _, code = ledger.partition(".")
    return accounts.filter(pack=pack, ledger=code)


def _shown(account: AccountRow, entry: EntryRow) -> EntryRow:
    return replace(entry, balance=None) if account.hides_some else entry


def _account_rows(actor: Actor, accounts: QuerySet[Any]) -> Iterator[AccountRow]:
    rows = list(accounts.values_list("pk", "ledger_name", "per", "root_name", "balance", "count"))
    seen_ones = _entries(actor, [pk for pk, *_ in rows]).order_by().values_list("account")
    in_sight = {pk: (count, at) for pk, count, at in seen_ones.annotate(count=Count("*"), last=Max("at"))}
    words = per_words(per for _, _, per, *_ in rows)
    for pk, name, per, root, balance, count in rows:
        words_of = tuple(words.get(one, one) for one in per)
        seen, last_at = in_sight.get(pk, (0, None))
        yield AccountRow(pk, name, words_of, root, balance, seen, last_at, hides_some=seen < count)


def _entries(actor: Actor, accounts: Sequence[UUID]) -> QuerySet[LedgerEntry]:
    """Those of cases that the actor may see, the newest first."""
    in_sight = cards_for(actor).values("pk")
    found = LedgerEntry.objects.filter(account__in=accounts, case__in=in_sight)
    return found.select_related("case__unit").order_by("-number")


def _entry_rows(entries: Iterable[LedgerEntry]) -> Iterator[EntryRow]:
    for row in entries:
        yield EntryRow(
            row.case.number, row.case_id, row.case.unit.name, row.what, row.at, row.amount, row.balance, row.corrects
        )
