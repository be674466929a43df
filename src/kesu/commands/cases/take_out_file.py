"""Somebody takes a file of a case out, and the case keeps that he did."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.files import file_for
from kesu.casefile import files, notes
from kesu.casefile.files import FileContent
from kesu.casefile.issued import stamp_of
from kesu.core.errors import NotFound


@transaction.atomic
def take_out_file(*, actor: Actor, at: datetime, case_id: UUID, file_id: UUID, as_it_came: bool = False) -> FileContent:
    """The line is written before the bytes are handed out. A paper that is void comes with its stamp, a picture of one
    drawn anew to be laid under it, unless it is wanted `as_it_came`. Raises what `file_for` raises, and `NotFound` for
    a file whose bytes are gone."""
    row = file_for(actor, case_id, file_id)
    stamp = None if as_it_came else stamp_of(row)
    is_drawn = stamp is not None and stamp.void_at is not None and row.has_preview
    try:
        found = files.large(row) if is_drawn else files.whole(row)
    except FileNotFoundError:
        raise NotFound from None
    notes.add(row.case, text=row.pk.hex, visibility=notes.TAKEN_OUT, author=actor.account_id, at=at)
    return replace(found, stamp=stamp)
