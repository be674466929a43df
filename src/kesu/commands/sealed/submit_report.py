"""Somebody reports under seal: anonymous or named, and only the receipt code leads back to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.takers import complainant_taker
from kesu.casefile.books import rules_for, unserved
from kesu.casefile.opening import PORTAL
from kesu.casefile.sealing import open_sealed
from kesu.casefile.statement import Given
from kesu.core.errors import NotFound
from kesu.core.uploads import Upload
from kesu.store.models import Unit


@dataclass(frozen=True, slots=True)
class Receipt:
    """`code` is shown once and stored nowhere: only its digest is."""

    code: str


@transaction.atomic
def submit_report(
    *,
    at: datetime,
    unit_id: UUID,
    kind: str,
    given: Given,
    token: str,
    uploads: Sequence[Upload] = (),
    subject: str | None = None,
) -> Receipt:
    """`token` is the form's one-time token: the same form sent twice makes one report and shows one code. `subject`:
    one of those that are served there, empty for all others; None: not said. Raises `NotFound` where no sealed kind is
    open to the public, `Unacceptable` for what is missing or for a file that is not taken."""
    unit = Unit.objects.filter(pk=unit_id, is_public=True, closed_on=None).first()
    if unit is None:
        raise NotFound
    adoption, rules = rules_for(unit, kind, at, subject)
    if not rules.portal or not rules.is_sealed:
        raise NotFound if subject is None else unserved("subject_unknown")
    code = open_sealed(
        adoption=adoption,
        unit=unit,
        channel=PORTAL,
        taker=complainant_taker(),
        given={**given, **{fact: (value,) for fact, value in rules.portal_facts.items()}},
        uploads=uploads,
        at=at,
        now=at,
        token=token,
    )
    return Receipt(code)
