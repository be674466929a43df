"""Signs the heads of all logs, once a night."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from kesu.casefile.proof import night as nights


@transaction.atomic
def sign_heads(night: date, at: datetime) -> Mapping[str, Any]:
    """Writes the signed document of `night`; nothing where it, or a later one, is there. Returns its number and how
    many ordinary heads it lists. Raises `SigningKeyMissing`."""
    signed = nights.sign(night, at)
    if signed is None:
        return {}
    row, listed = signed
    return {"number": row.number, "listed": listed}
