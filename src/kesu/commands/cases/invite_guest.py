"""An outside party (contractor, mediator, other company) gets a link to its part of one case."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.cases import case_for
from kesu.access.guests import secret_for
from kesu.access.permissions import Permission
from kesu.casefile import notes, reply_lock, to_guests, tokens, writing
from kesu.casefile.books import kind_of
from kesu.casefile.house import check_texts, unreadable
from kesu.core.codes import secret_digest
from kesu.core.ids import uuid7
from kesu.policy.model.writing import Writing
from kesu.store.models import Case, CaseGuest


@transaction.atomic
def invite_guest(
    *,
    actor: Actor,
    at: datetime,
    case_id: UUID,
    name: str,
    slot: str,
    task: str,
    ends_at: datetime,
    sees_person: bool,
    for_customer: bool | None,
    is_interim: bool = False,
    address: str = "",
    token: str = "",
) -> None:
    """`slot`: a role that the policy opens to outsiders, or empty; `task`: what is asked of him, his first message;
    `sees_person`: the customer agreed; `for_customer`: he is, or speaks for, the customer, or carries words to him, so
    that what is asked of him waits like a message to the customer (`is_interim`); `address`: a mobile number or a mail
    address to which his link is sent. Raises `NotFound`, `Forbidden`, `Unacceptable` for what cannot be taken, by
    field, and `NotNow` for words that the policy holds back."""
    case = case_for(actor, case_id, Permission.CASE_REPLY, lock=True)
    check_texts(CaseGuest, name=name)
    wrong = {
        "slot": "unknown_row" if slot and not _is_open(case, slot) else "",
        "task": "" if task.strip() else "text_missing",
        "for_customer": "not_chosen" if for_customer is None else "",
        "ends": "day_not_ahead" if ends_at <= at else "",
    }
    if any(wrong.values()):
        raise unreadable({field: reason for field, reason in wrong.items() if reason})
    if tokens.is_again(token, case, f"guest/{name}/{slot}/{task}", at):
        return
    writing.ask(case, Writing.GUEST, at)
    is_locked = bool(for_customer) and reply_lock.ask(case, task, at, is_interim=is_interim)
    guest_id = uuid7()
    guest = CaseGuest(
        id=guest_id,
        case=case,
        name=name.strip(),
        slot=slot,
        digest=secret_digest(secret_for(guest_id)),
        sees_person=sees_person,
        for_customer=bool(for_customer),
        invited_by_id=actor.account_id,
        invited_at=at,
        ends_at=ends_at,
    )
    to_guests.put_address(guest, address)
    guest.save(force_insert=True)
    by, to = actor.account_id, notes.TO_GUEST
    notes.add(case, text=task, visibility=to, author=by, at=at, guest=guest_id, is_interim=is_locked)
    to_guests.tell(guest, at)


def _is_open(case: Case, slot: str) -> bool:
    """Whether the policy opens this role to outsiders."""
    role = kind_of(case.policy_version_id, case.kind).roles.get(slot)
    return role is not None and role.outside
