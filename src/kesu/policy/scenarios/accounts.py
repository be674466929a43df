"""The accounts of a scenario: what they held before it, and what its case enters in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from kesu.policy.calendar import Calendar
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import GuardMode
from kesu.policy.standing import Refusal, Standing, StepRefused, standing
from kesu.policy.standing.ledgers import (
    NOTHING,
    Account,
    account_in,
    ledgers_of,
    net,
    objections,
    postings,
    unposted,
)

UNIT: Final = "unit"
"""The unit of every scenario's case."""

Opening = Mapping[str, Decimal]
"""What accounts held before: by the ledger's code, for all of its accounts, or by code and values: ``retention.甲``."""


def held_before(account: Account, opening: Opening) -> Decimal:
    named = f"{account.ledger}.{'、'.join(account.per)}"
    return opening.get(named, opening.get(account.ledger, NOTHING))


def weighed(
    kind: Kind, calendar: Calendar, log: Sequence[Event], event: Event, opening: Opening
) -> tuple[Refusal, ...]:
    """What the ledgers say against the event without refusing it. Raises `StepRefused` with what refuses it."""
    if not ledgers_of(kind, event.kind):
        return ()
    at = max(one.at for one in (*log, event))
    view = standing(kind, [*log, event], at, calendar).view
    before = postings(standing(kind, log, at, calendar).view, UNIT) if log else ()
    moved = net(before, postings(view, UNIT))
    held = {one.account: held_before(one.account, opening) for one in (*before, *moved)}
    for one in before:
        held[one.account] += one.amount
    found = (*unposted(view, event.seq), *objections(kind, held, moved))
    blocking = tuple(one for one in found if one.mode is GuardMode.BLOCK)
    if blocking:
        raise StepRefused(blocking)
    return found


def balance_differs(kind: Kind, seen: Standing, opening: Opening, code: str, wanted: Decimal) -> Iterator[str]:
    """Of the account that the case names now, or that it last entered something in."""
    ledger = kind.ledgers.get(code)
    if ledger is None:
        yield f"没有台账 {code}"
        return
    entered = [one for one in postings(seen.view, UNIT) if one.account.ledger == code]
    account = account_in(ledger, seen.facts, UNIT) or (entered[-1].account if entered else None)
    if account is None:
        yield f"台账 {code}（{ledger.name}）还不知道是哪一户"
        return
    held = held_before(account, opening) + sum((one.amount for one in entered if one.account == account), NOTHING)
    if held != wanted:
        yield f"台账 {code}（{ledger.name}）余额应为 {wanted} 元，实为 {held} 元"
