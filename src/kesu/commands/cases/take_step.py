"""Somebody of the house takes a step on a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.cases import case_for, in_sight_of
from kesu.access.takers import taker_for
from kesu.casefile import tokens
from kesu.casefile.casefile import CaseFile
from kesu.casefile.matters.naming import commutes, count_named, held_for
from kesu.casefile.statement import Given
from kesu.core.errors import Overtaken
from kesu.core.uploads import Upload


@transaction.atomic
def take_step(
    *,
    actor: Actor,
    at: datetime,
    case_id: UUID,
    step: str,
    seen_version: int,
    given: Given,
    uploads: Sequence[Upload] = (),
    happened_at: datetime | None = None,
    token: str = "",
) -> None:
    """`seen_version`: the version of the case that the person had before him. `token`: the form's one-time token; the
    same form sent twice is one step, and both are answered as done (`is_taken` says so of one that took the case out of
    his sight). Raises `Overtaken` when the case has moved since, unless the policy says that the step commutes,
    `NotFound`, `Forbidden`, `NotNow`, `Unacceptable` as the policy says; nothing is written then."""
    matter = held_for(case_id, step)  # before the case is locked, as whoever joins does
    case = case_for(actor, case_id, lock=True)
    if tokens.is_again(token, case, tokens.said_in(f"{step}/{actor.key}", given, uploads, happened_at), at):
        return
    file = CaseFile.open(case)
    if case.version != seen_version and not commutes(file.kind, step):
        raise Overtaken("case_moved", data={"seen": seen_version, "now": case.version})
    taker = taker_for(actor, case.unit.path, file.kind, file.log)
    sees = in_sight_of(actor)
    event = file.take(step, taker=taker, given=given, at=happened_at or at, now=at, uploads=uploads, sees=sees)
    if token and file.kind.leaves_sight:
        tokens.claim(tokens.out_of_sight(token, actor.key, case_id), case_id, at)
    count_named(matter, file, event, at)
