"""The week of a post as people write it into a field, a run of weekdays a line, and back.

每天 07:00-23:00
周一至周五 08:00-12:00 13:30-18:00
周六、周日 22:00-06:00
"""

import re
from collections.abc import Iterator
from typing import Final

from kesu.policy.calendar.days import WEEKDAY_NAMES, Period
from kesu.policy.calendar.lines import MOST_LINES, LineUnreadable, read_week, write_hours

Week = tuple[tuple[Period, ...], ...]

_DAILY: Final = "每天"
_TO: Final = "至"
_FIGURE: Final = re.compile(r"\d")
_DAYS: Final = {
    **{name: number for number, name in enumerate(WEEKDAY_NAMES)},
    **{f"{week}{name[1:]}": number for week in ("週", "星期") for number, name in enumerate(WEEKDAY_NAMES)},
    "周天": 6,
    "星期天": 6,
    **{name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))},
}


def read_shifts(text: str) -> Week:
    """Seven days, Monday first; weekdays of which nothing is said are not worked. Raises LineUnreadable."""
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        raise LineUnreadable(0, "too_many")
    hours, written = [""] * 7, [0] * 7
    for line, whole in enumerate(lines, start=1):
        if not whole.strip():
            continue
        figure = _FIGURE.search(whole)
        if figure is None:
            raise LineUnreadable(line, "hours", whole)
        for day in _named(whole[: figure.start()], line, whole):
            if written[day]:
                raise LineUnreadable(line, "twice", WEEKDAY_NAMES[day])
            hours[day], written[day] = whole[figure.start() :], line
    try:
        return read_week(hours)
    except LineUnreadable as fault:
        raise LineUnreadable(written[fault.line - 1], fault.why, fault.said) from None


def _named(text: str, line: int, whole: str) -> Iterator[int]:
    """周六、周日, 周一至周五, 每天; the same in English."""
    said = text.lower().replace("到", _TO).replace(" to ", _TO)
    parts = re.sub(rf"\s*{_TO}\s*", _TO, said).replace("、", " ").replace("，", " ").replace(",", " ").split()
    for part in parts or [""]:
        if part in {_DAILY, "daily"}:
            yield from range(7)
            continue
        first, to, last = part.partition(_TO)
        begins, ends = _DAYS.get(first), _DAYS.get(last if to else first)
        if begins is None or ends is None or begins > ends:
            raise LineUnreadable(line, "weekday", whole)
        yield from range(begins, ends + 1)


def runs_of(week: Week) -> list[tuple[int, int, tuple[Period, ...]]]:
    """Runs of days that are worked alike: the first and the last (0 is Monday), and their hours."""
    runs: list[tuple[int, int, tuple[Period, ...]]] = []
    for day, periods in enumerate(week):
        if runs and runs[-1][2] == periods:
            runs[-1] = (runs[-1][0], day, periods)
        else:
            runs.append((day, day, periods))
    return runs


def write_shifts(week: Week) -> str:
    """The inverse of `read_shifts`, a run of days a line."""
    worked = (run for run in runs_of(week) if run[2])
    return "\n".join(f"{_run(first, last)} {write_hours(periods)}" for first, last, periods in worked)


def _run(first: int, last: int) -> str:
    if (first, last) == (0, 6):
        return _DAILY
    return WEEKDAY_NAMES[first] if first == last else f"{WEEKDAY_NAMES[first]}{_TO}{WEEKDAY_NAMES[last]}"


def ordinary_day(week: Week) -> tuple[Period, ...]:
    """The hours of the first day that is worked: what half a day is half of, and what a make-up day is worked by."""
    return next((periods for periods in week if periods), ())
