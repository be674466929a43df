"""Ledgers: the accounts that a case names, what a step would enter in them, and the lists of accounts and entries.

Whoever may see a case sees what its accounts hold: he decides by it. The list of all accounts is a right of its own;
of entries it shows those of the cases that its reader may see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.access.sight.lines import ClauseLine, clause_lines
from kesu.access.sight.reading import CaseRead, is_id
from kesu.casefile.ledgers import Book, Weighed, accounts_of, weigh
from kesu.core.errors import NotFound
from kesu.policy.calendar import Calendar
from kesu.policy.events import Event
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind, Pack
from kesu.policy.standing import next_seq
from kesu.policy.standing.ledgers import Account, account_in, beyond, by_account
from kesu.policy.values import fits
from kesu.store.models import LedgerAccount, LedgerEntry, Unit


@dataclass(frozen=True, slots=True)
class EntryLine:
    """`amount` in yuan, below zero where it was taken out. `corrects`: it answers an earlier one."""

    what: str
    at: datetime
    amount: Decimal
    corrects: bool


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account with what it holds and what this case entered. `per`: what it is kept by, in words; `id` None where
    nobody has entered anything yet."""

    id: UUID | None
    name: str
    per: tuple[str, ...]
    balance: Decimal
    limit: Decimal | None
    clauses: tuple[ClauseLine, ...]
    entries: tuple[EntryLine, ...]


@dataclass(frozen=True, slots=True)
class MoveLine:
    """What a step enters: `moved` on top of `balance`. `beyond`: ``refuse`` or ``warn`` where the ledger does not bear
    it, else empty."""

    name: str
    per: tuple[str, ...]
    balance: Decimal
    moved: Decimal
    beyond: str
    clauses: tuple[ClauseLine, ...]

    @property
    def after(self) -> Decimal:
        return self.balance + self.moved


def case_accounts(read: CaseRead) -> tuple[AccountLine, ...]:
    """Those that the facts of the case name, and those in which it entered something. No query without ledgers."""
    if not read.kind.ledgers:
        return ()
    book = Book.of(read.case)
    rows = LedgerEntry.objects.filter(case=read.case).select_related("account").order_by("id")
    entries: dict[Account, list[EntryLine]] = {}
    for row in rows:
        account = Account(row.account.ledger, tuple(row.account.per))
        line = EntryLine(row.what, row.at, row.amount, row.corrects)
        entries.setdefault(account, []).append(line)
    unit = read.case.unit_id.hex
    named = (account_in(ledger, read.current.facts, unit) for ledger in read.kind.ledgers.values())
    accounts = list(dict.fromkeys((*(one for one in named if one is not None), *entries)))
    known, words = accounts_of(book, accounts), per_words(one.per for one in accounts)
    lines = []
    for account in accounts:
        row_id, balance = known[account]
        ledger = read.kind.ledgers.get(account.ledger)
        if ledger is not None:
            clauses = clause_lines(read.pack, ledger.clauses)
            per = tuple(words.get(value, value) for value in account.per)
            own = tuple(entries.get(account, ()))
            lines.append(AccountLine(row_id, ledger.name, per, balance, ledger.limit, clauses, own))
    return tuple(lines)


def weighed_step(
    book: Book,
    kind: Kind,
    calendar: Calendar,
    log: Sequence[Event],
    step: str,
    stated: Mapping[str, Value],
    at: datetime,
) -> Weighed:
    """What taking the step with these values would enter, as things stand. Values that cannot be used yet count for
    nothing. Nobody is kept waiting."""
    usable = {code: value for code, value in stated.items() if code in kind.facts and fits(kind.facts[code], value)}
    event = Event(next_seq(log), kind.steps[step].event, at, at, step=step, facts=usable)
    return weigh(book, kind, calendar, log, event)


def move_lines(pack: Pack, kind: Kind, weighed: Weighed) -> tuple[MoveLine, ...]:
    """One line an account."""
    change = by_account(weighed.moved)
    words = per_words(account.per for account in change)
    lines = []
    for account, moved in change.items():
        ledger = kind.ledgers[account.ledger]
        per = tuple(words.get(value, value) for value in account.per)
        clauses = clause_lines(pack, ledger.clauses)
        held = weighed.balances[account]
        passed = beyond(ledger, held, moved)
        lines.append(MoveLine(ledger.name, per, held, moved, passed.then.value if passed else "", clauses))
    return tuple(lines)


def per_words(found: Iterable[Sequence[str]]) -> dict[str, str]:
    """The names of the units among the values of `per`. One query where there are any."""
    ids = {value for values in found for value in values if is_id(value)}
    if not ids:
        return {}
    names = Unit.objects.filter(pk__in=[UUID(one) for one in ids]).values_list("pk", "name")
    return {pk.hex: name for pk, name in names}


def accounts_for(actor: Actor) -> QuerySet[LedgerAccount]:
    """Every list of accounts starts here: those of the roots in which the actor has the right, wherever in them. An
    account is of the whole root, and so is what it holds."""
    roots = {path.split("/")[1] for path in actor.reach(Permission.LEDGER_READ)}
    return LedgerAccount.objects.filter(root__in=[UUID(root) for root in roots])


def account_for(actor: Actor, account_id: UUID) -> LedgerAccount:
    """Raises `Forbidden` without the right anywhere, `NotFound` for an account of another root."""
    actor.require(Permission.LEDGER_READ)
    account = accounts_for(actor).filter(pk=account_id).first()
    if account is None:
        raise NotFound
    return account
