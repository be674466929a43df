"""The form with which somebody outside the house opens a case: what the opening step asks, less what he cannot know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.casefile.books import adoption_for, kind_of
from kesu.core.errors import NotFound
from kesu.policy.asking import FieldView, opening_step, public_fields_of
from kesu.policy.model.facts import FactType
from kesu.store.models import Unit

_OF_THE_HOUSE: Final = frozenset({FactType.UNIT, FactType.GROUP, FactType.CASE})
"""Departments, colleagues, other people's cases: the public is never given a list of them."""


@dataclass(frozen=True, slots=True)
class OpeningForm:
    """`fields` leave out what the program states itself (the channel, say) and rows of the house. `handled_by` names
    the slots that a sealed kind opens to."""

    unit_id: UUID
    unit: str
    kind: str
    name: str
    step: str
    help: str
    fields: tuple[FieldView, ...]
    handled_by: tuple[str, ...]


def opening_form(*, at: datetime, unit_id: UUID, kind: str, is_sealed: bool) -> OpeningForm:
    """Raises `NotFound` for a place or kind that is not open to the public. Two queries."""
    unit = Unit.objects.filter(pk=unit_id, is_public=True, closed_on=None).first()
    adoption = adoption_for(unit, kind, at) if unit else None
    if unit is None or adoption is None:
        raise NotFound
    rules = kind_of(adoption.policy_version_id, kind)
    if not rules.portal or rules.is_sealed != is_sealed:
        raise NotFound
    step = opening_step(rules)
    left_out = set(_OF_THE_HOUSE)
    if is_sealed:
        left_out.add(FactType.FILE)  # files of sealed cases are not kept yet
    opened_to = [code for row in rules.secrecy.opened_to.rows for code in row.use] if rules.secrecy else []
    return OpeningForm(
        unit_id=unit.pk,
        unit=unit.name,
        kind=kind,
        name=rules.name,
        step=step.name,
        help=step.help or "",
        fields=tuple(f for f in public_fields_of(rules, step) if f.type not in left_out),
        handled_by=tuple(dict.fromkeys(rules.roles[code].name for code in opened_to if code in rules.roles)),
    )
