"""The house lets a program outside hand in reports, or tell of calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.access.sources import givable, rules_at, seal_secret
from kesu.casefile import house
from kesu.core.signed_post import new_secret, written
from kesu.policy.model.facts import FactType
from kesu.store.models import InboundSource, Unit
from kesu.store.models.arrivals import Delivers


@dataclass(frozen=True, slots=True)
class Made:
    """`secret`: as it is handed over; it is shown this once and stands nowhere in clear."""

    source_id: UUID
    secret: str


@transaction.atomic
def make_source(*, actor: Actor, at: datetime, name: str, delivers: str, unit_id: UUID | None, kind: str) -> Made:
    """At first it may state everything that the opening step asks but what belongs to the house. `kind`: of the reports
    it hands in, none for calls. Raises `Forbidden`, or `Unacceptable` for a name that is missing or taken, a unit that
    is out of reach and a kind that is not served there."""
    actor.require(Permission.SOURCES_EDIT)
    house.wait_turn()
    house.check_texts(InboundSource, name=name)
    unit = Unit.objects.filter(pk=unit_id, closed_on=None).first() if unit_id else None
    wrong: dict[str, str] = {}
    if InboundSource.objects.filter(name=name.strip()).exists():
        wrong["name"] = "name_taken"
    if delivers not in Delivers.values:
        wrong["delivers"] = "not_chosen"
    if unit is None or not actor.may_at(Permission.SOURCES_EDIT, unit.path):
        wrong["unit"] = "not_chosen"
    if delivers == Delivers.REPORTS and not kind:
        wrong["kind"] = "not_chosen"
    if wrong or unit is None:
        raise house.unreadable(wrong)
    is_call = delivers == Delivers.CALLS
    source = InboundSource(name=name.strip(), delivers=delivers, unit=unit, kind="" if is_call else kind)
    if not is_call:
        source.facts = _facts(source, at)
    secret = new_secret()
    seal_secret(source, secret, at)
    source.save(force_insert=True)
    told = {"delivers": delivers, "unit": unit.name, **({} if is_call else {"kind": kind})}
    house.record("source.created", at=at, by=actor.account_id, subject=source.pk, name=source.name, after=told)
    return Made(source.pk, written(secret))


def _facts(source: InboundSource, at: datetime) -> list[str]:
    """Pictures and other files only where somebody ticks them."""
    rules = rules_at(source, at)
    if rules is None:
        raise house.unreadable({"kind": "kind_not_served"})
    return [one.code for one in givable(rules) if one.type is not FactType.FILE]
