"""What the sums of a plan are made of, and what was promised and paid before, as forms print it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from kesu.access.sight.precedents import Precedent, UsualLine
from kesu.access.sight.sums import SumLine
from kesu.queries.cases.step_form import StepForm
from kesu.web import marks
from kesu.web.cases.drawing import amount_of, refs, text_of
from kesu.web.joining import listed
from kesu.web.links import case_url

if TYPE_CHECKING:
    from kesu.web.marks import ClauseRef


@dataclass(frozen=True, slots=True)
class SumPart:
    name: str
    lines: tuple[tuple[str, str], ...]
    total: str
    clauses: tuple[ClauseRef, ...]


@dataclass(frozen=True, slots=True)
class UsualPart:
    """`numbers`: how many, median, least and most, as one row prints them; empty of none. `warning`: that this case is
    far from them."""

    name: str
    numbers: tuple[str, ...]
    warning: str
    clauses: tuple[ClauseRef, ...]


@dataclass(frozen=True, slots=True)
class NearestPart:
    number: str
    url: str
    unit: str
    figures: tuple[str, ...]
    lines: tuple[str, ...]
    days: str


@dataclass(frozen=True, slots=True)
class PrecedentPart:
    alike: str
    usual: tuple[UsualPart, ...]
    names: tuple[str, ...]
    nearest: tuple[NearestPart, ...]


def sum_parts(form: StepForm) -> tuple[SumPart, ...]:
    return tuple(
        SumPart(
            one.name,
            tuple((_words(line), marks.yuan(line.amount)) for line in one.lines),
            amount_of(one.total),
            refs(form.policy_hash, one.clauses),
        )
        for one in form.sums
    )


def precedent_part(form: StepForm) -> PrecedentPart | None:
    found = form.precedents
    if found is None:
        return None
    return PrecedentPart(
        listed(_("%(name)s“%(value)s”") % {"name": one.name, "value": text_of(one)} for one in found.alike),
        tuple(_usual(form, one) for one in found.usual),
        tuple(one.name for one in found.usual),
        tuple(_nearest(one) for one in found.nearest),
    )


def _usual(form: StepForm, line: UsualLine) -> UsualPart:
    clauses = refs(form.policy_hash, line.clauses)
    if line.usual is None:
        return UsualPart(line.name, (), "", clauses)
    usual = line.usual
    numbers = (str(usual.count), *(marks.yuan(one) for one in (usual.median, usual.least, usual.most)))
    warning = ""
    if line.is_far and line.here is not None:
        said = _("这一件是 %(here)s，同类的中位数是 %(median)s，差到 %(times)d 倍以外。请写明理由。")
        more = {"here": marks.yuan(line.here), "median": marks.yuan(usual.median), "times": line.times or 0}
        warning = said % more
    return UsualPart(line.name, numbers, warning, clauses)


def _nearest(one: Precedent) -> NearestPart:
    return NearestPart(
        one.number,
        case_url(one.case_id),
        one.unit,
        tuple(_figure(figure) for figure in one.figures),
        tuple(f"{_words(line)} {marks.yuan(line.amount)}" for line in one.lines),
        _("%(days)d 天") % {"days": one.days} if one.days is not None else _("还在办"),
    )


def _figure(figure: Decimal | None) -> str:
    return marks.yuan(figure) if figure is not None else _("没有")


def _words(line: SumLine) -> str:
    return " · ".join(line.words)
