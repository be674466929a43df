"""The worker: sleeps until something is due or the bell rings, then wakes cases; beside that it sends messages.

Several may run at once on several machines; each row is taken by one of them. Whoever is killed leaves the rest due.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

import psycopg
import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from kesu.commands.clock.hand_over import hand_over
from kesu.commands.clock.wake_one import WakeFailed, next_wake_at, put_off, wake_another, wake_some
from kesu.commands.messages.ask_one import Asker, ask_one, next_ask_at
from kesu.commands.messages.send_one import Sender, SendFailed, next_try_at, release_held, send_one, try_later
from kesu.commands.occurrences.open_occurrences import open_occurrences
from kesu.commands.operation.beat import beat
from kesu.core.clock import now
from kesu.jobs.beside import Beside
from kesu.jobs.hooks import tell_programs
from kesu.jobs.imports import Imports
from kesu.jobs.mailboxes import read_mail
from kesu.jobs.nightly import Nightly
from kesu.jobs.sending import mail_sender

Bell = psycopg.Connection[tuple[object, ...]]

log = structlog.get_logger("kesu.worker")

_LOOK_BACK: Final = timedelta(days=4)  # a worker that stood still over a weekend
_ASKED_AT_ONCE: Final = 20
_LONGEST_SLEEP: Final = 15.0
_NAP: Final = 0.5
_AFTER_FAILURE: Final = timedelta(minutes=10)
_BREATH: Final = 0.1
"""Seconds between the bell and the work: long enough for others to ring, too short for anybody to notice."""
_CHANNEL: Final = "kesu_work"
_ADDRESS: Final = ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey")
_TURNS: Final = 200
"""Times that it looks for what is due before it lets others see that it lives."""


def run(stop: threading.Event) -> None:
    """Runs until `stop` is set. A lost database is waited for, never died of. Here cases are woken and nothing else:
    what may take long (mail servers, the night, files of rooms) has threads of its own."""
    bell: Bell | None = None
    pulse = _Pulse()
    sending = Beside("sending", Sending(stop).turn, stop)
    rounds = Beside("rounds", Rounds(Nightly(), stop).turn, stop)
    beside = (sending, rounds, Beside("hooks", tell_programs, stop), Imports(stop))
    mail = Beside("mailboxes", lambda: read_mail(stop), stop)  # servers outside ring no bell
    while not stop.is_set():
        try:
            close_old_connections()
            bell = bell or _listen()
            wake_due(stop, pulse, sending.ring)
            pulse.beat()
            for work_of_others in beside:
                work_of_others.ring()
            _sleep(bell, stop)
        except (OperationalError, InterfaceError, psycopg.OperationalError) as lost:
            pulse.failures += 1
            log.warning("database lost, trying again", error=type(lost.__cause__ or lost).__name__)
            _hang_up(bell)
            bell = None
            stop.wait(1.0)
    for work_of_others in (*beside, mail):
        work_of_others.end()
    _hang_up(bell)


class Sending:
    """Sends what is due. A slow mail server keeps nobody's escalation waiting."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._sender = mail_sender()
        self._is_released = False

    def turn(self) -> float | None:
        """When the next try is due, in seconds."""
        if not self._is_released:
            release_held(at=now(), channels=self._sender.channels)
            self._is_released = True
        send_due(self._sender, self._stop)
        dues = [next_try_at()]
        if self._sender.asked:
            ask_due(self._sender, self._stop)
            dues.append(next_ask_at(asker=self._sender))
        known = [due for due in dues if due is not None]
        return max(_BREATH, (min(known) - now()).total_seconds()) if known else None


class Rounds:
    """What comes once a day, an hour or a night."""

    def __init__(self, nightly: Nightly, stop: threading.Event) -> None:
        self._nightly = nightly
        self._stop = stop
        self._followed = _today() - _LOOK_BACK
        self._opened: datetime | None = None

    def turn(self) -> None:
        self._followed = _follow_posts(self._followed)
        try:
            self._opened = _open_rounds(self._opened)
        finally:  # the night comes whatever becomes of them
            if not self._stop.is_set():
                self._nightly.turn(now())


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
        count = open_occurrences(at=at, failed=_not_opened)
        if count:
            log.info("standing duties opened", count=count)
    return hour


def _not_opened(fault: Exception) -> None:
    log.error("a standing duty could not be opened, tried again in an hour", exc_info=fault)


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
    wake_due(stop, pulse)
    send_due(sender, stop)


def wake_due(stop: threading.Event, pulse: _Pulse | None = None, tell: Callable[[], None] = lambda: None) -> None:
    """Wakes cases until none is due, or for so long that somebody should hear that this worker lives. `tell` is called
    while it goes on: there is something to send."""
    for _ in range(_TURNS):
        if stop.is_set() or not (_wake(wake_some, pulse) + _wake(wake_another, pulse)):
            break
        tell()


def send_due(sender: Sender | None, stop: threading.Event) -> None:
    """Sends what is due, urgent messages first."""
    while not stop.is_set() and _send(sender):
        pass


def _send(sender: Sender | None) -> bool:
    try:
        return send_one(at=now(), sender=sender)
    except SendFailed as failed:
        fault = failed.__cause__
        log.error(
            "a message could not be read, put off", message=str(failed), exc_info=fault if failed.is_told else None
        )
        try_later(failed, at=now())
        return True


class _Post(Sender, Asker, Protocol):
    """Sends, and can be asked what became of it."""


def ask_due(post: _Post, stop: threading.Event) -> None:
    """Asks of a few at a time whether they arrived. A slow gateway keeps nothing waiting that is to be sent."""
    for _ in range(_ASKED_AT_ONCE):
        if stop.is_set() or not ask_one(at=now(), asker=post):
            return
        send_due(post, stop)


def _wake(wake: Callable[..., int], pulse: _Pulse | None) -> int:
    """How many were woken, or put off."""
    try:
        return wake(at=now())
    except WakeFailed as failed:
        if pulse is not None:
            pulse.failures += 1
        if failed.is_sealed:  # that there is a report is told by no log: neither by an address nor by where it failed
            log.error("something due could not be done, put off", fault=type(failed.__cause__).__name__)
        else:
            log.error("a case could not be woken, put off", case=str(failed), exc_info=failed.__cause__)
        put_off(failed, until=now() + _AFTER_FAILURE)
        return 1


def _sleep(bell: Bell, stop: threading.Event) -> None:
    """Until the next due instant, the bell, or a quarter of a minute; in short naps, so that an end is noticed. The
    naps are counted: a clock that is set back by an hour must not make it sleep an hour longer."""
    due = next_wake_at()
    left = _LONGEST_SLEEP
    while not stop.is_set() and left > 0:
        until_due = left if due is None else (due - now()).total_seconds()
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
