"""What holds for every log, whatever happened in it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kesu.policy.events import EVENT_VOIDED, LINK_OPENED, Event
from kesu.policy.model.pack import Kind
from kesu.policy.standing import EffectKind, ObligationState, Standing, effect_event, next_seq, standing
from kesu.policy.standing.links import opened_event
from tests.policy.standing.everything import KINDS
from tests.policy.standing.kinds import CALENDAR
from tests.policy.standing.random_logs import content, instants, logs

LAST = timedelta(days=60)
TICK = timedelta(microseconds=1)


@given(st.sampled_from(KINDS), logs(), instants(), st.floats(0, 1))
def test_it_stays_the_same_until_it_wants_to_be_woken(
    kind: Kind, log: list[Event], now: datetime, share: float
) -> None:
    first = standing(kind, log, now, CALENDAR)
    end = first.wake_at if first.wake_at is not None else now + LAST
    assert end > now
    for later in (now + TICK, now + (end - now) * share, end - TICK):
        if now < later < end:
            assert content(standing(kind, log, later, CALENDAR)) == content(first)


@given(st.sampled_from(KINDS), logs(), instants(), st.randoms(use_true_random=False))
def test_it_does_not_depend_on_the_order_in_which_the_log_is_handed_over(
    kind: Kind, log: list[Event], now: datetime, chance: random.Random
) -> None:
    shuffled = list(log)
    chance.shuffle(shuffled)
    assert standing(kind, shuffled, now, CALENDAR) == standing(kind, log, now, CALENDAR)


@given(st.sampled_from(KINDS), logs(), instants(), instants())
def test_it_is_not_changed_by_an_event_that_no_rule_names(
    kind: Kind, log: list[Event], now: datetime, when: datetime
) -> None:
    noted = Event(len(log) + 1, "note.made", when, when, "甲")
    with_note = standing(kind, [*log, noted], now, CALENDAR)
    assert _without_seqs(with_note) == _without_seqs(standing(kind, log, now, CALENDAR))


def _without_seqs(now: Standing, *without: str) -> dict[str, object]:
    """A level that rises at the very instant of an event names that event; which of several is of no consequence."""
    return {**content(now, *without), "obligations": tuple(replace(o, started_seq=0) for o in now.obligations)}


@given(st.sampled_from(KINDS), logs(), instants())
def test_it_knows_nothing_of_what_has_not_happened_yet(kind: Kind, log: list[Event], now: datetime) -> None:
    happened = [event for event in log if event.at <= now]
    assert content(standing(kind, log, now, CALENDAR)) == content(standing(kind, happened, now, CALENDAR))


@given(st.sampled_from(KINDS), logs(), instants(), st.data())
def test_it_stands_after_a_correction_as_if_the_event_had_never_been(
    kind: Kind, log: list[Event], now: datetime, data: st.DataObject
) -> None:
    wrong = data.draw(st.sampled_from([event for event in log if event.kind != LINK_OPENED]))  # a case stays opened
    void = Event(len(log) + 1, EVENT_VOIDED, now, now, "甲", facts={"seq": wrong.seq})
    corrected = standing(kind, [*log, void], now, CALENDAR)
    never = standing(kind, [event for event in log if event is not wrong], now, CALENDAR)
    kept = tuple(o for o in corrected.obligations if o.state is not ObligationState.WITHDRAWN)
    assert content(replace(corrected, obligations=kept)) == content(never)
    withdrawn = [o for o in corrected.obligations if o.state is ObligationState.WITHDRAWN]
    assert {o.started_seq for o in withdrawn} <= {wrong.seq}


@given(st.sampled_from(KINDS), logs(), instants())
def test_it_does_not_owe_an_effect_twice(kind: Kind, log: list[Event], now: datetime) -> None:
    before = standing(kind, log, now, CALENDAR)
    done = list(log)
    for effect in before.effects:
        is_link = effect.kind is EffectKind.LINK
        done.append(opened_event(next_seq(done), effect, "件", now) if is_link else effect_event(done, effect, now))
    after = standing(kind, done, now, CALENDAR)
    assert after.effects == ()
    assert _without_seqs(after, "effects") == _without_seqs(before, "effects")


@given(st.sampled_from(KINDS), logs(), instants())
def test_it_gives_every_obligation_and_every_effect_a_key_of_its_own(
    kind: Kind, log: list[Event], now: datetime
) -> None:
    found = standing(kind, log, now, CALENDAR)
    keys = [one.key for one in found.obligations] + [one.key for one in found.effects]
    assert len(keys) == len(set(keys))


@given(st.sampled_from(KINDS), logs(), instants())
def test_it_keeps_obligations_consistent(kind: Kind, log: list[Event], now: datetime) -> None:
    for one in standing(kind, log, now, CALENDAR).obligations:
        assert one.starts_at <= now
        assert (one.state is ObligationState.MET) is (one.met_at is not None)
        assert (one.state is ObligationState.PAUSED) is (one.paused_since is not None)
        if one.receipt is not None and one.due_at is not None:
            assert one.receipt.due_at == one.due_at
