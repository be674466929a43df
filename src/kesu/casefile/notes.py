"""Notes and messages: timeline rows that no rule names, encrypted like every text of the case."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kesu.casefile.log import data_key
from kesu.core.errors import Unacceptable
from kesu.core.ids import uuid7
from kesu.core.keyring import seal, unseal
from kesu.store.models import Case, Note

INTERNAL, SENT, RECEIVED, VIEWED, PRINTED = "internal", "sent", "received", "viewed", "printed"
MAX_TEXT = 5_000


def add(case: Case, *, text: str, visibility: str, author: UUID | None, at: datetime) -> UUID:
    """Raises `Unacceptable` for an empty or too long text."""
    plain = text.strip()
    if not plain or len(plain) > MAX_TEXT or "\x00" in plain:
        reason = "text_missing" if not plain else "text_unreadable"
        raise Unacceptable(reason, data={"fields": {"text": reason}, "refusals": ()})
    return write(case, text=plain, visibility=visibility, author=author, at=at)


def write(case: Case, *, text: str, visibility: str, author: UUID | None, at: datetime) -> UUID:
    """Keeps a text that has passed another check already: the policy's own words are as long as they are."""
    note_id = uuid7()
    Note.objects.create(
        id=note_id,
        case=case,
        author_id=author,
        at=at,
        visibility=visibility,
        sealed=seal(data_key(case), text.encode(), note_id.bytes),
    )
    return note_id


def read(case: Case) -> list[tuple[Note, str]]:
    """Every note with its text, oldest first. The case's number stands where the policy's words ask for it, and only
    there: what a person wrote stays as he wrote it."""
    key = data_key(case)
    rows = case.notes.select_related("author").order_by("at", "id")
    texts = [(note, unseal(key, bytes(note.sealed), note.pk.bytes).decode()) for note in rows]
    return [(note, text.replace("{case}", case.number) if _is_of_policy(note) else text) for note, text in texts]


def _is_of_policy(note: Note) -> bool:
    return note.visibility == SENT and note.author_id is None
