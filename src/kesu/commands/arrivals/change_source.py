"""What a program outside may state, and what is stated for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.sources import givable, rules_at, source_for
from kesu.casefile import house
from kesu.policy.asking import FieldView
from kesu.policy.model.facts import FactType
from kesu.store.models import InboundSource
from kesu.store.models.arrivals import Delivers


@dataclass(frozen=True, slots=True)
class SourceState:
    """`facts`: codes of what it may state; `fixed`: value by code of what is stated for it; `number_fact`: the code of
    the text by which the report is known outside, empty for none; `gives_link`: it is told the customer's link."""

    name: str
    facts: Sequence[str] = ()
    fixed: Mapping[str, str] | None = None
    number_fact: str = ""
    gives_link: bool = False


@transaction.atomic
def change_source(*, actor: Actor, at: datetime, source_id: UUID, wanted: SourceState) -> None:
    """Raises `Forbidden`, `NotFound`, or `Unacceptable` for a name that is missing or taken, and for what the opening
    step does not ask."""
    house.wait_turn()
    source = source_for(actor, source_id, lock=True)
    house.check_texts(InboundSource, name=wanted.name)
    if InboundSource.objects.exclude(pk=source.pk).filter(name=wanted.name.strip()).exists():
        raise house.unreadable({"name": "name_taken"})
    before = _stated(source)
    source.name = wanted.name.strip()
    if source.delivers == Delivers.REPORTS:
        _set(source, wanted, at)
    after = _stated(source)
    changed = [key for key in after if before[key] != after[key]]
    if not changed:
        return
    source.save(update_fields=["name", "facts", "fixed", "number_fact", "gives_link"])
    said = {"before": {key: before[key] for key in changed}, "after": {key: after[key] for key in changed}}
    house.record("source.changed", at=at, by=actor.account_id, subject=source.pk, name=source.name, **said)


def _set(source: InboundSource, wanted: SourceState, at: datetime) -> None:
    rules = rules_at(source, at)
    if rules is None:
        raise house.unreadable({"facts": "kind_not_served"})
    asked = {one.code: one for one in givable(rules)}
    fixed = {code: text for code, text in (wanted.fixed or {}).items() if text}
    if any(not _may_be(asked.get(code), text) for code, text in fixed.items()):
        raise house.unreadable({"fixed": "not_offered"})
    facts = [code for code in asked if code in wanted.facts and code not in fixed]
    number = wanted.number_fact
    if number and (number not in facts or asked[number].type is not FactType.TEXT):
        raise house.unreadable({"number_fact": "not_offered"})
    source.facts, source.number_fact, source.gives_link = facts, number, wanted.gives_link
    source.fixed = {code: [text] for code, text in fixed.items()}


def _may_be(asked: FieldView | None, text: str) -> bool:
    return asked is not None and text in {option.value for option in asked.options}


def _stated(source: InboundSource) -> dict[str, Any]:
    return {
        "name": source.name,
        "facts": sorted(source.facts),
        "fixed": [f"{code}: {' '.join(texts)}" for code, texts in sorted(source.fixed.items())],
        "number_fact": source.number_fact,
        "gives_link": source.gives_link,
    }
