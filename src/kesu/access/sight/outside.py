"""Steps that somebody outside of the house may take on a case now, through a link of his own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from kesu.policy.asking import FieldView
from kesu.policy.model.facts import FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Step
from kesu.policy.standing import Taker, holds
from kesu.policy.standing.results import Standing

_OF_THE_HOUSE: Final = frozenset({FactType.UNIT, FactType.UNITS, FactType.GROUP, FactType.CASE})


@dataclass(frozen=True, slots=True)
class OutsideStep:
    """A step that the policy lets him take now, with what it asks of him."""

    code: str
    name: str
    help: str
    fields: tuple[FieldView, ...]


def outside_steps(
    kind: Kind,
    current: Standing,
    taker: Taker,
    role: str,
    fields_of: Callable[[Kind, Step], tuple[FieldView, ...]],
) -> Iterator[OutsideStep]:
    """`role`: the one in which he acts; steps that everybody may take are not his. What he may take now, and can: steps
    that need rows of the house are none."""
    if current.is_final or not role:
        return
    for state in current.steps:
        rule = kind.steps[state.code]
        if rule.starts_case or not state.is_allowed or role not in {who.role for who in state.by}:
            continue
        if not any(holds(taker, who, current.facts) for who in state.by):
            continue
        fields = fields_of(kind, rule)
        if not any(f.type in _OF_THE_HOUSE and f.is_required for f in fields):
            shown = tuple(f for f in fields if f.type not in _OF_THE_HOUSE)
            yield OutsideStep(rule.code, rule.name, rule.help or "", shown)
