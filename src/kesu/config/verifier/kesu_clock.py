#!/usr/bin/env python3
"""独立重算期限凭条：python kesu_clock.py 导出的凭条.json

Works out every due instant of an export of receipts again, with nothing but Python 3.9 or newer: no part of the program
that wrote it is needed or trusted. It walks the calendar day by day and shares no code with the program. Exit code 0:
nothing differs; 1: something does, the first difference of each receipt is said; 2: it could not be looked at.

The format is that of docs/operations/proof.md: `calendars` by version, `receipts` with what each due instant rests on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

FORMAT = "kesu-receipts/1"
DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
UTC = timezone.utc  # noqa: UP017  older Pythons
_MINUTE = timedelta(minutes=1)
_SPAN = {"分钟": 1, "小时": 60, "个小时": 60, "天": 1440, "周": 10080, "半个月": 21600}
_UNITS = {  # family, and how many of its smallest parts
    "分钟": ("natural", 1), "小时": ("natural", 60), "个小时": ("natural", 60), "工作小时": ("working", 60),
    "个工作小时": ("working", 60), "半天": ("half", 1), "个半天": ("half", 1), "天": ("days", 1), "周": ("days", 7),
    "半个月": ("days", 15), "工作日": ("workdays", 1), "个工作日": ("workdays", 1), "个月": ("months", 1),
    "个季度": ("months", 3), "年": ("months", 12), "当天": ("fixed", 1), "当个工作日": ("fixed", 1),
    "下次上班": ("fixed", 1),
}  # fmt: skip
_CODES = {
    "start", "factor", "extended", "starts_later", "counted", "worked", "skipped", "paused", "moved", "share", "stated",
    "ahead", "chosen", "passed_over", "cap", "due",
}  # fmt: skip
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)


class Unusable(Exception):
    """What was given cannot be looked at."""


class Differs(Exception):
    """The first difference of a receipt, in words."""


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of the file. A name that stands in it twice is read here as one and elsewhere as the other."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Unusable("同一个名字在一处写了两遍")
    return found


def plain(text: str) -> str:
    """Without signs that move what stands on a screen or turn it round."""
    return "".join(sign if sign.isprintable() else "�" for sign in text)


def canonical(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(document: Any) -> str:
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def instant(text: str) -> datetime:
    found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if found.tzinfo is None:
        raise Unusable(f"“{text}”没有时区")
    return found.astimezone(UTC)


class Length:
    """`3个工作日`: family, figure in its smallest part, and the text."""

    def __init__(self, text: str) -> None:
        found = re.fullmatch(r"([0-9]{0,9})([^0-9]+)", text)
        if found is None or found[2] not in _UNITS:
            raise Unusable(f"看不懂时限“{text}”")
        family, size = _UNITS[found[2]]
        self.text, self.unit, self.count = text, found[2], int(found[1] or 1)
        self.family, self.figure = ("working" if family == "half" else family), self.count * size

    def minutes(self, calendar: Calendar) -> Fraction:
        return Fraction(calendar.ordinary, 2) * self.count if "半天" in self.unit else Fraction(self.figure)


# --- the calendar -----------------------------------------------------------------------------------------------------
class Calendar:
    """A document, day by day. `hours` of a day: minutes after its midnight."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.version = sha256(document)[:16]
        self.zone = ZoneInfo(document["zone"])
        self.ordinary_hours = [_period(text) for text in document["regular"]]
        self.ordinary = sum(closes - opens for opens, closes in self.ordinary_hours)
        self.week = [[_period(text) for text in document["week"][str(n)]] for n in range(1, 8)]
        self.has_no_holidays = bool(document.get("without_holidays"))  # a post that works through them
        self.official = {int(year) for year, known in document["years"].items() if known["source"] == "official"}
        self.marked = {on: day for known in document["years"].values() for on, day in known["days"].items()}
        self.closures = document["closures"]

    def hours(self, on: date) -> list[tuple[int, int]]:
        name = on.isoformat()
        if name in self.closures:
            return []
        marked = self.marked.get(name)
        if marked is None:
            return self.week[on.weekday()]
        if marked["kind"] == "holiday":
            return []
        return [_period(text) for text in marked.get("periods", [])] or self.ordinary_hours

    def called(self, on: date) -> str:
        name = on.isoformat()
        if name in self.closures:
            return str(self.closures[name])
        return str(self.marked[name].get("label", "")) if name in self.marked else "周" + "一二三四五六日"[on.weekday()]

    def at(self, on: date, minute: int) -> datetime:
        on, minute = on + DAY * (minute // 1440), minute % 1440
        return datetime(on.year, on.month, on.day, minute // 60, minute % 60, tzinfo=self.zone).astimezone(UTC)

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def today(self, at: datetime) -> date:
        return self.local(at).date()

    def midnight(self, on: date) -> datetime:
        """24:00 of a day."""
        return self.at(on, 1440)

    def spans(self, on: date) -> list[tuple[datetime, datetime]]:
        return [(self.at(on, opens), self.at(on, closes)) for opens, closes in self.hours(on)]

    def closing(self, on: date) -> datetime:
        return self.at(on, self.hours(on)[-1][1])

    def is_unsure(self, first: date, last: date) -> bool:
        years = range(first.year, last.year + 1)
        return not self.has_no_holidays and any(year not in self.official for year in years)


def _period(text: str) -> tuple[int, int]:
    opens, closes = (int(clock[:2]) * 60 + int(clock[3:]) for clock in text.split("-"))
    return opens, closes


def days_from(on: date) -> Iterator[date]:
    while True:
        yield on
        on += DAY


def months_later(on: date, months: int) -> date:
    """The same day of that month, or its last."""
    nth = on.year * 12 + on.month - 1 + months
    for day in range(on.day, 0, -1):
        try:
            return date(nth // 12, nth % 12 + 1, day)
        except ValueError:
            continue
    raise Unusable(f"{on} 之后 {months} 个月")


# --- the clock --------------------------------------------------------------------------------------------------------
class Stops:
    """Stretches in which the clock stands still or runs slow. Where several hold, the slowest does."""

    def __init__(self, written: list[dict[str, Any]]) -> None:
        self.all = []
        for one in written:
            begins, ends = instant(one["from"]), instant(one["to"])
            factor = None if one.get("factor") is None else Fraction(one["factor"])
            if factor is not None and factor < 1:
                raise Unusable(f"时钟不会变快：{factor}")
            if begins < ends:
                self.all.append((begins, ends, Fraction(0) if factor is None else 1 / factor))
        self.edges = sorted({edge for begins, ends, _ in self.all for edge in (begins, ends)})

    def rate(self, at: datetime) -> Fraction:
        return min((rate for begins, ends, rate in self.all if begins <= at < ends), default=Fraction(1))

    def spend(self, at: datetime, need: Fraction, end: datetime | None) -> tuple[datetime, Fraction]:
        """Let the clock run until so many minutes are used, or until the end. Returns where it is and what is left."""
        while need > 0 and (end is None or at < end):
            ahead = [edge for edge in self.edges if edge > at] + ([end] if end is not None else [])
            rate, stop = self.rate(at), min(ahead, default=None)
            if stop is not None and need > Fraction((stop - at) // TICK, 60_000_000) * rate:
                need -= Fraction((stop - at) // TICK, 60_000_000) * rate
                at = stop
            else:
                at += TICK * int(-(-need * 60_000_000 // rate))
                need = Fraction(0)
        return at, need

    def stood_still(self) -> timedelta:
        """How long it stood still in all, what overlaps once."""
        lost, until = timedelta(), None
        for begins, ends, rate in sorted(self.all):
            if not rate:
                begins = begins if until is None else max(begins, until)
                lost, until = lost + max(ends - begins, timedelta()), ends if until is None else max(ends, until)
        return lost


class Count:
    """Where a length ends, the day that the end belongs to, the days whose hours it rests on, and what was counted."""

    def __init__(self, due: datetime, last: date, rests: tuple[date, date] | None = None) -> None:
        self.due, self.last, self.rests = due, last, rests


def count(calendar: Calendar, start: datetime, lengths: list[Length], stops: Stops, seen: set[Any]) -> Count:
    """The end of a length with what makes it longer, by its family. `seen`: each counted day with its number."""
    first, today = lengths[0], calendar.today(start)
    if first.family == "natural":
        due, _ = stops.spend(start, sum((one.minutes(calendar) for one in lengths), Fraction(0)), None)
        return Count(due, calendar.today(due - TICK) if due > start else today)
    if first.family == "working":
        return _working(calendar, start, sum((one.minutes(calendar) for one in lengths), Fraction(0)), stops)
    figure = sum(one.figure for one in lengths)
    if first.family == "workdays":
        return _workdays(calendar, today + DAY, figure, stops, seen)
    if first.family == "months":
        figure = (months_later(today, figure) - today).days
    if first.family in ("days", "months"):
        return _days(calendar, today + DAY, figure, stops, seen)
    if first.text == "当天":
        on = next(on for on in days_from(today) if stops.rate(calendar.midnight(on) - TICK))
        seen.add((on, 1))
        return Count(calendar.midnight(on), on)
    if first.text == "当个工作日":
        is_over = bool(calendar.hours(today)) and start >= calendar.closing(today)
        return _workdays(calendar, today + DAY if is_over else today, 1, stops, seen)
    on, due = next(
        (on, opens) for on in days_from(today) for opens, _ in calendar.spans(on) if opens > start and stops.rate(opens)
    )
    return Count(due, on, (today, on))


def _working(calendar: Calendar, start: datetime, need: Fraction, stops: Stops) -> Count:
    today = calendar.today(start)
    for on in days_from(today):
        for opens, closes in calendar.spans(on):
            begins = max(opens, start)
            if begins < closes:
                at, need = stops.spend(begins, need, closes)
                if not need:
                    return Count(at, on, (today, on))
    raise Unusable("没有工作时间")


def _days(calendar: Calendar, first: date, need: int, stops: Stops, seen: set[Any]) -> Count:
    """Each day is as long as its clock ran; the last is the one within which the length runs out."""
    if not stops.all:
        last = first + DAY * (need - 1)
        seen.add((last, need))
        return Count(calendar.midnight(last), last)
    used = Fraction(0)
    for on in days_from(first):
        begins, ends = calendar.midnight(on - DAY), calendar.midnight(on)
        edges = [begins, *(edge for edge in stops.edges if begins < edge < ends), ends]
        for here, there in zip(edges, edges[1:]):  # noqa: B905, RUF007  older Pythons
            used += Fraction((there - here) // TICK, (ends - begins) // TICK) * stops.rate(here)
        seen.add((on, int(used)))
        if used >= need:
            return Count(calendar.midnight(on), on)
    raise Unusable("没有尽头")


def _workdays(calendar: Calendar, first: date, need: int, stops: Stops, seen: set[Any]) -> Count:
    """What the clock does at the end of its work decides about a day."""
    used = Fraction(0)
    for on in days_from(first):
        if calendar.hours(on):
            used += stops.rate(calendar.closing(on) - TICK) if stops.all else 1
            seen.add((on, int(used)))
            if used >= need:
                return Count(calendar.closing(on), on, (first, on))
    raise Unusable("没有工作日")


# --- one limit --------------------------------------------------------------------------------------------------------
class Due:
    def __init__(self, at: datetime, unsure: bool) -> None:
        self.at, self.unsure = at, unsure


class Reckoner:
    """One receipt: what its due instant rests on, and the days that were counted for it."""

    def __init__(self, calendar: Calendar, basis: dict[str, Any]) -> None:
        self.calendar, self.basis = calendar, basis
        self.start = instant(basis["starts_at"])
        self.stops = Stops(basis["uncounted"])
        self.cap = Length(basis["cap"]) if basis["cap"] is not None else None
        self.lengths = [Length(one["length"]) for one in basis["extensions"] if "length" in one]
        self.dates = [instant(one["until"]) for one in basis["extensions"] if "until" in one]
        self.seen: set[Any] = set()

    def due(self) -> Due | None:
        """The earliest of its limits; never before a change of limits."""
        known = [due for due in map(self._limit, self.basis["limits"]) if due is not None]
        if not known:
            return None
        at, floor = min(due.at for due in known), self.basis["floor"]
        return Due(at if floor is None else max(at, instant(floor)), any(due.unsure for due in known))

    def _limit(self, limit: dict[str, Any]) -> Due | None:
        if "stated" in limit:
            return self._stated(limit["stated"])
        if "before" in limit:
            return self._before(Length(limit["before"]), limit["of"])
        return self._length(Length(limit["length"]), limit["holiday"])

    def _length(self, length: Length, holiday: dict[str, str] | None) -> Due:
        fitting = [one for one in self.lengths if one.family == length.family != "fixed"]
        due = self._ends([length, *fitting], self.start, holiday, self.cap)
        due = self._longer(due, [one for one in self.lengths if one not in fitting], self.stops, holiday)
        return Due(self._capped(max([due.at, *self.dates])), due.unsure)

    def _ends(self, lengths: list[Length], start: datetime, holiday: Any, cap: Length | None) -> Due:
        found = count(self.calendar, start, lengths, self.stops, self.seen)
        at = max(start, found.due)
        moved, rests = self._postponed(at, found.last, start, holiday)
        unsure = any(self.calendar.is_unsure(*dates) for dates in (found.rests, rests) if dates)
        if cap is not None and moved > start:
            most = count(self.calendar, start, [cap], Stops([]), set())
            unsure = unsure or bool(most.rests and self.calendar.is_unsure(*most.rests))
            moved = min(moved, max(start, most.due))
        return Due(moved, unsure)

    def _postponed(
        self, at: datetime, last: date, start: datetime, holiday: Any
    ) -> tuple[datetime, tuple[date, date] | None]:
        if holiday is None:
            return at, None
        begun = self.calendar.today(start)
        watched = [last] if holiday["if"] == "end" else [last, begun]
        target = next(on for on in days_from(last) if self.calendar.hours(on))
        rests = (last if holiday["if"] == "end" else min(begun, last), target)
        if all(self.calendar.hours(on) for on in watched):
            return at, rests
        if holiday["to"] == "same_time":
            local = self.calendar.local(at)
            moved = (local.replace(tzinfo=None) + (target - last)).replace(tzinfo=self.calendar.zone).astimezone(UTC)
        else:
            spans = self.calendar.spans(target)
            moved = spans[-1][1] if holiday["to"] == "end_of_work" else spans[0][0]
        return max(at, moved), rests

    def _longer(self, due: Due, lengths: list[Length], stops: Stops, holiday: Any) -> Due:
        """Lengths of another family are counted from the end, one after the other."""
        for length in lengths:
            end = due.at
            if (
                length.family in ("days", "workdays", "months")
                and self.calendar.local(end).time() == datetime.min.time()
            ):
                end -= TICK  # 24:00 belongs to the day that it ends
            mine, self.stops = self.stops, stops
            more = self._ends([length], end, holiday, None)
            self.stops = mine
            due = Due(more.at, due.unsure or more.unsure)
        return due

    def _capped(self, at: datetime) -> datetime:
        if self.cap is None:
            return at
        return min(at, max(self.start, count(self.calendar, self.start, [self.cap], Stops([]), set()).due))

    def _moment(self, value: str) -> datetime:
        """A stated date ends at its 24:00."""
        return instant(value) if "T" in value else self.calendar.midnight(date.fromisoformat(value))

    def _stated(self, value: str | None) -> Due | None:
        if value is None:
            return None
        at = max([self._moment(value), *self.dates]) + self.stops.stood_still()
        due = self._longer(Due(at, False), self.lengths, Stops([]), None)
        return Due(self._capped(due.at), due.unsure)

    def _before(self, length: Length, value: str | None) -> Due | None:
        if value is None:
            return None
        at = self._back(instant(value), length) if "T" in value else self._days_back(date.fromisoformat(value), length)
        reads = length.family in ("working", "workdays")
        unsure = reads and self.calendar.is_unsure(self.calendar.today(at), self.calendar.today(self._moment(value)))
        return Due(max(at, self.start), unsure)

    def _workday_back(self, on: date, figure: int) -> date:
        while figure:
            on -= DAY
            figure -= bool(self.calendar.hours(on))
        return on

    def _days_back(self, on: date, length: Length) -> datetime:
        if length.family == "workdays":
            return self.calendar.closing(self._workday_back(on, length.figure))
        if length.family == "months":
            return self.calendar.midnight(months_later(on, -length.figure))
        if length.family == "days":
            return self.calendar.midnight(on) - DAY * length.figure
        return self._back(self.calendar.at(on, 0), length)

    def _back(self, at: datetime, length: Length) -> datetime:
        local = self.calendar.local(at)
        if length.family in ("natural", "days"):
            return at - _MINUTE * _SPAN[length.unit] * length.count
        if length.family == "working":
            return self._worked_back(at, length.minutes(self.calendar))
        months = length.family == "months"
        on = months_later(local.date(), -length.figure) if months else self._workday_back(local.date(), length.figure)
        return datetime.combine(on, local.time(), self.calendar.zone).astimezone(UTC)

    def _worked_back(self, at: datetime, need: Fraction) -> datetime:
        on = self.calendar.today(at)
        while True:
            for opens, closes in reversed(self.calendar.spans(on)):
                worked = Fraction((min(closes, at) - opens) // TICK, 60_000_000)
                if worked >= need and worked > 0:
                    return min(closes, at) - TICK * int(need * 60_000_000)
                need -= max(worked, Fraction(0))
            on -= DAY


# --- what a receipt says ----------------------------------------------------------------------------------------------
class Reader:
    """One receipt as it was written, against what comes out here."""

    def __init__(self, calendar: Calendar, receipt: dict[str, Any], name: str) -> None:
        self.calendar, self.receipt, self.name = calendar, receipt, name

    def check(self) -> None:
        """Raises `Differs`."""
        found = Reckoner(self.calendar, self.receipt["basis"])
        due, told = found.due(), self.receipt["due_at"]
        again = None if due is None else due.at.isoformat()
        if (again is None) != (told is None) or (again and instant(again) != instant(told)):
            raise Differs(f"{self.name} 的到期：写着 {self._at(told)}，重算是 {self._at(again)}")
        if due is None:
            if any(line["code"] == "due" for line in self.receipt["lines"]):
                raise Differs(f"{self.name} 没有期限，算法里却有到期的一行")
            return
        if due.unsure != self.receipt["provisional"]:
            raise Differs(f"{self.name} 是否暂定：写着{_yes(not due.unsure)}，重算是{_yes(due.unsure)}")
        for line in self.receipt["lines"]:
            self._line(line, found)
        self._row(self.receipt["lines"])

    def _at(self, text: str | None) -> str:
        return "没有期限" if text is None else f"{self.calendar.local(instant(text)):%Y-%m-%d %H:%M}"

    def _line(self, line: dict[str, Any], found: Reckoner) -> None:
        code, told = line["code"], self.receipt["due_at"]
        if code not in _CODES:
            raise Differs(f"{self.name}：算法里有一行“{code}”，没有这样的写法")
        if code == "due" and instant(line["to_at"]) != instant(told):
            raise Differs(f"{self.name} 最后一行写 {self._at(line['to_at'])} 到期，凭条写 {self._at(told)}")
        if code == "start":
            begun = found.start.isoformat()
            if (instant(line["from_at"]), line["from_on"]) != (found.start, f"{self.calendar.today(found.start)}"):
                raise Differs(f"{self.name} 的起算：这一行写 {self._at(line['from_at'])}，凭条写 {self._at(begun)}")
        if code == "skipped":
            self._skipped(line)
        elif code == "counted" and "to_on" in line:
            if (date.fromisoformat(line["to_on"]), line["count"]) not in found.seen:
                raise Differs(f"{self.name}：写着 {line['to_on']} 是第 {line['count']} 天，重算不是")
        elif code == "worked":
            self._worked(line)

    def _skipped(self, line: dict[str, Any]) -> None:
        first, last = date.fromisoformat(line["from_on"]), date.fromisoformat(line["to_on"])
        days = [first + DAY * nth for nth in range((last - first).days + 1)]
        for on in days:
            if self.calendar.hours(on):
                raise Differs(f"{self.name}：写着 {on} 不计，按日历这一天上班")
            if line["label"] not in {"周末", "休息日", self.calendar.called(on)}:
                raise Differs(f"{self.name}：{on} 写作{line['label']}，日历上是{self.calendar.called(on)}")
        if len(days) != line["count"]:
            raise Differs(f"{self.name}：{first} 至 {last} 写着不计 {line['count']} 天，是 {len(days)} 天")

    def _worked(self, line: dict[str, Any]) -> None:
        begins, ends = instant(line["from_at"]), instant(line["to_at"])
        on, worked = self.calendar.today(begins), timedelta()
        while on <= self.calendar.today(ends):
            for opens, closes in self.calendar.spans(on):
                worked += max(min(closes, ends) - max(opens, begins), timedelta())
            on += DAY
        if abs(worked - _MINUTE * line["count"]) >= _MINUTE:
            raise Differs(f"{self.name}：{self._at(line['from_at'])} 起写着工作 {line['count']} 分钟，重算是 {worked}")

    def _row(self, lines: list[dict[str, Any]]) -> None:
        """Day by day, none may be left out between the first and the last."""
        last: date | None = None
        for line in lines:
            if line["code"] == "extended":
                last = None
            if line["code"] in ("counted", "worked", "skipped", "paused", "factor") and "to_on" in line:
                first = date.fromisoformat(line["from_on"])
                if last is not None and first > last + DAY:
                    raise Differs(f"{self.name}：{last + DAY} 到 {first - DAY} 没有写计不计")
                last = date.fromisoformat(line["to_on"])


def _yes(value: bool) -> str:
    return "暂定" if value else "不是暂定"


def check_receipt(receipt: dict[str, Any], calendars: dict[str, Calendar]) -> None:
    """Raises `Differs`."""
    name = f"{receipt['case']}“{receipt['name']}”"
    named = [(f"{name} 改动前的第 {number} 个期限", one) for number, one in enumerate(receipt["earlier"], start=1)]
    for what, one in (*named, (name, receipt)):
        if one["calendar"] not in calendars:
            raise Differs(f"{what} 用的日历 {one['calendar']} 不在导出里")
        Reader(calendars[one["calendar"]], one, what).check()
    told = receipt["digest"]
    if sha256({key: value for key, value in receipt.items() if key != "digest"}) != told:
        raise Differs(f"{name} 的期限算得出来，别的内容与它的指纹不符：名称、条款、状态或算法的某一行被改过")


def verify(path: Path) -> int:
    try:
        export = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=once)
        if export["format"] != FORMAT:
            raise Unusable(f"格式是 {export['format']}，这里只认识 {FORMAT}")
        receipts, documents = export["receipts"], export["calendars"]
        if not isinstance(receipts, list):
            raise TypeError("receipts")
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as fault:
        raise Unusable(f"{path} 不是导出的期限凭条：{fault}") from None
    faults, calendars = 0, {}
    for version, document in documents.items():
        calendars[version] = Calendar(document)
        if calendars[version].version != version:
            faults += 1
            print(plain(f"不同：日历 {version} 被改过，它的指纹是 {calendars[version].version}。"))
    for receipt in receipts:
        try:
            check_receipt(receipt, calendars)
        except Differs as differs:
            faults += 1
            print(plain(f"不同：{differs}。"))
    told = sha256({key: value for key, value in export.items() if key != "digest"})
    if told != export.get("digest") and not faults:
        faults += 1
        print("不同：整份导出与它的指纹不符：多了或少了凭条，或改了导出的时间。")
    print(f"重算 {len(receipts)} 张凭条、{len(calendars)} 版日历：{f'{faults} 处不同' if faults else '没有不同'}。")
    return 1 if faults else 0


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="独立重算导出的期限凭条")
    parser.add_argument("export", type=Path, metavar="EXPORT", help="从诉件页或 kesu clock export 导出的文件")
    given = parser.parse_args(words)
    try:
        return verify(given.export)
    except (Unusable, OSError, *_UNREADABLE) as fault:
        print(plain(f"无法重算：{fault}"), file=sys.stderr)
        return 2


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(encoding="utf-8")
    sys.exit(main())
