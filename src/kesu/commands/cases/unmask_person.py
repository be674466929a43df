"""Somebody with the right to personal data has a masked person shown in clear; the timeline says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.cases import case_for
from kesu.access.permissions import Permission
from kesu.casefile import notes
from kesu.casefile.books import kind_of
from kesu.casefile.log import read_bodies
from kesu.core.errors import NotFound
from kesu.policy.model.facts import DataClass, FactType


@dataclass(frozen=True, slots=True)
class Unmasked:
    """`text` is the name and number, or the personal text, as it was given."""

    name: str
    text: str


@transaction.atomic
def unmask_person(*, actor: Actor, at: datetime, case_id: UUID, fact: str, seq: int) -> Unmasked:
    """`seq`: the event that stated it. Raises `NotFound` outside the scope or when no such thing was stated there,
    `Forbidden` without the right. The log line is written before anything is shown."""
    case = case_for(actor, case_id, Permission.PERSONAL_READ, lock=True)
    known = kind_of(case.policy_version_id, case.kind).facts.get(fact)
    if known is None or not (known.type is FactType.PERSON or known.data is DataClass.PERSONAL):
        raise NotFound
    stored = read_bodies(case, [DataClass.PERSONAL.value]).get(seq, {}).get(fact)
    if stored is None:
        raise NotFound
    notes.add(case, text=fact, visibility=notes.VIEWED, author=actor.account_id, at=at)
    if isinstance(stored, dict):
        return Unmasked(known.name, " ".join(part for part in (stored.get("name"), stored.get("phone")) if part))
    return Unmasked(known.name, str(stored))
