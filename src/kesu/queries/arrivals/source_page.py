"""One program outside: what it may state, and what its last deliveries came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.sources import givable, rules_at, source_for
from kesu.policy.asking import FieldView
from kesu.store.models import InboundDelivery

_SHOWN: Final = 30


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """`number`: of the case, empty for what was refused, with `reason` and the codes of the fields that were wrong.
    Whoever keeps sources need not see the case: he learns its number, as the source does."""

    at: datetime
    key: str
    number: str
    is_new: bool
    reason: str
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourcePage:
    """`asked`: what the opening step asks there and could be stated from outside, empty where no policy serves the kind
    any more; `fixed`: value by code of what is stated for it; `earlier_until`: how long the
    secret before this one is good as well."""

    id: UUID
    name: str
    delivers: str
    unit: str
    unit_code: str
    kind: str
    kind_name: str
    is_open: bool
    secret_since: datetime
    earlier_until: datetime | None
    bad_count: int
    bad_at: datetime | None
    asked: tuple[FieldView, ...]
    facts: frozenset[str]
    fixed: dict[str, str]
    number_fact: str
    gives_link: bool
    deliveries: tuple[DeliveryLine, ...]


def source_page(*, actor: Actor, at: datetime, source_id: UUID) -> SourcePage:
    """The thirty newest deliveries. Raises `Forbidden`, `NotFound`."""
    source = source_for(actor, source_id)
    rules = rules_at(source, at) if source.kind else None
    rows = InboundDelivery.objects.filter(source=source).select_related("case").order_by("-at", "-pk")[:_SHOWN]
    return SourcePage(
        id=source.pk,
        name=source.name,
        delivers=source.delivers,
        unit=source.unit.name,
        unit_code=source.unit.code,
        kind=source.kind,
        kind_name=rules.name if rules else source.kind,
        is_open=source.is_open,
        secret_since=source.secret_since,
        earlier_until=source.earlier_until if source.earlier_until and source.earlier_until > at else None,
        bad_count=source.bad_count,
        bad_at=source.bad_at,
        asked=givable(rules) if rules else (),
        facts=frozenset(source.facts),
        fixed={code: texts[0] for code, texts in source.fixed.items() if texts},
        number_fact=source.number_fact,
        gives_link=source.gives_link,
        deliveries=tuple(
            DeliveryLine(
                one.at, one.key, one.case.number if one.case else "", one.is_new, one.reason, tuple(one.lacking)
            )
            for one in rows
        ),
    )
