"""Tells programs outside what happened: a thread beside the worker's other work, which a slow program does not hold up.

Killed in the middle, the row stays due and is sent again under the same key.
"""

from __future__ import annotations

import threading
from typing import Final

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from kesu.commands.hooks.deliver_one import NotTaken, Parcel, deliver_one
from kesu.core import clock
from kesu.core.hook_addresses import host_of
from kesu.notify.carrying import NotCarried
from kesu.notify.channels.webhook import Hook, Refused
from kesu.notify.mail import is_loopback

log = structlog.get_logger("kesu.hooks")

_LOOK_AGAIN: Final = 2.0
_BATCH: Final = 100


def carry(parcel: Parcel) -> int:
    if clock.moved_by() is not None and not is_loopback(host_of(parcel.address)):
        raise NotTaken("clock_moved")
    hook = Hook(parcel.address, parcel.secrets, settings.KESU_HOOKS_INSIDE)
    try:
        return hook.deliver(parcel.content, key=parcel.key)
    except Refused as refused:
        raise NotTaken(refused.reason, status=refused.status, is_final=refused.is_final, wait=refused.wait) from None
    except NotCarried as failed:
        raise NotTaken(failed.reason, is_final=failed.is_final, wait=failed.wait) from None


def deliver_due() -> int:
    """How many were tried."""
    count = 0
    while count < _BATCH and deliver_one(at=clock.now(), carry=carry, base_url=settings.KESU_BASE_URL):
        count += 1
    return count


class Hooks:
    """The thread; as a context it lives as long as the worker does."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._thread = threading.Thread(target=self._run, name="hooks", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(20)

    def _run(self) -> None:
        while not self._stop.is_set():
            wait = _LOOK_AGAIN
            try:
                close_old_connections()
                wait = 0.0 if deliver_due() == _BATCH else _LOOK_AGAIN
            except (OperationalError, InterfaceError) as lost:
                log.warning("database lost, trying again", error=type(lost.__cause__ or lost).__name__)
            except Exception:
                log.exception("what is told to programs outside could not be sent")
                wait = 30.0
            finally:
                connection.close()
            self._stop.wait(wait)
