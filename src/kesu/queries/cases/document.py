"""A document of a case as it would be printed, personal data masked. In clear only the command prints it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.sight.paper import Paper, paper
from kesu.access.sight.reading import read_case


def case_document(*, actor: Actor, at: datetime, case_id: UUID, document: str) -> Paper:
    """Raises `NotFound` outside the actor's scope and for a document that the policy of the case does not know."""
    return paper(read_case(actor, at, case_id), document)
