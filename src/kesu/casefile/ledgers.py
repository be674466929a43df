"""Keeps the accounts of ledgers beside the cases that enter something in them.

Entries follow from the log of the case and are written in the transaction of the event. Whoever enters something in an
account has its row until his transaction ends: two who take out at once come one after the other, and the second sees
what the first left.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import OuterRef, Subquery

from kesu.casefile.books import pack_of
from kesu.casefile.streams import Head
from kesu.core.ids import uuid7
from kesu.policy.calendar import Calendar
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
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
from kesu.store.models import Case, LedgerAccount, LedgerEntry


def weigh(
    head: Head, kind: Kind, calendar: Calendar, log: Sequence[Event], event: Event, *, holding: bool = False
) -> tuple[Refusal, ...]:
    """What the ledgers say against an event that is not in the log yet. `holding`: the accounts are nobody else's until
    the transaction ends, so that what is said stays true; without it nothing is written."""
    if not ledgers_of(kind, event.kind) or not isinstance(head, Case):
        return ()
    after = [*log, event]
    at = max(one.at for one in after)
    view = standing(kind, after, at, calendar).walk.view(at)
    moved = net(_stored(head), postings(view, head.unit_id.hex))
    touched = {one.account for one in moved}
    rows = _held(head, touched) if holding else _found(head, touched)
    balances = {account: held for account, (_row, _number, held) in _last(rows).items()}
    return (*unposted(view, event.seq), *objections(kind, balances, moved))


def post(head: Case, kind: Kind, log: Sequence[Event], current: Standing, now: datetime) -> None:
    """Brings the entries of the case in line with its log: enters what is new, and the opposite of what no longer
    holds."""
    if not kind.ledgers:
        return
    stored = _stored(head)
    moved = net(stored, wanted(head, current))
    if not moved:
        return
    last = _last(_held(head, {one.account for one in moved}))
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
                ledger_name=kind.ledgers[one.account.ledger].name,
                what=names.get(one.seq, ""),
                corrects=(one.seq, one.account) in known,
            )
        )
    insert(rows)


def wanted(head: Case, current: Standing) -> tuple[Posting, ...]:
    """What the entries of the case should come to."""
    return postings(current.walk.view(current.now), head.unit_id.hex)


def unlike(head: Case, kind: Kind, current: Standing) -> Iterator[tuple[Posting, Decimal]]:
    """Where the entries of the case do not come to that: event and account with what should be entered, and what is."""
    if not kind.ledgers:
        return
    stored, right = _stored(head), wanted(head, current)
    for one in net(stored, right):
        should = sum((each.amount for each in right if (each.seq, each.account) == (one.seq, one.account)), NOTHING)
        yield Posting(one.seq, one.account, should), should - one.amount


def balances_of(head: Case, accounts: Collection[Account]) -> Mapping[Account, Decimal]:
    """What these accounts hold; nothing where nobody has entered anything. Nobody is kept waiting."""
    held = {account: balance for account, (_row, _number, balance) in _last(_found(head, accounts)).items()}
    return {account: held.get(account, NOTHING) for account in accounts}


def _stored(head: Case) -> list[Posting]:
    rows = LedgerEntry.objects.filter(case=head).order_by("id")
    columns = rows.values_list("seq", "account__ledger", "account__per", "amount")
    return [Posting(seq, Account(ledger, tuple(per)), amount) for seq, ledger, per, amount in columns]


def _what(kind: Kind, event: Event) -> str:
    """The name of the step, or of what the program stated."""
    if event.step is not None and event.step in kind.steps:
        return kind.steps[event.step].name
    return kind.events[event.kind].name if event.kind in kind.events else event.kind


def _held(head: Case, accounts: Collection[Account]) -> list[LedgerAccount]:
    """Their rows, made where there are none, locked in one order."""
    root, pack = _book(head)
    there = {_account(row) for row in _found(head, accounts)}
    new = sorted(account for account in accounts if account not in there)
    insert(
        [LedgerAccount(pk=uuid7(), root_id=root, pack=pack, ledger=one.ledger, per=list(one.per)) for one in new],
        or_keep=True,
    )
    ids = [row.pk for row in _found(head, accounts)]
    return list(LedgerAccount.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _found(head: Case, accounts: Collection[Account]) -> list[LedgerAccount]:
    root, pack = _book(head)
    rows = LedgerAccount.objects.filter(root=root, pack=pack, ledger__in={one.ledger for one in accounts})
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


def _book(head: Case) -> tuple[UUID, str]:
    """The root of the case's unit, and the code of its policy: versions of one policy keep one book."""
    return UUID(head.unit.path.split("/")[1]), pack_of(head.policy_version_id).code
