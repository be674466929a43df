"""What the house has published, as far as it is for its own people: to them, to customers, to everybody."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.publications import PublicationLeaf, PublicationPage, leaf_of, page_of, readable_by, to_staff


def board(*, actor: Actor, at: datetime, before: str) -> PublicationLeaf:
    """Two queries, whatever is stored."""
    return leaf_of(to_staff(actor), at, before)


def board_notice(*, actor: Actor, at: datetime, publication_id: UUID) -> PublicationPage:
    """Raises `NotFound` for what an organisation published that he has nothing to do with, in no case of his either."""
    return page_of(readable_by(actor), at, publication_id)
