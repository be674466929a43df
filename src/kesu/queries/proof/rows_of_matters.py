"""Which matters are kept otherwise than their streams say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from kesu.casefile.matters.rebuilding import differs
from kesu.store.models import Matter


@dataclass(frozen=True, slots=True)
class MatterCompared:
    id: UUID
    differs: bool


def matters_compared() -> Iterator[MatterCompared]:
    """Every matter, oldest first, each held for a moment while it is compared. Writes nothing."""
    for matter_id in list(Matter.objects.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            matter = Matter.objects.select_for_update(of=("self",)).get(pk=matter_id)
            found = MatterCompared(matter_id, differs(matter))
        yield found
