"""A case told on from event to event and from waking to waking stands each time as its whole log says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesu.policy.events import EVENT_VOIDED, Event
from kesu.policy.model.pack import Kind
from kesu.policy.standing import ReadTooLate, Retelling, retold, standing
from tests.policy.standing.everything import KIND, KINDS, logs, make_log
from tests.policy.standing.kinds import CALENDAR


@given(st.sampled_from(KINDS), logs(), st.integers(0, 3))
def test_it_says_each_time_what_the_whole_log_says(kind: Kind, log: list[Event], wakings: int) -> None:
    case = Retelling(kind, CALENDAR)
    for nth, event in enumerate(log, start=1):
        case.hear(event)
        now = event.at
        for _ in range(1 + wakings):
            whole = standing(kind, log[:nth], now, CALENDAR)
            assert case.at(now) == whole
            if whole.wake_at is None:
                break
            now = whole.wake_at


@given(st.sampled_from(KINDS), logs(), st.data())
def test_it_goes_on_after_a_correction(kind: Kind, log: list[Event], data: st.DataObject) -> None:
    last = max(event.at for event in log)
    wrong = data.draw(st.sampled_from(log))
    case = Retelling(kind, CALENDAR)
    for event in log:
        case.hear(event)
    assert case.at(last) == standing(kind, log, last, CALENDAR)
    void = Event(len(log) + 1, EVENT_VOIDED, last, last, "甲", facts={"seq": wrong.seq})
    case.hear(void)
    assert case.at(last) == standing(kind, [*log, void], last, CALENDAR)


def test_it_stops_at_every_event_and_at_what_time_brings_between_them() -> None:
    log = sorted(make_log(seed=3, size=12), key=lambda event: (event.at, event.seq))
    seen = [(one.now, one.stage) for one in retold(KIND, log, CALENDAR, most=40)]
    assert [at for at, _ in seen] == sorted(at for at, _ in seen)
    assert {event.at for event in log} < {at for at, _ in seen}


def test_a_standing_is_not_answered_from_a_later_instant() -> None:
    log = sorted(make_log(seed=3, size=12), key=lambda event: (event.at, event.seq))
    first, *_ = retold(KIND, log, CALENDAR, most=0)
    with pytest.raises(ReadTooLate):
        _ = first.effects
