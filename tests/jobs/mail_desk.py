"""A mailbox of a project that opens cases by itself, and the mails that come into it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings

from kesu.commands.arrivals.change_mailbox import MailboxState, change_mailbox
from kesu.commands.arrivals.keep_mail import keep_mail
from kesu.commands.arrivals.make_mailbox import make_mailbox
from kesu.commands.arrivals.sort_one_mail import sort_one_mail
from kesu.core.mail_threads import domain_of
from kesu.store.models import Case, InboundMail, Mailbox
from tests.world import MONDAY, World

ZHOU = "周先生 <zhou@mail.example>"
VERIFIER = "mx.qingtang.example"
STRANGER = "Somebody <somebody@mail.example>"


def letter(
    subject: str = "阳台渗水", text: str = "下雨就漏，\n已经第三次了。", sender: str = ZHOU, **heads: str
) -> bytes:
    """A mail as it comes, with what our own server found of its sender; `heads` by name, `_` for `-`."""
    return made(subject, text, sender, **heads).as_bytes()


def made(subject: str = "阳台渗水", text: str = "下雨就漏", sender: str = ZHOU, **heads: str) -> EmailMessage:
    found = EmailMessage(policy=SMTP)
    domain = parseaddr(sender)[1].rpartition("@")[2]
    found["Authentication-Results"] = f"{VERIFIER}; dmarc=pass header.from={domain}"
    found["From"], found["To"], found["Subject"] = sender, "tousu@qingtang.example", subject
    for name, value in heads.items():
        found[name.replace("_", "-")] = value
    if "Message_ID" not in heads:
        found["Message-ID"] = f"<{abs(hash((subject, text, sender)))}@mail.example>"
    found.set_content(text)
    return found


@dataclass(frozen=True, slots=True)
class Desk:
    world: World
    mailbox_id: UUID

    def take(self, content: bytes, *, at: datetime = MONDAY, arrived: datetime = MONDAY) -> InboundMail:
        """Kept and sorted."""
        assert keep_mail(at=at, mailbox_id=self.mailbox_id, content=content, arrived_at=arrived)
        assert sort_one_mail(at=at)
        return InboundMail.objects.select_related("case__card").latest("pk")

    def state(self, **changed: Any) -> None:
        reads = Mailbox.objects.get(pk=self.mailbox_id).reads
        usual = {"name": "投诉信箱", "reads": reads, "fixed": {"channel": "邮件"}, "opens": True, "verifier": VERIFIER}
        actor, wanted = self.world.actor("admin"), MailboxState(**{**usual, **changed})
        change_mailbox(actor=actor, at=MONDAY, mailbox_id=self.mailbox_id, wanted=wanted)


def opened(world: World) -> Desk:
    said_of_it = {"name": "投诉信箱", "address": "Tousu@qingtang.example", "unit_id": world.units["qingtang"]}
    made_one = make_mailbox(actor=world.actor("admin"), at=MONDAY, kind="complaint", **said_of_it)
    found = Desk(world, made_one)
    found.state()
    return found


def own_domain() -> str:
    return domain_of(settings.KESU_MAIL_FROM)


@contextmanager
def patch_limit(most: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("kesu.casefile.mail_desk.MOST_AN_HOUR", most)
        yield


def words(case_id: UUID) -> list[str]:
    from kesu.casefile import notes

    case = Case.objects.get(pk=case_id)
    return [text for note, text in notes.read(case) if note.visibility == notes.RECEIVED]
