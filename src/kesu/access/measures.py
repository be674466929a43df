"""What the numbers count, as conditions over cards and obligations: page, list and file share one definition, so that a
number and the list behind it cannot differ. The reasons stand in ADR 0019.

A span is half-open: a case received at its start belongs to it, one received at its end does not. Limits are the other
way round, because midnight belongs to the day that it ends: a duty due at the end of the span belongs to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, Q, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Concat, StrIndex
from django.db.models.lookups import Exact, GreaterThan

from kesu.policy.model.meanings import PREFIX
from kesu.policy.model.trees import BELOW
from kesu.store.models import MeasuredCase, ObligationOwner

UNSET: Final = "-"
"""Stands in an address for "not stated"."""
_BETWEEN: Final = Value("、")


WITHIN: Final[Mapping[str, str]] = {
    "closed_in_time": "closed",
    "overdue": "open",
    "in_time": "due",
    "late": "due",
    "missed": "due",
    "overrun": "pending",
}
"""Measures that count a part of what another one counts. (`overdue` is of cases, `overrun` of obligations.)"""


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to but without `end`: both aware, midnights of the calendar's zone."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """What is counted, and what it is compared with: of a period that still runs only as much as has passed of it."""

    span: Span
    before: Span


def case_measures(span: Span, at: datetime) -> dict[str, Q]:
    """By name, over cards. `received`, `closed` and `closed_in_time` look at the span; `open` and `overdue` at this
    moment; `left` is what was open at the end of the span (now, while it runs)."""
    closed = _closed(span)
    return {
        "received": _received(span),
        "closed": closed,
        "closed_in_time": closed & _in_time(),
        "open": Q(is_final=False),
        "overdue": Q(is_final=False, next_due_at__lt=at),
        "left": _left(min(span.end, at)),
    }


def duty_measures(span: Span | None, at: datetime) -> dict[str, Q]:
    """By name, over obligations. `due` are those whose limit fell into the span and has passed; each is exactly one
    of `in_time` (met), `late` (met) and `missed` (not met, though it may no longer apply). `pending` and `overrun`
    look at this moment. A duty that ceased to apply before its limit is never counted."""
    due = Q(due_at__lt=at) & (Q(is_open=True) | Q(met_at__isnull=False) | Q(ended_at__gt=F("due_at")))
    if span is not None:
        due &= Q(due_at__gt=span.start, due_at__lte=span.end)
    return {
        "due": due,
        "in_time": due & Q(met_at__lte=F("due_at")),
        "late": due & Q(met_at__gt=F("due_at")),
        "missed": due & Q(met_at__isnull=True),
        "pending": Q(is_open=True),
        "overrun": Q(is_open=True, due_at__lt=at),
    }


def ends_of(at: datetime) -> dict[str, datetime]:
    """Until when what is ahead is counted: an hour, the end of the day and of the week in the organisation's zone."""
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    midnight = datetime.combine(local.date() + timedelta(days=1), time.min, local.tzinfo)
    monday = midnight + timedelta(days=6 - local.weekday())
    return {"next_hour": at + timedelta(hours=1), "next_day": midnight, "next_week": monday}


def ahead_measures(at: datetime) -> dict[str, Q]:
    """By name, over obligations: what falls due by itself from this moment on; the longer spans hold the shorter. A
    paused one stands still."""
    runs = Q(is_open=True, paused_since__isnull=True, due_at__gt=at)
    return {name: runs & Q(due_at__lte=end) for name, end in ends_of(at).items()}


def fact_text(code: str) -> Coalesce:
    """A list fact of a card as text; empty where it was not stated."""
    return Coalesce(KeyTextTransform(code, "columns"), Value(""), output_field=TextField())


def _under(code: str, node: str) -> Q:
    """The node itself, or what lies below it; where nothing is stated, nothing else."""
    whole = Q(Exact(fact_text(code), node))
    return whole | Q(Exact(StrIndex(fact_text(code), Value(node + BELOW)), 1)) if node else whole


def _parted(code: str) -> Concat:
    """A list fact with several values, each between the same signs."""
    return Concat(_BETWEEN, fact_text(code), _BETWEEN, output_field=TextField())


