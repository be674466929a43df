"""Keeps beside each case in which measures of its policy it counts, so that cases can be counted, added up and drawn
without reading their logs. What is written follows from the log of the case, in the transaction of the event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from kesu.casefile.books import pack_of
from kesu.policy.calendar import Calendar
from kesu.policy.events import EVENT_VOIDED, Event
from kesu.policy.model.facts import Fact
from kesu.policy.model.measures import MeasureRef
from kesu.policy.model.pack import Kind
from kesu.policy.reckoning import figure_of
from kesu.policy.sampling import bounds_of
from kesu.policy.standing import Standing
from kesu.policy.standing.conditions import last_mark
from kesu.policy.standing.measures import Counted, counted
from kesu.policy.standing.reckonings import Reckoned, reckoned_event
from kesu.policy.standing.results import Effect
from kesu.store.models import Case, MeasuredCase

Span = tuple[datetime, datetime]
MOST_ALIKE: Final = 240
"""As much as the row holds of what makes cases alike."""


def post(head: Case, kind: Kind, log: Sequence[Event], current: Standing) -> None:
    """Brings the rows of the case in line with how it stands. One that never counted has none to look for."""
    if not may_count(kind, log, current):
        return
    wanted = _wanted(current)
    held = {row.measure: row for row in MeasuredCase.objects.filter(case=head)}
    gone = [row.pk for code, row in held.items() if code not in wanted]
    if gone:
        MeasuredCase.objects.filter(pk__in=gone).delete()
    moved = [one for code, one in wanted.items() if code not in held or not _is_same(held[code], one)]
    if moved:
        pack = pack_of(head.policy_version_id).code
        MeasuredCase.objects.bulk_create(
            [_row(head, kind, pack, one) for one in moved],
            update_conflicts=True,
            unique_fields=["case", "measure"],
            update_fields=["pack", "kind", "at", "value", "alike"],
        )


def rows_of(head: Case, kind: Kind, current: Standing) -> list[MeasuredCase]:
    """All rows of the case, not yet written."""
    pack = pack_of(head.policy_version_id).code
    return [_row(head, kind, pack, one) for one in _wanted(current).values()]


def may_count(kind: Kind, log: Sequence[Event], current: Standing) -> bool:
    """Whether the case counts anywhere, or may have before something was taken back or written down as of earlier."""
    if not kind.measures:
        return False
    view = current.walk.view(current.now)
    moments = (moment for measure in kind.measures.values() for moment in measure.of)
    if any(last_mark(moment, view) for moment in moments):
        return True
    return any(one.kind == EVENT_VOIDED or one.recorded_at > one.at for one in log)


def unlike(head: Case, kind: Kind, current: Standing) -> Iterator[tuple[str, str, str]]:
    """Where the rows of the case are not what they should be: the measure, what is stored, and what should be."""
    if not kind.measures:
        return
    wanted = _wanted(current)
    held = {row.measure: row for row in MeasuredCase.objects.filter(case=head)}
    for code in sorted(wanted.keys() | held.keys()):
        right, row = wanted.get(code), held.get(code)
        if right is None or row is None or not _is_same(row, right):
            yield code, _said(row.at, row.value) if row else "", _said(right.at, right.value) if right else ""


def cases_of(pack: str, ref: MeasureRef, place_path: str, span: Span | None) -> QuerySet[MeasuredCase]:
    """The cases that count in a measure, of those that lie at a place or below it: of a period, its end left out. Of
    the pack that asks, or of every one. Confidential ones are left out; a number that holds them would betray them."""
    rows = MeasuredCase.objects.filter(kind=ref.kind, measure=ref.code)
    if not ref.is_served:
        rows = rows.filter(pack=pack)
    rows = rows.filter(case__card__unit_path__startswith=place_path, case__card__confidential=False)
    return rows if span is None else rows.filter(at__gte=span[0], at__lt=span[1])


def ids_of(rows: QuerySet[MeasuredCase], but: UUID) -> list[str]:
    """The identifiers of the cases of the rows, without one."""
    return [pk.hex for pk in rows.exclude(case_id=but).values_list("case_id", flat=True)]


def reckon(head: Case, fact: Fact, calendar: Calendar, seq: int, effect: Effect, now: datetime) -> Event:
    """The event that states the figure which `effect` asks for, as the cases stand now."""
    reckoning, pack = fact.measured, pack_of(head.policy_version_id)
    assert reckoning is not None
    span = bounds_of(reckoning.period, effect.at, calendar) if reckoning.period is not None else None
    rows = cases_of(pack.code, reckoning.of, head.unit.path, span).exclude(case_id=head.pk)
    found = rows.aggregate(count=Count("pk"), total=Sum("value"))
    figure = pack.kinds[reckoning.of.kind].measures[reckoning.of.code].figure
    value = figure_of(figure, found["count"], found["total"] or Decimal(0))
    return reckoned_event(seq, effect, Reckoned(value, found["count"], span), now)


def _wanted(current: Standing) -> dict[str, Counted]:
    return {one.code: one for one in counted(current.walk.view(current.now))}


def _is_same(row: MeasuredCase, one: Counted) -> bool:
    return row.at == one.at and row.value == one.value and row.alike == one.alike[:MOST_ALIKE]


def _row(head: Case, kind: Kind, pack: str, one: Counted) -> MeasuredCase:
    alike = one.alike[:MOST_ALIKE]
    return MeasuredCase(case=head, pack=pack, kind=kind.code, measure=one.code, at=one.at, value=one.value, alike=alike)


def _said(at: datetime, value: object) -> str:
    return f"{at.isoformat()} {value}"
