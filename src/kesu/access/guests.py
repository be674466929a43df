"""Outside parties of a case: the way to one by his link, and who he is for the policy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.cases import case_for
from kesu.access.permissions import Permission
from kesu.casefile.books import kind_of
from kesu.casefile.casefile import CaseFile
from kesu.casefile.spokesmen import secret_of
from kesu.core.codes import secret_digest
from kesu.core.errors import NotFound, NotNow
from kesu.policy.standing import Taker
from kesu.store.models import Case, CaseGuest

GUEST = "guest:"
"""Before the identifier of an outside party, where a log names who acted."""


secret_for = secret_of
"""The same whenever it is asked for, in every process that has the keys."""


def guest_by_secret(secret: str, at: datetime, *, lock: bool = False) -> CaseGuest:
    """`lock` takes the case. Raises `NotFound` for a link that fits nothing and while the case is confidential and not
    open to his slot, `NotNow` for a link that is over."""
    guest = CaseGuest.objects.filter(digest=secret_digest(secret)).first()
    if guest is None:
        raise NotFound
    if guest.withdrawn_at is not None or at >= guest.ends_at:
        raise NotNow("link_over")
    rows = Case.objects.select_related("unit")
    if lock:
        rows = rows.select_for_update(of=("self",))
    guest.case = rows.get(pk=guest.case_id)
    if _is_closed_to(guest, at):
        raise NotFound
    return guest


def _is_closed_to(guest: CaseGuest, at: datetime) -> bool:
    """Whether his case is confidential and not open to his slot."""
    if kind_of(guest.case.policy_version_id, guest.case.kind).secrecy is None:
        return False
    only_for = CaseFile.open(guest.case).standing(at).only_for
    return only_for is not None and guest.slot not in {who.role for who in only_for if who.role}


def guest_for(actor: Actor, case_id: UUID, guest_id: UUID) -> CaseGuest:
    """One of a case that the actor may write from. Raises `NotFound` and `Forbidden`."""
    case = case_for(actor, case_id, Permission.CASE_REPLY, lock=True)
    guest = CaseGuest.objects.filter(pk=guest_id, case=case).first()
    if guest is None:
        raise NotFound
    guest.case = case
    return guest


def guest_taker(guest: CaseGuest) -> Taker:
    return Taker(by=f"{GUEST}{guest.pk.hex}", roles=frozenset({guest.slot} if guest.slot else ()))


def guest_names(acted: Iterable[str]) -> dict[str, str]:
    """Names of outside parties, by how logs name them. No query where none acted."""
    ids = {one.removeprefix(GUEST) for one in acted if one.startswith(GUEST)}
    if not ids:
        return {}
    return {f"{GUEST}{pk.hex}": name for pk, name in CaseGuest.objects.filter(pk__in=ids).values_list("pk", "name")}
