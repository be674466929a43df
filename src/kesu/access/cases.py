"""Ordinary cases: scope, and the way to one row. A confidential case is there only for those who have a part in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile.books import kind_of
from kesu.casefile.confidants import IN_PLACE_OF, THROUGH, in_place_of, through
from kesu.casefile.opening import desk_token, secret_digest, secret_of
from kesu.casefile.references import CasesInSight, Seen
from kesu.core.errors import Forbidden, NotFound
from kesu.policy.model.pack import Kind
from kesu.store.models import Case, CaseCard, CaseParty


def cards_for(actor: Actor) -> QuerySet[CaseCard]:
    """Every list of cases starts here."""
    return CaseCard.objects.filter(in_scope(actor))


def in_scope(actor: Actor) -> Q:
    """Of rows that have the key and the path of a case: those of the cases that the actor may see."""
    under = Q()
    for path in actor.reach(Permission.CASE_READ):
        under |= Q(unit_path__startswith=path)
    if not under:
        return _takes_part(actor, {"case_id": OuterRef("pk")})
    # Written as a range, his part in a case is asked about row by row, and only where his posts do not reach. As an
    # equality the database would first gather all cases in which he ever took part: of some people nearly every one.
    row_by_row = {"case_id__gte": OuterRef("pk"), "case_id__lte": OuterRef("pk")}
    return (under & Q(confidential=False)) | _takes_part(actor, row_by_row)


def cards_of(actor: Actor) -> QuerySet[CaseCard]:
    """The cases that the actor takes part in, wherever they lie."""
    return CaseCard.objects.filter(_takes_part(actor, {"case_id": OuterRef("pk")}))


def owed_in_sight(actor: Actor) -> Q:
    """Of the obligations that are his: those whose case he may see. Of a confidential one he may have lost sight though
    its duties have not been given to anybody else yet."""
    row_by_row = {"case_id__gte": OuterRef("case_id"), "case_id__lte": OuterRef("case_id")}
    return Q(case__card__confidential=False) | Q(Exists(CaseParty.objects.filter(_his(actor), **row_by_row)))


def _takes_part(actor: Actor, in_case: Mapping[str, Any]) -> Q:
    """A part of his own or of those whom he stands in for today. In a confidential case only his own: who stands in for
    somebody who is let in may be the one from whom it is kept, and has a part of his own where he is not."""
    found = Q(Exists(CaseParty.objects.filter(_his(actor), **in_case)))
    if actor.stands_for:
        theirs = CaseParty.objects.filter(account_id__in=sorted(actor.stands_for), **in_case)
        found |= Q(confidential=False) & Q(Exists(theirs))
    return found


def _his(actor: Actor) -> Q:
    """His own parts in cases; those that are his through a slot or in somebody's place, only while he is there."""
    held = {through(slot, post.unit_id) for post in actor.posts for slot in post.slots}
    held |= {in_place_of(account.hex) for account in actor.stands_for}
    for_good = ~(Q(part__startswith=THROUGH) | Q(part__startswith=IN_PLACE_OF))
    return Q(account_id=actor.account_id) & (for_good | Q(part__in=sorted(held)))


def with_cases(actor: Actor) -> Q:
    """Of units: those under the actor's posts that have any case."""
    under = Q(pk__in=[])
    for path in actor.reach(Permission.CASE_READ):
        under |= Q(path__startswith=path)
    return under & Q(Exists(cards_for(actor).filter(unit_id=OuterRef("pk"))))


def in_sight_of(actor: Actor) -> CasesInSight:
    """What the actor may name in a statement: of some cases, those that he may see."""

    def seen(ids: Collection[UUID]) -> Mapping[UUID, Seen]:
        rows = cards_for(actor).filter(pk__in=ids).values_list("pk", "kind", "pack", "unit_path")
        return {pk: Seen(kind, pack, path) for pk, kind, pack, path in rows}

    return seen


def case_for(actor: Actor, case_id: UUID, needs: Permission = Permission.CASE_READ, *, lock: bool = False) -> Case:
    """The case, or `NotFound` outside the actor's scope, or `Forbidden` inside it without the right. `lock` takes the
    row for the rest of the transaction."""
    in_sight = cards_for(actor)
    rows = Case.objects.select_related("unit").filter(Exists(in_sight.filter(pk=OuterRef("pk"))), pk=case_id)
    if lock:
        rows = rows.select_for_update(of=("self",))
    case = rows.first()
    if case is None:
        raise NotFound
    # Whoever held the row until now may have taken the case out of his sight.
    if lock and kind_of(case.policy_version_id, case.kind).leaves_sight and not in_sight.filter(pk=case_id).exists():
        raise NotFound
    if needs is not Permission.CASE_READ and not actor.may_at(needs, case.unit.path):
        raise Forbidden("permission_missing", data={"permission": needs.value})
    return case


def desk_link(case: Case, kind: Kind) -> str:
    """The secret of the customer's follow link, for a case that the house registered: he got none himself. Empty where
    he did."""
    secret = secret_of(kind, desk_token(case.pk))
    return secret if secret_digest(secret) == case.follow_digest else ""


def case_by_secret(secret: str, *, lock: bool = False) -> Case:
    """The case of whoever bears its follow link. Raises `NotFound`."""
    rows = Case.objects.select_related("unit")
    if lock:
        rows = rows.select_for_update(of=("self",))
    case = rows.filter(follow_digest=secret_digest(secret)).first()
    if case is None:
        raise NotFound
    return case
