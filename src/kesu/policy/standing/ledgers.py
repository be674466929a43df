"""What a case enters in ledgers, and why a step may not enter it. Balances come from outside: they are of all cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from kesu.policy.model.facts import Value
from kesu.policy.model.ledgers import UNIT_OF_CASE, Beyond, Ledger
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import GuardMode
from kesu.policy.standing.conditions import View, latest_first
from kesu.policy.standing.naming import missing
from kesu.policy.standing.results import Missing, MissingKind, Refusal
from kesu.policy.values import CENT

LEDGER: Final = "ledger"
"""Code of its refusals."""
NOTHING: Final = Decimal("0.00")
_MODES: Final = {Beyond.REFUSE: GuardMode.BLOCK, Beyond.WARN: GuardMode.WARN}


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """A ledger and the values of its `per`, in their order."""

    ledger: str
    per: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Posting:
    """What event `seq` enters in an account: yuan with two places, taken out where it is below zero."""

    seq: int
    account: Account
    amount: Decimal


def postings(view: View, unit: str) -> tuple[Posting, ...]:
    """Everything that the log of the case enters, by event. `unit`: the code of the unit to which the case belongs."""
    found = [one for ledger in view.kind.ledgers.values() for one in _entered(ledger, view, unit)]
    return tuple(sorted(found, key=lambda one: (one.seq, one.account)))


def unposted(view: View, seq: int) -> Iterator[Refusal]:
    """What keeps event `seq` from being entered: an amount or an account that nobody has stated."""
    for ledger in view.kind.ledgers.values():
        for facts in (facts for of, facts, _ in _marks(ledger, view) if of == seq):
            codes = [ledger.amount, *(code for code in ledger.per if code in view.kind.facts)]
            lacking = [code for code in codes if facts.get(code) is None]
            if lacking:
                what = tuple(missing(view.kind, MissingKind.FACT, code) for code in lacking)
                yield Refusal(LEDGER, "", ledger.clauses, what)


def objections(kind: Kind, balances: Mapping[Account, Decimal], entered: Iterable[Posting]) -> Iterator[Refusal]:
    """What the ledgers say against postings on top of `balances` (of every account that they touch)."""
    for account, moved in sorted(by_account(entered).items()):
        ledger, held = kind.ledgers[account.ledger], balances.get(account, NOTHING)
        passed = beyond(ledger, held, moved)
        if passed is not None:
            lack = Missing(passed.bound, ledger.code, ledger.name, have=held, short=passed.short)
            yield Refusal(LEDGER, "", ledger.clauses, (lack,), _MODES[passed.then])


def by_account(entered: Iterable[Posting]) -> dict[Account, Decimal]:
    """By how much each account is moved."""
    change: dict[Account, Decimal] = {}
    for one in entered:
        change[one.account] = change.get(one.account, NOTHING) + one.amount
    return change


class Passed(NamedTuple):
    """A bound of a ledger that is passed, by how many yuan, and what becomes of the step."""

    bound: MissingKind
    short: Decimal
    then: Beyond


def beyond(ledger: Ledger, held: Decimal, moved: Decimal) -> Passed | None:
    """The bound that `moved` passes on top of `held`. What goes the other way passes none: it makes things better."""
    after = held + moved
    if moved < 0 and after < 0:
        return Passed(MissingKind.BALANCE, -after, ledger.below_zero)
    if moved > 0 and ledger.limit is not None and after > ledger.limit:
        return Passed(MissingKind.LIMIT, after - ledger.limit, ledger.above_limit)
    return None


def ledgers_of(kind: Kind, event: str) -> tuple[Ledger, ...]:
    """Those in which an event of this kind may be entered."""
    return tuple(
        ledger
        for ledger in kind.ledgers.values()
        if any(moment.subject == event for moment in (*ledger.plus, *ledger.minus))
    )


def account_in(ledger: Ledger, facts: Mapping[str, Value], unit: str) -> Account | None:
    """The account that these facts name; None while one of them is not stated."""
    values = [_value(code, facts, unit) for code in ledger.per]
    return None if None in values else Account(ledger.code, tuple(str(value) for value in values))


def _value(code: str, facts: Mapping[str, Value], unit: str) -> Value | None:
    return unit if code == UNIT_OF_CASE and code not in facts else facts.get(code)


def _entered(ledger: Ledger, view: View, unit: str) -> Iterator[Posting]:
    for seq, facts, sign in _marks(ledger, view):
        account, amount = account_in(ledger, facts, unit), facts.get(ledger.amount)
        if account is not None and isinstance(amount, int | Decimal):
            rounded = Decimal(amount).quantize(CENT)
            if rounded:
                yield Posting(seq, account, sign * rounded)


def _marks(ledger: Ledger, view: View) -> Iterator[tuple[int, Mapping[str, Value], int]]:
    """Event, the facts as they stood with it, and which way it is entered."""
    for sign, moments in ((1, ledger.plus), (-1, ledger.minus)):
        seen: set[int] = set()
        for moment in moments:
            for mark in latest_first(moment, view):
                if mark.seq not in seen:
                    seen.add(mark.seq)
                    yield mark.seq, mark.snapshot.facts, sign


def net(before: Iterable[Posting], after: Iterable[Posting]) -> tuple[Posting, ...]:
    """What has to be entered on top of `before` so that it comes to `after`: the opposite of what no longer holds."""
    sums: dict[tuple[int, Account], Decimal] = {}
    for sign, group in ((-1, before), (1, after)):
        for one in group:
            key = (one.seq, one.account)
            sums[key] = sums.get(key, NOTHING) + sign * one.amount
    return tuple(Posting(seq, account, amount) for (seq, account), amount in sorted(sums.items()) if amount)
