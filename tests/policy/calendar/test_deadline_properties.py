"""Deadlines against naive walkers that share no code with them: one goes minute by minute, one day by day.

The walkers know only local wall-clock time in China (UTC+8, no clock changes) and plain sets of dates.
"""

from datetime import date, datetime, time, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from kesu.policy.calendar import (
    Calendar,
    Duration,
    Interval,
    LineCode,
    Receipt,
    Unit,
    age_full_at,
    deadline,
)

# No limit per example: the machine may be busy, and naive walkers are slow by nature.
QUIET = settings(deadline=None)
CHINA = timezone(timedelta(hours=8))
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
HOLIDAYS = {date(2026, 10, n) for n in range(1, 8)} | {date(2027, 1, 1)}
MAKEUPS = {date(2026, 9, 27), date(2026, 10, 10)}
OFFICES = {
    "straight": (((9, 0), (18, 0)),),
    "lunch": (((8, 30), (12, 0)), ((13, 15), (17, 30))),
    "late": (((0, 0), (1, 0)), ((16, 0), (24, 0))),
}
WEEKS = {"five": {0, 1, 2, 3, 4}, "sales": {2, 3, 4, 5, 6}}


class Naive:
    """An office as a naive person knows it."""

    def __init__(self, office: str, week: str) -> None:
        self.hours = [(a * 60 + b, c * 60 + d) for (a, b), (c, d) in OFFICES[office]]
        self.week = WEEKS[week]

    def works_on(self, on: date) -> bool:
        return on in MAKEUPS or (on.weekday() in self.week and on not in HOLIDAYS)

    def works_at(self, at: datetime) -> bool:
        minute = at.hour * 60 + at.minute
        return self.works_on(at.date()) and any(opens <= minute < closes for opens, closes in self.hours)

    def closing(self, on: date) -> datetime:
        return datetime.combine(on, time()) + self.hours[-1][1] * MINUTE

    def calendar(self) -> Calendar:
        hours = [f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in self.hours]
        days: dict[str, dict[str, object]] = {"2026": {}, "2027": {}}
        for on in sorted(HOLIDAYS | MAKEUPS):
            entry = {"kind": "holiday", "label": "节"} if on in HOLIDAYS else {"kind": "makeup", "label": "调休上班"}
            days[str(on.year)][on.isoformat()] = entry
        sources = {"2026": "official", "2027": "statutory"}
        return Calendar.from_document(
            {
                "format": 1,
                "name": "naive",
                "zone": "Asia/Shanghai",
                "regular": hours,
                "week": {str(n + 1): hours if n in self.week else [] for n in range(7)},
                "years": {year: {"source": sources[year], "days": found} for year, found in days.items()},
            }
        )


NAIVE = {(office, week): Naive(office, week) for office in OFFICES for week in WEEKS}
CALENDARS = {key: office.calendar() for key, office in NAIVE.items()}
offices = st.sampled_from(sorted(NAIVE))
# Whole minutes around the long holiday and around the turn to the provisional year.
starts = st.one_of(
    st.integers(0, 25 * 1440).map(lambda n: datetime.combine(date(2026, 9, 20), time()) + n * MINUTE),
    st.integers(0, 15 * 1440).map(lambda n: datetime.combine(date(2026, 12, 22), time()) + n * MINUTE),
)
pauses = st.lists(st.tuples(st.integers(-3000, 12000), st.integers(1, 5000)), max_size=3)


def aware(local: datetime) -> datetime:
    return local.replace(tzinfo=CHINA)


def intervals(start: datetime, found: list[tuple[int, int]]) -> list[Interval]:
    return [Interval(aware(start + a * MINUTE), aware(start + (a + n) * MINUTE), f"停{a}") for a, n in found]


def stands_still(start: datetime, at: datetime, found: list[tuple[int, int]]) -> bool:
    """Whether any pause covers the minute that begins at `at`."""
    return any(start + a * MINUTE <= at < start + (a + n) * MINUTE for a, n in found)


@settings(QUIET)
@given(offices, starts, st.integers(1, 25), pauses)
def test_it_walks_working_time_like_somebody_who_counts_every_minute(
    key: tuple[str, str], start: datetime, hours: int, found: list[tuple[int, int]]
) -> None:
    office = NAIVE[key]
    at, counted = start, 0
    while counted < hours * 60:
        counted += office.works_at(at) and not stands_still(start, at, found)
        at += MINUTE
    answer = deadline(CALENDARS[key], aware(start), Duration(hours, Unit.WORK_HOUR), uncounted=intervals(start, found))
    assert answer.due_at == aware(at)
    assert sum(line.count or 0 for line in answer.receipt.lines if line.code == LineCode.WORKED) == hours * 60


