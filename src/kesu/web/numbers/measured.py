"""The measures of a policy as the page of numbers prints them: every count with the address of the list behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from kesu.policy.model.measures import Figure
from kesu.queries.numbers.measured import MeasuredLine, MeasuredNumber, MeasuredNumbers
from kesu.queries.numbers.numbers_page import Section
from kesu.web import marks
from kesu.web.cases.drawing import refs
from kesu.web.numbers.periods import Chosen


@dataclass(frozen=True, slots=True)
class LinePart:
    """`count` and `met` with the lists behind them; `met` is empty where nothing is to be met."""

    label: str
    figure: str
    count: str
    count_url: str
    met: str = ""
    met_url: str = ""


@dataclass(frozen=True, slots=True)
class MeasurePart:
    name: str
    clauses: tuple[marks.ClauseRef, ...]
    total: LinePart
    lines: tuple[LinePart, ...]


def measure_parts(found: MeasuredNumbers, section: Section, chosen: Chosen) -> Iterator[MeasurePart]:
    for one in found.of(section.pack, section.kind):
        yield MeasurePart(
            name=one.name,
            clauses=refs(one.policy_hash, one.clauses),
            total=_line(one, one.total, section, chosen),
            lines=tuple(_line(one, line, section, chosen) for line in one.lines),
        )


def _line(one: MeasuredNumber, line: MeasuredLine, section: Section, chosen: Chosen) -> LinePart:
    says = {"state": "", "kind": section.kind, "pack": section.pack, "unit": line.unit}
    says |= {"measure": f"{section.kind}.{one.code}", "counted": chosen.days.text}
    address = reverse("case-list")
    url = f"{address}?{urlencode({name: text for name, text in says.items() if text or name == 'state'})}"
    return LinePart(
        label=line.name or _("合计"),
        figure=_figure(one, line.figure),
        count=f"{line.count:,}",
        count_url=url,
        met="" if line.met is None else f"{line.met:,}",
        met_url="" if line.met is None else f"{url}&meets=yes",
    )


def _figure(one: MeasuredNumber, figure: int | Decimal | None) -> str:
    if figure is None:
        return "–"
    if one.figure == Figure.SHARE:
        return f"{figure:.1f}%"
    if one.is_money:
        return marks.yuan(Decimal(figure))
    return f"{figure:,}" if one.figure == Figure.COUNT else f"{figure:,.2f}"
