"""Notes and messages: timeline rows that no rule names, encrypted like every text of the case."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from kesu.casefile import search_row
from kesu.casefile.log import data_key
from kesu.core.codes import is_blank
from kesu.core.errors import Unacceptable
from kesu.core.ids import uuid7
from kesu.core.keyring import seal, unseal
from kesu.core.policy_words import PolicyWords, Sentence
from kesu.store.fixed import Fixed, FixedRows
from kesu.store.inserting import insert
from kesu.store.models import Account, Case, CaseGuest, Note

INTERNAL, SENT, RECEIVED, VIEWED, PRINTED = "internal", "sent", "received", "viewed", "printed"
TAKEN_OUT, LOOKED = "taken_out", "looked"
TO_GUEST, FROM_GUEST = "to_guest", "from_guest"
OPENED = "opened"
FOLLOW_PAGE = "follow"
"""What somebody outside opened, where a note says that he did."""
MAX_TEXT = 5_000
NUMBER: Final = "{case}"
"""Stands in the policy's own words for the number of the case, which is given last of all."""

SHOWN = frozenset({INTERNAL, SENT, RECEIVED})
"""Notes whose words pages show and searches find; the others say by a code what somebody looked at."""


def add(
    case: Case,
    *,
    text: str,
    visibility: str,
    author: UUID | None,
    at: datetime,
    guest: UUID | None = None,
    is_interim: bool = False,
    answer_by: date | None = None,
) -> Note:
    """`guest`: the outside party to whom it goes or from whom it comes; `is_interim`: sent while the reply was locked,
    by the word of its author that it tells of progress only; `answer_by`: the day until which it promises an answer.
    Raises `Unacceptable` for an empty or too long text."""
    plain = readable(text)
    note = row(case, text=plain, visibility=visibility, author=author, at=at)
    note.guest_id, note.is_interim, note.answer_by = guest, is_interim, answer_by
    keep(note, plain)
    return note


def colleague_wrote(case: Case, by: UUID | None, since: datetime) -> bool:
    """Whether somebody else of the house has written to the customer since."""
    sent = Note.objects.filter(case=case, visibility=SENT, guest=None, at__gt=since).exclude(author=None)
    return sent.exclude(author_id=by).exists()


def readable(text: str) -> str:
    """Without the blanks around it. Raises `Unacceptable` for an empty or too long text."""
    plain = "" if is_blank(text) else text.strip()
    if not plain or len(plain) > MAX_TEXT or "\x00" in plain:
        reason = "text_missing" if not plain else "text_unreadable"
        raise Unacceptable(reason, data={"fields": {"text": reason}, "refusals": ()})
    return plain


def keep(note: Note, text: str) -> None:
    """Writes a new note, and what a search finds of it."""
    insert([note])
    if note.visibility in SHOWN:
        search_row.add_notes(note.case_id, [numbered(note, text, note.case)])


def row(
    case: Case, *, text: str, visibility: str, author: UUID | None, at: datetime, sentence: Sentence | None = None
) -> Note:
    """A text that has passed another check already, not yet written: the policy's own words are as long as they are.
    `sentence`: of what these are made."""
    note_id = uuid7()
    document = json.dumps(sentence.document(), ensure_ascii=False).encode() if sentence is not None else b""
    return Note(
        id=note_id,
        case=case,
        author_id=author,
        at=at,
        visibility=visibility,
        sealed=seal(data_key(case), text.encode(), note_id.bytes),
        parts=seal(data_key(case), document, _owner_of_parts(note_id)) if document else b"",
    )


def _owner_of_parts(note_id: UUID) -> bytes:
    return b"parts/" + note_id.bytes


def sentence_of(note: Note) -> Sentence | None:
    """Of what the policy's own words are made; None for what somebody wrote, and for words of earlier times."""
    if not note.parts:
        return None
    document = json.loads(unseal(data_key(note.case), bytes(note.parts), _owner_of_parts(note.pk)))
    return Sentence.of(document).with_values(lambda value: note.case.number if value == NUMBER else value)


def read(case: Case) -> list[tuple[Note, str]]:
    """Every note with its text, oldest first. The case's number stands where the policy's words ask for it, and only
    there: what a person wrote stays as he wrote it."""
    key = data_key(case)
    rows = [_note(case, row) for row in _OF(case.pk)]
    texts = [(note, unseal(key, bytes(note.sealed), note.pk.bytes).decode()) for note in rows]
    return [(note, numbered(note, text, case)) for note, text in texts]


def _note(case: Case, row: tuple[Any, ...]) -> Note:
    """With the names of who wrote it and to or from whom it went."""
    pk, at, visibility, is_interim, answer_by, sealed, parts, author_id, author, guest_id, guest = row
    note = Note(id=pk, case=case, at=at, visibility=visibility, is_interim=is_interim, answer_by=answer_by)
    note.sealed, note.parts = sealed, parts
    note.author = Account(id=author_id, name=author) if author_id else None
    note.guest = CaseGuest(id=guest_id, name=guest) if guest_id else None
    return note


_OF: Final = Fixed(
    lambda case: (
        Note.objects.filter(case=case)
        .order_by("at", "id")
        .values_list(
            "pk",
            "at",
            "visibility",
            "is_interim",
            "answer_by",
            "sealed",
            "parts",
            "author_id",
            "author__name",
            "guest_id",
            "guest__name",
        )
    )
)


def text_of(note: Note) -> str:
    """One note alone, with its case."""
    return unseal(data_key(note.case), bytes(note.sealed), note.pk.bytes).decode()


def read_of(cases: Collection[Case]) -> dict[UUID, list[tuple[Note, str]]]:
    """The notes of several cases that have words to show, oldest first. One query."""
    known = {case.pk: (case, data_key(case)) for case in cases}
    found: dict[UUID, list[tuple[Note, str]]] = {}
    for note in _SHOWN(list(known), sorted(SHOWN)):
        case, key = known[note.case_id]
        text = unseal(key, bytes(note.sealed), note.pk.bytes).decode()
        found.setdefault(case.pk, []).append((note, numbered(note, text, case)))
    return found


_SHOWN: Final = FixedRows(
    lambda cases, shown: Note.objects.filter(case__pk__any=cases, visibility__any=shown).order_by("at", "id")
)


def numbered(note: Note, text: str, case: Case) -> str:
    """With the case's number where the policy's words ask for it; these as `PolicyWords`, where it is known of what
    they are made."""
    if note.visibility != SENT or note.author_id is not None:
        return text
    whole = text.replace(NUMBER, case.number)
    note.case = case
    sentence = sentence_of(note)
    return PolicyWords.made_of(whole, sentence) if sentence is not None else whole
