"""A file of a case to be looked at, for whoever may see the case."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.files import file_for
from kesu.casefile import files
from kesu.casefile.files import FileContent
from kesu.core.errors import NotFound

__all__ = ["FileContent", "case_file_preview", "case_file_view"]

_PLAYED: Final = ("video/", "audio/", "application/pdf")
"""What a browser shows in place as it came."""


def case_file_preview(*, actor: Actor, case_id: UUID, file_id: UUID) -> FileContent:
    """A small picture. Raises what `file_for` raises, and `NotFound` where there is none."""
    row = file_for(actor, case_id, file_id)
    try:
        return files.small(row)
    except FileNotFoundError:
        raise NotFound from None


def case_file_view(*, actor: Actor, case_id: UUID, file_id: UUID) -> FileContent:
    """What the large view shows: a picture made for the screen, or a film, sound or PDF as it came. Raises what
    `file_for` raises, and `NotFound` for any other kind."""
    row = file_for(actor, case_id, file_id)
    try:
        return files.whole(row) if row.media_type.startswith(_PLAYED) else files.large(row)
    except FileNotFoundError:
        raise NotFound from None
