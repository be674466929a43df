"""A case as a list names it: which one, where it is and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kesu.store.models import CaseCard


@dataclass(frozen=True, slots=True)
class ListedCase:
    """`stage`: where it stands by now; `level_rank` counts from 1 of `level_of`."""

    id: UUID
    number: str
    title: str
    unit: str
    stage: str
    level_name: str
    level_rank: int
    level_of: int


def listed(card: CaseCard) -> ListedCase:
    """Of a card that was read with its unit."""
    return ListedCase(
        id=card.pk,
        number=card.number,
        title=card.title,
        unit=card.unit.name,
        stage=card.stage_name,
        level_name=card.level_name,
        level_rank=card.level_rank,
        level_of=card.level_of,
    )
