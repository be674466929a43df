"""Mail as one of the carriers."""

from __future__ import annotations

from dataclasses import dataclass, field

from kesu.core.mail_threads import Thread
from kesu.notify.carrying import Words
from kesu.notify.mail import MailServer


@dataclass(frozen=True, slots=True)
class MailCarrier:
    """`thread`: the one on which the next mail hangs."""

    server: MailServer
    thread: Thread = field(default_factory=Thread)

    def carry(self, *, to: str, words: Words, key: str) -> str:
        return self.server.carry(to=to, words=words, key=key, thread=self.thread)
