"""Mail as one of the carriers."""

from __future__ import annotations

from dataclasses import dataclass

from kesu.notify.carrying import NotCarried, Words
from kesu.notify.mail import MailRefused, MailServer


@dataclass(frozen=True, slots=True)
class MailCarrier:
    server: MailServer

    def carry(self, *, to: str, words: Words, key: str) -> str:
        try:
            self.server.send(to=to, subject=words.subject, text=words.text, key=key)
        except MailRefused as refused:
            raise NotCarried(str(refused), is_final=refused.is_final) from refused
        return ""
