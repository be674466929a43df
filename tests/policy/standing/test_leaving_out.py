"""What the walk leaves out changes no answer: it says what a walk says that reads everything again at each instant."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kesu.policy.events import EVENT_VOIDED, Event
from kesu.policy.model.pack import Kind
from kesu.policy.standing import standing
from tests.policy.standing.everything import KINDS
from tests.policy.standing.kinds import CALENDAR
from tests.policy.standing.random_logs import logs
from tests.policy.standing.thorough import thoroughly


@given(st.sampled_from(KINDS), logs(), st.integers(0, 3))
def test_it_says_what_a_walk_says_that_leaves_nothing_out(kind: Kind, log: list[Event], wakings: int) -> None:
    now = max(event.at for event in log)
    for _ in range(1 + wakings):
        quick = standing(kind, log, now, CALENDAR)
        assert quick == thoroughly(kind, log, now, CALENDAR)
        if quick.wake_at is None:
            break
        now = quick.wake_at


@given(st.sampled_from(KINDS), logs(), st.data())
def test_it_says_so_too_after_a_correction(kind: Kind, log: list[Event], data: st.DataObject) -> None:
    now = max(event.at for event in log)
    wrong = data.draw(st.sampled_from(log))
    heard = [*log, Event(len(log) + 1, EVENT_VOIDED, now, now, "甲", facts={"seq": wrong.seq})]
    quick, thorough = standing(kind, heard, now, CALENDAR), thoroughly(kind, heard, now, CALENDAR)
    present = quick.obligations[: len(thorough.obligations)]  # what was withdrawn stands behind
    assert present == thorough.obligations
    assert (quick.stage, quick.level, quick.facts) == (thorough.stage, thorough.level, thorough.facts)
    assert (quick.effects, quick.wake_at) == (thorough.effects, thorough.wake_at)
