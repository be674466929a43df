"""The measures of a policy over the cases of a period that the reader may see: their figure, by project, and of how
many cases it is made. The lists behind them ask by the same condition (`access.measures.MeasureSlice`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, Sum

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.access.list_choices import ruled_by
from kesu.access.measures import Period
from kesu.access.permissions import Permission
from kesu.access.sight.lines import ClauseLine, clause_lines
from kesu.casefile.books import pack_of
from kesu.policy.model.facts import FactType
from kesu.policy.model.measures import CaseMeasure, Figure
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import GENERIC
from kesu.policy.reckoning import figure_of
from kesu.store.models import MeasuredCase, Unit

Key = tuple[str, str]
Sums = Sequence[Mapping[str, Any]]

_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class MeasuredLine:
    """The figure of one project, or of all where `unit` is empty. `met`: of a share, how many meet its condition."""

    unit: str
    name: str
    figure: int | Decimal | None
    count: int
    met: int | None


@dataclass(frozen=True, slots=True)
class MeasuredNumber:
    """One measure. `figure`: count, share (in per cent), mean or sum; `is_money`: in yuan. `lines`: by project, the
    largest first; none where all of it is in one."""

    code: str
    name: str
    figure: str
    is_money: bool
    policy_hash: str
    clauses: tuple[ClauseLine, ...]
    total: MeasuredLine
    lines: tuple[MeasuredLine, ...]


@dataclass(frozen=True, slots=True)
class MeasuredNumbers:
    """By pack and kind, in the order of the newest policy of the pack; nothing of kinds without measures."""

    found: Mapping[Key, tuple[MeasuredNumber, ...]]

    def of(self, pack: str, kind: str) -> tuple[MeasuredNumber, ...]:
        return self.found.get((pack, kind), ())


def measured_numbers(*, actor: Actor, period: Period) -> MeasuredNumbers:
    """Raises `Forbidden` without the right. Three queries, whatever is found; one where no policy measures anything."""
    actor.require(Permission.REPORT_READ)
    rules = {
        (pack_of(policy).code, kind.code): (kind, policy) for kind, policy in ruled_by("").kinds if asked_for(kind)
    }
    if not rules:
        return MeasuredNumbers({})
    span = period.span
    rows = MeasuredCase.objects.filter(at__gte=span.start, at__lt=span.end, pack__in={pack for pack, _kind in rules})
    sums = list(
        rows.filter(case_id__in=cards_for(actor).values("pk"))
        .order_by()
        .values("pack", "kind", "measure", "case__card__unit_id")
        .annotate(count=Count("pk"), total=Sum("value"), met=Count("pk", filter=Q(value__gt=0)))
    )
    names = dict(Unit.objects.filter(pk__in={row["case__card__unit_id"] for row in sums}).values_list("pk", "name"))
    found = {}
    for key, (kind, policy) in rules.items():
        mine = [row for row in sums if (row["pack"], row["kind"]) == key]
        found[key] = tuple(_number(kind, policy, one, mine, names) for one in asked_for(kind))
    return MeasuredNumbers(found)


def asked_for(kind: Kind) -> tuple[CaseMeasure, ...]:
    """The measures that a clause asks for; those of the common steps are there for samples of other policies."""
    return tuple(one for one in kind.measures.values() if set(one.clauses) - {GENERIC})


def _number(rules: Kind, policy: str, measure: CaseMeasure, sums: Sums, names: Mapping[UUID, str]) -> MeasuredNumber:
    mine = [row for row in sums if row["measure"] == measure.code]
    lines = tuple(_lines(measure, mine, names))
    whole = {key: sum(row[key] or 0 for row in mine) for key in ("count", "met")}
    total = sum((row["total"] for row in mine), _NOTHING)
    measured = rules.facts.get(measure.fact or "")
    return MeasuredNumber(
        code=measure.code,
        name=measure.name,
        figure=measure.figure.value,
        is_money=measured is not None and measured.type is FactType.MONEY,
        policy_hash=policy,
        clauses=clause_lines(pack_of(policy), measure.clauses),
        total=_line(measure, "", "", whole["count"], total, whole["met"]),
        lines=lines if len(lines) > 1 else (),
    )


def _lines(measure: CaseMeasure, mine: Sums, names: Mapping[UUID, str]) -> Iterator[MeasuredLine]:
    for row in sorted(mine, key=lambda one: (-one["count"], names[one["case__card__unit_id"]])):
        unit: UUID = row["case__card__unit_id"]
        yield _line(measure, unit.hex, names[unit], row["count"], row["total"], row["met"])


def _line(measure: CaseMeasure, unit: str, name: str, count: int, total: Decimal, met: int) -> MeasuredLine:
    figure = figure_of(measure.figure, count, total)
    return MeasuredLine(unit, name, figure, count, met if measure.figure is Figure.SHARE else None)
