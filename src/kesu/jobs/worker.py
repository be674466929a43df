"""The worker: sleeps until something is due or the bell rings, then wakes cases and sends messages.

Several may run at once on several machines; each row is taken by one of them. Whoever is killed leaves the rest due.
"""

from __future__ import annotations

import os
import socket
import threading
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from kesu.commands.clock.hand_over import hand_over
from kesu.commands.clock.wake_one import WakeFailed, next_wake_at, put_off, wake_one
from kesu.commands.messages.send_one import Letter, NotDelivered, Sender, next_try_at, release_held, send_one
from kesu.commands.occurrences.open_occurrences import open_occurrences
from kesu.commands.operation.beat import beat
from kesu.core.clock import now
from kesu.jobs.imports import Imports
from kesu.jobs.mailboxes import Mailboxes
from kesu.jobs.nightly import Nightly
from kesu.notify.letters import compose, named_due
from kesu.notify.mail import MailRefused, MailServer
from kesu.queries.arrivals.mail_thread import thread_of
from kesu.queries.policies.notice_text import notice_text

Bell = psycopg.Connection[tuple[object, ...]]

log = structlog.get_logger("kesu.worker")

_LOOK_BACK: Final = timedelta(days=4)  # a worker that stood still over a weekend
_LONGEST_SLEEP: Final = 15.0
_NAP: Final = 0.5
_AFTER_FAILURE: Final = timedelta(minutes=10)
_BREATH: Final = 0.1
"""Seconds between the bell and the work: long enough for others to ring, too short for anybody to notice."""
_CHANNEL: Final = "kesu_work"
_ADDRESS: Final = ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey")
_BATCH: Final = 200


def run(stop: threading.Event) -> None:
    """Runs until `stop` is set. A lost database is waited for, never died of."""
    sender = mail_sender()
    is_released = sender is None
    bell: Bell | None = None
    pulse = _Pulse()
    followed = _today() - _LOOK_BACK
    opened: datetime | None = None
    nightly = Nightly()
    imports, mailboxes = Imports(stop), Mailboxes(stop)
    while not stop.is_set():
        try:
            close_old_connections()
            bell = bell or _listen()
            if not is_released:
                release_held(at=now())
                is_released = True
            followed = _follow_posts(followed)
            opened = _open_rounds(opened)
            work(sender, stop, pulse)
            pulse.beat()
            nightly.turn(now())
            imports.ring()
            _sleep(bell, stop)
        except (OperationalError, InterfaceError, psycopg.OperationalError) as lost:
            pulse.failures += 1
            log.warning("database lost, trying again", error=type(lost.__cause__ or lost).__name__)
            _hang_up(bell)
            bell = None
            stop.wait(1.0)
    imports.end()
    mailboxes.end()
    _hang_up(bell)


def _today() -> date:
    return now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def _follow_posts(followed: date) -> date:
    """Once a day; `followed` is the last day whose changes of posts were followed."""
    today = _today()
    if today > followed:
        hand_over(since=followed + timedelta(days=1), on=today, at=now())
    return today


def _open_rounds(opened: datetime | None) -> datetime:
    """Once an hour; `opened` is the hour in which standing duties were looked for last."""
    at = now()
    hour = at.replace(minute=0, second=0, microsecond=0)
    if hour != opened:
        count = open_occurrences(at=at)
        if count:
            log.info("standing duties opened", count=count)
    return hour


def _hang_up(bell: Bell | None) -> None:
    """Gives back both connections of this thread."""
    if bell is not None:
        bell.close()
    connection.close()


class _Pulse:
    """Lets the health page see that this worker is at work."""

    def __init__(self) -> None:
        self.failures = 0
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._started = now()

    def beat(self) -> None:
        beat(part="worker", process=self._name, started_at=self._started, at=now(), failures=self.failures)


def work(sender: Sender | None, stop: threading.Event, pulse: _Pulse | None = None) -> None:
    """Does what is due now: first what time changes, then what must leave."""
    for _ in range(_BATCH):
        if stop.is_set() or not _wake_next(pulse):
            break
    for _ in range(_BATCH):
        if stop.is_set() or not send_one(at=now(), sender=sender):
            break


