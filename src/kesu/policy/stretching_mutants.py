"""A duty whose clock is held up otherwise, or that is made longer otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Duty
from kesu.policy.model.stretching import Pause
from kesu.policy.operators import Operator

Changed = Iterator[tuple[Operator, str, Duty]]


def of_stretch(duty: Duty, kind: Kind) -> Changed:
    """Each pause and each slow stretch left out, decided by nobody, and without its cap; slower by half as much and by
    twice; the same of the extension."""
    yield from _of_extension(duty, kind)
    for place, pause in enumerate(duty.pauses):
        others = (*duty.pauses[:place], *duty.pauses[place + 1 :])
        name = pause.name or ("放慢" if pause.factor is not None else "停表")
        yield Operator.RULE, f"不再{name}", replace(duty, pauses=others)
        if pause.granted is not None:
            approval = kind.approvals[pause.granted.subject]
            alone = (*duty.pauses[:place], replace(pause, granted=None), *duty.pauses[place + 1 :])
            yield Operator.ROLE, f"{name}不用“{approval.name}”", replace(duty, pauses=alone)
        if pause.limit is not None:
            endless = (*duty.pauses[:place], replace(pause, limit=None), *duty.pauses[place + 1 :])
            yield Operator.RULE, f"{name}没有上限", replace(duty, pauses=endless)
        for factor in _other_factors(pause):
            slowed = (*duty.pauses[:place], replace(pause, factor=factor), *duty.pauses[place + 1 :])
            yield Operator.FIGURE, f"{name}{pause.factor}→{factor}", replace(duty, pauses=slowed)


def _other_factors(pause: Pause) -> tuple[Fraction, ...]:
    if pause.factor is None:
        return ()
    return (pause.factor + 1) / 2, 2 * pause.factor - 1


def _of_extension(duty: Duty, kind: Kind) -> Changed:
    rule = duty.extension
    if rule is None:
        return
    approval = kind.approvals.get(rule.approval or "")
    if approval is not None:
        changed = replace(duty, extension=replace(rule, approval=None))
        yield Operator.ROLE, f"延期不用“{approval.name}”", changed
    for times in (rule.times - 1, rule.times + 1) if rule.times is not None else ():
        changed = replace(duty, extension=replace(rule, times=times))
        yield Operator.FIGURE, f"延期最多{rule.times}次→{times}次", changed
