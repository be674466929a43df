"""One mailbox: from where it is read, what of a mail answers which fact, and whether reading it works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q

from kesu.access.actor import Actor
from kesu.access.mails import mailbox_for, may_be_known, rules_of
from kesu.casefile import mail_desk, mail_facts
from kesu.policy.asking import FieldView, fields_of, opening_step


@dataclass(frozen=True, slots=True)
class MailboxPage:
    """`asked`: what the opening step asks there, empty where no policy serves the kind any more; `parts`: of a mail,
    each with the codes of the facts that could take it. The password is told to nobody: `has_password`. `no_case`:
    how many mails are kept that are no part of a case; `cleared`: how many were, and `cleared_at` when last."""

    id: UUID
    name: str
    address: str
    unit: str
    kind_name: str
    is_open: bool
    host: str
    port: int
    security: str
    login: str
    folder: str
    has_password: bool
    opens: bool
    read_at: datetime | None
    failed_at: datetime | None
    error: str
    asked: tuple[FieldView, ...]
    parts: dict[str, tuple[str, ...]]
    reads: dict[str, str]
    fixed: dict[str, str]
    proof: str
    verifier: str
    keeps_days: int
    no_case: int
    cleared: int
    cleared_at: datetime | None


def mailbox_page(*, actor: Actor, at: datetime, mailbox_id: UUID) -> MailboxPage:
    """Raises `Forbidden`, `NotFound`."""
    mailbox = mailbox_for(actor, mailbox_id)
    rules = rules_of(mailbox, at)
    asked = fields_of(rules, opening_step(rules)) if rules else ()
    counts = mailbox.mails.aggregate(
        no_case=Count("pk", filter=Q(state__in=mail_desk.NO_CASE, cleared_at=None) & may_be_known(actor)),
        cleared=Count("pk", filter=Q(cleared_at__isnull=False)),
        cleared_at=Max("cleared_at"),
    )
    parts = {part.value: tuple(one.code for one in asked if mail_facts.takes(part, one)) for part in mail_facts.Part}
    return MailboxPage(
        id=mailbox.pk,
        name=mailbox.name,
        address=mailbox.address,
        unit=mailbox.unit.name,
        kind_name=rules.name if rules else mailbox.kind,
        is_open=mailbox.is_open,
        host=mailbox.host,
        port=mailbox.port,
        security=mailbox.security,
        login=mailbox.login,
        folder=mailbox.folder,
        has_password=bool(mailbox.key_id),
        opens=mailbox.opens,
        read_at=mailbox.read_at,
        failed_at=mailbox.failed_at,
        error=mailbox.error,
        asked=tuple(asked),
        parts=parts,
        reads=dict(mailbox.reads),
        fixed={code: texts[0] for code, texts in mailbox.fixed.items() if texts},
        proof=mailbox.proof,
        verifier=mailbox.verifier,
        keeps_days=mailbox.keeps_days,
        **counts,
    )
