"""A case told on from event to event and from waking to waking stands each time as its whole log says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesu.policy.events import EVENT_VOIDED, Event
from kesu.policy.model.pack import Kind
from kesu.policy.standing import ReadTooLate, Retelling, retold, standing
from kesu.policy.standing.ledgers import postings
from tests.policy.standing.everything import KIND, KINDS
from tests.policy.standing.kinds import CALENDAR
from tests.policy.standing.random_logs import logs, make_log


@given(st.sampled_from(KINDS), logs(), st.integers(0, 3))
def test_it_says_each_time_what_the_whole_log_says(kind: Kind, log: list[Event], wakings: int) -> None:
    case = Retelling(kind, CALENDAR)
    for nth, event in enumerate(log, start=1):
        case.hear(event)
        now = event.at
        for _ in range(1 + wakings):
            whole, told = standing(kind, log[:nth], now, CALENDAR), case.at(now)
            assert told == whole
            assert postings(told.view, "u1") == postings(whole.view, "u1")
            if whole.wake_at is None:
                break
            now = whole.wake_at


@given(st.sampled_from(KINDS), logs(), st.data())
def test_it_says_so_too_from_a_correction_on(kind: Kind, log: list[Event], data: st.DataObject) -> None:
    case, told = Retelling(kind, CALENDAR), data.draw(st.integers(1, len(log)))
    for event in log[:told]:
        case.hear(event)
        case.at(event.at)
    wrong = data.draw(st.sampled_from(log[:told]))
    now = max(event.at for event in log[:told])
    void = Event(len(log) + 1, EVENT_VOIDED, now, now, "甲", facts={"seq": wrong.seq})
    heard = [*log[:told], void]
    case.hear(void)
    assert case.at(now) == standing(kind, heard, now, CALENDAR)
    for event in log[told:]:
        case.hear(event)
        heard.append(event)
        assert case.at(event.at) == standing(kind, heard, event.at, CALENDAR)


def test_it_stops_at_every_event_and_at_what_time_brings_between_them() -> None:
    log = sorted(make_log(seed=3, size=12), key=lambda event: (event.at, event.seq))
    seen = [(one.now, one.stage) for one in retold(KIND, log, CALENDAR, most=40)]
    assert [at for at, _ in seen] == sorted(at for at, _ in seen)
    assert {event.at for event in log} < {at for at, _ in seen}


def test_a_standing_is_not_answered_from_a_later_instant() -> None:
    log = sorted(make_log(seed=3, size=12), key=lambda event: (event.at, event.seq))
    first, *_ = retold(KIND, log, CALENDAR, most=0)
    for part in ("steps", "effects", "next_raises", "wake_at", "view", "walk"):
        with pytest.raises(ReadTooLate):
            getattr(first, part)
