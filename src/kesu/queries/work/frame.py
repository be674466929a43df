"""What the frame around every staff page shows of its reader: place, counts, working time, what he may open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile.books import calendar_of, pack_of
from kesu.store.fixed import Fixed
from kesu.store.models import Adoption, ObligationOwner, Unit


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """`is_working` None: no calendar serves the reader's place yet. `sees_reports`: some adopted sealed kind opens to
    a slot that he holds, whether or not there is a case."""

    organisation: str
    post: str
    approvals: int
    is_working: bool | None
    may_register: bool
    may_read_policies: bool
    may_read_numbers: bool
    sees_reports: bool
    may_see_health: bool
    may_see_house: bool
    may_see_people: bool
    may_see_customers: bool
    may_see_rooms: bool


def frame_facts(*, actor: Actor, at: datetime) -> FrameFacts:
    """Three queries, whatever the organisation holds."""
    post = actor.posts[0] if actor.posts else None
    adoptions = _ADOPTIONS(at)
    return FrameFacts(
        organisation=_organisation(actor),
        post=post.name if post else "",
        approvals=_approvals(actor),
        is_working=_is_working(actor, adoptions, at),
        may_register=actor.may(Permission.CASE_REGISTER),
        may_read_policies=actor.may(Permission.POLICY_READ),
        may_read_numbers=actor.may(Permission.REPORT_READ),
        sees_reports=_sees_reports(actor, adoptions),
        may_see_health=actor.may(Permission.HEALTH_READ),
        may_see_house=actor.may(Permission.HOUSE_READ),
        may_see_people=actor.may(Permission.PEOPLE_EDIT),
        may_see_customers=actor.may(Permission.CUSTOMER_READ),
        may_see_rooms=actor.may(Permission.ROOM_READ),
    )


Row = tuple[str, str, str, str]

_ADOPTIONS: Final = Fixed(
    lambda at: (
        Adoption.objects.filter(effective_from__lte=at)
        .order_by("effective_from")
        .values_list("unit__path", "kind", "policy_version_id", "calendar_version_id")
    )
)
_AT_PATH: Final = Fixed(lambda path: Unit.objects.filter(path=path).values_list("name"))
_WAITING: Final = Fixed(
    lambda account: (
        ObligationOwner.objects.filter(account_id=account, obligation__is_open=True)
        .exclude(obligation__approval="")
        .values_list("obligation_id")
    )
)


def _organisation(actor: Actor) -> str:
    """The nearest unit above a department, else the unit itself."""
    if not actor.posts:
        return ""
    found = _AT_PATH(actor.posts[0].scope_path)
    return found[0][0] if found else actor.posts[0].unit_name


def _approvals(actor: Actor) -> int:
    return len(_WAITING(actor.account_id))


def _is_working(actor: Actor, adoptions: list[Row], at: datetime) -> bool | None:
    place = actor.posts[0].scope_path if actor.posts else ""
    serving = [row for row in adoptions if place.startswith(row[0])]
    if not serving:
        return None
    nearest = max(serving, key=lambda row: len(row[0]))
    return calendar_of(nearest[3]).is_working(at)


def _sees_reports(actor: Actor, adoptions: list[Row]) -> bool:
    held = actor.slots
    for _, kind_code, policy, _ in adoptions:
        kind = pack_of(policy).kinds.get(kind_code)
        if kind is None or not kind.is_sealed or kind.secrecy is None:
            continue
        if any(held.intersection(row.use) for row in kind.secrecy.opened_to.rows):
            return True
    return False
