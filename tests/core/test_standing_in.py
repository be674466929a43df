"""Who stands in for whom: compared, day by day, with walking from one person to the next."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kesu.core.standing_in import Away, Days, by_person, stand_ins

FIRST = date(2026, 3, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(12)]
PEOPLE = "abcd"


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


SPANS = st.tuples(st.integers(0, 11), st.integers(0, 11) | st.none()).map(
    lambda ends: Days(day(ends[0]), None if ends[1] is None else max(day(ends[0]), day(ends[1])))
)
AWAY = st.lists(
    st.builds(Away, st.sampled_from(PEOPLE), st.sampled_from(PEOPLE), SPANS).filter(lambda one: one.who != one.deputy),
    max_size=8,
)


def walked(who: str, on: date, away: list[Away[str]]) -> str:
    """One day, by hand: to the deputy of the first absence that holds, and on, until nobody new is reached."""
    chain = [who]
    while True:
        now = next(
            (one for one in away if one.who == chain[-1] and one.days.first <= on <= (one.days.last or on)), None
        )
        if now is None or now.deputy in chain:
            return chain[-1]
        chain.append(now.deputy)


@given(AWAY, SPANS)
def test_on_every_day_exactly_the_one_is_reached_to_whom_the_deputies_lead(away: list[Away[str]], days: Days) -> None:
    for who in PEOPLE:
        found = stand_ins(who, days, by_person(away))
        for on in DAYS:
            reached = [name for name, part in found if part.first <= on <= (part.last or on)]
            within = days.first <= on <= (days.last or on)
            expected = walked(who, on, away) if within else who
            assert reached == ([expected] if expected != who else [])


def test_days_up_to_the_last_there_is_leave_nothing_after_them() -> None:
    assert list(Days(day(0)).without(Days(day(0), date.max))) == []


def test_the_deputy_of_the_deputy_is_reached_only_while_both_are_away() -> None:
    away = [Away("a", "b", Days(day(0), day(9))), Away("b", "c", Days(day(3), day(5)))]

    assert stand_ins("a", Days(day(0)), by_person(away)) == [
        ("c", Days(day(3), day(5))),
        ("b", Days(day(0), day(2))),
        ("b", Days(day(6), day(9))),
    ]
