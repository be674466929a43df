"""The slices behind the numbers, as addresses: how a page writes them, and how the lists read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kesu.access.measures import UNSET, CaseSlice, DutySlice, MeasureSlice, Span
from kesu.web import subjects, when
from kesu.web.words import say

Query = QueryDict | Mapping[str, str]
FACT: Final = "fact."
HELD: Final = "has."
"""Of a list fact with several values: one of them."""
UNDER: Final = "under."
"""Of a list fact with values in levels: a node, and all below it."""
MEANT: Final = "is."
"""What is said of a case in words that all policies share."""
MEANINGS: Final = {"verdict": gettext_lazy("是否合理"), "responsibility": gettext_lazy("责任方")}
AHEAD: Final = ("next_hour", "next_day", "next_week")
_OUTCOMES: Final = frozenset({"due", "in_time", "late", "missed", "pending", "overrun", *AHEAD})
_YEARS: Final = range(2000, 2101)
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch of whole days of the calendar's zone, both ends within it."""

    first: date
    last: date

    @property
    def span(self) -> Span:
        return Span(midnight(self.first), midnight(self.last + timedelta(days=1)))

    @property
    def text(self) -> str:
        """As addresses have it: 2026-06-01..2026-06-30."""
        return f"{self.first.isoformat()}..{self.last.isoformat()}"


def midnight(on: date) -> datetime:
    """The instant at which the day begins."""
    return datetime.combine(on, time.min, tzinfo=when.SHANGHAI)


def read_day(text: str) -> date | None:
    """None for anything that is no day of this century's calendar."""
    try:
        on = date.fromisoformat(text)
    except ValueError:
        return None
    return on if on.year in _YEARS else None


def read_days(text: str) -> Days | None:
    first, _dots, last = text.partition("..")
    ends = [day for day in (read_day(first), read_day(last)) if day]
    return Days(min(ends), max(ends)) if len(ends) == 2 else None


def read_cases(query: Query) -> CaseSlice:
    """What an address says of the cases; anything unknown counts as not said."""
    left = read_day(_word(query, "left"))
    return CaseSlice(
        pack=_word(query, "pack"),
        kind=_word(query, "kind"),
        subject=_word(query, "subject"),
        level=_word(query, "level"),
        unit=_id(query, "unit"),
        holder=_id(query, "holder"),
        facts=_of_facts(query, FACT),
        held=_of_facts(query, HELD),
        under=_of_facts(query, UNDER),
        meant=tuple(pair for pair in _of_facts(query, MEANT) if pair[0] in MEANINGS),
        received=_span(query, "received"),
        closed=_span(query, "closed"),
        in_time=_word(query, "in_time") == "yes",
        left=midnight(left + timedelta(days=1)) if left else None,
        measured=_measured(query),
    )


def _of_facts(query: Query, prefix: str) -> tuple[tuple[str, str], ...]:
    said = ((name, _word(query, name)) for name in query if name.startswith(prefix))
    return tuple((name.removeprefix(prefix), text) for name, text in said if text)


def read_duties(query: Query) -> DutySlice:
    outcome = _word(query, "outcome")
    return DutySlice(
        cases=read_cases(query),
        due=_span(query, "duties"),
        outcome=outcome if outcome in _OUTCOMES else "",
        department=_id(query, "department"),
        slot=_word(query, "slot"),
        owner=_id(query, "owner"),
    )


def _measured(query: Query) -> MeasureSlice | None:
    measure = _word(query, "measure")
    return MeasureSlice(measure, _span(query, "counted"), _word(query, "meets") == "yes") if measure else None


def _word(query: Query, name: str) -> str:
    return str(query.get(name, "")).replace("\x00", "")[:_LONGEST]


def _span(query: Query, name: str) -> Span | None:
    days = read_days(_word(query, name))
    return days.span if days else None


def _id(query: Query, name: str) -> str:
    text = _word(query, name)
    if text == UNSET:
        return UNSET if name != "unit" else ""
    try:
        return UUID(text).hex
    except ValueError:
        return ""


def kept(query: Query) -> Iterator[tuple[str, str]]:
    """What a form of filters must send along, so that the slice stays as it is."""
    names = {"pack", "received", "closed", "in_time", "left", "measure", "counted", "meets"}
    for name in query:
        is_holder = name == "holder" and _id(query, "holder")
        if name in names or name.startswith((FACT, HELD, UNDER, MEANT)) or is_holder:
            yield name, _word(query, name)


def said_of(cases: CaseSlice, *, holder: str, facts: Mapping[str, str], measure: str = "") -> Iterator[tuple[str, str]]:
    """What a list is narrowed to: the name in the address, and words for the reader. `facts`: names by code;
    `measure`: the name of the measure in which the cases count."""
    if cases.measured:
        yield from _measure_said(cases.measured, measure or cases.measured.measure)
    if cases.received:
        yield "received", _("受理 %(days)s") % {"days": span_text(cases.received)}
    if cases.closed:
        yield "closed", _("办结 %(days)s") % {"days": span_text(cases.closed)}
    if cases.in_time:
        yield "in_time", _("按时办结")
    if cases.left:
        yield "left", _("%(day)s 结束时在办") % {"day": when.last_date(cases.left).isoformat()}
    if cases.subject:
        yield "subject", subjects.label("" if cases.subject == UNSET else cases.subject)
    if cases.level:
        yield "level", _("未定级") if cases.level == UNSET else say(cases.level)
    if cases.holder:
        yield "holder", _("没有经办人") if cases.holder == UNSET else _("经办人 %(name)s") % {"name": holder}
    yield from _facts_said(cases, facts)


def _facts_said(cases: CaseSlice, facts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for meaning, word in cases.meant:
        yield f"{MEANT}{meaning}", f"{MEANINGS[meaning]} {say(word)}"
    for prefix, stated in ((FACT, cases.facts), (HELD, cases.held), (UNDER, cases.under)):
        for code, text in stated:
            yield f"{prefix}{code}", f"{facts.get(code, '')} {_stated(text)}".strip()


def _measure_said(cases: MeasureSlice, name: str) -> Iterator[tuple[str, str]]:
    yield "measure", _("计入“%(name)s”") % {"name": name}
    if cases.span:
        yield "counted", _("计入的时间 %(days)s") % {"days": span_text(cases.span)}
    if cases.meets:
        yield "meets", _("其中符合的")


def _stated(text: str) -> str:
    return _("未填") if text == UNSET else say(text)


def span_text(span: Span) -> str:
    return _("%(first)s 至 %(last)s") % {
        "first": when.local(span.start).date().isoformat(),
        "last": when.last_date(span.end).isoformat(),
    }
