"""People call a matter by a name of its own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.access.permissions import Permission
from kesu.casefile.matters.membership import locked_matter
from kesu.casefile.matters.stream import MatterFile
from kesu.casefile.matters.titles import MOST, entitle, read_title
from kesu.core.errors import Forbidden, NotFound

__all__ = ["MOST", "name_matter"]


@transaction.atomic
def name_matter(*, actor: Actor, at: datetime, matter_id: UUID, name: str) -> None:
    """By whoever may join one of its cases to others. Whoever sees any of them reads the name; without one the matter
    goes by the first of its cases that he sees. Raises `NotFound`, `Forbidden`, `Unacceptable`."""
    paths = list(cards_for(actor).filter(case__membership__matter=matter_id).values_list("unit_path", flat=True))
    if not paths:
        raise NotFound
    if not any(actor.may_at(Permission.MATTER_JOIN, path) for path in paths):
        raise Forbidden("permission_missing", data={"permission": Permission.MATTER_JOIN.value})
    title, matter = read_title(name), locked_matter(matter_id)
    if matter is None or matter.merged_into_id is not None:
        raise NotFound
    file = MatterFile(matter)
    entitle(file, title, by=actor.account_id, now=at)
    if file.is_changed:
        file.keep()
