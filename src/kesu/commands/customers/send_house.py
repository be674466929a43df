"""A file of rooms and customers is handed to the worker, which brings it in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile import import_queue
from kesu.core.importing import Line
from kesu.store.bell import ring_bell
from kesu.store.models import ImportWork


@transaction.atomic
def send_house(
    *, actor: Actor, at: datetime, name: str, digest: str, rooms: Sequence[Line], customers: Sequence[Line]
) -> UUID:
    """`name`, `digest` (SHA-256, hex): of the file. Returns by what its progress and later its result are found; the
    same as before for a file that the actor sent already and that still waits. Raises `Forbidden`."""
    actor.require(Permission.CUSTOMER_IMPORT)
    waiting = ImportWork.objects.filter(account_id=actor.account_id, digest=digest).values_list("pk", flat=True).first()
    if waiting is not None:
        return waiting
    plain = name.replace("\x00", "")[:160]
    work = ImportWork(at=at, try_at=at, account_id=actor.account_id, name=plain, digest=digest)
    import_queue.keep(work, rooms, customers)
    work.save()
    ring_bell()
    return work.pk
