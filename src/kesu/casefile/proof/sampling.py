"""Which cases and matters a night looks at, and the way to hold one of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db.models import CharField, Value
from django.db.models.functions import MD5, Cast, Concat

from kesu.casefile.proof.streaming import CHUNK
from kesu.store.models import Case, Matter


def sample_of(night: date, size: int, rows: type[Case | Matter] = Case) -> list[UUID]:
    """As good as random, another one each night, the same for everybody who asks in one night."""
    shuffled = MD5(Concat(Cast("pk", CharField()), Value(night.isoformat()), output_field=CharField()))
    return list(rows._default_manager.order_by(shuffled).values_list("pk", flat=True)[:size])


def every_case() -> Iterator[UUID]:
    """All ordinary cases, oldest first."""
    return iter(Case.objects.order_by("pk").values_list("pk", flat=True).iterator(CHUNK))


def held_case(case_id: UUID) -> Case | None:
    """The row, locked; None while somebody else has it in hand."""
    rows = Case.objects.select_for_update(of=("self",), skip_locked=True).select_related("unit")
    return rows.filter(pk=case_id).first()


def held_matter(matter_id: UUID) -> Matter | None:
    """The same of a matter."""
    return Matter.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=matter_id).first()
