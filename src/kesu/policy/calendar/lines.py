"""Days and hours as people write them into a field, one a line, and back. What cannot be read says which line and why.

2027-02-06 至 2027-02-12 休 春节
2027-02-14 班
2027-02-20 班 09:00-12:00 13:00-15:00
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from kesu.policy.calendar.days import MINUTES_PER_DAY, CalendarUnreadable, DayKind, Period, SpecialDay, in_order

OFF: Final = "休"
WORKED: Final = "班"
_TO: Final = "至"
_ALSO: Final = {"off": OFF, "work": WORKED, "to": _TO}
"""The same words for who writes English."""
_LONGEST_LABEL: Final = 20
_LONGEST_RUN: Final = 60
MOST_LINES: Final = 400


class LineUnreadable(CalendarUnreadable):
    """`line`: counted from 1, 0 where it is the whole; `why`: a code; `said`: what stood there, cut short."""

    def __init__(self, line: int, why: str, said: str = "") -> None:
        self.line, self.why, self.said = line, why, said[:60]
        super().__init__(f"第 {line} 行：{_WHY[why]}{f'（{self.said}）' if said else ''}" if line else _WHY[why])


_WHY: Final = {
    "date": "日期看不懂，请写成 2027-02-06",
    "range": "从后往前的一段，或一段太长",
    "word": "日期后面请写 休 或 班",
    "label": "休息的日子要有名称，二十个字以内",
    "hours": "工作时段看不懂，请写成 09:00-18:00",
    "overlap": "工作时段重叠",
    "twice": "这一天写了两遍",
    "other_year": "不在这一年",
    "weekday": "星期看不懂，请写成 周一至周五 或 每天",
    "no_post": "这里的制度没有这个岗位",
    "too_many": "行数太多",
    "not_text": "不是 UTF-8 文字",
    "too_large": "文件太大",
    "json": "不是 JSON，或少了、多了内容",
    "ics": "不是日历文件的一行",
    "ics_nested": "事件没有写完，或写在别的里面",
    "ics_repeats": "按规律重复的事件不收，请逐日写出",
    "ics_times": "放假和上班按整天写，不按钟点",
    "year": "年份在 1950 到 2099 之间",
    "nothing": "里面没有放假或上班的日子",
}


@dataclass(frozen=True, slots=True)
class Hours:
    """The periods of a day, and what of a shift that ends after midnight belongs to the next one."""

    own: tuple[Period, ...]
    next_day: tuple[Period, ...] = field(default=())


def read_hours_line(text: str, line: int = 0) -> Hours:
    """`08:00-12:00 13:30-20:00`, `22:00-06:00` for a night shift; empty: nobody works."""
    own: list[Period] = []
    after: list[Period] = []
    for part in text.replace("、", " ").replace(",", " ").replace("，", " ").split():
        try:
            own.append(Period.parse(part))
        except CalendarUnreadable:
            opens, closes = _over_midnight(part, line)
            own.append(Period(opens, MINUTES_PER_DAY))
            after.append(Period(0, closes))
    return Hours(_joined(own, line, text), tuple(after))


def _over_midnight(part: str, line: int) -> tuple[int, int]:
    opens, dash, closes = part.partition("-")
    try:
        first, last = Period.parse(f"{opens}-24:00").opens, Period.parse(f"00:00-{closes}").closes
    except CalendarUnreadable:
        raise LineUnreadable(line, "hours", part) from None
    if not dash or last > first:
        raise LineUnreadable(line, "hours", part)
    return first, last


def _joined(periods: Iterable[Period], line: int, text: str) -> tuple[Period, ...]:
    try:
        return in_order(tuple(periods))
    except CalendarUnreadable:
        raise LineUnreadable(line, "overlap", text) from None


def read_week(lines: Sequence[str]) -> tuple[tuple[Period, ...], ...]:
    """Seven lines, Monday first; a night shift goes on in the morning after, that of Sunday on Monday."""
    read = [read_hours_line(text, number) for number, text in enumerate(lines, start=1)]
    return tuple(
        _joined((*one.own, *read[number - 1].next_day), number + 1, lines[number]) for number, one in enumerate(read)
    )


def write_hours(periods: Iterable[Period]) -> str:
    return " ".join(map(str, periods))


def read_days(text: str, year: int) -> tuple[SpecialDay, ...]:
    """Holidays and make-up days of one year."""
    found: dict[date, SpecialDay] = {}
    for line, first, last, rest in _dated(text):
        word, _, more = rest.partition(" ")
        word = _ALSO.get(word, word)
        if word not in {OFF, WORKED}:
            raise LineUnreadable(line, "word", rest)
        for on in _days_between(first, last):
            if on.year != year:
                raise LineUnreadable(line, "other_year", str(on))
            _put(found, _special(on, word, more.strip(), line), line)
    return tuple(found[on] for on in sorted(found))


def _special(on: date, word: str, more: str, line: int) -> SpecialDay:
    if word == OFF:
        return SpecialDay(on, DayKind.HOLIDAY, _label(more, line))
    hours = read_hours_line(more, line) if more else Hours(())
    if hours.next_day:
        raise LineUnreadable(line, "hours", more)
    return SpecialDay(on, DayKind.MAKEUP, "", hours.own)


def read_closures(text: str) -> tuple[SpecialDay, ...]:
    """`2027-08-08 司庆`: the company's own days off."""
    found: dict[date, SpecialDay] = {}
    for line, first, last, rest in _dated(text):
        label = _label(rest.removeprefix(f"{OFF} "), line)
        for on in _days_between(first, last):
            _put(found, SpecialDay(on, DayKind.CLOSURE, label), line)
    return tuple(found[on] for on in sorted(found))


