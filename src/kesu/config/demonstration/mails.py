"""Mails that came into a mailbox of the demonstration, and what was made of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from importlib.resources import files
from typing import Any, Final
from uuid import UUID

import structlog
from django.conf import settings

from kesu.commands.arrivals.change_mailbox import MailboxState, change_mailbox
from kesu.commands.arrivals.keep_mail import keep_mail
from kesu.commands.arrivals.make_mailbox import make_mailbox
from kesu.commands.arrivals.settle_mail import settle_mail
from kesu.commands.arrivals.sort_one_mail import sort_one_mail
from kesu.config.demonstration.stories import Given, Stage, Told, actor_at, began, later, next_moment, take
from kesu.core.mail_threads import domain_of, message_id
from kesu.queries.arrivals.mail_thread import thread_of
from kesu.store.models import Case, InboundMail, Mailbox, OutboxMessage

log = structlog.get_logger("kesu.demonstration")

_NUMBER: Final = re.compile(r"\{number:([\w-]+)\}")
_BOUNCE: Final = (
    "From: MAILER-DAEMON@mail.example\r\nTo: {to}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
    'Message-ID: <{name}@mail.example>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n'
    "\r\n--b\r\nContent-Type: text/plain\r\n\r\n{says}\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
    "Action: failed\r\nStatus: {status}\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
    "Message-ID: {ours}\r\n--b--\r\n"
)


def open_mailbox(book: Mapping[str, Any], stage: Stage, at: datetime) -> UUID:
    """Mails are put into it; no server is asked for any. A mail opens a case by itself."""
    said, actor = book["mailbox"], actor_at(book["by"], stage, at)
    made = {name: said[name] for name in ("name", "address", "kind")}
    mailbox_id = make_mailbox(actor=actor, at=at, unit_id=stage.units[said["at"]], **made)
    reads = Mailbox.objects.get(pk=mailbox_id).reads
    wanted = MailboxState(name=said["name"], reads=reads, fixed=said["fixed"], opens=True, verifier=said["verifier"])
    change_mailbox(actor=actor, at=at, mailbox_id=mailbox_id, wanted=wanted)
    return mailbox_id


def came_in(book: Mapping[str, Any], stage: Stage, mailbox_id: UUID) -> Iterator[tuple[datetime, Told]]:
    """The chains of mails with the moments at which they begin."""
    post = _Post(book["mailbox"]["address"], book["mailbox"]["verifier"], mailbox_id, stage)
    for told in book["mails"]:
        at = began(told, stage)  # by night the policy wants a promise that nobody has given to who writes a mail
        yield at, _went_on(told["chain"], post, at)


def _went_on(chain: list[Mapping[str, Any]], post: _Post, at: datetime) -> Told:
    for turn in chain:
        if "after" in turn:
            moves = partial(next_moment, calendar=post.stage.calendar) if "by" in turn else later
            at = moves(at, turn["after"])
            yield at
        what = next(name for name in ("mail", "step", "nothing", "bounce", "broken") if name in turn)
        getattr(post, what)(turn, at)


class _Post:
    """What happens to mails, by the words of the file. `rows`: the mails that came in, by their names there."""

    def __init__(self, address: str, verifier: str, mailbox_id: UUID, stage: Stage) -> None:
        self.address, self.verifier, self.mailbox_id, self.stage = address, verifier, mailbox_id, stage
        self.rows: dict[str, InboundMail] = {}

    def mail(self, turn: Mapping[str, Any], at: datetime) -> None:
        made = EmailMessage(policy=SMTP)
        found = f"dmarc={turn.get('dmarc', 'pass')} header.from={domain_of(turn['from'])}"
        made["Authentication-Results"] = f"{self.verifier}; {found}"
        made["From"], made["To"] = turn["from"], self.address
        made["Subject"] = _NUMBER.sub(lambda found: self._case(found[1]).number, turn["subject"])
        made["Message-ID"] = f"<{turn['mail']}@mail.example>"
        heads = {**turn.get("heads", {})}
        if "answers" in turn:
            heads["In-Reply-To"] = f"<{turn['answers']}@mail.example>"
        for name, value in heads.items():
            made[name] = value
        made.set_content(turn["text"])
        if "picture" in turn:
            picture = (files(__package__) / "picture.jpg").read_bytes()
            made.add_attachment(picture, maintype="image", subtype="jpeg", filename=turn["picture"])
        self.rows[turn["mail"]] = self._take(made.as_bytes(), at)

    def step(self, turn: Mapping[str, Any], at: datetime) -> None:
        """On the case that a mail opened."""
        given: Given = {code: (text,) for code, text in turn.get("given", {}).items()}
        if not take(self._case(turn["of"]).pk, turn["step"], turn["by"], given, at, self.stage):
            log.warning("a story stops", title=turn["of"], step=turn["step"])

    def nothing(self, turn: Mapping[str, Any], at: datetime) -> None:
        """Somebody has looked at it, and nothing is to be done."""
        mail = self.rows[turn["nothing"]]
        settle_mail(actor=actor_at(turn["by"], self.stage, at), at=at, mail_id=mail.pk, to="nothing")

    def bounce(self, turn: Mapping[str, Any], at: datetime) -> None:
        """The last mail to a colleague about a case there came back."""
        place = self.stage.units[turn["at"]]
        to_him = OutboxMessage.objects.filter(account__login=turn["bounce"], state="sent", case__unit=place)
        ours = to_him.order_by("pk").last()
        if ours is not None and ours.case_id is not None:
            name = thread_of(ours.key, "").name
            named = message_id(ours.key, domain_of(settings.KESU_MAIL_FROM), ours.case_id.hex, name)
            said = {"to": self.address, "name": f"bounce-{turn['bounce']}", "ours": named}
            self._take(_BOUNCE.format(**said, status=turn["status"], says=turn["says"]).encode(), at)

    def broken(self, turn: Mapping[str, Any], at: datetime) -> None:
        self._take(turn["broken"].encode(), at)

    def _case(self, name: str) -> Case:
        case = self.rows[name].case
        assert case is not None, f"{name} opened no case: {self.rows[name].why}"
        return case

    def _take(self, content: bytes, at: datetime) -> InboundMail:
        """Kept and sorted."""
        keep_mail(at=at, mailbox_id=self.mailbox_id, content=content)
        while sort_one_mail(at=at):
            pass
        return InboundMail.objects.select_related("case").latest("pk")
