"""The record of changes in the house: one chain for the whole installation, append-only like the logs of cases."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, models

from kesu.casefile.chain import canonical
from kesu.core.codes import half_width
from kesu.core.errors import Unacceptable
from kesu.core.ids import readable_code_of
from kesu.store.inserting import insert
from kesu.store.keys import ring
from kesu.store.models import HouseChange

LOGIN: Final = re.compile(r"[\w.@+-]{1,64}")
"""How an account may be called; the same wherever one is made."""
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
_LONGEST_EMAIL: Final = 254
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('kesu.house', 0))"


def record(
    act: str,
    *,
    at: datetime,
    by: UUID | None,
    subject: UUID | str,
    name: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Inside the transaction of the change itself. `act`: ``noun.verbed``; `by` None: the installation itself; `name`
    as people know the subject now. Passwords and texts of cases never stand here."""
    wait_turn()
    last = HouseChange.objects.order_by("-seq").values_list("seq", "hash").first()
    row = HouseChange(
        seq=last[0] + 1 if last else 1,
        at=at,
        account_id=by,
        act=act,
        subject=subject.hex if isinstance(subject, UUID) else subject,
        name=name[:160],
        before=dict(before or {}),
        after=dict(after or {}),
        previous=last[1] if last else "",
    )
    row.hash = change_hash(row)
    insert([row])


def wait_turn() -> None:
    """Changes of the house are made one after another: whoever comes second sees what the first has done."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)


def setup_code() -> str:
    """What the first administrator must show: read at the machine, the same in every process that has its keys."""
    return readable_code_of(ring().derive("setup", "first administrator"))


def is_setup_code(text: str) -> bool:
    """Case and separators do not count."""
    plain = ["".join(sign for sign in half_width(code).upper() if sign.isalnum()) for code in (text, setup_code())]
    return secrets.compare_digest(plain[0].encode(), plain[1].encode())


def change_hash(row: HouseChange) -> str:
    """What the hash of a recorded change must be."""
    document = [
        row.seq,
        row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        row.account_id.hex if row.account_id else "",
        row.act,
        row.subject,
        row.name,
        row.before,
        row.after,
        row.previous,
    ]
    return hashlib.sha256(canonical(document)).hexdigest()


def check_texts(model: type[models.Model], *, limits: Mapping[str, str] | None = None, **texts: str) -> None:
    """Raises `Unacceptable` for each text that is empty or longer than the column of its name (or of the name that
    `limits` gives)."""
    wrong: dict[str, str] = {}
    for name, text in texts.items():
        longest = getattr(model._meta.get_field((limits or {}).get(name, name)), "max_length", None)
        if not text.strip() or "\x00" in text:
            wrong[name] = "text_missing"
        elif longest is not None and len(text.strip()) > longest:
            wrong[name] = f"≤ {longest}"
    if wrong:
        raise unreadable(wrong)


def is_email(text: str) -> bool:
    return len(text) <= _LONGEST_EMAIL and _EMAIL.fullmatch(text) is not None


def unreadable(fields: Mapping[str, str]) -> Unacceptable:
    """What is wrong with which field of a form."""
    return Unacceptable("unreadable", data={"fields": dict(fields), "refusals": ()})
