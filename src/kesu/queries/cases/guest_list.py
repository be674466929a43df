"""The outside parties of a case, for whoever may write from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.cases import case_for
from kesu.access.guests import secret_for
from kesu.access.permissions import Permission
from kesu.casefile import notes
from kesu.casefile.books import kind_of
from kesu.store.models import CaseGuest


@dataclass(frozen=True, slots=True)
class Said:
    at: datetime
    text: str
    is_his: bool


@dataclass(frozen=True, slots=True)
class GuestLine:
    """`secret` of his link, empty where it is over."""

    id: UUID
    name: str
    slot: str
    secret: str
    sees_person: bool
    invited_by: str
    invited_at: datetime
    ends_at: datetime
    withdrawn_at: datetime | None
    opened_at: datetime | None
    talk: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class SlotChoice:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class GuestList:
    case_id: UUID
    number: str
    guests: tuple[GuestLine, ...]
    slots: tuple[SlotChoice, ...]


def guest_list(*, actor: Actor, at: datetime, case_id: UUID) -> GuestList:
    """Newest first. Raises `NotFound` and `Forbidden`."""
    case = case_for(actor, case_id, Permission.CASE_REPLY)
    roles = kind_of(case.policy_version_id, case.kind).roles
    talk: dict[UUID, list[Said]] = {}
    for note, text in notes.read(case):
        if note.guest_id is not None:
            talk.setdefault(note.guest_id, []).append(Said(note.at, text, note.visibility == notes.FROM_GUEST))
    rows = CaseGuest.objects.filter(case=case).select_related("invited_by").order_by("-invited_at", "-pk")
    return GuestList(
        case.pk,
        case.number,
        tuple(
            GuestLine(
                id=row.pk,
                name=row.name,
                slot=roles[row.slot].name if row.slot in roles else "",
                secret="" if row.withdrawn_at or at >= row.ends_at else secret_for(row.pk),
                sees_person=row.sees_person,
                invited_by=row.invited_by.name,
                invited_at=row.invited_at,
                ends_at=row.ends_at,
                withdrawn_at=row.withdrawn_at,
                opened_at=row.opened_at,
                talk=tuple(talk.get(row.pk, ())),
            )
            for row in rows
        ),
        tuple(SlotChoice(role.code, role.name) for role in roles.values() if role.outside),
    )
