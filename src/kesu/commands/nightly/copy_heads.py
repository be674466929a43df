"""Writes the signed document of a night to the folder of the company's choice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from kesu.casefile.proof.copies import name_of, write_copy
from kesu.store.models import SignedNight


@transaction.atomic
def copy_heads(night: date, *, folder: Path, may_create: bool) -> Mapping[str, Any]:
    """Safe to repeat; nothing where no such night was signed. `may_create`: whether a missing folder may be made. One
    that the company named may not: where it is not mounted, the copy would lie in the wrong place. Raises `OSError`."""
    row = SignedNight.objects.filter(night=night).first()
    if row is None:
        return {}
    if may_create:
        folder.mkdir(mode=0o700, exist_ok=True)
    write_copy(folder, row)
    return {"file": f"{name_of(row)}.json"}
