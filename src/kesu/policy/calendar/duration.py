"""Lengths of time as a written rule states them: `3个工作日`, `24小时`, `1个月`. The units are a closed list."""

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum


class Unit(StrEnum):
    """What a length counts. Natural units run day and night; working ones follow the calendar."""

    MINUTE = "minute"
    HOUR = "hour"
    WORK_HOUR = "work_hour"
    DAY = "day"
    WORKDAY = "workday"
    HALF_DAY = "half_day"
    WEEK = "week"
    HALF_MONTH = "half_month"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    SAME_DAY = "same_day"
    SAME_WORKDAY = "same_workday"
    NEXT_START = "next_start"


class Measure(StrEnum):
    """The family of a unit: lengths of one family can be added to each other."""

    NATURAL = "natural"
    WORKING = "working"
    DAYS = "days"
    WORKDAYS = "workdays"
    MONTHS = "months"
    FIXED = "fixed"


MEASURES = {
    Unit.MINUTE: Measure.NATURAL,
    Unit.HOUR: Measure.NATURAL,
    Unit.WORK_HOUR: Measure.WORKING,
    Unit.HALF_DAY: Measure.WORKING,
    Unit.DAY: Measure.DAYS,
    Unit.WEEK: Measure.DAYS,
    Unit.HALF_MONTH: Measure.DAYS,
    Unit.WORKDAY: Measure.WORKDAYS,
    Unit.MONTH: Measure.MONTHS,
    Unit.QUARTER: Measure.MONTHS,
    Unit.YEAR: Measure.MONTHS,
    Unit.SAME_DAY: Measure.FIXED,
    Unit.SAME_WORKDAY: Measure.FIXED,
    Unit.NEXT_START: Measure.FIXED,
}

LEGAL_UNITS = ("分钟", "小时", "工作小时", "半天", "天", "工作日", "周", "半个月", "个月", "个季度", "年")

_WHOLE_TEXTS = {
    "半天": Unit.HALF_DAY,
    "半个月": Unit.HALF_MONTH,
    "当天": Unit.SAME_DAY,
    "当个工作日": Unit.SAME_WORKDAY,
    "下次上班": Unit.NEXT_START,
}
_SUFFIXES = {
    "分钟": Unit.MINUTE,
    "小时": Unit.HOUR,
    "个小时": Unit.HOUR,
    "工作小时": Unit.WORK_HOUR,
    "个工作小时": Unit.WORK_HOUR,
    "天": Unit.DAY,
    "个工作日": Unit.WORKDAY,
    "工作日": Unit.WORKDAY,
    "个半天": Unit.HALF_DAY,
    "周": Unit.WEEK,
    "个月": Unit.MONTH,
    "个季度": Unit.QUARTER,
    "年": Unit.YEAR,
}
_PRINTED = {
    Unit.MINUTE: "分钟",
    Unit.HOUR: "小时",
    Unit.WORK_HOUR: "工作小时",
    Unit.DAY: "天",
    Unit.WORKDAY: "个工作日",
    Unit.HALF_DAY: "个半天",
    Unit.WEEK: "周",
    Unit.MONTH: "个月",
    Unit.QUARTER: "个季度",
    Unit.YEAR: "年",
}
# A hundred years in every unit: beyond that a figure is a slip of the pen, and dates would run off the calendar.
_MOST = {
    Unit.MINUTE: 52_560_000,
    Unit.HOUR: 876_000,
    Unit.WORK_HOUR: 200_000,
    Unit.DAY: 36_500,
    Unit.WORKDAY: 25_000,
    Unit.HALF_DAY: 50_000,
    Unit.WEEK: 5_200,
    Unit.HALF_MONTH: 1,
    Unit.MONTH: 1_200,
    Unit.QUARTER: 400,
    Unit.YEAR: 100,
    Unit.SAME_DAY: 1,
    Unit.SAME_WORKDAY: 1,
    Unit.NEXT_START: 1,
}
_MAY_BE_ZERO = frozenset({Unit.MINUTE, Unit.HOUR, Unit.WORK_HOUR})


class DurationUnreadable(ValueError):
    """A text that is no legal length. `suggestion` is the nearest legal text, or empty; `str()` explains in Chinese."""

    def __init__(self, text: str, suggestion: str = "", explanation: str = "") -> None:
        self.text = text
        self.suggestion = suggestion
        super().__init__(explanation or f'看不懂"{text}"。')


