"""Keeps the accounts of ledgers beside the cases that enter something in them.

Entries follow from the log of the case and are written in the transaction of the event. Whoever enters something in an
account has its row until his transaction ends: two who take out at once come one after the other, and the second sees
what the first left.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import OuterRef, Subquery

from kesu.casefile.books import pack_of
from kesu.core.ids import uuid7
from kesu.policy.calendar import Calendar
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import GuardMode
from kesu.policy.standing import Refusal, Standing, standing
from kesu.policy.standing.ledgers import (
    NOTHING,
    Account,
    Posting,
    ledgers_of,
    net,
    objections,
    postings,
    unposted,
)
from kesu.store.inserting import insert
from kesu.store.models import Case, LedgerAccount, LedgerEntry, SealedCase, Unit


@dataclass(frozen=True, slots=True)
class Book:
    """Where a case keeps its accounts: the root of its unit, and its policy by code, so that versions of one policy
    keep one book. `case`: None while it is not opened."""

    root: UUID
    pack: str
    unit: Unit
    case: UUID | None = None

    @classmethod
    def of(cls, head: Case) -> Book:
        return cls.at(head.unit, pack_of(head.policy_version_id).code, head.pk)

    @classmethod
    def at(cls, unit: Unit, pack: str, case: UUID | None = None) -> Book:
        return cls(UUID(unit.path.split("/")[1]), pack, unit, case)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What an event would enter, what the accounts hold before it, and what the ledgers say against it."""

    moved: tuple[Posting, ...] = ()
    balances: Mapping[Account, Decimal] = field(default_factory=dict)
    against: tuple[Refusal, ...] = ()


def weigh(
    book: Book, kind: Kind, calendar: Calendar, log: Sequence[Event], event: Event, *, holding: bool = False
) -> Weighed:
    """Of an event that is not in the log yet. `holding`: the accounts are nobody else's until the transaction ends, so
    that what is said stays true; without it nothing is written."""
    if not ledgers_of(kind, event.kind):
        return Weighed()
    after = [*log, event]
    at = max(one.at for one in after)
    view = standing(kind, after, at, calendar).view
    moved = net(_stored(book), postings(view, book.unit.pk.hex))
    touched = {one.account for one in moved}
    rows = _held(book, touched) if holding else _found(book, touched)
    known = {account: held for account, (_row, _number, held) in _last(rows).items()}
    balances = {account: known.get(account, NOTHING) for account in touched}
    return Weighed(moved, balances, (*unposted(view, event.seq), *objections(kind, balances, moved)))


def post(head: Case, kind: Kind, log: Sequence[Event], current: Standing, now: datetime) -> None:
    """Brings the entries of the case in line with its log: enters what is new, and the opposite of what no longer
    holds."""
    if not kind.ledgers:
        return
    book = Book.of(head)
    stored = _stored(book)
    moved = net(stored, wanted(book, current))
    if not moved:
        return
    last = _last(_held(book, {one.account for one in moved}))
    known = {(one.seq, one.account) for one in stored}
    names = {event.seq: _what(kind, event) for event in log}
    rows = []
    for one in moved:
        account, number, held = last[one.account]
        number, held = number + 1, held + one.amount
        last[one.account] = (account, number, held)
        rows.append(
            LedgerEntry(
                account=account,
                number=number,
                case=head,
                seq=one.seq,
                at=now,
                amount=one.amount,
                balance=held,
                ledger_name=_name(kind, one.account.ledger),
                what=names.get(one.seq, ""),
                corrects=(one.seq, one.account) in known,
            )
        )
    insert(rows)


def wanted(book: Book, current: Standing) -> tuple[Posting, ...]:
    """What the entries of the case should come to."""
    return postings(current.view, book.unit.pk.hex)


