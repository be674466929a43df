"""Who can sign what waits: the engine knows slots and no people, so the log says where nobody is there to sign."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Length

from kesu.casefile.books import above
from kesu.casefile.people import People, resolve
from kesu.policy.coded import coded_slots
from kesu.policy.events import COPY_TO, COPY_WITH, NAMED_SIGNER, SIGN_PLACE, Event
from kesu.policy.model.approving import Staffing
from kesu.policy.model.facts import FactType, Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT, EVERYONE, HOLDER, STARTER, SYSTEM, WORLD, Who
from kesu.policy.model.separations import Part
from kesu.policy.standing.facts import members_of, person_of, role_of
from kesu.policy.standing.naming import missing
from kesu.policy.standing.results import MissingKind, Refusal, Signature, Standing
from kesu.policy.standing.staffing import Seat, seats_found_otherwise
from kesu.policy.standing.takers import units_of
from kesu.store.models import Case, OutboxMessage, PostHolding, RoleGrant, Unit

MAY_FILL_POSTS: Final = "house:organisation:edit"
"""The permission of those who can put somebody where nobody is (`access.permissions.Permission.HOUSE_EDIT`)."""
UNMANNED: Final = "unmanned"
OWN_WORK: Final = "own_work"
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


def unseen_refusals(
    kind: Kind, event: Event, people: People, told: Collection[UUID] | None, facts: Mapping[str, Value]
) -> tuple[Refusal, ...]:
    """Why nobody may be named who may not read the case: neither he nor who stands in for him today may know of it, or
    he works on it blind. `told`: who may know; None: all. `facts`: of the case, before."""
    found = []
    for code in filter(is_naming, event.facts):
        named, wrong = members_of(event.facts.get(code)), (missing(kind, MissingKind.VALUE, code),)
        if told is not None and kind.secrecy is not None and may_know(named, people, told) != named:
            found.append(Refusal("unseen", "", kind.secrecy.clauses, wrong))
        if not named.isdisjoint(who_works_blind(kind, people, facts)):
            clauses = (clause for slot in sorted(coded_slots(kind)) for clause in kind.roles[slot].clauses)
            found.append(Refusal("unseen", "", tuple(dict.fromkeys(clauses)), wrong))
    return tuple(found[:1])


def keeps_from_some(kind: Kind) -> bool:
    """Whether there are people of the house who may not read a case of this kind that lies within their reach."""
    return kind.secrecy is not None or bool(coded_slots(kind))


def who_works_blind(kind: Kind, people: People, facts: Mapping[str, Value]) -> frozenset[str]:
    """The accounts of those who see no more of the case than a code: in a slot for such work, or named in one."""
    slots = coded_slots(kind)
    if not slots:
        return frozenset()
    groups = (facts.get(code) for code, fact in kind.facts.items() if fact.type is FactType.GROUP)
    members = (str(one) for group in groups if isinstance(group, tuple) for one in group)
    named = {person_of(one) for one in members if role_of(one) in slots}
    return frozenset(named | {person.account_id.hex for slot in slots for person in people.of_role(slot)})


def is_naming(code: str) -> bool:
    """Whether a fact names people who are to sign, to be asked, or to be told how it ended."""
    return code == NAMED_SIGNER or code.startswith((COPY_TO, COPY_WITH))


def may_know(named: Collection[str], people: People, told: Collection[UUID]) -> frozenset[str]:
    """Those of the accounts whose signature is not asked for in vain: one through whom each is reached today may know
    of the case."""
    people.of_accounts(named)  # asks for all of them at once
    able = (one for one in named if any(person.account_id in told for person in people.of_accounts([one])))
    return frozenset(able)


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
    head: Case,
    kind: Kind,
    stuck: Sequence[tuple[Event, Signature]],
    facts: Mapping[str, Value],
    on: date,
    now: datetime,
) -> list[OutboxMessage]:
    """One to everybody who can fill the post, naming it and its unit: he need not see the case, and nothing of it is
    told. Where the post is held and only by those who wrote what is signed, it says so."""
    rows = []
    for event, place in stuck:
        role = kind.roles.get(kind.holder if place.who.role == HOLDER else place.who.role)
        unit = _unit_of_post(place.who, role.code if role else "", facts, head.unit)
        payload = {"post": role.name if role else "", "unit": unit.name, "organisation": str(unit.pk)}
        template = OWN_WORK if place.staffing is Staffing.OWN else UNMANNED
        for account in _administrators(unit.path, on):
            key = f"{head.pk}/{UNMANNED}/{event.seq}/{account.hex}"
            rows.append(
                OutboxMessage(
                    key=key, account_id=account, template=template, payload=payload, created_at=now, try_at=now
                )
            )
    return rows


def _unit_of_post(who: Who, slot: str, facts: Mapping[str, Value], place: Unit) -> Unit:
    """Where the post is that somebody is missing in: the unit that the policy or the case names, else the nearest one
    over the place that has such a post, held or not; the place itself where there is none."""
    named = units_of(who, facts)
    if named:
        return Unit.objects.filter(pk__in=named).order_by("path").first() or place
    over = Unit.objects.filter(scope_path__in=above(place.path), posts__fills__slot=slot)
    return over.order_by(Length("scope_path").desc(), "path").first() or place


def _administrators(place_path: str, on: date) -> list[UUID]:
    roles = RoleGrant.objects.filter(permission=MAY_FILL_POSTS).values("role")
    days = Q(from_on__lte=on) & (Q(until_on__isnull=True) | Q(until_on__gte=on))
    held = PostHolding.objects.filter(
        days, account__is_active=True, post__role__in=roles, post__unit__scope_path__in=above(place_path)
    )
    return sorted(set(held.values_list("account_id", flat=True)), key=str)