def _wake_next(pulse: _Pulse | None) -> bool:
    try:
        return wake_one(at=now())
    except WakeFailed as failed:
        if pulse is not None:
            pulse.failures += 1
        if failed.is_sealed:  # that there is a report is told by no log: neither by an address nor by where it failed
            log.error("something due could not be done, put off", fault=type(failed.__cause__).__name__)
        else:
            log.error("a case could not be woken, put off", case=str(failed), exc_info=failed.__cause__)
        put_off(failed, until=now() + _AFTER_FAILURE)
        return True


def _sleep(bell: Bell, stop: threading.Event) -> None:
    """Until the next due instant, the bell, or a quarter of a minute; in short naps, so that an end is noticed. The
    naps are counted: a clock that is set back by an hour must not make it sleep an hour longer."""
    dues = [due for due in (next_wake_at(), next_try_at()) if due is not None]
    left = _LONGEST_SLEEP
    while not stop.is_set() and left > 0:
        until_due = min(((due - now()).total_seconds() for due in dues), default=left)
        if until_due <= 0:
            stop.wait(_BREATH)  # what is due may be in somebody's hands: it is asked for again, not without a pause
            return
        nap = min(left, until_due, _NAP)
        if list(bell.notifies(timeout=nap, stop_after=1)):
            list(bell.notifies(timeout=_BREATH))  # many acts in a row ring for one errand
            return
        left -= nap


def _listen() -> Bell:
    """A connection of its own: the pool's connections come and go with requests."""
    params = connection.get_connection_params()
    wanted = {key: params[key] for key in _ADDRESS if params.get(key)}
    bell = psycopg.connect(**wanted, autocommit=True)
    bell.execute(f"LISTEN {_CHANNEL}")
    return bell


def mail_sender() -> Sender | None:
    """None where no mail server is set: messages are then held, not lost."""
    if not settings.KESU_SMTP_URL:
        return None
    server = MailServer(settings.KESU_SMTP_URL, settings.KESU_MAIL_FROM)
    zone = ZoneInfo(settings.TIME_ZONE)

    def send(letter: Letter) -> None:
        try:
            subject, text = _words(letter, zone)
        except OperationalError:
            raise
        except Exception as unwritten:
            # One letter that cannot be written must not stop all others.
            log.exception("a letter could not be written", key=letter.key)
            raise NotDelivered(type(unwritten).__name__) from unwritten
        try:
            server.send(
                to=letter.to_address, subject=subject, text=text, key=letter.key, thread=thread_of(letter.case_id)
            )
        except MailRefused as refused:
            raise NotDelivered(str(refused), is_final=refused.is_final) from refused

    return send


def _words(letter: Letter, zone: ZoneInfo) -> tuple[str, str]:
    text = ""
    if letter.template == "notice":
        text = notice_text(policy_hash=letter.policy_hash, kind=letter.kind, notice=str(letter.data.get("code", "")))
        text = _filled(text, letter, zone)
    return compose(
        template=letter.template,
        language=letter.language,
        number=letter.number,
        title=letter.title,
        subject=letter.subject,
        due_at=letter.due_at,
        clauses=letter.clauses,
        notice_text=text,
        link=settings.KESU_BASE_URL + _page_of(letter),
        zone=zone,
    )


def _page_of(letter: Letter) -> str:
    if letter.case_id:
        return f"/cases/{letter.case_id}"
    if letter.data.get("person"):
        return f"/people/{UUID(str(letter.data['person']))}"
    if letter.data.get("coded"):
        return f"/coded/{letter.data['coded']}"
    if letter.data.get("organisation"):
        return f"/organisation?unit={letter.data['organisation']}"
    proposal = letter.data.get("proposal")
    return f"/policies/proposals/{proposal}" if proposal else "/sealed"


def _filled(text: str, letter: Letter, zone: ZoneInfo) -> str:
    due = letter.due_at.astimezone(zone).strftime("%m-%d %H:%M") if letter.due_at else ""
    dues = {
        f"due:{duty}": named_due(datetime.fromisoformat(at) if at else None, letter.language, zone)
        for duty, at in letter.data.get("dues", {}).items()
    }
    values = {**dues, **letter.data.get("values", {}), "case": letter.number, "title": letter.title, "due": due}
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text
