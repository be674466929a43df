"""One mail as it was read: what it says, what hangs on it, why it waits, and what it could become."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.access.mails import SETTLED, mail_for
from kesu.casefile import mail_desk
from kesu.casefile.books import kind_of, subjects_for
from kesu.casefile.mail_files import without_links
from kesu.core.errors import NotFound
from kesu.core.mail_in import ReadMail
from kesu.store.models import InboundMail


@dataclass(frozen=True, slots=True)
class MailCase:
    id: UUID
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class MailPage:
    """`case`: what it became part of, or to which it says that it belongs, where the reader sees it; `of_sender`: the
    other open ones that are written to from the same address. `lacking`: names of the facts that were wrong or missing.
    `is_read` False: nothing of it can be shown but its bytes. `is_settled`: it has become something.
    `links_out`: so many links of ours that let in their bearer are not in what is handed out of it. `holds_letter`: it
    came back with a letter of ours in it and is handed out to nobody; what it says stands here for whoever sees the
    case of the letter."""

    id: UUID
    at: datetime
    name: str
    address: str
    subject: str
    text: str
    files: tuple[tuple[str, int], ...]
    left_out: int
    size: int
    mailbox: str
    unit: str
    kind: str
    state: str
    why: str
    lacking: tuple[str, ...]
    case: MailCase | None
    of_sender: tuple[MailCase, ...]
    settled_by: str
    settled_at: datetime | None
    kept_files: int
    is_read: bool
    is_settled: bool
    is_colleague: bool
    links_out: int
    holds_letter: bool


def mail_page(*, actor: Actor, at: datetime, mail_id: UUID) -> MailPage:
    """Raises `Forbidden`, `NotFound`."""
    mail = mail_for(actor, mail_id)
    content = mail_desk.content_of(mail)
    head, read = mail_desk.head_of(mail), mail_desk.read_or_none(content)
    of_sender = mail_desk.cases_of_sender(mail.sender_token)
    seen = _cases(actor, [*([mail.case_id] if mail.case_id else []), *of_sender])
    names_none = mail.state not in SETTLED and mail.case_id in of_sender and not mail_desk.names(mail, content)
    named = None if names_none else mail.case_id
    holds_letter = mail_desk.holds_letter(content)
    told = None if holds_letter and mail.case_id not in seen else read
    return MailPage(
        id=mail.pk,
        at=mail.at,
        name=head.name,
        address=head.address,
        subject=head.subject,
        text=told.text if told else "",
        files=tuple((one.name, len(one.content)) for one in told.files) if told else (),
        left_out=told.left_out if told else 0,
        size=mail.size,
        mailbox=mail.mailbox.name,
        unit=mail.mailbox.unit_id.hex,
        kind=mail.mailbox.kind,
        state=mail.state,
        why=mail.why,
        lacking=_names(mail, at),
        case=seen.get(named) if named else None,
        of_sender=tuple(one for pk, one in seen.items() if pk != named),
        settled_by=mail.settled_by.name if mail.settled_by else "",
        settled_at=mail.settled_at,
        kept_files=mail.kept_files,
        is_read=read is not None,
        is_settled=mail.state in SETTLED,
        is_colleague=bool(head.address) and mail_desk.is_colleague(head.address),
        links_out=without_links(content).taken_out,
        holds_letter=holds_letter,
    )


@dataclass(frozen=True, slots=True)
class FilledFrom:
    """What a form of registering takes from a mail: what was read, when it came in, and what its mailbox states of
    every one."""

    mail: ReadMail
    at: datetime
    fixed: dict[str, str]


def filled_from(*, actor: Actor, mail_id: UUID) -> FilledFrom | None:
    """None for one that cannot be read, that came back, or of which something was made already. Raises `Forbidden`,
    `NotFound`."""
    mail = mail_for(actor, mail_id)
    content = mail_desk.content_of(mail)
    read = mail_desk.read_or_none(content)
    if read is None or mail.state in SETTLED or mail_desk.holds_letter(content):
        return None
    return FilledFrom(read, mail.at, {code: texts[0] for code, texts in mail.mailbox.fixed.items() if texts})


def mail_bytes(*, actor: Actor, mail_id: UUID) -> bytes:
    """As it came, but for links of ours that it quotes and that let in whoever bears them. Raises `Forbidden`, and
    `NotFound` also for what came back of a letter of ours, whatever somebody said of it: it holds the whole letter."""
    content = mail_desk.content_of(mail_for(actor, mail_id))
    if mail_desk.holds_letter(content):
        raise NotFound
    return without_links(content).content


def _cases(actor: Actor, ids: list[UUID]) -> dict[UUID, MailCase]:
    """Those that the reader sees, in this order."""
    rows = cards_for(actor).filter(pk__in=ids).values_list("pk", "number", "title") if ids else ()
    found = {pk: MailCase(pk, number, title) for pk, number, title in rows}
    return {pk: found[pk] for pk in ids if pk in found}


def _names(mail: InboundMail, at: datetime) -> tuple[str, ...]:
    if not mail.lacking:
        return ()
    serving = subjects_for(mail.mailbox.unit, mail.mailbox.kind, at)
    facts = kind_of(next(reversed(serving.values())).policy_version_id, mail.mailbox.kind).facts if serving else {}
    return tuple(facts[code].name if code in facts else code for code in mail.lacking)
