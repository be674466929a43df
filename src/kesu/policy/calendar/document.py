"""The stored form of a calendar: strict reading, canonical writing, and the digest that is its version."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from kesu.policy.calendar.days import (
    CalendarUnreadable,
    DayKind,
    Period,
    PostHours,
    Source,
    SpecialDay,
    Year,
    in_order,
)

FORMAT = 1
_MAY_BE = ("years", "closures", "posts", "without_holidays")
_YEAR_KINDS = frozenset({DayKind.HOLIDAY, DayKind.MAKEUP})


@dataclass(frozen=True, slots=True)
class Parts:
    """The fields of a calendar, read but not yet checked against each other."""

    name: str
    zone: str
    week: tuple[tuple[Period, ...], ...]
    regular: tuple[Period, ...]
    years: tuple[Year, ...]
    closures: tuple[SpecialDay, ...]
    posts: tuple[PostHours, ...] = ()
    without_holidays: bool = False


def zone(name: str) -> ZoneInfo:
    """The named time zone. Raises CalendarUnreadable when there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise CalendarUnreadable(f'没有"{name}"这个时区，例如 Asia/Shanghai') from None


def digest(data: Mapping[str, object]) -> str:
    """Sixteen hexadecimal digits of the SHA-256 of a canonical document."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def write(parts: Parts) -> dict[str, object]:
    """The canonical document; order of keys and of days is fixed by the caller's sorted tuples."""
    written: dict[str, object] = {
        "format": FORMAT,
        "name": parts.name,
        "zone": parts.zone,
        "regular": [str(period) for period in parts.regular],
        "week": _write_week(parts.week),
        "years": {
            str(year.number): {"source": year.source.value, "days": _write_days(year.days)} for year in parts.years
        },
        "closures": {special.date.isoformat(): special.label for special in parts.closures},
    }
    if parts.posts:  # without any, the document and its digest are those of before there were posts
        written["posts"] = {post.slot: _write_post(post) for post in parts.posts}
    if parts.without_holidays:
        written["without_holidays"] = True
    return written


def _write_week(week: Iterable[tuple[Period, ...]]) -> dict[str, object]:
    return {str(n): [str(period) for period in periods] for n, periods in enumerate(week, 1)}


def _write_post(post: PostHours) -> dict[str, object]:
    return {
        "name": post.name,
        "week": _write_week(post.week),
        "regular": [str(period) for period in post.regular],
        "holidays": post.keeps_holidays,
    }


def _write_days(days: Iterable[SpecialDay]) -> dict[str, object]:
    written: dict[str, object] = {}
    for special in sorted(days, key=lambda found: found.date):
        entry: dict[str, object] = {"kind": special.kind.value, "label": special.label}
        if special.periods:
            entry["periods"] = [str(period) for period in special.periods]
        written[special.date.isoformat()] = entry
    return written


def read(data: object) -> Parts:
    """Read a document. Raises CalendarUnreadable for a part that is missing, unknown or of the wrong shape."""
    top = _map(data, "日历", ("format", "name", "zone", "regular", "week"), _MAY_BE)
    if top["format"] != FORMAT:
        raise CalendarUnreadable(f"format：只认识 {FORMAT}")
    closures = _entries(top.get("closures", {}), "closures")
    return Parts(
        name=_text(top["name"], "name"),
        zone=_text(top["zone"], "zone"),
        week=_week(top["week"], "week"),
        regular=_periods(top["regular"], "regular"),
        years=read_years(top.get("years", {})),
        closures=tuple(
            SpecialDay(_date(on, "closures"), DayKind.CLOSURE, _text(label, f"closures.{on}"))
            for on, label in closures.items()
        ),
        posts=tuple(_post(slot, post) for slot, post in _entries(top.get("posts", {}), "posts").items()),
        without_holidays=_flag(top.get("without_holidays", False), "without_holidays"),
    )


def _week(data: object, where: str) -> tuple[tuple[Period, ...], ...]:
    week = _map(data, where, tuple("1234567"))
    return tuple(_periods(week[n], f"{where}.{n}") for n in "1234567")


def _post(slot: str, data: object) -> PostHours:
    where = f"posts.{slot}"
    entry = _map(data, where, ("name", "week", "regular", "holidays"))
    return PostHours(
        _text(slot, "posts"),
        _text(entry["name"], f"{where}.name"),
        _week(entry["week"], f"{where}.week"),
        _periods(entry["regular"], f"{where}.regular"),
        keeps_holidays=_flag(entry["holidays"], f"{where}.holidays"),
    )


def _flag(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise CalendarUnreadable(f"{where}：应是 true 或 false")
    return value


def read_years(data: object) -> tuple[Year, ...]:
    """The part `years` of a document by itself, as a published plan is written down. Raises CalendarUnreadable."""
    return tuple(_year(number, entry) for number, entry in _entries(data, "years").items())


def _year(number: str, data: object) -> Year:
    where = f"years.{number}"
    if not (len(number) == 4 and number.isascii() and number.isdigit() and number != "0000"):
        raise CalendarUnreadable(f"{where}：年份请写四位数字")
    entry = _map(data, where, ("source",), ("days",))
    source = _text(entry["source"], f"{where}.source")
    if source not in set(Source):
        raise CalendarUnreadable(f"{where}.source：没有 {source}，可用：{' '.join(Source)}")
    days = _entries(entry.get("days", {}), f"{where}.days")
    return Year(int(number), Source(source), tuple(_special(int(number), on, day, where) for on, day in days.items()))


def _special(year: int, on: str, data: object, where: str) -> SpecialDay:
    where = f"{where}.days.{on}"
    found = _date(on, where)
    if found.year != year:
        raise CalendarUnreadable(f"{where}：不在 {year} 年")
    entry = _map(data, where, ("kind",), ("label", "periods"))
    kind = _text(entry["kind"], f"{where}.kind")
    if kind not in _YEAR_KINDS:
        raise CalendarUnreadable(f"{where}.kind：没有 {kind}，可用：{' '.join(sorted(_YEAR_KINDS))}")
    label = entry.get("label", "")
    if not isinstance(label, str) or (kind == DayKind.HOLIDAY and not label):
        raise CalendarUnreadable(f"{where}.label：请写假日名称")
    return SpecialDay(found, DayKind(kind), label, _periods(entry.get("periods", []), f"{where}.periods"))


def _entries(data: object, where: str) -> Mapping[str, object]:
    if not isinstance(data, Mapping) or not all(isinstance(key, str) for key in data):
        raise CalendarUnreadable(f"{where}：应是一组名称和内容")
    return data


def _map(data: object, where: str, needed: tuple[str, ...], allowed: tuple[str, ...] = ()) -> Mapping[str, object]:
    entries = _entries(data, where)
    for key in needed:
        if key not in entries:
            raise CalendarUnreadable(f"{where}：缺 {key}")
    for key in entries:
        if key not in needed and key not in allowed:
            raise CalendarUnreadable(f"{where}：没有 {key} 这一项，可用：{' '.join(needed + allowed)}")
    return entries


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise CalendarUnreadable(f"{where}：应是一段文字")
    return value


def _date(text: str, where: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        raise CalendarUnreadable(f'{where}：日期"{text}"看不懂，请写成 2026-10-01')
    return found


def _periods(value: object, where: str) -> tuple[Period, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise CalendarUnreadable(f"{where}：应是工作时段的列表，如 09:00-18:00")
    try:
        return in_order(tuple(Period.parse(text) for text in value))
    except CalendarUnreadable as fault:
        raise CalendarUnreadable(f"{where}：{fault}") from None