@dataclass(frozen=True, slots=True)
class MeasureSlice:
    """The cases that count in a measure of a policy: ``work_order.rated``. `span`: by the moment at which they count;
    `meets`: only those that meet the condition of a share."""

    measure: str
    span: Span | None = None
    meets: bool = False

    def condition(self, pack: str) -> Q:
        """Over cards."""
        kind, _dot, code = self.measure.partition(".")
        rows = MeasuredCase.objects.filter(kind=kind, measure=code)
        if pack:
            rows = rows.filter(pack=pack)
        if self.span:
            rows = rows.filter(at__gte=self.span.start, at__lt=self.span.end)
        if self.meets:
            rows = rows.filter(value__gt=0)
        return Q(pk__in=rows.values("case_id"))


@dataclass(frozen=True, slots=True)
class CaseSlice:
    """The cases behind one number. Empty texts say nothing; `UNSET` asks for those where nothing is stated. `unit` and
    `holder` are ids; `facts` are code and text of list facts, `held` code and one of several values of them, `under`
    code and a node of values in levels: what has it, or anything below it; `meant` meaning and word in
    which all policies are compared."""

    pack: str = ""
    kind: str = ""
    subject: str = ""
    level: str = ""
    unit: str = ""
    holder: str = ""
    facts: tuple[tuple[str, str], ...] = field(default=())
    held: tuple[tuple[str, str], ...] = field(default=())
    under: tuple[tuple[str, str], ...] = field(default=())
    meant: tuple[tuple[str, str], ...] = field(default=())
    received: Span | None = None
    closed: Span | None = None
    in_time: bool = False
    left: datetime | None = None
    measured: MeasureSlice | None = None

    def _stated(self) -> Q:
        """What is said of facts."""
        found = Q()
        for code, text in self.facts:
            found &= Q(Exact(fact_text(code), "" if text == UNSET else text))
        for code, text in self.held:
            found &= Q(GreaterThan(StrIndex(_parted(code), Value(f"、{text}、")), 0))
        for meaning, word in self.meant:
            found &= Q(GreaterThan(StrIndex(_parted(f"{PREFIX}{meaning}"), Value(f"、{word}、")), 0))
        for code, node in self.under:
            found &= _under(code, "" if node == UNSET else node)
        return found

    def condition(self) -> Q:
        """Over cards."""
        found = _stated({"pack": self.pack, "kind": self.kind, "subject": self.subject, "level_name": self.level})
        if self.unit:
            found &= Q(unit_id=self.unit)
        if self.holder:
            found &= Q(holder_id__isnull=True) if self.holder == UNSET else Q(holder_id=self.holder)
        found &= self._stated()
        if self.received:
            found &= _received(self.received)
        if self.closed:
            found &= _closed(self.closed)
        if self.left:
            found &= _left(self.left)
        if self.measured:
            found &= self.measured.condition(self.pack)
        return found & _in_time() if self.in_time else found


@dataclass(frozen=True, slots=True)
class DutySlice:
    """The obligations behind one number: those of some cases, of one department or slot, or that one person owes now,
    with one `outcome` (a name of `duty_measures` or `ahead_measures`; empty: all) among those due in the span."""

    cases: CaseSlice = field(default_factory=CaseSlice)
    due: Span | None = None
    outcome: str = ""
    department: str = ""
    slot: str = ""
    owner: str = ""

    def condition(self, at: datetime) -> Q:
        """Over obligations; that of the cases stands apart."""
        measures = duty_measures(self.due, at) | ahead_measures(at)
        found = measures.get(self.outcome, measures["due"] if self.due else Q())
        found &= _stated({"owner_role": self.slot})
        if self.owner == UNSET:
            found &= Q(is_open=True, owners__isnull=True)
        elif self.owner:
            found &= Q(pk__in=ObligationOwner.objects.filter(account_id=self.owner).values("obligation_id"))
        if self.department:
            is_unset = self.department == UNSET
            found &= Q(department_id__isnull=True) if is_unset else Q(department_id=self.department)
        return found


def _stated(wanted: Mapping[str, str]) -> Q:
    return Q(**{name: "" if text == UNSET else text for name, text in wanted.items() if text})


def _received(span: Span) -> Q:
    return Q(received_at__gte=span.start, received_at__lt=span.end)


def _closed(span: Span) -> Q:
    return Q(closed_at__gte=span.start, closed_at__lt=span.end)


def _in_time() -> Q:
    """Closed before any limit was passed."""
    return Q(late_from__isnull=True) | Q(late_from__gte=F("closed_at"))


def _left(moment: datetime) -> Q:
    return Q(received_at__lt=moment) & (Q(is_final=False) | Q(closed_at__gte=moment))
