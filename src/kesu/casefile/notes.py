"""Notes and messages: timeline rows that no rule names, encrypted like every text of the case."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kesu.casefile.log import data_key
from kesu.core.errors import Unacceptable
from kesu.core.ids import uuid7
from kesu.core.keyring import seal, unseal
from kesu.store.models import Case, Note

INTERNAL, SENT, RECEIVED, VIEWED = "internal", "sent", "received", "viewed"
MAX_TEXT = 5_000


def add(case: Case, *, text: str, visibility: str, author: UUID | None, at: datetime) -> UUID:
    """Raises `Unacceptable` for an empty or too long text."""
    plain = text.strip()
    if not plain or len(plain) > MAX_TEXT or "\x00" in plain:
        reason = "text_missing" if not plain else "text_unreadable"
        raise Unacceptable(reason, data={"fields": {"text": reason}, "refusals": ()})
    note = row(case, text=plain, visibility=visibility, author=author, at=at)
    note.save(force_insert=True)
    return note.pk


def row(case: Case, *, text: str, visibility: str, author: UUID | None, at: datetime) -> Note:
    """A text that has passed another check already, not yet written: the policy's own words are as long as they are."""
    note_id = uuid7()
    return Note(
        id=note_id,
        case=case,
        author_id=author,
        at=at,
        visibility=visibility,
        sealed=seal(data_key(case), text.encode(), note_id.bytes),
    )


def read(case: Case) -> list[tuple[Note, str]]:
    """Every note with its text, oldest first; the case's number stands where the policy's words ask for it."""
    key = data_key(case)
    rows = case.notes.select_related("author").order_by("at", "id")
    texts = [(note, unseal(key, bytes(note.sealed), note.pk.bytes).decode()) for note in rows]
    return [(note, text.replace("{case}", case.number)) for note, text in texts]
