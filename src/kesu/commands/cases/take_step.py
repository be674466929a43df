"""Somebody of the house takes a step on a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.cases import case_for, in_sight_of
from kesu.access.coded import refuse_with_sight
from kesu.access.permissions import Permission
from kesu.access.takers import taker_for
from kesu.casefile import reply_lock, tokens
from kesu.casefile.casefile import CaseFile
from kesu.casefile.mail_files import with_attachments
from kesu.casefile.matters.naming import commutes, count_named, held_for
from kesu.casefile.merging import Merging, held_to_merge, refuse_unseen
from kesu.casefile.overtaken import has_moved
from kesu.casefile.statement import Given
from kesu.casefile.waiting_for import refuse_rounds
from kesu.core.errors import NotFound, Overtaken
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
    merging = _held_to_merge(actor, case_id, step, given)
    # Before the case is locked, as whoever joins does.
    matter = held_for(case_id, step, given) if merging is None else merging.held.matters.get(case_id)
    case = case_for(actor, case_id, lock=True) if merging is None else merging.held.cases[case_id]
    if tokens.is_again(token, case, tokens.said_in(f"{step}/{actor.key}", given, uploads, happened_at), at):
        return
    file = CaseFile.open(case)
    if has_moved(file, seen_version) and not commutes(file.kind, step):
        raise Overtaken("case_moved", data={"seen": seen_version, "now": case.version})
    rule = file.kind.steps.get(step)
    refuse_with_sight(file.kind, rule)
    taker = taker_for(actor, case.unit.path, file.kind, file.log)
    sees = in_sight_of(actor)
    refuse_rounds(case_id, file.kind, given)
    if merging is None:
        refuse_unseen(file.kind, step, given)
    else:
        merging.weigh(file, at)
    reply_lock.ask_of_letters(file, step, given, at)
    uploads = with_attachments(uploads, file.kind, rule) if rule is not None else uploads
    event = file.take(step, taker=taker, given=given, at=happened_at or at, now=at, uploads=uploads, sees=sees)
    if token and file.kind.leaves_sight:
        tokens.claim(tokens.out_of_sight(token, actor.key, case_id), case_id, at)
    count_named(matter, file, event, at)
    if merging is not None:
        merging.carry_out(event, actor.account_id)


def _held_to_merge(actor: Actor, case_id: UUID, step: str, given: Given) -> Merging | None:
    """Whoever merges joins: he needs the right to at the other case. One that he does not see is none that the form
    takes, as any other that he names."""
    own, other = partial(case_for, actor, lock=True), partial(case_for, actor, needs=Permission.MATTER_JOIN, lock=True)
    try:
        return held_to_merge(case_id, step, given, own, other)
    except NotFound:
        return None
