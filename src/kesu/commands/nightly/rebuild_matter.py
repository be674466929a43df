"""Brings what is kept of a matter in line with its stream."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.casefile.matters.membership import locked_matter
from kesu.casefile.matters.rebuilding import rebuild


@transaction.atomic
def rebuild_matter(*, matter_id: UUID, at: datetime) -> None:
    """Safe to repeat; the worker then reads the logs of its cases for people who are not counted yet."""
    matter = locked_matter(matter_id)
    if matter is not None:
        rebuild(matter, at)
