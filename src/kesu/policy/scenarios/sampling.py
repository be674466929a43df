"""Samples and figures over other cases in scenarios. The cases that could be drawn are called 1, 2, 3 …, and the lot
falls in this order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from kesu.policy.calendar import Calendar
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.policy.reckoning import figure_of
from kesu.policy.sampling import LEAST_RESERVE, Lot, bounds_of, size_of
from kesu.policy.scenarios.reading import read_instant
from kesu.policy.scenarios.script import Stated
from kesu.policy.standing import Effect, Standing
from kesu.policy.standing.measures import counted
from kesu.policy.standing.reckonings import Reckoned, reckoned_event
from kesu.policy.standing.samples import Drawn, drawn_event
from kesu.policy.values import plain

_NONE: Final = "none"


def drawn_as_asked(kind: Kind, found: Mapping[str, Decimal], effect: Effect, seq: int, calendar: Calendar) -> Event:
    """The event of a draw out of as many cases as the scenario says that there are; none where it says nothing."""
    sample = kind.samples[effect.code]
    base = int(found.get(sample.code, 0))
    order = tuple(str(number) for number in range(1, base + 1))
    size = size_of(sample.size, base)
    spare = max(size, LEAST_RESERVE) if sample.given_up is not None else 0
    span = bounds_of(sample.period, effect.at, calendar) if sample.period is not None else (None, None)
    lot = Lot(order[:size], order[size : size + spare], base, "", "", *span)
    return drawn_event(seq, effect, sample, lot, effect.at)


def reckoned_as_asked(
    kind: Kind, kinds: Mapping[str, Kind], found: Mapping[str, Decimal], effect: Effect, seq: int, calendar: Calendar
) -> Event:
    """The event of a figure: what the scenario says; where it says nothing, what comes of no cases. None where the
    kind that is measured is not known."""
    fact = kind.facts[effect.code]
    reckoning = fact.measured
    assert reckoning is not None
    other = kinds.get(reckoning.of.kind)
    nothing = figure_of(other.measures[reckoning.of.code].figure, 0, Decimal(0)) if other is not None else None
    span = bounds_of(reckoning.period, effect.at, calendar) if reckoning.period is not None else None
    stated = found.get(fact.code)
    value = nothing if stated is None else stated
    return reckoned_event(seq, effect, Reckoned(value, 0, span), effect.at)


def reckoning_differs(code: str, seen: Standing, zone: ZoneInfo, claims: Mapping[str, Stated]) -> Iterator[str]:
    """How a figure was worked out otherwise than claimed: of cases from `since` until `until` (left out)."""
    found = seen.walk.reckonings.taken.get(code)
    if claims.get("is") == _NONE:
        yield from [f"不应算出 {code}"] if found is not None else []
    elif found is None:
        yield f"应由指标算出 {code}，实没有算"
    else:
        since, until = found.span or (None, None)
        for key, at in (("since", since), ("until", until)):
            if key in claims and read_instant(str(claims[key]), zone) != at:
                yield f"{code} 的 {key} 应为 {claims[key]}，实为 {_shown(at, zone)}"


def sample_differs(
    code: str, kind: Kind, seen: Standing, zone: ZoneInfo, claims: Mapping[str, Stated]
) -> Iterator[str]:
    """How a sample is otherwise than claimed: `drawn` how many, out of `base`, `left` to be looked at, from `since`
    until `until` (left out)."""
    found = seen.walk.samples.drawn.get(code)
    if code not in kind.samples:
        yield f"没有抽样 {code}"
    elif claims.get("is") == _NONE:
        yield from [f"不应抽样 {code}，实抽出 {len(found.cases)} 件"] if found is not None else []
    elif found is None:
        yield f"应抽样 {code}，实没有抽"
    else:
        yield from _drawn_differs(code, found, zone, claims)


def _drawn_differs(code: str, found: Drawn, zone: ZoneInfo, claims: Mapping[str, Stated]) -> Iterator[str]:
    figures = {"drawn": len(found.cases), "base": found.lot.base, "left": len(found.left)}
    for key, word in (("drawn", "抽出"), ("base", "从中抽的"), ("left", "还没有查的")):
        if key in claims and claims[key] != str(figures[key]):
            yield f"抽样 {code} {word}应为 {claims[key]} 件，实为 {figures[key]} 件"
    for key, at in (("since", found.lot.since), ("until", found.lot.until)):
        if key in claims and read_instant(str(claims[key]), zone) != at:
            yield f"抽样 {code} 的 {key} 应为 {claims[key]}，实为 {_shown(at, zone)}"


def _shown(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at is not None else _NONE


def counting_differs(code: str, kind: Kind, seen: Standing, claims: Mapping[str, Stated]) -> Iterator[str]:
    """How a case counts otherwise than claimed in a measure of its policy."""
    if code not in kind.measures:
        yield f"没有指标 {code}"
        return
    found = next((one for one in counted(seen.walk.view(seen.now)) if one.code == code), None)
    if claims.get("is") == _NONE:
        yield from [f"不应计入指标 {code}"] if found is not None else []
    elif found is None:
        yield f"应计入指标 {code}，实不计入"
    elif "value" in claims and str(claims["value"]) != plain(found.value):
        yield f"计入指标 {code} 的值应为 {claims['value']}，实为 {plain(found.value)}"
    elif "alike" in claims and str(claims["alike"]) != found.alike:
        yield f"计入指标 {code} 时应与“{claims['alike']}”同类，实为“{found.alike}”"