def _put(found: dict[date, SpecialDay], day: SpecialDay, line: int) -> None:
    if day.date in found:
        raise LineUnreadable(line, "twice", str(day.date))
    found[day.date] = day


def _label(text: str, line: int) -> str:
    label = " ".join(text.split())
    if not label or len(label) > _LONGEST_LABEL or not label.isprintable():
        raise LineUnreadable(line, "label", text)
    return label


def _dated(text: str) -> Iterator[tuple[int, date, date, str]]:
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        raise LineUnreadable(0, "too_many")
    for line, whole in enumerate(lines, start=1):
        words = whole.split()
        if not words:
            continue
        first = last = _date(words[0], line)
        rest = words[1:]
        if rest and _ALSO.get(rest[0], rest[0]) == _TO:
            last, rest = _date(rest[1] if len(rest) > 1 else "", line), rest[2:]
            if not first <= last <= first + timedelta(days=_LONGEST_RUN):
                raise LineUnreadable(line, "range", whole)
        yield line, first, last, " ".join(rest)


def _date(text: str, line: int) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise LineUnreadable(line, "date", text) from None
    if found.isoformat() != text:
        raise LineUnreadable(line, "date", text)
    return found


def _days_between(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def write_days(days: Iterable[SpecialDay]) -> str:
    """The inverse of `read_days` and `read_closures`, with runs of one kind and name in one line."""
    runs: list[tuple[date, date, str]] = []
    for day in sorted(days, key=lambda one: one.date):
        said = _said(day)
        if runs and runs[-1][1] + timedelta(days=1) == day.date and runs[-1][2] == said:
            runs[-1] = (runs[-1][0], day.date, said)
        else:
            runs.append((day.date, day.date, said))
    return "\n".join(
        f"{first} {said}" if first == last else f"{first} {_TO} {last} {said}" for first, last, said in runs
    )


def _said(day: SpecialDay) -> str:
    if day.kind is DayKind.MAKEUP:
        return f"{WORKED} {write_hours(day.periods)}".strip()
    return day.label if day.kind is DayKind.CLOSURE else f"{OFF} {day.label}"
