"""Sealed cases: only by allow list or receipt code. Everybody else learns nothing, not even that there is one."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from kesu.access.actor import Actor
from kesu.core.codes import secret_digest
from kesu.core.errors import NotFound
from kesu.store.models import SealedCase
from kesu.store.sealed_reader import bearer, read_as


def sealed_cases_for(actor: Actor) -> list[SealedCase]:
    """The sealed cases whose list names the actor, newest first. Inside a transaction."""
    read_as(str(actor.account_id))
    return list(SealedCase.objects.filter(_listed(actor)).order_by("is_final", "-received_at"))


def _listed(actor: Actor) -> Q:
    """On the list, and still in the slot that brought him there: the list itself follows only in the morning."""
    return Q(allowed__account_id=actor.account_id, allowed__role__in=actor.slots)


def sealed_for(actor: Actor, case_id: UUID, *, lock: bool = False) -> SealedCase:
    """Raises `NotFound` for everybody off the list. Inside a transaction; row-level security stands behind it."""
    read_as(str(actor.account_id))
    rows = SealedCase.objects.select_related("unit")
    if lock:
        rows = rows.select_for_update(of=("self",))
    case = rows.filter(_listed(actor), pk=case_id).first()
    if case is None:
        raise NotFound
    return case


def sealed_by_secret(secret: str, *, lock: bool = False) -> SealedCase:
    """The report of whoever bears its receipt code. Raises `NotFound`. Inside a transaction."""
    digest = secret_digest(secret)
    read_as(bearer(digest))
    rows = SealedCase.objects.select_related("unit")
    if lock:
        rows = rows.select_for_update(of=("self",))
    case = rows.filter(follow_digest=digest).first()
    if case is None:
        raise NotFound
    return case
