"""The sender of the worker: words letters and hands them to the carriers that the operator has set up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import OperationalError

from kesu.commands.messages.ask_one import NotAsked, Report
from kesu.commands.messages.send_one import Delivered, NotDelivered
from kesu.core.letter import Letter
from kesu.notify import registry
from kesu.notify.carrying import Carrier, NotCarried, Reporter, Words
from kesu.notify.letters import moment, together, worded
from kesu.notify.mail import MailServer
from kesu.notify.mail_carrier import MailCarrier
from kesu.queries.arrivals.mail_thread import thread_of

log = structlog.get_logger("kesu.worker")

_JOIN = "+"


@dataclass(frozen=True, slots=True)
class Post:
    """`carriers`: by channel, those that reach one person or customer; robots are made anew for each place."""

    carriers: Mapping[str, Carrier]

    @property
    def channels(self) -> frozenset[str]:
        return frozenset({*self.carriers, *registry.ROBOTS})

    @property
    def asked(self) -> frozenset[str]:
        return frozenset(channel for channel, carrier in self.carriers.items() if isinstance(carrier, Reporter))

    def arrival(self, *, channel: str, to: str, called: str, sent_at: datetime) -> Report:
        carrier = self.carriers[channel]
        assert isinstance(carrier, Reporter)
        try:
            found = carrier.arrival(to=to, called=called, sent_at=sent_at)
        except NotCarried as refused:
            log.warning("a gateway did not say whether a message arrived", channel=channel, reason=refused.reason)
            raise NotAsked(refused.wait) from refused
        return Report(found.is_there, found.is_lost, found.why)

    def send(self, letters: Sequence[Letter], *, channel: str, to: str, robot: dict[str, str]) -> Delivered:
        words = [_words(letter) for letter in letters]
        whole, key = words[0], letters[0].key
        if len(words) > 1:
            whole = together(words, letters[0].language, f"{settings.KESU_BASE_URL}/notices", _earliest(letters))
            key = _JOIN.join(letter.key for letter in letters)
        try:
            called = self._carrier(channel, robot, letters, key).carry(to=to, words=whole, key=key)
        except NotCarried as refused:
            raise NotDelivered(refused.reason, is_final=refused.is_final, wait=refused.wait) from refused
        except ValueError as wrong:  # what somebody set for the robot of a work chat
            raise NotDelivered("settings", is_final=True) from wrong
        return Delivered(called, tuple((one.subject, one.text) for one in words))

    def _carrier(self, channel: str, robot: dict[str, str], letters: Sequence[Letter], key: str) -> Carrier:
        """Mails about one case hang on one thread."""
        if channel in registry.ROBOTS:
            return registry.robot(channel, robot)
        carrier = self.carriers[channel]
        if isinstance(carrier, MailCarrier):
            return replace(carrier, thread=thread_of(key, letters[0].case_id if len(letters) == 1 else ""))
        return carrier


def _earliest(letters: Sequence[Letter]) -> str:
    dues = [letter.due_at for letter in letters if letter.due_at is not None]
    return moment(min(dues), ZoneInfo(settings.TIME_ZONE)) if dues else ""


def _words(letter: Letter) -> Words:
    try:
        return worded(letter, settings.KESU_BASE_URL, ZoneInfo(settings.TIME_ZONE))
    except OperationalError:
        raise
    except Exception as unwritten:
        # One letter that cannot be written must not stop all others.
        log.exception("a letter could not be written", key=letter.key)
        raise NotDelivered(type(unwritten).__name__, key=letter.key) from unwritten


def mail_sender() -> Post:
    """By mail and by whatever else is set up. What has no way out is held, not lost."""
    found = registry.carriers(settings.KESU_CHANNELS)
    if settings.KESU_SMTP_URL:
        found[registry.MAIL] = MailCarrier(MailServer(settings.KESU_SMTP_URL, settings.KESU_MAIL_FROM))
    return Post(found)
