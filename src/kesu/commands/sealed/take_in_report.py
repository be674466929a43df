"""Somebody whom the policy names takes in a report that reached the house by letter, visit or telephone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.openings import may_take_in
from kesu.access.takers import taker_for
from kesu.casefile.books import adoption_for, before_policy, kind_of, open_unit
from kesu.casefile.opening import DESK
from kesu.casefile.sealing import open_sealed
from kesu.casefile.statement import Given
from kesu.core.errors import NotFound
from kesu.core.uploads import Upload


@transaction.atomic
def take_in_report(
    *,
    actor: Actor,
    at: datetime,
    happened_at: datetime,
    unit_id: UUID,
    kind: str,
    given: Given,
    uploads: Sequence[Upload],
    token: str,
    subject: str | None = None,
) -> str:
    """`at` is now, `happened_at` when the report reached the house (the pack limits how far back). `token`: the form's
    one-time token; the same form sent twice makes one report, whatever moment it says. `subject`: which of those that
    are served there, empty for all others; None: not said.

    Returns the receipt code, for the reporter alone. Whoever took it in sees the report from now on only where its list
    names him. Raises `NotFound` for whoever the policy does not name, and what the policy says of the opening step."""
    unit = open_unit(unit_id)
    adoption = adoption_for(unit, kind, happened_at, subject, now=at)
    in_force = adoption or adoption_for(unit, kind, at, subject)
    rules = kind_of(in_force.policy_version_id, kind) if in_force is not None else None
    if rules is None or not may_take_in(actor, unit, rules):
        raise NotFound
    if adoption is None:
        raise before_policy()
    return open_sealed(
        adoption=adoption,
        unit=unit,
        channel=DESK,
        taker=taker_for(actor, unit.path, rules, ()),
        given=given,
        uploads=uploads,
        at=happened_at,
        now=at,
        token=token,
    )
