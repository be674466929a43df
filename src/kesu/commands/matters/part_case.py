"""A case turns out to be about something else: it is taken out of its matter."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.cases import case_for
from kesu.access.permissions import Permission
from kesu.casefile import notes, writing
from kesu.casefile.matters.membership import hold, part
from kesu.core.errors import NotFound
from kesu.policy.model.writing import Writing


@transaction.atomic
def part_case(*, actor: Actor, at: datetime, case_id: UUID, reason: str) -> None:
    """The reason stands as a note on the case. Heads are counted anew; levels that were reached fall only as the policy
    of each case says. Raises `NotFound` (also for a case of no matter), `Forbidden`, `Unacceptable` without a
    reason, `NotNow` where the policy lets nothing be written any more."""
    held = hold((case_id,), partial(case_for, actor, needs=Permission.MATTER_JOIN, lock=True))
    if case_id not in held.matters:
        raise NotFound
    writing.ask(held.cases[case_id], Writing.MATTER, at)
    notes.add(held.cases[case_id], text=reason, visibility=notes.INTERNAL, author=actor.account_id, at=at)
    part(held, case_id, by=actor.account_id, now=at)
