"""What a message tells of a fact: as people read it, without a text that somebody wrote."""

from __future__ import annotations

from datetime import UTC, datetime

from kesu.casefile.shown import told_value
from kesu.policy.calendar import sample_calendar
from kesu.policy.model.facts import STATED
from tests.policy.times.desk import wish

KIND = wish(
    facts='meet_at: {name: 见面时间, type: time, clause: "1"}',
    steps='say: {name: 约见, by: clerk, event: wish.said, asks: [meet_at], clause: "1"}',
)


def test_a_time_is_told_on_the_wall_clock_of_the_case_and_a_text_is_not() -> None:
    told = told_value(KIND, "meet_at", datetime(2026, 7, 6, 6, 0, tzinfo=UTC), sample_calendar())
    assert told == "2026-07-06 14:00"
    assert told_value(KIND, "topic", STATED, sample_calendar()) == ""
