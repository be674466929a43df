"""To whom a case is open: a sealed one by its allow list, any other one while its policy keeps it confidential."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Who
from kesu.policy.standing.conditions import View, choose, earliest, is_true, next_change, table_change
from kesu.policy.standing.facts import members_of
from kesu.policy.standing.results import Standing


def only_for(kind: Kind, view: View) -> tuple[Who, ...] | None:
    """Those to whom a sealed case is open, or a confidential one beside its holder; None while it is neither."""
    secrecy = kind.secrecy
    if secrecy is None or not (secrecy.sealed or (secrecy.when is not None and is_true(secrecy.when, view))):
        return None
    return choose(secrecy.opened_to, view) or ()


def only_for_changes(kind: Kind, view: View) -> datetime | None:
    """When time alone may make the case confidential, open it again, or open it to others."""
    secrecy = kind.secrecy
    if secrecy is None:
        return None
    return earliest((next_change(secrecy.when, view), table_change(secrecy.opened_to, view)))


def hidden_from(kind: Kind, facts: Mapping[str, Value]) -> frozenset[str]:
    """The persons who are not let in on a confidential case, whatever their slot."""
    code = kind.secrecy.hidden_from if kind.secrecy else None
    return frozenset() if code is None else members_of(facts.get(code))


def kept_secret_from(kind: Kind, current: Standing) -> frozenset[str] | None:
    """The persons from whom a confidential case is kept by name; None while it is not confidential. A sealed one is
    kept from them outside the engine."""
    if kind.is_sealed or current.only_for is None:
        return None
    return hidden_from(kind, current.facts)
