"""In which measures of its policy a case counts, since when, and with which value. Of one case only: adding up is done
where all of them are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from kesu.policy.model.facts import Value
from kesu.policy.model.measures import CaseMeasure, Figure
from kesu.policy.standing.conditions import View, is_true, last_mark

_ONE: Final = Decimal(1)
_NONE: Final = Decimal(0)
_BETWEEN: Final = "｜"


@dataclass(frozen=True, slots=True)
class Counted:
    """`at`: the moment by which the case counts. `value`: what is taken the mean or the sum of; of a share 1 where the
    condition holds and 0 where it does not; 1 where cases are only counted. `alike`: the same for cases that are each
    other's precedents, empty where they are not compared or not everything is stated yet."""

    code: str
    at: datetime
    value: Decimal
    alike: str = ""


def counted(view: View) -> tuple[Counted, ...]:
    """Everything in which the case counts as it stands, in the order of the pack."""
    return tuple(found for measure in view.kind.measures.values() for found in _counted(measure, view))


def _counted(measure: CaseMeasure, view: View) -> Iterator[Counted]:
    marks = [mark for moment in measure.of if (mark := last_mark(moment, view)) is not None]
    value = _value(measure, view)
    if marks and value is not None and is_true(measure.when, view):
        yield Counted(measure.code, max(marks, key=lambda mark: mark.index).at, value, likeness(measure, view.facts))


def likeness(measure: CaseMeasure, facts: Mapping[str, Value]) -> str:
    """The values of what makes cases alike, in one text."""
    values = [facts.get(code) for code in measure.alike]
    if not values or any(value is None or value == () for value in values):
        return ""
    return _BETWEEN.join("、".join(value) if isinstance(value, tuple) else str(value) for value in values)


def _value(measure: CaseMeasure, view: View) -> Decimal | None:
    if measure.figure is Figure.COUNT:
        return _ONE
    if measure.figure is Figure.SHARE:
        return _ONE if is_true(measure.share, view) else _NONE
    stated = view.facts.get(measure.fact or "")
    return Decimal(stated) if isinstance(stated, int | Decimal) and not isinstance(stated, bool) else None
