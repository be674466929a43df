"""Two cases are about the same thing: they become members of one matter, and its head count reaches both."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.cases import case_for
from kesu.access.permissions import Permission
from kesu.casefile import writing
from kesu.casefile.matters.membership import hold, join
from kesu.core.errors import Unacceptable
from kesu.policy.model.writing import Writing


@transaction.atomic
def join_matter(*, actor: Actor, at: datetime, case_id: UUID, other_id: UUID) -> None:
    """Both cases must be in the actor's sight, and he must have the right at each. Already joined: nothing happens.
    These two learn at once what they have reached together, the other members soon after. Raises `NotFound`,
    `Forbidden`, `Unacceptable` (a case with itself), `NotNow` where the policy of one lets nothing be written any
    more."""
    if case_id == other_id:
        raise Unacceptable("same_case", data={"fields": {"other": "same_case"}, "refusals": ()})
    held = hold((case_id, other_id), partial(case_for, actor, needs=Permission.MATTER_JOIN, lock=True))
    for case in held.cases.values():
        writing.ask(case, Writing.MATTER, at)
    join(held, case_id, other_id, by=actor.account_id, now=at)
