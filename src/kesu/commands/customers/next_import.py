"""Files that wait to be brought in, as the worker takes them: one at a time, the oldest first.

`next_import` takes one, `import_house` brings it in and takes it from the queue in one transaction, `let_go` lets the
next one come. Whoever is killed in between has brought in nothing, and the file waits on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from kesu.access.actor import Actor, actor_of
from kesu.casefile import import_queue
from kesu.casefile.imported import CUSTOMERS, ROOMS
from kesu.core.importing import Line
from kesu.store.inserting import insert
from kesu.store.models import ImportRun, ImportWork


@dataclass(frozen=True, slots=True)
class Waiting:
    """`actor`: who sent it, with the rights that he has now; None where his account was shut. `attempts`: how often it
    was begun, this time included."""

    id: UUID
    actor: Actor | None
    name: str
    digest: str
    rooms: Sequence[Line]
    customers: Sequence[Line]
    attempts: int


def next_import(*, at: datetime, on: date) -> Waiting | None:
    """None where nothing is due or somebody else is at it; else the caller must `let_go`. `on`: the day (of the
    organisation's zone) whose posts count. That it was begun is kept at once: a file that kills whoever opens it is
    not opened for ever."""
    if not ImportWork.objects.filter(try_at__lte=at).exists() or not import_queue.alone():
        return None
    work = ImportWork.objects.filter(try_at__lte=at).order_by("at", "pk").select_related("account").first()
    if work is None:
        let_go()
        return None
    ImportWork.objects.filter(pk=work.pk).update(attempts=F("attempts") + 1, done=0)
    lines = import_queue.lines_of(work)
    actor = actor_of(work.account, on) if work.account.is_active else None
    return Waiting(work.pk, actor, work.name, work.digest, lines[ROOMS], lines[CUSTOMERS], work.attempts + 1)


def let_go() -> None:
    """The next file may come."""
    import_queue.no_more()


def tell_progress(*, work_id: UUID, done: int) -> None:
    """`done`: lines that are through. Of another connection than the one that brings them in."""
    ImportWork.objects.filter(pk=work_id).update(done=done)


def put_off(*, work_id: UUID, until: datetime) -> None:
    ImportWork.objects.filter(pk=work_id).update(try_at=until)


@transaction.atomic
def give_up(*, work_id: UUID, at: datetime, why: str) -> None:
    """It is not brought in; its result says so. `why`: ``refused`` (who sent it may not any more) or ``failed``."""
    work = ImportWork.objects.filter(pk=work_id).first()
    if work is None:
        return
    run = ImportRun(pk=work.pk, at=at, account_id=work.account_id, name=work.name, digest=work.digest)
    run.counts = {why: work.attempts}
    insert([run])
    work.delete()
