"""What a calendar knows of single days: working periods, holidays, make-up workdays, company closures."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MINUTES_PER_DAY = 1440
WEEKDAY_NAMES = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
MAKEUP_LABEL = "调休上班"


class CalendarUnreadable(ValueError):
    """A calendar document that cannot be used; the text says which part and what was expected."""


class DayKind(StrEnum):
    """Why a day is worked or not."""

    WORKDAY = "workday"
    REST = "rest"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"
    CLOSURE = "closure"


class Source(StrEnum):
    """Where the knowledge of a year comes from; only `official` is final, the other two are provisional."""

    OFFICIAL = "official"
    STATUTORY = "statutory"
    WEEKEND = "weekend"


@dataclass(frozen=True, slots=True)
class Period:
    """One stretch of work within a day, in minutes after local midnight: from `opens` up to but not at `closes`."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= MINUTES_PER_DAY:
            raise CalendarUnreadable(f"工作时段 {self} 不成立：要先开始后结束，且在一天之内")

    def __str__(self) -> str:
        return f"{_clock(self.opens)}-{_clock(self.closes)}"

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read `09:00-18:00`; `24:00` is the end of the day. Raises CalendarUnreadable."""
        opens, dash, closes = text.partition("-")
        if not dash:
            raise CalendarUnreadable(f'工作时段"{text}"看不懂，请写成 09:00-18:00')
        return cls(_minutes(opens, text), _minutes(closes, text))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _minutes(clock: str, text: str) -> int:
    hours, colon, minutes = clock.strip().partition(":")
    shaped = colon and len(hours) == len(minutes) == 2 and (hours + minutes).isascii() and (hours + minutes).isdigit()
    if not shaped or int(minutes) >= 60:
        raise CalendarUnreadable(f'工作时段"{text}"看不懂，请写成 09:00-18:00')
    return int(hours) * 60 + int(minutes)


def in_order(periods: tuple[Period, ...]) -> tuple[Period, ...]:
    """The periods of one day sorted, touching ones joined (a closing that is also an opening is no boundary).

    Raises CalendarUnreadable when two overlap.
    """
    joined: list[Period] = []
    for period in sorted(periods, key=lambda p: p.opens):
        if joined and period.opens < joined[-1].closes:
            raise CalendarUnreadable(f"工作时段 {joined[-1]} 与 {period} 重叠")
        if joined and period.opens == joined[-1].closes:
            joined[-1] = Period(joined[-1].opens, period.closes)
        else:
            joined.append(period)
    return tuple(joined)


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A date that differs from its weekday. `periods` replaces the hours of a make-up day (empty: regular hours)."""

    date: date
    kind: DayKind
    label: str
    periods: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True)
class Year:
    """The known special days of one year and where they come from."""

    number: int
    source: Source
    days: tuple[SpecialDay, ...] = ()


@dataclass(frozen=True, slots=True)
class PostHours:
    """The hours of a post that are not those of the office: `slot` as policies name it, `name` as people do.
    `keeps_holidays`: holidays, make-up days and closures count for it too; otherwise its week is all there is."""

    slot: str
    name: str
    week: tuple[tuple[Period, ...], ...]
    regular: tuple[Period, ...]
    keeps_holidays: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One local date. `label` is what people call it (国庆节, 调休上班, 周六); `periods` is empty when nobody works."""

    date: date
    is_workday: bool
    label: str
    source: Source
    provisional: bool
    periods: tuple[Period, ...]
    kind: DayKind