def unlike(head: Case, kind: Kind, current: Standing) -> Iterator[tuple[Posting, Decimal]]:
    """Where the entries of the case do not come to that: event and account with what should be entered, and what is."""
    if not kind.ledgers:
        return
    book = Book.of(head)
    stored, right = _stored(book), wanted(book, current)
    for one in net(stored, right):
        should = sum((each.amount for each in right if (each.seq, each.account) == (one.seq, one.account)), NOTHING)
        yield Posting(one.seq, one.account, should), should - one.amount


def accounts_of(book: Book, accounts: Collection[Account]) -> Mapping[Account, tuple[UUID | None, Decimal]]:
    """Row and balance of these accounts; none and nothing where nobody has entered anything. Nobody is kept waiting."""
    found = _last(_found(book, accounts))
    known = {account: (row.pk, balance) for account, (row, _number, balance) in found.items()}
    return {account: known.get(account, (None, NOTHING)) for account in accounts}


def _stored(book: Book) -> list[Posting]:
    if book.case is None:
        return []
    rows = LedgerEntry.objects.filter(case=book.case).order_by("id")
    columns = rows.values_list("seq", "account__ledger", "account__per", "amount")
    return [Posting(seq, Account(ledger, tuple(per)), amount) for seq, ledger, per, amount in columns]


def _name(kind: Kind, ledger: str) -> str:
    """The code where the policy of the case has come to do without the ledger: what it entered is still answered."""
    return kind.ledgers[ledger].name if ledger in kind.ledgers else ledger


def _what(kind: Kind, event: Event) -> str:
    """The name of the step, or of what the program stated."""
    if event.step is not None and event.step in kind.steps:
        return kind.steps[event.step].name
    return kind.events[event.kind].name if event.kind in kind.events else event.kind


def _held(book: Book, accounts: Collection[Account]) -> list[LedgerAccount]:
    """Their rows, made where there are none, locked in one order."""
    there = {_account(row) for row in _found(book, accounts)}
    new = sorted(account for account in accounts if account not in there)
    root, pack = book.root, book.pack
    rows = [LedgerAccount(pk=uuid7(), root_id=root, pack=pack, ledger=one.ledger, per=list(one.per)) for one in new]
    insert(rows, or_keep=True)
    ids = [row.pk for row in _found(book, accounts)]
    return list(LedgerAccount.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _found(book: Book, accounts: Collection[Account]) -> list[LedgerAccount]:
    rows = LedgerAccount.objects.filter(root=book.root, pack=book.pack, ledger__in={one.ledger for one in accounts})
    return [row for row in rows.filter(per__in=[list(one.per) for one in accounts]) if _account(row) in accounts]


def _last(rows: Sequence[LedgerAccount]) -> dict[Account, tuple[LedgerAccount, int, Decimal]]:
    """Of each account its row, the number of its last entry, and what it holds."""
    ids = [row.pk for row in rows]
    newest = LedgerEntry.objects.filter(account=OuterRef("pk")).order_by("-number").values("pk")[:1]
    last = LedgerAccount.objects.filter(pk__in=ids).annotate(newest=Subquery(newest)).values("newest")
    entries = LedgerEntry.objects.filter(pk__in=last).values_list("account", "number", "balance")
    known = {account: (number, balance) for account, number, balance in entries}
    return {_account(row): (row, *known.get(row.pk, (0, NOTHING))) for row in rows}


def _account(row: LedgerAccount) -> Account:
    return Account(row.ledger, tuple(row.per))


def refusals(
    head: Case | SealedCase, kind: Kind, calendar: Calendar, log: Sequence[Event], event: Event
) -> tuple[Refusal, ...]:
    """Why the ledgers refuse an event that is about to be added. The accounts that it moves are held until the
    transaction ends. Sealed cases move none."""
    if not kind.ledgers or not isinstance(head, Case):
        return ()
    found = weigh(Book.of(head), kind, calendar, log, event, holding=True)
    return tuple(refusal for refusal in found.against if refusal.mode is GuardMode.BLOCK)
