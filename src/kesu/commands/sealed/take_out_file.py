"""Somebody on the allow list takes a file of a sealed case out, and the case keeps that he did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.sealed import sealed_for
from kesu.casefile import sealed_files
from kesu.core.errors import NotFound
from kesu.store.models import SealedFile, SealedReading


@dataclass(frozen=True, slots=True)
class TakenOut:
    name: str
    media_type: str
    content: bytes


@transaction.atomic
def take_out_file(*, actor: Actor, at: datetime, case_id: UUID, file_id: UUID) -> TakenOut:
    """Raises `NotFound` for everybody off the list and for a file of another case."""
    case = sealed_for(actor, case_id)
    file = SealedFile.objects.filter(pk=file_id, case=case).first()
    if file is None:
        raise NotFound
    file.case = case
    details, content = sealed_files.content(file)
    SealedReading.objects.create(case=case, file=file, account_id=actor.account_id, at=at)
    return TakenOut(details.name, details.media_type, content)
