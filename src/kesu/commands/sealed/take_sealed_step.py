"""Somebody on the allow list takes a step on a sealed case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.cases import in_sight_of
from kesu.access.sealed import sealed_for
from kesu.access.takers import taker_for
from kesu.casefile.casefile import CaseFile
from kesu.casefile.overtaken import has_moved
from kesu.casefile.sealing import renew_allow_list
from kesu.casefile.statement import Given
from kesu.core.errors import Overtaken
from kesu.core.uploads import Upload
from kesu.store.sealed_reader import SYSTEM, read_as


@transaction.atomic
def take_sealed_step(
    *,
    actor: Actor,
    at: datetime,
    case_id: UUID,
    step: str,
    seen_version: int,
    given: Given,
    uploads: Sequence[Upload] = (),
) -> None:
    """The same form sent twice is one step. Raises `NotFound` for everybody off the list, `Overtaken`, or what the
    policy says. A step may change the route; the allow list follows in the same transaction."""
    case = sealed_for(actor, case_id, lock=True)
    read_as(SYSTEM)
    file = CaseFile.open(case)
    taker, sees = taker_for(actor, case.unit.path, file.kind, file.log), in_sight_of(actor)
    if case.version != seen_version:
        if file.has_taken(step, taker=taker, since=seen_version, now=at, sees=sees, given=given, uploads=uploads):
            return
        if has_moved(file, seen_version):
            raise Overtaken("case_moved", data={"seen": seen_version, "now": case.version})
    file.take(step, taker=taker, given=given, at=at, now=at, uploads=uploads, sees=sees)
    renew_allow_list(file, at)
