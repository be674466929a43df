"""Reads the mailboxes of the house and sorts what came in: beside the worker's other work, which does not wait.

A mail is kept before it is marked as seen, and how far a folder was read is noted after both. Killed in between, the
next reader finds it again and keeps it once. What a mail becomes is settled afterwards, from what is kept.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Final

import structlog

from kesu.commands.arrivals.keep_mail import keep_mail
from kesu.commands.arrivals.next_mailbox import ToRead, next_mailbox, note_looked, note_read_up_to
from kesu.commands.arrivals.sort_one_mail import sort_one_mail
from kesu.core.clock import now
from kesu.core.errors import NotFound
from kesu.core.imap import Folder, MailboxFailed, opened
from kesu.core.mail_heads import HEAD_ONLY, NOT_FETCHED

log = structlog.get_logger("kesu.mail")

_LOOK_AGAIN: Final = 5.0
_BACK: Final = timedelta(days=2)
"""So far back a folder is read again when its server has numbered it anew. What is kept already is kept once."""


def read_one(stop: threading.Event) -> bool:
    """Whether there was a mailbox to look into."""
    work = next_mailbox(at=now())
    if work is None:
        return False
    try:
        with opened(work.account) as folder:
            _read(work, folder, stop)
    except MailboxFailed as failed:
        log.warning("a mailbox could not be read", mailbox=work.mailbox_id.hex, reason=failed.reason, said=failed.said)
        note_looked(at=now(), mailbox_id=work.mailbox_id, error=str(failed))
    except NotFound:
        note_looked(at=now(), mailbox_id=work.mailbox_id)  # shut while it was read
    else:
        note_looked(at=now(), mailbox_id=work.mailbox_id)
    return True


def _read(work: ToRead, folder: Folder, stop: threading.Event) -> None:
    if folder.uid_validity == work.uid_validity:
        _keep_all(work, folder, folder.uids_after(work.last_uid), stop, lambda uid: _note(work, folder, uid))
        return
    last = folder.last_uid()
    uids = folder.unseen()
    if work.read_at is not None and work.connected_at is not None:
        since = max(work.read_at - _BACK, work.connected_at)
        uids = sorted({*uids, *(uid for uid in folder.since(since.date()) if folder.came_after(uid, since))})
    if _keep_all(work, folder, uids, stop, lambda _uid: None):
        _note(work, folder, last)


def _note(work: ToRead, folder: Folder, uid: int) -> None:
    note_read_up_to(at=now(), mailbox_id=work.mailbox_id, uid_validity=folder.uid_validity, uid=uid)


def _keep_all(
    work: ToRead, folder: Folder, uids: Iterable[int], stop: threading.Event, done: Callable[[int], None]
) -> bool:
    """Whether it got to the end."""
    for uid in uids:
        if stop.is_set():
            return False
        _keep(work, folder, uid)
        folder.mark_seen(uid)
        done(uid)
    return True


def _keep(work: ToRead, folder: Folder, uid: int) -> None:
    try:
        found = folder.fetch(uid)
    except MailboxFailed as failed:
        if failed.reason != "refused" or not work.is_stuck:
            raise
        told = f"{work.account.folder} UID {uid} ({folder.uid_validity})\n".encode()
        keep_mail(at=now(), mailbox_id=work.mailbox_id, content=NOT_FETCHED + told)
        return
    if found is None:
        return
    content = found.content if found.is_whole else HEAD_ONLY + f"UID {uid}\r\n".encode() + found.content
    keep_mail(at=now(), mailbox_id=work.mailbox_id, content=content, arrived_at=found.arrived_at)


def read_mail(stop: threading.Event) -> float:
    """A turn of the worker's thread for it: every mailbox that is due, what came in sorted before the next is looked
    into; in how many seconds the next turn is wanted."""
    while not stop.is_set() and (sort_one_mail(at=now()) or read_one(stop)):
        pass
    return _LOOK_AGAIN
