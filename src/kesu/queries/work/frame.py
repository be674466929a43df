"""What the frame around every staff page shows of its reader: place, counts, working time, what he may open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kesu.access.actor import Actor
from kesu.access.cases import owed_in_sight
from kesu.access.openings import sealed_kinds, sees_reports, takes_reports
from kesu.access.permissions import Permission
from kesu.access.proposals import waiting
from kesu.access.publications import publishes_for
from kesu.access.scope import InSight
from kesu.casefile.books import calendar_of, pack_of
from kesu.policy.model.publications import Audience
from kesu.store.fixed import Fixed
from kesu.store.models import Account, Adoption, Obligation, ObligationOwner, Unit


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """`is_working` None: no calendar serves the reader's place yet. `sees_reports`: some adopted sealed kind opens to
    a slot that he holds, whether or not there is a case; `takes_reports`: some names a slot of his among those who take
    reports in. `has_board`: some policy above or below a post of his publishes something."""

    organisation: str
    post: str
    approvals: int
    policies_to_sign: int
    is_working: bool | None
    may_register: bool
    may_read_policies: bool
    may_read_numbers: bool
    sees_reports: bool
    takes_reports: bool
    may_see_health: bool
    may_see_house: bool
    may_see_people: bool
    may_see_customers: bool
    may_see_rooms: bool
    may_see_ledgers: bool
    has_board: bool
    may_see_coded: bool
    has_registers: bool


def frame_facts(*, actor: Actor, at: datetime) -> FrameFacts:
    """Three queries, whatever the organisation holds; one more for whoever has to sign in a confidential case."""
    post = actor.posts[0] if actor.posts else None
    adoptions = _ADOPTIONS(at)
    sealed = sealed_kinds(policy for _path, _kind, policy, _calendar in adoptions)
    approvals, policies = _to_sign(actor)
    return FrameFacts(
        organisation=_organisation(actor),
        post=post.name if post else "",
        approvals=approvals,
        policies_to_sign=policies,
        is_working=_is_working(actor, adoptions, at),
        may_register=actor.may(Permission.CASE_REGISTER),
        may_read_policies=actor.may(Permission.POLICY_READ),
        may_read_numbers=actor.may(Permission.REPORT_READ),
        sees_reports=sees_reports(actor, sealed),
        takes_reports=takes_reports(actor, sealed),
        may_see_health=actor.may(Permission.HEALTH_READ),
        may_see_house=actor.may(Permission.HOUSE_READ),
        may_see_people=actor.may(Permission.PEOPLE_EDIT),
        may_see_customers=actor.may(Permission.CUSTOMER_READ),
        may_see_rooms=actor.may(Permission.ROOM_READ),
        may_see_ledgers=actor.may(Permission.LEDGER_READ),
        has_board=_has_board(actor, adoptions),
        may_see_coded=actor.may(Permission.CODED_READ),
        has_registers=_has_registers(actor, adoptions),
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
_APPROVALS: Final = ObligationOwner.objects.filter(obligation__is_open=True).exclude(obligation__approval="")
_WAITING: Final = Fixed(
    lambda account: Account.objects.filter(pk=account).values_list(
        _count(_APPROVALS.filter(obligation__case__card__confidential=False)),
        _count(_APPROVALS.filter(obligation__case__card__confidential=True)),
        _count(waiting()),
    )
)
"""Approvals on cases that are open to all within reach, on confidential ones, and policies to sign."""
_CONFIDENTIAL: Final = InSight(
    Fixed,
    lambda scope: (
        Obligation.objects.filter(owed_in_sight(scope), owners__account_id=scope.account, is_open=True)
        .filter(case__card__confidential=True)
        .exclude(approval="")
        .values_list("pk")
    ),
)


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many of them are the account's."""
    his = rows.filter(account_id=OuterRef("pk")).order_by().values("account_id")
    return Coalesce(Subquery(his.annotate(count=Count("*")).values("count")), 0)


def _organisation(actor: Actor) -> str:
    """The nearest unit above a department, else the unit itself."""
    if not actor.posts:
        return ""
    found = _AT_PATH(actor.posts[0].scope_path)
    return found[0][0] if found else actor.posts[0].unit_name


def _to_sign(actor: Actor) -> tuple[int, int]:
    approvals, confidential, policies = _WAITING(actor.account_id)[0]
    if confidential:
        approvals += len(_CONFIDENTIAL(actor))
    return approvals, policies


def _is_working(actor: Actor, adoptions: list[Row], at: datetime) -> bool | None:
    place = actor.posts[0].scope_path if actor.posts else ""
    serving = [row for row in adoptions if place.startswith(row[0])]
    if not serving:
        return None
    nearest = max(serving, key=lambda row: len(row[0]))
    return calendar_of(nearest[3]).is_working(at)


def _has_board(actor: Actor, adoptions: list[Row]) -> bool:
    places = [post.scope_path for post in actor.posts]
    near = (row for row in adoptions if any(row[0].startswith(one) or one.startswith(row[0]) for one in places))
    return any(publishes_for(pack_of(policy).kinds.get(kind), tuple(Audience)) for _, kind, policy, _ in near)


def _has_registers(actor: Actor, adoptions: list[Row]) -> bool:
    """Whether some policy above or below a place that he sees issues papers with numbers of their own."""
    places = actor.reach(Permission.CASE_READ)
    near = (row for row in adoptions if any(row[0].startswith(one) or one.startswith(row[0]) for one in places))
    kinds = (pack_of(policy).kinds.get(kind) for _, kind, policy, _ in near)
    return any(step.issues is not None for kind in kinds if kind is not None for step in kind.steps.values())
