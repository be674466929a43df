"""Staff register what reached them by phone, visit, letter or mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.cases import in_sight_of
from kesu.access.openings import served
from kesu.access.takers import taker_for
from kesu.casefile import tokens
from kesu.casefile.mail_files import with_attachments
from kesu.casefile.opening import DESK, desk_token, open_case
from kesu.casefile.statement import Given
from kesu.core.ids import uuid7
from kesu.core.uploads import Upload
from kesu.policy.asking import opening_step


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
) -> UUID:
    """`at` is now, `happened_at` when the report was heard (the pack limits how far back). `subject`: which of those
    that are served there, empty for all others; None: not said. Returns the case's id."""
    unit, adoption, rules = served(actor, unit_id=unit_id, kind=kind, subject=subject, happened_at=happened_at, at=at)
    uploads = with_attachments(uploads, rules, opening_step(rules))
    case_id = uuid7()
    token = tokens.of_opening(token, f"{kind}/{unit.pk.hex}/{adoption.subject}", given, uploads)
    earlier = tokens.claim(token, case_id, at)
    if earlier is not None:
        return earlier.pk
    open_case(
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
    return case_id
