"""Mailboxes and the mails that came into them: who keeps the ones, who sorts the others, and what a mail does to a
case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.access.permissions import Permission
from kesu.access.takers import complainant_taker
from kesu.casefile import mail_desk, mail_facts, notes, writing
from kesu.casefile.books import above, adoption_for, kind_of, subjects_for
from kesu.casefile.casefile import CaseFile
from kesu.casefile.files import MAX_FILES
from kesu.casefile.matters.naming import count_later
from kesu.casefile.opening import desk_token, open_case
from kesu.casefile.outgoing import UNTOLD
from kesu.casefile.statement import Given
from kesu.casefile.where_cases_lie import may_lie
from kesu.core.errors import Forbidden, NotFound, NotNow, Overtaken, Unacceptable
from kesu.core.ids import uuid7
from kesu.core.mail_in import ReadMail
from kesu.core.uploads import Upload
from kesu.policy.model.pack import Kind
from kesu.policy.model.writing import Writing
from kesu.policy.standing import Taker
from kesu.store.models import Case, InboundMail, Mailbox
from kesu.store.models.mail import MailState

SETTLED: Final = (MailState.OPENED, MailState.ADDED)
MAILED: Final = "mail"
"""The channel of what comes into a mailbox of the house."""


def mailbox_for(actor: Actor, mailbox_id: UUID, *, lock: bool = False) -> Mailbox:
    """Raises `Forbidden` without the right, `NotFound` for one of a place out of reach."""
    actor.require(Permission.SOURCES_EDIT)
    rows = Mailbox.objects.select_related("unit")
    mailbox = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=mailbox_id).first()
    if mailbox is None or not actor.may_at(Permission.SOURCES_EDIT, mailbox.unit.path):
        raise NotFound
    return mailbox


def mails_for(actor: Actor) -> QuerySet[InboundMail]:
    """Of the mailboxes under the posts in which he registers, and, where he writes on cases, those that name a
    confidential one that he sees; less what is cleared and what he may not know of. Raises `Forbidden` for whoever does
    neither."""
    if not reads_mails(actor):
        actor.require(Permission.CASE_REGISTER)
    within = Q(case__card__confidential=True) if actor.may(Permission.CASE_NOTE) else Q(pk__in=[])
    for path in actor.reach(Permission.CASE_REGISTER):
        within |= Q(mailbox__unit__path__startswith=path)
    rows = InboundMail.objects.filter(within, may_be_known(actor), cleared_at=None)
    return rows.exclude(state=MailState.NEW)


def reads_mails(actor: Actor) -> bool:
    """Whether any may be his to look after: what registers has not of itself to do with a confidential case, and
    whoever sees that one need not register."""
    return actor.may(Permission.CASE_REGISTER) or actor.may(Permission.CASE_NOTE)


def may_be_known(actor: Actor, of: str = "") -> Q:
    """Of mails (`of`: by what name a row leads to them, with its underscores): less those that are part of a case that
    he does not see, or tell of a letter of one, whatever somebody said of them, or that name one of which nobody may
    speak to him; and less those that tell of a message of which nobody may know."""
    is_part = Q(**{f"{of}state__in": (*SETTLED, MailState.BOUNCE)}) | Q(**{f"{of}message__isnull": False})
    is_of_case = is_part & Q(**{f"{of}case__isnull": False})
    is_kept_close = Q(**{f"{of}case__card__confidential": True})
    is_untold = Q(**{f"{of}message__template__in": UNTOLD})
    return ~is_untold & (~(is_of_case | is_kept_close) | Q(**{f"{of}case_id__in": cards_for(actor).values("pk")}))


def mail_for(actor: Actor, mail_id: UUID, *, lock: bool = False) -> InboundMail:
    """Raises `Forbidden`, `NotFound`."""
    rows = mails_for(actor).select_related("mailbox__unit", "settled_by")
    mail = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=mail_id).first()
    if mail is None:
        raise NotFound
    return mail


def rules_of(mailbox: Mailbox, now: datetime) -> Kind | None:
    """The rules by which it is settled what its mails may answer: those that serve its unit, the general ones where
    there are several. None where its kind is not served there, or not openly."""
    serving = subjects_for(mailbox.unit, mailbox.kind, now)
    if not serving:
        return None
    rules = kind_of(next(reversed(serving.values())).policy_version_id, mailbox.kind)
    return None if rules.is_sealed else rules


def open_from(mail: InboundMail, read: ReadMail, content: bytes, now: datetime) -> Case:
    """The mail becomes a case, opened by whoever wrote it and when it came in. Raises `NotNow`, `Unacceptable` and
    `Forbidden` with what the policy lacks."""
    mailbox, case_id = mail.mailbox, uuid7()
    serving = adoption_for(mailbox.unit, mailbox.kind, mail.at, None, now=now)
    rules = kind_of(serving.policy_version_id, mailbox.kind) if serving else None
    if serving is None or rules is None or rules.is_sealed or not may_lie(mailbox.unit, rules):
        raise Unacceptable("kind_not_served", data={"fields": {}, "refusals": ()})
    given = mail_facts.stated(rules, mailbox.reads, mailbox.fixed, read)
    opened = open_case(
        adoption=serving,
        unit=mailbox.unit,
        channel=MAILED,
        taker=complainant_taker(),
        given=given,
        at=mail.at,
        now=now,
        token=desk_token(case_id),
        case_id=case_id,
        uploads=mail_facts.uploads(rules, mailbox.reads, given, read, content),
    )
    case = opened.file.head
    assert isinstance(case, Case)  # sealed kinds were turned away above
    return case


def add_to(case: Case, read: ReadMail, content: bytes, now: datetime, taker: Taker | None = None) -> int:
    """The words of a mail become words of the customer on his case, its attachments evidence, where the policy lets him
    add some; `taker`: who adds them where it does not. Returns how many did. `case` is locked. Raises `NotNow` where
    the policy lets nothing be written any more."""
    writing.ask(case, Writing.WORDS, now)
    notes.add(case, text=mail_facts.words(read), visibility=notes.RECEIVED, author=None, at=now)
    return _first_that_may(case, read, content, now, (complainant_taker(), taker))


def add_from_colleague(
    case: Case, read: ReadMail, content: bytes, now: datetime, actor: Actor, taker: Taker | None
) -> int:
    """A mail of somebody of the house becomes a note of whoever adds it: nothing proves who wrote it. Otherwise as
    `add_to`."""
    writing.ask(case, Writing.NOTE, now)
    text = f"{read.sender}：\n{mail_facts.words(read)}"[: notes.MAX_TEXT]
    notes.add(case, text=text, visibility=notes.INTERNAL, author=actor.account_id, at=now)
    return _first_that_may(case, read, content, now, (taker,))


def _first_that_may(case: Case, read: ReadMail, content: bytes, now: datetime, takers: tuple[Taker | None, ...]) -> int:
    found = (_add_files(case, content, now, one) for one in takers if one is not None) if read.files else ()
    return next(filter(None, found), 0)


def _add_files(case: Case, content: bytes, now: datetime, taker: Taker) -> int:
    file = CaseFile.open(case)
    step = mail_facts.evidence_step(file.kind)
    if step is None:
        return 0
    uploads = mail_facts.as_evidence(file.kind, step, content)
    try:
        with transaction.atomic():
            event = file.take(step.code, taker=taker, given={}, at=now, now=now, uploads=uploads)
            count_later(file, event)
    except (Forbidden, NotNow, Unacceptable):
        return 0
    return len(uploads) - 1


def with_mail(mail: InboundMail | None, rules: Kind, given: Given, uploads: Sequence[Upload]) -> tuple[Upload, ...]:
    """The files of a form that is filled from a mail: those that were chosen, and what hangs on the mail."""
    read = mail_desk.read_or_none(content := mail_desk.content_of(mail)) if mail is not None else None
    if mail is None or read is None or mail_desk.holds_letter(content):
        return tuple(uploads)
    reads = {**mail_facts.usual(rules), **mail.mailbox.reads}
    found = (*uploads, *mail_facts.uploads(rules, reads, given, read, content))
    return tuple({(one.fact, one.name, one.sha256): one for one in found}.values())[: max(len(uploads), MAX_FILES)]


def refuse_settled(mail: InboundMail | None) -> None:
    """Raises `Overtaken` where something was made of it already."""
    if mail is not None and mail.state in SETTLED:
        raise Overtaken("mail_settled")


def settle_opened(mail: InboundMail, case: Case, actor: Actor, now: datetime) -> None:
    """Somebody has made a case of it: who wrote it is known there from now on, but for a colleague."""
    mail.settled_by_id, mail.kept_files = actor.account_id, case.files.count()
    mail_desk.settle(mail, MailState.OPENED, now, case=case)
    address = mail_desk.head_of(mail).address
    if not mail_desk.is_colleague(address):
        mail_desk.remember(case, address, now)


def remember_sender(case: Case, mail: InboundMail, now: datetime) -> None:
    mail_desk.remember(case, mail_desk.head_of(mail).address, now)


def case_of_mail(case_id: UUID) -> Case:
    """The case that a mail names, held while it is sorted: nobody looks at it. Whether its writer may write to it is
    asked of his address."""
    return Case.objects.select_for_update(of=("self",)).select_related("unit").get(pk=case_id)


def answered_at(case_id: UUID) -> str:
    """The address of the mailbox to which a mail about the case is answered: the nearest one above its place, one of
    its own kind first; empty where there is none. Two queries."""
    case = Case.objects.select_related("unit").get(pk=case_id)
    rows = Mailbox.objects.filter(is_open=True, unit__path__in=above(case.unit.path)).select_related("unit")
    found = max(rows, key=lambda one: (len(one.unit.path), one.kind == case.kind), default=None)
    return found.address if found is not None else ""
