"""What becomes of a mail that was kept: a new case, words on the case that it answers, news of a mail of ours that did
not arrive, nothing, or somebody decides.

Nobody writes into a case by naming it: the mail must come from an address from which its people write, and bring the
proof that its mailbox asks. Whatever cannot be done by rule waits on the list of mails, with the reason. Whatever it
becomes, the case that it names is noted first: of a confidential one only those may read it who see that case.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from kesu.access.mails import add_to, case_of_mail, open_from, remember_sender
from kesu.casefile import mail_desk
from kesu.casefile.mail_desk import settle
from kesu.core.errors import Forbidden, NotFound, NotNow, Unacceptable
from kesu.core.mail_heads import HEAD_ONLY, NOT_FETCHED, Heads, read_bounce, read_heads
from kesu.core.mail_in import ReadMail
from kesu.core.mail_threads import own_id
from kesu.store.models import Case, InboundMail, OutboxMessage
from kesu.store.models.mail import MailState

_SENT: Final = "sent"
_FAILED: Final = "failed"
_UNTOLD: Final = "untold"
_LONGEST: Final = 32


def sort_one_mail(*, at: datetime) -> bool:
    """The oldest that is new; False when none is. One that breaks what reads it waits for somebody, and keeps no other
    from being sorted. Raises `OperationalError` of a lost database."""
    with transaction.atomic():
        rows = InboundMail.objects.select_for_update(skip_locked=True, of=("self",)).select_related("mailbox__unit")
        mail = rows.filter(state=MailState.NEW).order_by("kept_at", "pk").first()
        if mail is None:
            return False
        try:
            with transaction.atomic():
                _sort(mail, at)
        except (OperationalError, InterfaceError):
            raise
        except Exception as broken:
            mail.lacking = [type(broken).__name__]
            settle(mail, MailState.WAITING, at, why="failed")
    return True


def _sort(mail: InboundMail, at: datetime) -> None:
    content = mail_desk.content_of(mail)
    heads, read = read_heads(content), mail_desk.read_or_none(content)
    meant = mail_desk.case_meant(mail.mailbox, heads)
    named = mail_desk.case_named(mail.mailbox, heads, content, meant)
    mail.case_id = named or mail_desk.case_kept_close(mail.sender_token)
    mail.message = mail_desk.untold_answered(heads, at)
    if content.startswith(HEAD_ONLY):
        settle(mail, MailState.WAITING, at, why="too_large")
    elif read is None:
        settle(mail, MailState.WAITING, at, why="not_fetched" if content.startswith(NOT_FETCHED) else "unreadable")
    elif heads.is_bounce and heads.is_forged:
        settle(mail, MailState.WAITING, at, why="forged")
    elif heads.is_bounce:
        _bounced(mail, content, at)
    elif mail.message_id is not None:  # nobody is there who could decide
        settle(mail, MailState.AUTOMATIC, at, why=_UNTOLD)
    elif own_id(heads.message_id, mail_desk.own_domain()) or (heads.sender and mail_desk.is_own(heads.sender)):
        settle(mail, MailState.AUTOMATIC, at, why="own")
    elif heads.automatic is not None:
        settle(mail, MailState.AUTOMATIC, at, why=heads.automatic.value)
    else:
        _written(mail, heads, read, content, meant, at)


def _bounced(mail: InboundMail, content: bytes, at: datetime) -> None:
    """Noted at the messages that did not arrive; what is only late is not lost yet."""
    messages = mail_desk.messages_of(content, at)
    if not messages:
        settle(mail, MailState.AUTOMATIC, at, why="bounce_of_nothing")
        return
    bounce = read_bounce(content)
    if bounce.is_final:
        lost = OutboxMessage.objects.filter(pk__in=[one.pk for one in messages], state=_SENT)
        lost.update(state=_FAILED, error=f"bounced {bounce.status}".strip())
    mail.message = messages[0]
    case = messages[0].case if len(messages) == 1 else None
    settle(mail, MailState.BOUNCE, at, case=case, why="bounced" if bounce.is_final else "delayed")


def _written(mail: InboundMail, heads: Heads, read: ReadMail, content: bytes, meant: UUID | None, at: datetime) -> None:
    """`meant`: the case to which it says that it belongs."""
    case = case_of_mail(meant) if meant else None
    why = _why_somebody_decides(mail, heads, case, content)
    if why:
        settle(mail, MailState.WAITING, at, why=why)
        return
    try:
        with transaction.atomic():
            if case is None:
                settle(mail, MailState.OPENED, at, case=_opened(mail, read, content, at))
            else:
                mail.kept_files = add_to(case, read, content, at)
                settle(mail, MailState.ADDED, at, case=case)
    except (NotNow, Unacceptable, Forbidden, NotFound) as refused:
        mail.lacking, mail.kept_files = mail_desk.codes_in(refused), 0
        settle(mail, MailState.WAITING, at, why=refused.reason[:_LONGEST])


def _why_somebody_decides(mail: InboundMail, heads: Heads, case: Case | None, content: bytes) -> str:
    """Empty where a rule decides."""
    if not mail.sender_token:
        return "no_sender"
    if heads.is_forged:
        return "forged"
    if mail_desk.is_too_often(mail):
        return "too_often"
    if mail_desk.is_colleague(mail_desk.head_of(mail).address):
        return "colleague"
    if case is not None:
        is_known = mail_desk.knows(case, mail.sender_token)
        return mail_desk.why_unproven(mail.mailbox, content, heads) if is_known else "stranger"
    if heads.numbers:
        return "number_unknown"
    return _why_not_new(mail, heads)


def _why_not_new(mail: InboundMail, heads: Heads) -> str:
    if not mail.mailbox.opens:
        return "new"
    if mail_desk.cases_of_sender(mail.sender_token):
        return "writes_again"
    if heads.answers:
        return "answers_unknown"
    return "too_many" if mail_desk.opens_too_many(mail) else ""


def _opened(mail: InboundMail, read: ReadMail, content: bytes, at: datetime) -> Case:
    case = open_from(mail, read, content, at)
    mail.kept_files = case.files.exclude(name="").count()
    remember_sender(case, mail, at)
    return case
