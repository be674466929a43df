"""Steps that somebody outside of the house may take on a case now, through a link of his own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kesu.core.signatures import digest_of
from kesu.policy.asking import FieldView, once_for_all, signed_over
from kesu.policy.model.facts import FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Step
from kesu.policy.model.writing import Writing
from kesu.policy.standing import Taker, holds, writing_refusals
from kesu.policy.standing.results import Standing

OF_THE_HOUSE: Final = frozenset({FactType.UNIT, FactType.UNITS, FactType.GROUP, FactType.CASE})
"""What is chosen among rows of the house: whoever stands outside is offered none."""
_READ_TO_SIGN: Final = 1
"""How many of the house's messages stand over a signature: the last one."""


@dataclass(frozen=True, slots=True)
class OutsideStep:
    """A step that the policy lets him take now, with what it asks of him. `reads`: the words that he is to have before
    him when he signs, newest first; empty for a step that asks for no signature. `ends`: the case is over by it."""

    code: str
    name: str
    help: str
    fields: tuple[FieldView, ...]
    reads: tuple[str, ...] = ()
    ends: bool = False


@dataclass(frozen=True, slots=True)
class ShownFact:
    """What stands beside a code."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class BlindStep:
    """A step for somebody of the house who knows a code and no case. `says`: what the policy reminds of; `clauses` as
    printed."""

    step: OutsideStep
    says: tuple[str, ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shut:
    """Why he may not write any more, in the pack's words."""

    says: str


def shut_to_outsiders(current: Standing, writing: Writing) -> tuple[Shut, ...]:
    return tuple(Shut(one.says) for one in writing_refusals(current, writing))


def outside_steps(
    kind: Kind,
    current: Standing,
    taker: Taker,
    role: str,
    fields_of: Callable[[Kind, Step], tuple[FieldView, ...]],
    told: Sequence[str] = (),
) -> Iterator[OutsideStep]:
    """What he may take now, and can: steps that need rows of the house are none, and steps that everybody may take are
    not his. `role`: the one in which he acts; `told`: what the house has written to him, newest first."""
    if current.is_final or not role:
        return
    for state in current.steps:
        rule = kind.steps[state.code]
        if rule.starts_case or not state.is_allowed or role not in {who.role for who in state.by}:
            continue
        if not any(holds(taker, who, current.facts) for who in state.by):
            continue
        fields = once_for_all(fields_of(kind, rule), current.facts)
        if not any(f.type in OF_THE_HOUSE and f.is_required for f in fields):
            shown = tuple(f for f in fields if f.type not in OF_THE_HOUSE)
            yield _asked(OutsideStep(rule.code, rule.name, rule.help or "", shown, ends=_ends(kind, rule)), told)


def _ends(kind: Kind, step: Step) -> bool:
    """Whether nothing goes on after it, whatever is answered."""
    leads = {row.use for row in step.to.rows} if step.to is not None else set()
    return bool(leads) and all(stage is not None and kind.stages[stage].final for stage in leads)


def _asked(step: OutsideStep, told: Sequence[str]) -> OutsideStep:
    """What is signed is what the house wrote last, and the step itself."""
    if not any(field.by_hand for field in step.fields):
        return step
    reads = tuple(told[:_READ_TO_SIGN])
    read = digest_of((step.code, step.name, step.help, *(field.name for field in step.fields), *reads))
    return replace(step, reads=reads, fields=signed_over(step.fields, read))
