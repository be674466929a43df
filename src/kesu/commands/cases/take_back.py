"""Somebody takes a step back that the policy lets him take back."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.cases import case_for
from kesu.access.takers import taker_for
from kesu.casefile import merging, tokens, writing
from kesu.casefile import taking_back as undoing
from kesu.casefile.casefile import CaseFile
from kesu.casefile.matters.membership import hold
from kesu.casefile.matters.naming import count_no_more
from kesu.policy.model.writing import Writing


@transaction.atomic
def take_back(*, actor: Actor, at: datetime, case_id: UUID, seq: int, reason: str, token: str = "") -> None:
    """`seq`: the number of the event. The case is then as if it had not been taken; what was sent stays sent. Of a
    merged case the other one learns it too. Raises `NotFound`, `Forbidden`, `NotNow` with what rests on it or where the
    policy lets nothing be written any more, `Unacceptable` without a reason; nothing is written then."""
    own = partial(case_for, actor, lock=True)
    merged = merging.held_to_undo(case_id, seq, own, merging.locked)
    held = merged.held if merged is not None else hold((case_id,), own)
    case = held.cases[case_id]
    said = tokens.said_in(f"take_back/{seq}/{actor.key}", {"reason": (reason,)}, ())
    if tokens.is_again(token, case, said, at):
        return
    writing.ask(case, Writing.NOTE, at)  # the reason stands on it as any note does
    if merged is not None:
        writing.ask(held.cases[merged.into], Writing.MATTER, at)
    file = CaseFile.open(case)
    taker = taker_for(actor, case.unit.path, file.kind, file.log)
    event, undone = undoing.take_back(file, seq, taker, reason, at)
    count_no_more(held.matters.get(case_id), file, event, at)
    if merged is not None:
        merged.undo(event, undone, actor.account_id)
