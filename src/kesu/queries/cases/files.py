"""The small picture of a file of a case, for whoever may see the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.files import file_for
from kesu.casefile import files
from kesu.casefile.files import FileContent
from kesu.casefile.issued import Stamp, stamp_of
from kesu.core.errors import NotFound

__all__ = ["FileContent", "Stamp", "case_file_preview", "under_stamp"]


def case_file_preview(*, actor: Actor, case_id: UUID, file_id: UUID) -> FileContent:
    """Raises what `file_for` raises, and `NotFound` where there is none."""
    row = file_for(actor, case_id, file_id)
    try:
        return replace(files.small(row), stamp=stamp_of(row))
    except FileNotFoundError:
        raise NotFound from None


def under_stamp(content: bytes, word: str, lines: Sequence[str], font: Path) -> bytes:
    """A picture of our own making with a stamp laid over it."""
    from kesu.casefile import pictures  # its libraries, for processes that draw

    return pictures.under_stamp(content, word, lines, font)
