"""An outside party (contractor, mediator, other company) gets a link to its part of one case."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.cases import case_for
from kesu.access.guests import secret_for
from kesu.access.permissions import Permission
from kesu.casefile import notes, tokens
from kesu.casefile.books import kind_of
from kesu.casefile.house import check_texts, unreadable
from kesu.casefile.opening import secret_digest
from kesu.core.ids import uuid7
from kesu.store.models import CaseGuest


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
    token: str = "",
) -> None:
    """`slot`: a role that the policy opens to outsiders, or empty; `task`: what is asked of him, his first message;
    `sees_person`: the customer agreed. Raises `NotFound`, `Forbidden`, or `Unacceptable` for what cannot be taken, by
    field."""
    case = case_for(actor, case_id, Permission.CASE_REPLY, lock=True)
    check_texts(CaseGuest, name=name)
    wrong: dict[str, str] = {}
    role = kind_of(case.policy_version_id, case.kind).roles.get(slot)
    if slot and (role is None or not role.outside):
        wrong["slot"] = "unknown_row"
    if not task.strip():
        wrong["task"] = "text_missing"
    if ends_at <= at:
        wrong["ends"] = "day_not_ahead"
    if wrong:
        raise unreadable(wrong)
    if tokens.is_again(token, case, f"guest/{name}/{slot}/{task}", at):
        return
    guest_id = uuid7()
    CaseGuest.objects.create(
        id=guest_id,
        case=case,
        name=name.strip(),
        slot=slot,
        digest=secret_digest(secret_for(guest_id)),
        sees_person=sees_person,
        invited_by_id=actor.account_id,
        invited_at=at,
        ends_at=ends_at,
    )
    notes.add(case, text=task, visibility=notes.TO_GUEST, author=actor.account_id, at=at, guest=guest_id)
