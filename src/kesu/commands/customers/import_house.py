"""A file brings in rooms and customers: everything is checked first, and it is written whole or not at all.

Rooms are recognised by project, building, entrance and number, customers by their first telephone: the same file sent
again changes nothing. An empty cell leaves what is there as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.customers import customers_at
from kesu.access.estate import projects_for
from kesu.access.permissions import Permission
from kesu.casefile import estate, house
from kesu.casefile.imported import CUSTOMERS, ROOMS, Wrong
from kesu.casefile.imported_customers import check_customers, first_tokens, write_customers
from kesu.casefile.imported_rooms import check_rooms, known_rooms, write_rooms
from kesu.core.ids import uuid7
from kesu.core.importing import Line
from kesu.store.inserting import insert
from kesu.store.models import ImportRun, ImportWork, Unit

MOST_ERRORS: Final = 5000


@transaction.atomic
def import_house(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    digest: str,
    rooms: Sequence[Line],
    customers: Sequence[Line],
    work_id: UUID | None = None,
    tell: Callable[[int], None] = lambda _done: None,
) -> UUID:
    """`name`, `digest` (SHA-256, hex): of the file. Returns the run, which says what was written or what is wrong; with
    anything wrong nothing is written. `work_id`: the file waited in the queue, which it leaves with this transaction;
    brought in already, it is not brought in again. `tell` hears how many lines are checked. Raises `Forbidden`."""
    actor.require(Permission.CUSTOMER_IMPORT)
    estate.lock()
    if work_id is not None and not ImportWork.objects.filter(pk=work_id).exists():
        return work_id
    own = _by_name(projects_for(actor, Permission.CUSTOMER_IMPORT))
    editable = _by_name(projects_for(actor, Permission.ROOM_EDIT))
    known = known_rooms((*rooms, *customers), {**editable, **own})
    told_rooms = check_rooms(rooms, editable, known, at=at, by=actor.account_id, tell=tell)
    people = customers_at(actor, first_tokens(customers), Permission.CUSTOMER_IMPORT) if customers else {}
    told = check_customers(
        customers, own, told_rooms.known, people, at=at, by=actor.account_id, tell=lambda done: tell(len(rooms) + done)
    )
    tell(len(rooms) + len(customers))
    wrong = [*told_rooms.wrong, *told.wrong]
    run = ImportRun(pk=work_id or uuid7(), at=at, account_id=actor.account_id, name=_plain(name), digest=digest)
    if wrong:
        run.errors = [list(asdict(one).values()) for one in _ordered(wrong)[:MOST_ERRORS]]
        run.counts = {"wrong": len(wrong)}
    else:
        run.counts = {ROOMS: told_rooms.counts(len(rooms)), CUSTOMERS: told.counts()}
        write_rooms(told_rooms)
        write_customers(told)
        if told_rooms.changes or told.moved:
            after = {f"{sheet}_{what}": n for sheet, counts in run.counts.items() for what, n in counts.items() if n}
            house.record("file.imported", at=at, by=actor.account_id, subject=run.pk, name=run.name, after=after)
    insert([run])
    ImportWork.objects.filter(pk=run.pk).delete()
    return run.pk


def _by_name(projects: Sequence[Unit]) -> dict[str, Unit]:
    """Two projects of one name cannot be told apart in a file: neither is offered."""
    names = [one.name for one in projects]
    return {one.name: one for one in projects if names.count(one.name) == 1}


def _ordered(wrong: Sequence[Wrong]) -> list[Wrong]:
    return sorted(wrong, key=lambda one: (one.sheet != ROOMS, one.line, one.column))


def _plain(name: str) -> str:
    return name.replace("\x00", "")[:160]
