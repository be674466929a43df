"""The outside parties of a case, for whoever may write from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.guests import secret_for
from kesu.access.permissions import Permission
from kesu.access.sight.locks import LockLine, lock_lines, shut_lines
from kesu.access.sight.reading import CaseRead, read_case, row_names
from kesu.access.sight.texts import Texts, read_texts
from kesu.casefile import notes
from kesu.policy.model.writing import Writing
from kesu.store.models import CaseGuest


@dataclass(frozen=True, slots=True)
class Said:
    at: datetime
    text: str
    is_his: bool
    is_interim: bool


@dataclass(frozen=True, slots=True)
class GuestLine:
    """`secret` of his link, empty where it is over. `for_customer`: his words wait as those to the customer do.
    `hears`: the policy gave him the link, so that he has what it tells the complainant; `person` is he, as the reader
    may see him."""

    id: UUID
    name: str
    slot: str
    secret: str
    sees_person: bool
    for_customer: bool
    hears: bool
    person: str
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
    """`locks`: what must not be told yet to the customer, nor to whoever carries words to him; `shut`: why nobody
    is let in or written to any more."""

    case_id: UUID
    number: str
    guests: tuple[GuestLine, ...]
    slots: tuple[SlotChoice, ...]
    locks: tuple[LockLine, ...]
    shut: tuple[LockLine, ...]


def guest_list(*, actor: Actor, at: datetime, case_id: UUID) -> GuestList:
    """Newest first. Raises `NotFound` and `Forbidden`."""
    read = read_case(actor, at, case_id, Permission.CASE_REPLY)
    case, roles = read.case, read.kind.roles
    talk: dict[UUID, list[Said]] = {}
    for note, text in notes.read(case):
        if note.guest_id is not None:
            said = Said(note.at, text, note.visibility == notes.FROM_GUEST, note.is_interim)
            talk.setdefault(note.guest_id, []).append(said)
    rows = [*CaseGuest.objects.filter(case=case).select_related("invited_by").order_by("-invited_at", "-pk")]
    texts = read_texts(read, row_names(read)) if any(row.named_seq for row in rows) else None
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
                for_customer=row.for_customer,
                hears=row.named_seq is not None,
                person=_person(read, texts, row),
                invited_by=row.invited_by.name if row.invited_by else "",
                invited_at=row.invited_at,
                ends_at=row.ends_at,
                withdrawn_at=row.withdrawn_at,
                opened_at=row.opened_at,
                talk=tuple(talk.get(row.pk, ())),
            )
            for row in rows
        ),
        tuple(SlotChoice(role.code, role.name) for role in roles.values() if role.outside),
        lock_lines(read),
        shut_lines(read, Writing.GUEST),
    )


def _person(read: CaseRead, texts: Texts | None, row: CaseGuest) -> str:
    """Whoever was named, as everywhere on the case: masked as the reader's rights say."""
    event = next((one for one in read.log if one.seq == row.named_seq), None)
    if texts is None or event is None:
        return ""
    named = (read.kind.facts[code] for code in event.facts if code in read.kind.facts)
    return next((texts.text(fact, event.seq) for fact in named if fact.hears), "")
