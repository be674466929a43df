"""Somebody looks at a file of a case inside of the page. A film, a sound or a PDF comes whole to him, and the case
keeps that he looked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.files import file_for
from kesu.casefile import files, notes
from kesu.casefile.files import FileContent
from kesu.casefile.issued import stamp_of
from kesu.core.errors import NotFound
from kesu.store.models import Note, StoredFile

_PLAYED: Final = ("video/", "audio/", "application/pdf")
"""What a browser shows in place as it came."""
_ONE_LOOK: Final = timedelta(hours=1)
"""A player asks for a film in many parts."""


@transaction.atomic
def look_at_file(*, actor: Actor, at: datetime, case_id: UUID, file_id: UUID) -> FileContent:
    """A picture made for the screen, or a film, sound or PDF as it came; that somebody looked at one is written before
    its bytes are handed out, once an hour. Raises what `file_for` raises, and `NotFound` for any other kind."""
    row = file_for(actor, case_id, file_id)
    is_whole = row.media_type.startswith(_PLAYED)
    try:
        found = files.whole(row) if is_whole else files.large(row)
    except FileNotFoundError:
        raise NotFound from None
    if is_whole and not _is_written(actor, row, at):
        notes.add(row.case, text=row.pk.hex, visibility=notes.LOOKED, author=actor.account_id, at=at)
    return replace(found, stamp=stamp_of(row))


def _is_written(actor: Actor, row: StoredFile, at: datetime) -> bool:
    lately = Note.objects.filter(
        case=row.case, visibility=notes.LOOKED, author=actor.account_id, at__gt=at - _ONE_LOOK, at__lte=at
    )
    return any(notes.text_of(note) == row.pk.hex for note in lately.select_related("case"))
