"""Calendar files from outside: years and closures from JSON, or from the events of an iCalendar file (RFC 5545).

Of the events of an .ics file only those count that say of whole days that nobody works, or that somebody does: by the
words of the usual Chinese calendars (休, 班, 假期, 补班) or by their mark for it. All others (festivals that nobody has
off) are left out. Nothing is guessed: what cannot be read is refused with its line.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from icalendar.parser import Contentline, Contentlines

from kesu.policy.calendar.days import CalendarUnreadable, DayKind, SpecialDay
from kesu.policy.calendar.document import read_years
from kesu.policy.calendar.lines import LineUnreadable

MOST_BYTES: Final = 512 * 1024
_MOST_LINES: Final = 50_000
_LONGEST_EVENT: Final = 60
_YEARS: Final = range(1950, 2100)
_LABEL: Final = 20
_MARK: Final = "X-APPLE-SPECIAL-DAY"
_MARKS: Final = {"WORK-HOLIDAY": DayKind.HOLIDAY, "ALTERNATE-WORKDAY": DayKind.MAKEUP}
_WORKED: Final = re.compile(r"补班|上班|[（(\s]班|班[）)\s]|班$")
_OFF: Final = re.compile(r"假期|放假|[（(\s]休|休[）)\s]|休$|补假")
_EXTRA: Final = re.compile(r"[（(][^）)]*[）)]|假期|放假|补班|上班|休$|班$|第\s*\d+\s*天.*$")


@dataclass(frozen=True, slots=True)
class Found:
    """What a file says of each year: of others nothing is known by it. `left_out`: events that say of no day whether it
    is worked."""

    years: Mapping[int, tuple[SpecialDay, ...]]
    left_out: int = 0


def read_file(content: bytes) -> Found:
    """Raises LineUnreadable."""
    if len(content) > MOST_BYTES:
        raise LineUnreadable(0, "too_large")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise LineUnreadable(content.count(b"\n", 0, fault.start) + 1, "not_text") from None
    found = _read_json(text) if text.lstrip()[:1] in {"{", "["} else _read_ics(text)
    if not any(found.years.values()):
        raise LineUnreadable(0, "nothing")
    for year in found.years:
        if year not in _YEARS:
            raise LineUnreadable(0, "year", str(year))
    return found


def _read_json(text: str) -> Found:
    """The part `years` of a calendar, by itself or in its place in one."""
    try:
        data = json.loads(text)
        years = read_years(data["years"] if isinstance(data, dict) and "years" in data else data)
    except json.JSONDecodeError as fault:
        raise LineUnreadable(fault.lineno, "json", fault.msg) from None
    except CalendarUnreadable as fault:
        raise LineUnreadable(_line_of(text, str(fault)), "json", str(fault)) from None
    except (RecursionError, ValueError):  # the latter of figures that are longer than Python reads
        raise LineUnreadable(1, "json") from None
    return Found({year.number: year.days for year in years})


def _line_of(text: str, said: str) -> int:
    """Where the part stands that a fault names: its last name that the text holds, as a reader would look for it."""
    names = re.findall(r"\d{4}-\d\d-\d\d|\d{4}", said)
    at = text.find(names[-1]) if names else -1
    return text.count("\n", 0, at) + 1 if at >= 0 else 1


@dataclass(slots=True)
class _Event:
    """One VEVENT while it is read. `line`: where it begins."""

    line: int
    first: date | None = None
    end: date | None = None
    summary: str = ""
    mark: str = ""
    repeats: int = 0
    timed: int = 0


def _read_ics(text: str) -> Found:
    days: dict[date, SpecialDay] = {}
    left_out = 0
    for event in _events(text):
        kind = _kind(event)
        if kind is None:
            left_out += 1
            continue
        for on in _days(event):
            if on in days and days[on].kind is not kind:
                raise LineUnreadable(event.line, "twice", str(on))
            label = _label(event.summary) if kind is DayKind.HOLIDAY else ""
            days.setdefault(on, SpecialDay(on, kind, label))
    years: dict[int, list[SpecialDay]] = {}
    for on in sorted(days):
        years.setdefault(on.year, []).append(days[on])
    return Found({year: tuple(found) for year, found in years.items()}, left_out)


def _events(text: str) -> Iterator[_Event]:
    depth: list[str] = []
    event: _Event | None = None
    for line, name, value in _parts(text):
        if name == "BEGIN":
            if event is not None and value.upper() == "VEVENT":
                raise LineUnreadable(line, "ics_nested")
            depth.append(value.upper())
            event = _Event(line) if value.upper() == "VEVENT" else event
        elif name == "END":
            if not depth or depth.pop() != value.upper():
                raise LineUnreadable(line, "ics_nested", value)
            if value.upper() == "VEVENT" and event is not None:
                yield event
                event = None
        elif event is not None and depth[-1] == "VEVENT":
            _hear(event, line, name, value)
    if depth:
        raise LineUnreadable(text.count("\n") + 1, "ics_nested", depth[-1])


def _parts(text: str) -> Iterator[tuple[int, str, str]]:
    """Every content line with the number of the line on which it begins."""
    lines = text.splitlines()
    if len(lines) > _MOST_LINES:
        raise LineUnreadable(0, "too_many")
    begins = [number for number, line in enumerate(lines, start=1) if line.strip() and line[0] not in " \t"]
    if not begins or lines[begins[0] - 1].strip().upper() != "BEGIN:VCALENDAR":
        raise LineUnreadable(1, "ics", lines[0] if lines else "")
    try:
        whole = "\r\n".join(line for line in lines if line.strip())
        read = [one for one in Contentlines.from_ical(whole) if one]  # type: ignore[no-untyped-call]
    except ValueError:
        raise LineUnreadable(1, "ics") from None
    for number, one in zip(begins, read, strict=False):
        try:
            name, _, value = Contentline(one).parts()  # type: ignore[no-untyped-call]
        except ValueError:
            raise LineUnreadable(number, "ics", str(one)) from None
        yield number, name.upper(), value


def _hear(event: _Event, line: int, name: str, value: str) -> None:
    if name in {"DTSTART", "DTEND"}:
        if "T" in value.upper():
            event.timed = line
        elif name == "DTSTART":
            event.first = _date(value, line)
        else:
            event.end = _date(value, line)
    elif name == "SUMMARY":
        event.summary = " ".join(value.replace("\\,", ",").replace("\\;", ";").replace("\\n", " ").split())
    elif name == _MARK:
        event.mark = value.strip().upper()
    elif name in {"RRULE", "RDATE"}:
        event.repeats = line


def _kind(event: _Event) -> DayKind | None:
    if event.mark in _MARKS:
        return _MARKS[event.mark]
    if _WORKED.search(event.summary):
        return DayKind.MAKEUP
    return DayKind.HOLIDAY if _OFF.search(event.summary) else None


def _days(event: _Event) -> Iterator[date]:
    """The end of an event of whole days is the day after its last."""
    if event.repeats:
        raise LineUnreadable(event.repeats, "ics_repeats", event.summary)
    if event.timed or event.first is None:
        raise LineUnreadable(event.timed or event.line, "ics_times", event.summary)
    if event.first.year not in _YEARS:
        raise LineUnreadable(event.line, "year", str(event.first))
    length = (event.end - event.first).days if event.end is not None else 1
    if not 0 <= length <= _LONGEST_EVENT:
        raise LineUnreadable(event.line, "range", event.summary)
    return (event.first + timedelta(days=n) for n in range(max(length, 1)))


def _date(value: str, line: int) -> date:
    if len(value) != len("20270206") or not (value.isascii() and value.isdigit()):
        raise LineUnreadable(line, "date", value)
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        raise LineUnreadable(line, "date", value) from None


def _label(summary: str) -> str:
    """春节（休）, 春节 假期 第1天/共9天: 春节."""
    plain = " ".join(_EXTRA.sub("", summary).split())
    kept = "".join(sign for sign in plain if sign.isprintable())[:_LABEL].strip()
    return kept or "法定假日"