@dataclass(frozen=True, slots=True)
class Duration:
    """An amount of one unit. 半个月, 当天, 当个工作日 and 下次上班 exist once only: their amount is 1.

    Raises ValueError for an amount that no policy can mean (negative, zero days, more than about a hundred years).
    """

    amount: int
    unit: Unit
    measure: Measure = field(init=False, repr=False, compare=False)
    """The family of the unit."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "measure", MEASURES[self.unit])  # asked of every limit of every case
        least = 0 if self.unit in _MAY_BE_ZERO else 1
        if not least <= self.amount <= _MOST[self.unit]:
            raise ValueError(f"{self.unit}: amount {self.amount} is outside {least} to {_MOST[self.unit]}")

    def can_extend(self, other: "Duration") -> bool:
        """Whether this length may be added to `other`: only within one family, and never to 当天 and its like."""
        return self.measure == other.measure != Measure.FIXED

    def __str__(self) -> str:
        for text, unit in _WHOLE_TEXTS.items():
            if unit == self.unit and self.amount == 1:
                return text
        return f"{self.amount}{_PRINTED[self.unit]}"


def parse_duration(text: str) -> Duration:
    """Read one length as a policy writes it; Arabic numerals only.

    Raises DurationUnreadable, which names the nearest legal text.
    """
    if text in _WHOLE_TEXTS:
        return Duration(1, _WHOLE_TEXTS[text])
    found = re.fullmatch(r"(0|[1-9][0-9]*)([^0-9.\s]+)", text)
    if found and found[2] in _SUFFIXES:
        # Nine digits at most: Python refuses to convert endless ones, and no limit is that long.
        amount = int(found[1][:9])
        try:
            return Duration(amount, _SUFFIXES[found[2]])
        except ValueError:
            raise _out_of_range(text, amount, _SUFFIXES[found[2]]) from None
    raise _explain(text)


def _out_of_range(text: str, amount: int, unit: Unit) -> DurationUnreadable:
    if amount == 0:
        suggestion = "当个工作日" if unit == Unit.WORKDAY else "当天"
        return DurationUnreadable(text, suggestion, f'"{text}"没有长度。是不是"{suggestion}"？')
    most = str(Duration(_MOST[unit], unit))
    return DurationUnreadable(text, most, f'"{text}"太长。最长可写 {most}')


_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_SPOKEN = {
    "半小时": "30分钟",
    "半个小时": "30分钟",
    "一刻钟": "15分钟",
    "半日": "半天",
    "半月": "半个月",
    "半年": "6个月",
    "当日": "当天",
    "当工作日": "当个工作日",
    "当天下班": "当个工作日",
    "次日上班": "下次上班",
}
_NEAR_UNITS = {
    "分": "分钟",
    "时": "小时",
    "钟头": "小时",
    "个钟头": "小时",
    "工时": "工作小时",
    "个工时": "工作小时",
    "日": "天",
    "个天": "天",
    "自然日": "天",
    "个自然日": "天",
    "工作天": "工作日",
    "星期": "周",
    "个星期": "周",
    "礼拜": "周",
    "个礼拜": "周",
    "个周": "周",
    "月": "个月",
    "月份": "个月",
    "季": "个季度",
    "季度": "个季度",
    "个年": "年",
}
_FRACTIONS = {
    "1.5个工作日": "3个半天",
    "0.5个工作日": "半天",
    "0.5天": "12小时",
    "1.5天": "36小时",
    "0.5个月": "半个月",
}
_MINUTES_PER_HOUR = 60


def _explain(text: str) -> DurationUnreadable:
    """Say what is wrong with a text and what is nearest to it."""
    plain = text.translate({ord("０") + n: str(n) for n in range(10)}).replace(" ", "").replace("\u3000", "")
    spoken = _SPOKEN.get(plain) or _FRACTIONS.get(plain) or _from_decimal_hours(plain)
    if spoken:
        return DurationUnreadable(text, spoken, f'看不懂"{text}"。请写：{spoken}')
    numeral = re.match(r"[零一二两三四五六七八九十百千]+", plain)
    if numeral and "半月" not in plain:
        suggestion = _nearest(str(_from_numeral(numeral[0])), plain[numeral.end() :])
        return DurationUnreadable(text, suggestion, f'看不懂"{text}"。数字请用阿拉伯数字：{suggestion or "3个工作日"}')
    found = re.fullmatch(r"0*([0-9]+)(?:\.[0-9]+)?([^0-9]*)", plain)
    if not found:
        return DurationUnreadable(text, "", f'看不懂"{text}"。时限写成数字加单位，如 3个工作日。{_legal()}')
    if not found[2]:
        return DurationUnreadable(text, "", f'"{text}"缺单位。{_legal()}')
    if "." in plain or "半月" in plain:
        return DurationUnreadable(text, "", f'看不懂"{text}"。时限只能写整数，请换小一级的单位。{_legal()}')
    suggestion = _nearest(found[1], found[2])
    if found[2] in _SUFFIXES and suggestion:
        return DurationUnreadable(text, suggestion, f'看不懂"{text}"。请写：{suggestion}')
    unit = _nearest_unit(found[2])
    guess = f'是不是"{unit}"？' if unit else ""
    return DurationUnreadable(text, suggestion, f'没有"{found[2]}"这个单位。{guess}{_legal()}')


def _legal() -> str:
    return "可用：" + " ".join(LEGAL_UNITS)


def _from_decimal_hours(text: str) -> str:
    found = re.fullmatch(r"([0-9]{1,4})\.5个?小时", text)
    return f"{int(found[1]) * _MINUTES_PER_HOUR + 30}分钟" if found else ""


def _from_numeral(numeral: str) -> int:
    total = digit = 0
    for sign in numeral:
        if sign in _PLACES:
            total += (digit or 1) * _PLACES[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit


def _nearest_unit(word: str) -> str:
    """The legal unit meant by a wrong word, or an empty text."""
    if word in _SUFFIXES:
        return word
    if word in _NEAR_UNITS:
        return _NEAR_UNITS[word]
    close = get_close_matches(word.removeprefix("个"), [*LEGAL_UNITS, *_NEAR_UNITS], n=1, cutoff=0.4)
    return _NEAR_UNITS.get(close[0], close[0]) if close else ""


def _nearest(figure: str, word: str) -> str:
    """The nearest legal length for a figure and a wrong or right unit; empty when even that would be illegal."""
    unit = _nearest_unit(word)
    if unit in ("半天", "半个月"):
        return unit
    if unit not in _SUFFIXES:
        return ""
    try:
        return str(Duration(int(figure[:9]), _SUFFIXES[unit]))
    except ValueError:
        return ""
