"""Staff register what reached them by phone, visit, letter or mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from kesu.access import mails
from kesu.access.actor import Actor
from kesu.access.cases import case_for, in_sight_of
from kesu.access.openings import served
from kesu.access.permissions import Permission
from kesu.access.sources import numbering
from kesu.access.takers import taker_for
from kesu.casefile import arrivals, tokens, writing
from kesu.casefile.mail_files import with_attachments
from kesu.casefile.matters.membership import Held, hold, join
from kesu.casefile.opening import DESK, desk_token, open_case
from kesu.casefile.statement import Given
from kesu.core.errors import Forbidden, NotFound, Unacceptable
from kesu.core.ids import uuid7
from kesu.core.uploads import Upload
from kesu.policy.asking import opening_step
from kesu.policy.model.writing import Writing
from kesu.store.models import Case, Unit


@transaction.atomic
def register_case(
    *,
    actor: Actor,
    at: datetime,
    happened_at: datetime,
    unit_id: UUID,
    kind: str,
    given: Given,
    uploads: Sequence[Upload],
    token: str,
    subject: str | None = None,
    same_as: UUID | None = None,
    mail_id: UUID | None = None,
) -> UUID:
    """`at` is now, `happened_at` when the report was heard (the pack limits how far back). `subject`: which of those
    that are served there, empty for all others; None: not said. `same_as`: the case that it is about the same thing
    as; both become members of one matter, or nothing happens at all. `mail_id`: the mail from which it is taken down,
    which is settled by it. Returns the case's id. Raises what `open_case` raises, `Unacceptable` where that case cannot
    be joined, `NotNow` where nothing may be written to it, `Overtaken` where somebody has settled the mail."""
    unit, adoption, rules = served(actor, unit_id=unit_id, kind=kind, subject=subject, happened_at=happened_at, at=at)
    mail = mails.mail_for(actor, mail_id, lock=True) if mail_id else None
    uploads = mails.with_mail(mail, rules, given, with_attachments(uploads, rules, opening_step(rules)))
    case_id = uuid7()
    token = tokens.of_opening(token, f"{kind}/{unit.pk.hex}/{adoption.subject}", given, uploads)
    earlier = tokens.claim(token, case_id, at)
    if earlier is not None:
        return earlier.pk
    mails.refuse_settled(mail)
    # Before anything is numbered: whoever joins two cases locks in this order.
    held = _held(actor, unit, same_as, at) if same_as else None
    opened = open_case(
        adoption=adoption,
        unit=unit,
        channel=DESK,
        taker=taker_for(actor, unit.path, rules, ()),
        given=given,
        at=happened_at,
        now=at,
        token=desk_token(case_id),
        case_id=case_id,
        uploads=uploads,
        sees=in_sight_of(actor),
    )
    if mail is not None and isinstance(opened.file.head, Case):
        mails.settle_opened(mail, opened.file.head, actor, at)
    arrivals.claim_numbers(numbering(unit, kind), given, case_id, at)
    if held is not None and same_as is not None and isinstance(opened.file.head, Case):
        held = Held({**held.cases, case_id: opened.file.head}, held.matters)
        join(held, same_as, case_id, by=actor.account_id, now=at)
    return case_id


def _held(actor: Actor, unit: Unit, other: UUID, now: datetime) -> Held:
    """The right is asked at both places, and the policy of the other case whether anything may be written to it."""
    try:
        if not actor.may_at(Permission.MATTER_JOIN, unit.path):
            raise Forbidden("permission_missing", data={"permission": Permission.MATTER_JOIN.value})
        held = hold((other,), partial(case_for, actor, needs=Permission.MATTER_JOIN, lock=True))
    except (NotFound, Forbidden) as refused:
        raise Unacceptable("same_gone", data={"fields": {}, "refusals": ()}) from refused
    for case in held.cases.values():
        writing.ask(case, Writing.MATTER, now)
    return held
