"""Brings in the files of rooms and customers that people sent: beside the worker's other work, which does not wait.

A file is checked and written in one transaction. Killed, stopped or cut off from the database in the middle, nothing is
written; the file waits on and is begun anew by whichever worker comes next.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from kesu.commands.customers.import_house import import_house
from kesu.commands.customers.next_import import Waiting, give_up, let_go, next_import, put_off, tell_progress
from kesu.core.clock import now
from kesu.core.errors import Forbidden

log = structlog.get_logger("kesu.import")

Tell = Callable[[int], None]
"""Told how many lines are through."""

_MOST_ATTEMPTS: Final = 5
_AGAIN: Final = timedelta(minutes=1)
_LOOK_AGAIN: Final = 15.0
_LOST: Final = (OperationalError, InterfaceError)


class Stopped(Exception):
    """The worker ends; what was begun is begun anew by the next."""


def import_one(tell: Callable[[Waiting], Tell]) -> bool:
    """Whether there was one. Raises `OperationalError` of a lost database, and whatever `tell` raises to end it."""
    at = now()
    work = next_import(at=at, on=at.astimezone(ZoneInfo(settings.TIME_ZONE)).date())
    if work is None:
        return False
    try:
        _bring_in(work, tell(work))
    finally:
        let_go()
    return True


def _bring_in(work: Waiting, tell: Tell) -> None:
    if work.attempts > _MOST_ATTEMPTS:
        give_up(work_id=work.id, at=now(), why="failed")
        return
    try:
        if work.actor is None:
            raise Forbidden("permission_missing")
        import_house(
            actor=work.actor,
            at=now(),
            name=work.name,
            digest=work.digest,
            rooms=work.rooms,
            customers=work.customers,
            work_id=work.id,
            tell=tell,
        )
    except Forbidden:
        give_up(work_id=work.id, at=now(), why="refused")
    except (*_LOST, Stopped):
        raise
    except Exception:
        log.exception("a file could not be brought in, tried again later", work=work.id.hex, attempts=work.attempts)
        put_off(work_id=work.id, until=now() + _AGAIN)


class Imports:
    """A thread of the worker. `ring` when something may have come; `end` before the worker ends."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._bell = threading.Event()
        self._thread = threading.Thread(target=self._run, name="imports", daemon=True)
        self._thread.start()

    def ring(self) -> None:
        self._bell.set()

    def end(self) -> None:
        """After `stop` is set. Waits until what is being written is written or undone."""
        self._bell.set()
        self._thread.join(20)

    def _run(self) -> None:
        with ThreadPoolExecutor(1, "progress") as teller:
            while not self._stop.is_set():
                try:
                    close_old_connections()
                    while not self._stop.is_set() and import_one(lambda work: self._telling(teller, work)):
                        pass
                    connection.close()
                    self._bell.wait(_LOOK_AGAIN)
                    self._bell.clear()
                except Stopped:
                    break
                except _LOST as lost:
                    log.warning("database lost, trying again", error=type(lost.__cause__ or lost).__name__)
                    connection.close()
                    self._stop.wait(1.0)
        connection.close()

    def _telling(self, teller: ThreadPoolExecutor, work: Waiting) -> Tell:
        def tell(done: int) -> None:
            if self._stop.is_set():
                raise Stopped
            teller.submit(_tell, work, done)

        return tell


def _tell(work: Waiting, done: int) -> None:
    """On a connection of its own: what the import has written is seen by nobody before its end."""
    try:
        tell_progress(work_id=work.id, done=done)
    except _LOST:
        log.info("progress could not be told", work=work.id.hex)
    finally:
        connection.close()
