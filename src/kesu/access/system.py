"""What the program itself may reach, beside anybody's scope: the command line and the worker. Never for a request."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from kesu.core.errors import NotFound
from kesu.store.models import Case


def case_named(ref: str) -> Case:
    """An ordinary case by its printed number or its identifier. Raises `NotFound`."""
    case = Case.objects.filter(_named(ref.strip())).first()
    if case is None:
        raise NotFound
    return case


def _named(ref: str) -> Q:
    try:
        return Q(pk=UUID(ref))
    except ValueError:
        return Q(number__iexact=ref)
