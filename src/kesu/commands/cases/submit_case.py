"""A customer submits a case on the public page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.takers import complainant_taker
from kesu.casefile import tokens
from kesu.casefile.books import rules_for, unserved
from kesu.casefile.opening import PORTAL, open_case, secret_of
from kesu.casefile.statement import Given
from kesu.core.errors import NotFound
from kesu.core.ids import uuid7
from kesu.core.uploads import Upload
from kesu.store.models import Case, Unit


@dataclass(frozen=True, slots=True)
class Submitted:
    """`secret` follows the case; the same form sent again is answered with the same one."""

    case_id: UUID
    number: str
    secret: str
    is_new: bool


@transaction.atomic
def submit_case(
    *,
    at: datetime,
    unit_id: UUID,
    kind: str,
    given: Given,
    uploads: Sequence[Upload],
    token: str,
    subject: str | None = None,
    is_chat: bool = False,
) -> Submitted:
    """`token` is the form's one-time token: sending the form twice makes one case. `subject`: one of those that are
    served there, empty for all others; None: not said; `is_chat`: a conversation begins by it. Raises `NotFound` for a
    place or kind that is not open to the public, or not in this way, `Unacceptable` for what is missing or
    unreadable."""
    unit = Unit.objects.filter(pk=unit_id, is_public=True, closed_on=None).first()
    if unit is None:
        raise NotFound
    adoption, rules = rules_for(unit, kind, at, subject)
    if not (rules.chat if is_chat else rules.portal) or rules.is_sealed:
        raise NotFound if subject is None else unserved("subject_unknown")
    case_id = uuid7()
    token = tokens.of_opening(token, f"{kind}/{unit.pk.hex}/{adoption.subject}", given, uploads)
    earlier = tokens.claim(token, case_id, at)
    if earlier is not None:
        return Submitted(earlier.pk, earlier.number, secret_of(rules, token), is_new=False)
    opened = open_case(
        adoption=adoption,
        unit=unit,
        channel=PORTAL,
        taker=complainant_taker(),
        given={**given, **{code: (value,) for code, value in rules.portal_facts.items()}},
        at=at,
        now=at,
        token=token,
        case_id=case_id,
        uploads=uploads,
    )
    case = opened.file.head
    assert isinstance(case, Case)  # portal kinds that are sealed were turned away above
    return Submitted(case.pk, case.number, opened.secret, is_new=True)