@settings(QUIET)
@given(starts, st.integers(1, 4000), pauses)
def test_it_runs_natural_minutes_like_somebody_who_counts_every_minute(
    start: datetime, minutes: int, found: list[tuple[int, int]]
) -> None:
    at, counted = start, 0
    while counted < minutes:
        counted += not stands_still(start, at, found)
        at += MINUTE
    length = Duration(minutes, Unit.MINUTE)
    answer = deadline(CALENDARS["straight", "five"], aware(start), length, uncounted=intervals(start, found))
    assert answer.due_at == aware(at)
    assert age_full_at(CALENDARS["straight", "five"], aware(start), length, intervals(start, found)) == aware(at)
    lines = answer.receipt.lines
    assert sum(line.count or 0 for line in lines if line.code == LineCode.COUNTED) == minutes
    lost = sum(line.count or 0 for line in lines if line.code == LineCode.PAUSED)
    assert start + (minutes + lost) * MINUTE == at


@settings(QUIET)
@given(offices, starts, st.integers(1, 40), pauses)
def test_it_counts_workdays_like_somebody_with_a_wall_calendar(
    key: tuple[str, str], start: datetime, days: int, found: list[tuple[int, int]]
) -> None:
    office = NAIVE[key]
    on, counted, left_out = start.date(), 0, set()
    while counted < days:
        on += DAY
        if not office.works_on(on) or stands_still(start, office.closing(on) - MINUTE, found):
            left_out.add(on)
        else:
            counted += 1
    answer = deadline(CALENDARS[key], aware(start), Duration(days, Unit.WORKDAY), uncounted=intervals(start, found))
    assert answer.due_at == aware(office.closing(on))
    assert answer.receipt.provisional == (on.year > 2026)
    assert_every_day_once(answer.receipt, start.date() + DAY, on, days, left_out)
    if not found:
        assert CALENDARS[key].nth_workday_after(start.date(), days) == on


@settings(QUIET)
@given(starts, st.integers(1, 40), pauses)
def test_it_counts_natural_days_like_somebody_who_tears_off_a_leaf_per_full_day(
    start: datetime, days: int, found: list[tuple[int, int]]
) -> None:
    on, ran, left_out = start.date(), 0, set()
    while ran < days * 1440:
        on += DAY
        leaves = ran // 1440
        midnight = datetime.combine(on, time())
        ran += sum(not stands_still(start, midnight + n * MINUTE, found) for n in range(1440))
        if ran // 1440 == leaves:
            left_out.add(on)
    answer = deadline(
        CALENDARS["straight", "five"], aware(start), Duration(days, Unit.DAY), uncounted=intervals(start, found)
    )
    assert answer.due_at == aware(datetime.combine(on + DAY, time()))
    assert_every_day_once(answer.receipt, start.date() + DAY, on, days, left_out)


def assert_every_day_once(receipt: Receipt, first: date, last: date, total: int, left_out: set[date]) -> None:
    """Each day from first to last stands in one line, in order, under the right code; the numbers reach the total."""
    seen: list[date] = []
    number = 0
    for line in receipt.lines:
        if line.code not in (LineCode.COUNTED, LineCode.SKIPPED, LineCode.PAUSED):
            continue
        assert line.from_on is not None
        assert line.to_on is not None
        assert line.count is not None
        run = [line.from_on + DAY * n for n in range((line.to_on - line.from_on).days + 1)]
        seen += run
        if line.code == LineCode.COUNTED:
            number += len(run)
            assert line.count == number
            assert not left_out & set(run)
        else:
            assert line.count == len(run)
            assert line.label
            assert left_out >= set(run)
    assert seen == [first + DAY * n for n in range((last - first).days + 1)]
    assert number == total


