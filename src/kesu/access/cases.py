"""Ordinary cases: lists in somebody's scope, and the way to one row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.db.transaction import TransactionManagementError

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.access.scope import InSight, Scope
from kesu.casefile.books import kind_of
from kesu.casefile.opening import desk_token, secret_of
from kesu.casefile.references import CasesInSight, Seen
from kesu.core.codes import secret_digest
from kesu.core.errors import Forbidden, NotFound
from kesu.policy.events import APPROVAL_SIGNED, EVENT_VOIDED
from kesu.policy.model.pack import Kind
from kesu.store.fixed import Fixed, FixedRows
from kesu.store.models import Case, CaseCard, CaseEvent, CaseParty

NOT_TAKEN_BACK: Final = ~Q(
    Exists(
        CaseEvent.objects.alias(undone=KeyTextTransform("seq", "facts")).filter(
            case=OuterRef("case"), kind=EVENT_VOIDED, undone=Cast(OuterRef("seq"), TextField())
        )
    )
)
"""Of events: those that no later one of their case takes back."""


def cards_for(actor: Actor) -> QuerySet[CaseCard]:
    """Every list of cases starts here."""
    return CaseCard.objects.filter(in_scope(actor))


def signatures_of(actor: Actor) -> QuerySet[CaseEvent]:
    """The signatures that he gave and did not take back, wherever; what of them he still sees is for `cards_for` to
    say."""
    return CaseEvent.objects.filter(NOT_TAKEN_BACK, kind=APPROVAL_SIGNED, actor=actor.key)


def cards_apart(actor: Actor) -> Iterator[QuerySet[CaseCard]]:
    """The same cases in two parts that share none, to be counted: those that his posts reach, which one index finds,
    and the others that he takes part in, which another one finds. Together they are found only row by row."""
    scope = Scope.of(actor)
    if scope.reach:
        yield CaseCard.objects.filter(scope.reached())
    yield cards_of(actor).exclude(scope.reached())


def open_within(scope: Scope) -> QuerySet[CaseCard]:
    """Those of a scope that are not over, for a query of a fixed shape."""
    return CaseCard.objects.filter(scope.of_cases(), is_final=False)


def in_scope(actor: Actor) -> Q:
    """Of rows that have the key and the path of a case: those of the cases that the actor may see."""
    return Scope.of(actor).of_cases()


def cards_of(actor: Actor) -> QuerySet[CaseCard]:
    """The cases that the actor takes part in, wherever they lie."""
    return CaseCard.objects.filter(Scope.of(actor).takes_part({"case__pk": OuterRef("pk")}))


def owed_in_sight(scope: Scope) -> Q:
    """Of the obligations that are his: those whose case he may see. Of a confidential one he may have lost sight though
    its duties have not been given to anybody else yet."""
    row_by_row = {"case_id__gte": OuterRef("case_id"), "case_id__lte": OuterRef("case_id")}
    return Q(case__card__confidential=False) | Q(Exists(CaseParty.objects.filter(scope.own_parts(), **row_by_row)))


def with_cases(scope: Scope) -> Q:
    """Of units: those under his posts that have any case."""
    under = Q(pk__in=[])
    for pattern in scope.reach:
        under |= Q(path__like=pattern)
    return under & Q(Exists(CaseCard.objects.filter(scope.of_cases(), unit_id=OuterRef("pk"))))


def in_sight_of(actor: Actor) -> CasesInSight:
    """What the actor may name in a statement: of some cases, those that he may see."""

    def seen(ids: Collection[UUID]) -> Mapping[UUID, Seen]:
        rows = cards_for(actor).filter(pk__in=ids).values_list("pk", "kind", "pack", "unit_path")
        return {pk: Seen(kind, pack, path) for pk, kind, pack, path in rows}

    return seen


def sees(actor: Actor, case_id: UUID) -> bool:
    """Whether the case is in his sight."""
    return bool(_SIGHT(actor, case_id))


def case_for(actor: Actor, case_id: UUID, needs: Permission = Permission.CASE_READ, *, lock: bool = False) -> Case:
    """The case, or `NotFound` outside the actor's scope, or `Forbidden` inside it without the right. `lock` takes the
    row for the rest of the transaction."""
    if lock and not connection.in_atomic_block:
        raise TransactionManagementError("a row is held inside a transaction only")
    rows = _LOCKED(actor, case_id) if lock else _SEEN(actor, case_id)
    if not rows:
        raise NotFound
    case: Case = rows[0]
    # Whoever held the row until now may have taken the case out of his sight.
    if lock and kind_of(case.policy_version_id, case.kind).leaves_sight and not sees(actor, case_id):
        raise NotFound
    if needs is not Permission.CASE_READ and not actor.may_at(needs, case.unit.path):
        raise Forbidden("permission_missing", data={"permission": needs.value})
    return case


_SIGHT: Final = InSight(Fixed, lambda scope, pk: CaseCard.objects.filter(scope.of_cases(), pk=pk).values_list("pk"))


def _one(scope: Scope, case_id: Any) -> QuerySet[Case]:
    in_sight = CaseCard.objects.filter(scope.of_cases(), pk=OuterRef("pk"))
    return Case.objects.filter(Exists(in_sight), pk=case_id).select_related("unit")


_SEEN: Final[InSight[Case]] = InSight(FixedRows, lambda scope, pk: _one(scope, pk).select_related("card__holder"))
_LOCKED: Final[InSight[Case]] = InSight(FixedRows, lambda scope, pk: _one(scope, pk).select_for_update(of=("self",)))


def desk_link(case: Case, kind: Kind) -> str:
    """The secret of the customer's follow link, for a case that the house registered: he got none himself. Empty where
    he did."""
    secret = secret_of(kind, desk_token(case.pk))
    return secret if secret_digest(secret) == case.follow_digest else ""


def may_be_spoken_of(case_id: UUID) -> bool:
    """Whether somebody who does not see the case may be told that there is one."""
    return CaseCard.objects.filter(pk=case_id, confidential=False).exists()


def case_by_secret(secret: str, *, lock: bool = False) -> Case:
    """The case of whoever bears its follow link. Raises `NotFound`."""
    rows = Case.objects.select_related("unit")
    if lock:
        rows = rows.select_for_update(of=("self",))
    case = rows.filter(follow_digest=secret_digest(secret)).first()
    if case is None:
        raise NotFound
    return case
