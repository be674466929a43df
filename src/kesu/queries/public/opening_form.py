"""The form with which somebody outside the house opens a case: what the opening step asks, less what he cannot know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.casefile.books import kind_of, pack_of, subjects_for
from kesu.core.errors import NotFound
from kesu.policy.asking import FieldView, once_for_all, opening_step, public_fields_of, words_of
from kesu.policy.model.charter import Charter
from kesu.policy.model.facts import FactType
from kesu.store.models import Unit

_OF_THE_HOUSE: Final = frozenset({FactType.UNIT, FactType.UNITS, FactType.GROUP, FactType.CASE})
"""Departments, colleagues, other people's cases: the public is never given a list of them."""


@dataclass(frozen=True, slots=True)
class OpeningForm:
    """`fields` leave out what the program states itself (the channel, say) and rows of the house. `handled_by` names
    the slots that a sealed kind opens to; `is_written_to`: they may write to whoever bears the receipt code. `subject`:
    whose policy draws the form; `says_subject`: it must name it when it is sent; `subjects`: those of which one has to
    be chosen first, because none of them was named. `title_fact`: what the case is called by; `words_fact`: in which
    somebody says in his own words what it is about. `on_behalf`: the fields that only somebody fills who speaks for
    another."""

    unit_id: UUID
    unit: str
    kind: str
    name: str
    subject: str
    says_subject: bool
    subjects: tuple[str, ...]
    step: str
    help: str
    fields: tuple[FieldView, ...]
    handled_by: tuple[str, ...]
    is_written_to: bool
    title_fact: str
    words_fact: str
    on_behalf: frozenset[str]


def opening_form(
    *, at: datetime, unit_id: UUID, kind: str, is_sealed: bool, subject: str | None = None, is_chat: bool = False
) -> OpeningForm:
    """`subject` None: none was named; `is_chat`: a conversation begins by it. Raises `NotFound` for a place or kind
    that is not open to the public. Two queries."""
    unit = Unit.objects.filter(pk=unit_id, is_public=True, closed_on=None).first()
    serving = subjects_for(unit, kind, at) if unit else {}
    policies = {said: kind_of(row.policy_version_id, kind) for said, row in serving.items()}
    offered = {
        said: one
        for said, one in policies.items()
        if (one.chat if is_chat else one.portal) and one.is_sealed == is_sealed
    }
    if unit is None or not offered:
        raise NotFound
    is_settled = subject in offered or (subject is None and len(offered) == 1)
    drawn = subject if subject in offered else "" if "" in offered else next(iter(offered))
    rules = offered[drawn]
    step = opening_step(rules)
    asked = tuple(
        one for one in once_for_all(public_fields_of(rules, step), rules.portal_facts) if one.type not in _OF_THE_HOUSE
    )
    opened_to = rules.secrecy.slots if rules.secrecy and is_sealed else ()
    return OpeningForm(
        unit_id=unit.pk,
        unit=unit.name,
        kind=kind,
        name=rules.name,
        subject=drawn,
        says_subject=len(serving) > 1,
        subjects=() if is_settled else tuple(offered),
        step=step.name,
        help=step.help or "",
        fields=asked,
        handled_by=tuple(dict.fromkeys(rules.roles[code].name for code in opened_to if code in rules.roles)),
        is_written_to=rules.secrecy is not None and bool(rules.secrecy.told),
        title_fact=rules.title_fact,
        words_fact=words_of(rules, step),
        on_behalf=frozenset(_on_behalf(pack_of(serving[drawn].policy_version_id).charter, asked)),
    )


def _on_behalf(charter: Charter, fields: Sequence[FieldView]) -> Iterator[str]:
    """Somebody who is none of those who complain, and what the same overlay asks beside him."""
    speaking = [one for one in fields if one.type is FactType.PERSON and not one.is_counted and not one.is_required]
    laid = {charter.laid_by(one.clauses) for one in speaking} - {None}
    for one in fields:
        if one in speaking or (not one.is_required and charter.laid_by(one.clauses) in laid):
            yield one.code
