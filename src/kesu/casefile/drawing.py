"""Codes that the program draws at random, when a step is taken that asks for one: drawn once, kept with the event, and
never drawn again when the log is read."""

from __future__ import annotations

import secrets
from typing import Final

from kesu.casefile.statement import Statement, data_class_of
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.store.models import CodedSample

SIGNS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that are taken for each other on a label: I, L, O, 0, 1."""


def with_codes(kind: Kind, event: Event, statement: Statement) -> Statement:
    """The statement with the codes that its event states. What somebody may have typed in their place is lost."""
    step = kind.steps.get(event.step or "")
    asked = [kind.facts[code] for code in (step.asks if step else ()) if code in kind.facts]
    bodies = {data: dict(texts) for data, texts in statement.bodies.items()}
    for fact in (one for one in asked if one.drawn):
        code = _drawn(fact.drawn)
        bodies.setdefault(data_class_of(fact).value, {})[fact.code] = code
    return Statement(statement.facts, bodies)


def _drawn(length: int) -> str:
    """One that is on nobody's bench now: there it stands for its case."""
    code = "".join(secrets.choice(SIGNS) for _ in range(length))
    return _drawn(length) if CodedSample.objects.filter(code=code).exists() else code
