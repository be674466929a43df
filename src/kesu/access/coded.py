"""Coded samples: what somebody knows of a case in which he works blind. The code is the way to it; no
way leads from there to the case."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from kesu.access.actor import Actor
from kesu.access.cases import in_scope
from kesu.access.permissions import Permission
from kesu.core.errors import Forbidden, NotFound
from kesu.policy.coded import is_blind
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Step
from kesu.store.models import Case, CaseCard, CodedSample


def samples_of(actor: Actor) -> QuerySet[CodedSample]:
    """His own, while he is in a slot in which he works blind. Of a case that he sees himself he has none: he could not
    work blind. Raises `Forbidden`."""
    actor.require(Permission.CODED_READ)
    seen = CaseCard.objects.filter(in_scope(actor), pk=OuterRef("case_id"))
    own = CodedSample.objects.filter(account_id=actor.account_id, slots__overlap=sorted(actor.slots))
    return own.exclude(Exists(seen))


def sample_for(actor: Actor, code: str, *, lock: bool = False) -> CodedSample:
    """`lock` takes the row of its case. Raises `NotFound`, `Forbidden`."""
    found = samples_of(actor).filter(code=code).first()
    if found is None:
        raise NotFound
    rows = Case.objects.select_related("unit")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found.case = rows.get(pk=found.case_id)
    # Whoever held the row until now may have taken the sample from him.
    if lock and not samples_of(actor).filter(pk=found.pk).exists():
        raise NotFound
    return found


def refuse_with_sight(kind: Kind, step: Step | None) -> None:
    """A step that is taken blind is taken under its code: whoever sees the case cannot. Raises `Forbidden`, with the
    clauses of the step."""
    if step is not None and is_blind(kind, step):
        raise Forbidden("taken_blind", clauses=step.clauses)
