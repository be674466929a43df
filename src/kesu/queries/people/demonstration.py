"""The accounts of the demonstration: named on the sign-in page, so that nobody mistakes it for the real thing."""

from __future__ import annotations

from typing import Final

from kesu.store.models import Account

_NAMED: Final = 6


def demonstration_accounts() -> tuple[tuple[str, str], ...]:
    """Login and name of the first few; empty in an installation of a real company."""
    found = Account.objects.filter(is_demonstration=True, is_active=True).order_by("id")
    return tuple(found.values_list("login", "name")[:_NAMED])
