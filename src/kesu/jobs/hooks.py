"""Tells programs outside what happened: a thread beside the worker's other work, which a slow program does not hold up.

Killed in the middle, the row stays due and is sent again under the same key.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings

from kesu.commands.hooks.deliver_one import NotTaken, Parcel, deliver_one
from kesu.core import clock
from kesu.core.hook_addresses import host_of
from kesu.notify.carrying import NotCarried
from kesu.notify.channels.webhook import Hook, Refused
from kesu.notify.mail import is_loopback

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


def tell_programs() -> float:
    """A turn of the worker's thread for it; in how many seconds the next is wanted."""
    return 0.0 if deliver_due() == _BATCH else _LOOK_AGAIN
