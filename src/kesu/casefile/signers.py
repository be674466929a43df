"""Who can sign what waits: the engine knows slots and no people, so the log says where nobody is there to sign."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from kesu.casefile.books import above
from kesu.casefile.people import People, resolve
from kesu.policy.events import SIGN_PLACE, Event
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT, EVERYONE, HOLDER, STARTER, SYSTEM, WORLD, Who
from kesu.policy.model.separations import Part
from kesu.policy.standing.results import Signature, Standing
from kesu.policy.standing.staffing import Seat, seats_found_otherwise
from kesu.policy.standing.takers import units_of
from kesu.store.models import Case, OutboxMessage, PostHolding, RoleGrant

MAY_FILL_POSTS: Final = "house:organisation:edit"
"""The permission of those who can put somebody where nobody is (`access.permissions.Permission.HOUSE_EDIT`)."""
UNMANNED: Final = "unmanned"
_NO_SLOT: Final = frozenset({COMPLAINANT, EVERYONE, STARTER, SYSTEM, WORLD})


def seats(
    kind: Kind, log: Sequence[Event], current: Standing, people: People, told: Collection[UUID] | None
) -> tuple[Seat, ...]:
    """The places that wait and of which the log says otherwise. `told`: who may know of the case; None: all."""

    def holders(who: Who) -> Collection[str] | None:
        if not _is_known(who, kind, current):
            return None
        found = resolve(who, people, kind, log, current.facts, part=Part.SIGNERS)
        return {one.account_id.hex for one in found if told is None or one.account_id in told}

    return tuple(seats_found_otherwise(kind, current, holders))


def _is_known(who: Who, kind: Kind, current: Standing) -> bool:
    """Whether it can be said who holds a slot: somebody of the house does, and the unit or the group is named."""
    role = kind.roles.get(who.role)
    if who.role in _NO_SLOT or (role is not None and role.outside):
        return False
    if who.of is not None:
        return bool(units_of(who, current.facts))
    return who.group is None or bool(current.facts.get(who.group))


def stuck_places(current: Standing, of: Collection[Event]) -> list[tuple[Event, Signature]]:
    """Those of the places that these events tell of at which an approval now waits for nobody."""
    links = {state.code: state.current for state in current.approvals if state.current is not None}
    found = []
    for event in of:
        link = links.get(str(event.facts["approval"]))
        places = link.signatures if link is not None else ()
        for place in places:
            if link is not None and place.place == event.facts[SIGN_PLACE] and place.place in link.stuck:
                found.append((event, place))
    return found


def letters(
    head: Case, kind: Kind, stuck: Sequence[tuple[Event, Signature]], on: date, now: datetime
) -> list[OutboxMessage]:
    """One to everybody who can fill the post, naming it and its unit: he need not see the case, and nothing of it is
    told."""
    rows = []
    for event, place in stuck:
        role = kind.roles.get(kind.holder if place.who.role == HOLDER else place.who.role)
        payload = {"post": role.name if role else "", "unit": head.unit.name, "organisation": str(head.unit_id)}
        for account in _administrators(head.unit.path, on):
            key = f"{head.pk}/{UNMANNED}/{event.seq}/{account.hex}"
            rows.append(
                OutboxMessage(
                    key=key, account_id=account, template=UNMANNED, payload=payload, created_at=now, try_at=now
                )
            )
    return rows


def _administrators(place_path: str, on: date) -> list[UUID]:
    roles = RoleGrant.objects.filter(permission=MAY_FILL_POSTS).values("role")
    days = Q(from_on__lte=on) & (Q(until_on__isnull=True) | Q(until_on__gte=on))
    held = PostHolding.objects.filter(
        days, account__is_active=True, post__role__in=roles, post__unit__scope_path__in=above(place_path)
    )
    return sorted(set(held.values_list("account_id", flat=True)), key=str)
