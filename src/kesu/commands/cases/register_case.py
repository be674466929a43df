"""Staff register what reached them by phone, visit, letter or mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.cases import in_sight_of
from kesu.access.permissions import Permission
from kesu.access.takers import taker_for
from kesu.casefile import tokens
from kesu.casefile.books import adoption_for, before_policy, kind_of, open_unit, unserved
from kesu.casefile.opening import DESK, desk_token, open_case
from kesu.casefile.statement import Given
from kesu.casefile.where_cases_lie import may_lie
from kesu.core.errors import Forbidden, NotFound
from kesu.core.ids import uuid7
from kesu.core.uploads import Upload


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
    unit = open_unit(unit_id)
    if not actor.may_at(Permission.CASE_REGISTER, unit.path):
        if not actor.may_at(Permission.CASE_READ, unit.path):
            raise NotFound
        raise Forbidden("permission_missing", data={"permission": Permission.CASE_REGISTER.value})
    adoption = adoption_for(unit, kind, happened_at, subject, now=at)
    if adoption is None:
        since = adoption_for(unit, kind, at, subject)
        raise NotFound if since is None or kind_of(since.policy_version_id, kind).is_sealed else before_policy()
    rules = kind_of(adoption.policy_version_id, kind)
    if not may_lie(unit, rules):
        raise NotFound
    if rules.is_sealed:
        raise NotFound if subject is None else unserved("subject_unknown")
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
