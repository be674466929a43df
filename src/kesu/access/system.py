"""What the program itself may reach, beside anybody's scope: the command line, the worker, its own measures. Never for
a person."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from kesu.core.errors import NotFound
from kesu.store.models import Case, CaseCard


def case_named(ref: str) -> Case:
    """An ordinary case by its printed number or its identifier. Raises `NotFound`."""
    case = Case.objects.filter(_named(ref.strip())).first()
    if case is None:
        raise NotFound
    return case


def every_card() -> QuerySet[CaseCard]:
    """All ordinary cases, to be counted."""
    return CaseCard.objects.all()


def _named(ref: str) -> Q:
    try:
        return Q(pk=UUID(ref))
    except ValueError:
        return Q(number__iexact=ref)
