"""Somebody with the right to personal data prints a document of a case in clear; the timeline says so."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.cases import case_for
from kesu.access.permissions import Permission
from kesu.access.sight.paper import Paper, paper
from kesu.access.sight.reading import read_case
from kesu.casefile import notes


@transaction.atomic
def print_document(*, actor: Actor, at: datetime, case_id: UUID, document: str) -> Paper:
    """Raises `NotFound` outside the scope or for a document that the policy of the case does not know, `Forbidden`
    without the right. Where somebody's data stand on it, the log line is written before anything is shown."""
    case = case_for(actor, case_id, Permission.PERSONAL_READ, lock=True)
    printed = paper(read_case(actor, at, case_id), document, in_clear=True)
    if printed.holds_personal:
        notes.add(case, text=document, visibility=notes.PRINTED, author=actor.account_id, at=at)
    return printed
