"""Two cases side by side before the one goes into the other: what they are, and what becomes of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.access.likeness import told_of
from kesu.access.permissions import Permission
from kesu.casefile.books import kind_of
from kesu.casefile.statement import Given
from kesu.core.masking import masked_name
from kesu.store.models import CaseCard, Obligation

_WORDS: Final = 160
"""So much of what was said is enough to tell two cases apart."""


@dataclass(frozen=True, slots=True)
class MergeSide:
    """One of the two, as the reader may see it. `owed`: duties of it that are open."""

    id: UUID
    number: str
    title: str
    person: str
    room: str
    words: str
    stage: str
    level: str
    received_at: datetime
    people: int
    owed: int


@dataclass(frozen=True, slots=True)
class MergePair:
    """`going` goes into `into`; `ends_in`: the stage in which it then is."""

    going: MergeSide
    into: MergeSide
    ends_in: str


def merge_pair(*, actor: Actor, case_id: UUID, step: str, given: Given) -> MergePair | None:
    """None for a step that merges nothing, and where nothing is named that it could go into: that is said when it is
    tried. At most seven queries."""
    own = cards_for(actor).select_related("case").filter(pk=case_id).first()
    kind = kind_of(own.case.policy_version_id, own.kind) if own is not None else None
    rule = kind.steps.get(step) if kind is not None else None
    if own is None or kind is None or rule is None or rule.merges is None or rule.to is None or rule.to.only is None:
        return None
    named = (given.get(rule.merges) or ("",))[0]
    if len(named) != len(case_id.hex) or named == case_id.hex:
        return None
    other = cards_for(actor).filter(pk=UUID(named)).first()
    if other is None or other.is_final:
        return None
    return MergePair(_side(actor, own), _side(actor, other), kind.stages[rule.to.only].name)


def _side(actor: Actor, card: CaseCard) -> MergeSide:
    sees = actor.may_at(Permission.PERSONAL_READ, card.unit_path)
    words = told_of(card.pk)
    return MergeSide(
        id=card.pk,
        number=card.number,
        title=card.title,
        person=card.person_name if sees else masked_name(card.person_name),
        room=card.room if sees else "",
        words=f"{words[:_WORDS]}…" if len(words) > _WORDS else words,
        stage=card.stage_name,
        level=card.level_name,
        received_at=card.received_at,
        people=card.people_count,
        owed=Obligation.objects.filter(case=card.pk, is_open=True).count(),
    )
