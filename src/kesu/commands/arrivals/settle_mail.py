"""Whoever sorts mails decides: it belongs to this case, or is nothing, or waits again."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.cases import case_for
from kesu.access.mails import add_from_colleague, add_to, mail_for, refuse_settled, remember_sender
from kesu.access.permissions import Permission
from kesu.access.takers import taker_for
from kesu.casefile import mail_desk
from kesu.casefile.casefile import CaseFile
from kesu.casefile.mail_desk import settle
from kesu.core.errors import NotFound, Unacceptable
from kesu.store.models import Case, InboundMail
from kesu.store.models.mail import MailState


@transaction.atomic
def settle_mail(
    *,
    actor: Actor,
    at: datetime,
    mail_id: UUID,
    to: Literal["case", "nothing", "waiting"],
    case_id: UUID | None = None,
    knows_sender: bool = False,
) -> None:
    """`case_id`: to which it is added; `knows_sender`: mails from this address belong to the case from now on. The same
    decision again is answered as done. Raises `NotFound`, `Forbidden`, `Overtaken` where somebody has decided
    otherwise meanwhile, `NotNow` where the policy lets nothing be written, `Unacceptable` without a case."""
    mail = mail_for(actor, mail_id, lock=True)
    if to == "case" and mail.state == MailState.ADDED and mail.case_id == case_id:
        return
    refuse_settled(mail)
    mail.settled_by_id = actor.account_id
    if to == "nothing":
        settle(mail, MailState.NOTHING, at, why="said")
    elif to == "waiting":
        settle(mail, MailState.WAITING, at, why="again")
    else:
        _add(actor, at, mail, case_id, knows_sender=knows_sender)


def _add(actor: Actor, at: datetime, mail: InboundMail, case_id: UUID | None, *, knows_sender: bool) -> None:
    if case_id is None:
        raise Unacceptable("unreadable", data={"fields": {"number": "no_such_case"}, "refusals": ()})
    case = _case(actor, case_id)
    content = mail_desk.content_of(mail)
    read = mail_desk.read_or_none(content)
    if read is None:
        raise Unacceptable("mail_unreadable", data={"fields": {}, "refusals": ()})
    if case.pk != mail.case_id and mail_desk.holds_letter(content):
        raise Unacceptable("unreadable", data={"fields": {"number": "letter_of_another"}, "refusals": ()})
    file = CaseFile.open(case)
    taker = taker_for(actor, case.unit.path, file.kind, file.log)
    is_colleague = mail_desk.is_colleague(read.address)
    if is_colleague:
        mail.kept_files = add_from_colleague(case, read, content, at, actor, taker)
    else:
        mail.kept_files = add_to(case, read, content, at, taker)
    settle(mail, MailState.ADDED, at, case=case)
    if knows_sender and not is_colleague:
        remember_sender(case, mail, at)


def _case(actor: Actor, case_id: UUID) -> Case:
    try:
        return case_for(actor, case_id, Permission.CASE_NOTE, lock=True)
    except NotFound:
        raise Unacceptable("unreadable", data={"fields": {"number": "no_such_case"}, "refusals": ()}) from None
