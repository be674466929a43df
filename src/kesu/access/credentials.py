"""Recorded papers of people: which ones policies ask for, and the way to one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile.adoption import standing_adoptions
from kesu.casefile.books import kind_of
from kesu.core.errors import NotFound
from kesu.store.models import AccountCredential


def kinds_asked(at: datetime) -> tuple[str, ...]:
    """What the policies in force call the papers that they ask for. One query beside those for policies that are not in
    memory."""
    found: dict[str, None] = {}
    for row in standing_adoptions(at):
        for step in kind_of(row.policy_version_id, row.kind).steps.values():
            if step.credential is not None:
                found[step.credential.kind] = None
    return tuple(found)


def credential_for(actor: Actor, credential_id: UUID, *, lock: bool = False) -> AccountCredential:
    """One of his own, or anybody's with the right to change people. Raises `NotFound`: of a paper of somebody else
    nobody learns that it is there."""
    rows = AccountCredential.objects.select_related("account")
    row = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=credential_id).first()
    if row is None or (row.account_id != actor.account_id and not actor.may(Permission.PEOPLE_EDIT)):
        raise NotFound
    return row
