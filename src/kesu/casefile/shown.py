"""Short values as lists and messages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from kesu.casefile.log import read_bodies
from kesu.casefile.streams import Head
from kesu.policy.calendar import Calendar
from kesu.policy.capitals import written_out
from kesu.policy.events import Event
from kesu.policy.model.facts import DataClass, FactType, Value
from kesu.policy.model.pack import Kind
from kesu.policy.persons import corrects
from kesu.policy.standing.corrections import standing_events
from kesu.policy.standing.lapsing import lapsed_with
from kesu.policy.standing.plan import plan_of
from kesu.store.models import Case, Unit

_LENGTH_OF_ID: Final = 32


def shown(kind: Kind, code: str, value: Value | None) -> str:
    """A short value as lists show it; marks of texts and names stay out."""
    fact = kind.facts.get(code)
    if value is None or fact is None or fact.type.is_marked:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(value) if isinstance(value, tuple) else str(value)


def told_value(kind: Kind, code: str, value: Value | None, calendar: Calendar) -> str:
    """The same as messages tell it: times on the wall clock of the case, amounts also in capitals, another case by its
    number, a department by its name."""
    fact = kind.facts.get(code)
    if isinstance(value, datetime):
        return f"{calendar.local(value):%Y-%m-%d %H:%M}"
    if fact is not None and fact.type is FactType.CASE and value is not None:
        return Case.objects.filter(pk=str(value)).values_list("number", flat=True).first() or ""
    if fact is not None and fact.type is FactType.MONEY and isinstance(value, Decimal):
        return written_out(value)
    if fact is not None and fact.type in {FactType.UNIT, FactType.UNITS} and value is not None:
        keys = [
            UUID(one) for one in (value if isinstance(value, tuple) else (str(value),)) if len(one) == _LENGTH_OF_ID
        ]
        return "、".join(Unit.objects.filter(pk__in=keys).order_by("path").values_list("name", flat=True))
    return shown(kind, code, value)


def is_of_policy(kind: Kind, code: str) -> bool:
    """Whether its values are words of the policy: choices, and answers to yes or no."""
    fact = kind.facts.get(code)
    return fact is not None and fact.type in {FactType.CHOICE, FactType.CHOICES, FactType.FLAG}


def latest_texts(head: Head, kind: Kind, log: Sequence[Event]) -> dict[str, Any]:
    """The latest text of each fact, names included: the card stands in personal columns. Of several persons in one fact
    the first, as last corrected."""
    return latest(kind, read_bodies(head, [DataClass.INTERNAL.value, DataClass.PERSONAL.value]), log)


def latest(kind: Kind, bodies: Mapping[int, Mapping[str, Any]], log: Sequence[Event]) -> dict[str, Any]:
    """The same of texts that have been read already. What is said about a file is the answer to no fact, and what was
    taken back was never said."""
    found: dict[str, Any] = {}
    lapsing = plan_of(kind).lapses
    for event in standing_events(log):
        for code in lapsed_with(event, lapsing):
            found.pop(code, None)
        for code, text in bodies.get(event.seq, {}).items():
            if code not in kind.facts:
                continue
            if not isinstance(text, dict):
                found[code] = text
                continue
            corrected = corrects(kind, event, code, found)
            if corrected is not None:
                found[corrected] = text
            else:
                found.setdefault(code, text)
    return found