@settings(QUIET)
@given(st.datetimes(datetime.fromisoformat("2023-01-01"), datetime.fromisoformat("2029-12-31")), st.integers(1, 60))
def test_it_lays_months_off_like_somebody_who_turns_pages(start: datetime, months: int) -> None:
    page = start.date().replace(day=1)
    for _ in range(months):
        page = (page + 31 * DAY).replace(day=1)
    last = page
    while last.day < start.day and (last + DAY).month == page.month:
        last += DAY
    calendar, length = CALENDARS["straight", "five"], Duration(months, Unit.MONTH)
    assert deadline(calendar, aware(start), length).due_at == aware(datetime.combine(last + DAY, time()))
    assert age_full_at(calendar, aware(start), length) == aware(datetime.combine(last, start.time()))
    if months % 3 == 0:
        assert deadline(calendar, aware(start), Duration(months // 3, Unit.QUARTER)).due_at == aware(
            datetime.combine(last + DAY, time())
        )


@settings(QUIET)
@given(starts, st.integers(1, 30), pauses)
def test_it_adds_uncounted_minutes_to_an_age_laid_off_first(
    start: datetime, days: int, found: list[tuple[int, int]]
) -> None:
    at, counted = start, 0
    while counted < days * 1440:
        counted += not stands_still(start, at, found)
        at += MINUTE
    length = Duration(days, Unit.DAY)
    assert age_full_at(CALENDARS["straight", "five"], aware(start), length, intervals(start, found)) == aware(at)


lengths = st.one_of(
    st.builds(Duration, st.integers(0, 3000), st.sampled_from([Unit.MINUTE, Unit.HOUR, Unit.WORK_HOUR])),
    st.builds(
        Duration,
        st.integers(1, 30),
        st.sampled_from([Unit.DAY, Unit.WORKDAY, Unit.HALF_DAY, Unit.WEEK, Unit.MONTH, Unit.QUARTER, Unit.YEAR]),
    ),
    st.builds(
        Duration,
        st.just(1),
        st.sampled_from([Unit.HALF_MONTH, Unit.SAME_DAY, Unit.SAME_WORKDAY, Unit.NEXT_START]),
    ),
)


@settings(QUIET)
@given(offices, starts, st.timedeltas(timedelta(), timedelta(days=20)), lengths, pauses)
def test_it_never_ends_earlier_for_a_later_start(
    key: tuple[str, str], start: datetime, later: timedelta, length: Duration, found: list[tuple[int, int]]
) -> None:
    stops = intervals(start, found)
    first = deadline(CALENDARS[key], aware(start), length, uncounted=stops)
    second = deadline(CALENDARS[key], aware(start + later), length, uncounted=stops)
    assert aware(start) <= first.due_at <= second.due_at
    if length.unit != Unit.WORKDAY:
        assert age_full_at(CALENDARS[key], aware(start), length, stops) <= first.due_at


@settings(QUIET)
@given(offices, starts, lengths, st.integers(1, 50), pauses)
def test_it_never_ends_earlier_for_a_greater_amount_or_a_longer_pause(
    key: tuple[str, str], start: datetime, length: Duration, more: int, found: list[tuple[int, int]]
) -> None:
    stops = intervals(start, found)
    due = deadline(CALENDARS[key], aware(start), length, uncounted=stops).due_at
    assert deadline(CALENDARS[key], aware(start), length, uncounted=stops[:1]).due_at <= due
    try:
        greater = Duration(length.amount + more, length.unit)
    except ValueError:
        return
    assert due <= deadline(CALENDARS[key], aware(start), greater, uncounted=stops).due_at


@settings(QUIET)
@given(offices, starts, lengths, pauses)
def test_it_gives_every_receipt_back_from_storage(
    key: tuple[str, str], start: datetime, length: Duration, found: list[tuple[int, int]]
) -> None:
    answer = deadline(CALENDARS[key], aware(start), length, uncounted=intervals(start, found))
    assert Receipt.from_document(answer.receipt.to_document()) == answer.receipt
    assert answer.receipt.due_at == answer.due_at == answer.receipt.lines[-1].to_at


@settings(QUIET)
@given(offices, starts, lengths)
def test_it_looks_up_the_end_that_counting_comes_to(key: tuple[str, str], start: datetime, length: Duration) -> None:
    over = [Interval(aware(start - DAY), aware(start - MINUTE))]  # a pause that is over is counted, and counts nothing
    looked_up, counted = (deadline(CALENDARS[key], aware(start), length, uncounted=stops) for stops in ((), over))
    assert looked_up == counted
    assert age_full_at(CALENDARS[key], aware(start), length) == age_full_at(CALENDARS[key], aware(start), length, over)


@settings(QUIET)
@given(offices, starts)
def test_it_finds_the_next_change_of_working_time(key: tuple[str, str], start: datetime) -> None:
    office, calendar = NAIVE[key], CALENDARS[key]
    at = start
    while office.works_at(at) == office.works_at(start):
        at += MINUTE
    boundary = calendar.next_boundary(aware(start))
    assert calendar.is_working(aware(start)) == office.works_at(start)
    # A night that is worked through has a boundary at midnight, where nothing changes.
    assert boundary <= aware(at)
    assert boundary == aware(at) or boundary.astimezone(CHINA).time() == time()


@settings(QUIET, max_examples=30)
@given(offices, starts, st.integers(0, 8 * 1440))
def test_it_measures_working_time_like_somebody_who_counts_every_minute(
    key: tuple[str, str], start: datetime, minutes: int
) -> None:
    worked = sum(NAIVE[key].works_at(start + n * MINUTE) for n in range(minutes))
    between = CALENDARS[key].working_time_between(aware(start), aware(start + minutes * MINUTE))
    assert between == worked * MINUTE


def test_it_reckons_a_million_minutes_of_work_without_walking_them() -> None:
    calendar = CALENDARS["lunch", "five"]
    answer = deadline(calendar, aware(datetime.fromisoformat("2026-07-06 09:00")), Duration(16_667, Unit.WORK_HOUR))
    assert calendar.working_time_between(answer.receipt.starts_at, answer.due_at) == timedelta(hours=16_667)
    assert len(answer.receipt.lines) < 1500
