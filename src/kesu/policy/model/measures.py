"""Measures: which cases of a kind count, when each of them does, and what figure is made of those that do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kesu.policy.model.conditions import Condition, Moment
from kesu.policy.model.schedule import Every


class Figure(StrEnum):
    """What is made of the cases that count."""

    COUNT = "count"  # how many there are
    SHARE = "share"  # how many per cent of them meet a condition
    MEAN = "mean"  # of a number or a sum of money that they state
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class Far:
    """When a figure is far from what was usual: more than `times` as much as the median of the cases alike, or less
    than that part of it, once there are `least` of them."""

    times: int
    least: int


@dataclass(frozen=True, slots=True)
class CaseMeasure:
    """A case counts once, at the last moment of `of`, while `when` holds of it. `share`: the condition that is counted
    in per cent; `fact`: what the mean or the sum is taken of, and a case in which it is not stated does not count.
    `alike`: facts whose values make other cases precedents of this one; `far`: when a case is told apart from them.
    Neither condition reads the clock: whether a case counts changes only when something happens to it."""

    code: str
    name: str
    clauses: tuple[str, ...]
    of: tuple[Moment, ...]
    when: Condition | None = None
    figure: Figure = Figure.COUNT
    share: Condition | None = None
    fact: str | None = None
    alike: tuple[str, ...] = ()
    far: Far | None = None
    unclear: str | None = None
    reading: str | None = None


@dataclass(frozen=True, slots=True)
class MeasureRef:
    """A measure of a kind of the same pack; where `is_served`, of that kind under whatever policy rules it. `kind_name`
    and `name` are for people, as far as the pack knows them."""

    kind: str
    code: str
    is_served: bool = False
    kind_name: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A local calendar period: the one in which a moment lies, or the one `before` it."""

    every: Every
    before: bool = False


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A fact that the program states: the figure of a measure, over the cases that lie where this one does or below it,
    and of `period` only, where one is given. It is worked out at every moment of `starts` and stands in the log from
    then on. A share or a mean of no case at all is not stated."""

    of: MeasureRef
    starts: tuple[Moment, ...]
    period: Span | None = None
