"""What people call a matter. The name stands with the matter, its token in the stream."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.casefile.matters.stream import NAMED, MatterFile
from kesu.core.errors import Unacceptable
from kesu.store.keys import ring

MOST: Final = 60
"""So many signs at most."""


def read_title(text: str) -> str:
    """In one line, without the blanks around it; empty for none. Raises `Unacceptable` for what is no name."""
    title = " ".join(text.split())
    if len(title) > MOST or not title.isprintable():
        why = "too_long" if len(title) > MOST else "text_unreadable"
        raise Unacceptable(why, data={"fields": {"name": why}, "refusals": ()})
    return title


def entitle(file: MatterFile, title: str, *, by: UUID | None, now: datetime) -> None:
    """Gives it the name, which is none of its stream. The same again: nothing happens."""
    if title != file.head.title:
        file.head.title = title
        file.say(NAMED, {"name": token_of(title)}, now, now, by)


def token_of(title: str) -> str:
    """Equal for equal names; says nothing else. Empty where there is none."""
    return ring().derive("matter", title).hex()[:32] if title else ""
