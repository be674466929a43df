"""Drawing by lot: the same seed gives the same list, nobody can find a place in it, and a replay never draws again."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from kesu.policy.calendar import sample_calendar
from kesu.policy.events import Event
from kesu.policy.model.measures import Span
from kesu.policy.model.pack import Kind
from kesu.policy.model.samples import Size
from kesu.policy.model.schedule import Every
from kesu.policy.sampling import MOST, bounds_of, digest_of, draw, in_order, size_of
from kesu.policy.standing import EffectKind, Standing, next_seq, standing
from kesu.policy.standing.results import ObligationState
from kesu.policy.standing.samples import drawn_event, lot_of
from tests.own_packs import changed

CALENDAR = sample_calendar()
LOOK = "{name: 查完, starts: draw.checked.made, owner: holder, within: 5天, met_by: draw.checked.done, clause: 4c}"
OPENED = datetime(2026, 9, 30, 16, tzinfo=UTC)
CASES = tuple(f"case-{number:03}" for number in range(40))


@pytest.mark.parametrize(
    ("size", "base", "drawn"),
    [
        (Size(count=5), 3, 3),
        (Size(count=5), 40, 5),
        (Size(share=Decimal(10)), 40, 4),
        (Size(share=Decimal(10)), 41, 5),
        (Size(share=Decimal("2.5")), 40, 1),
        (Size(share=Decimal(10), at_least=6), 40, 6),
        (Size(share=Decimal(10), at_most=3), 40, 3),
        (Size(share=Decimal(10), at_least=6), 4, 4),
        (Size(share=Decimal(10)), 0, 0),
        (Size(share=Decimal(100)), 5000, MOST),
        (Size(share=Decimal(100), at_least=2000), 5000, MOST),
    ],
)
def test_a_share_is_rounded_up_and_kept_between_its_bounds_and_what_there_is(size: Size, base: int, drawn: int) -> None:
    assert size_of(size, base) == drawn


def test_the_same_seed_gives_the_same_list_in_whatever_order_the_candidates_come() -> None:
    sample = review().samples["checked"]
    lot = draw(sample, "0123", CASES)
    assert lot == draw(sample, "0123", CASES[::-1])
    assert (len(lot.cases), lot.base, lot.digest) == (4, 40, digest_of(CASES))
    assert draw(sample, "4567", CASES).cases != lot.cases
    assert (*lot.cases, *lot.reserve) == in_order("0123", CASES)[: len(lot.cases) + len(lot.reserve)]


def test_another_candidate_moves_nobody_before_anybody_else() -> None:
    without = in_order("0123", CASES[:-1])
    assert tuple(case for case in in_order("0123", CASES) if case != CASES[-1]) == without


def test_every_case_is_drawn_about_as_often() -> None:
    times = dict.fromkeys(CASES, 0)
    for number in range(400):
        for case in in_order(f"seed {number}", CASES)[:10]:
            times[case] += 1
    assert 60 < min(times.values()) <= max(times.values()) < 145  # 100 each, were it even


@pytest.mark.parametrize(
    ("span", "since", "until"),
    [
        (Span(Every.QUARTER, before=True), "2026-07-01", "2026-10-01"),
        (Span(Every.QUARTER), "2026-10-01", "2027-01-01"),
        (Span(Every.MONTH, before=True), "2026-09-01", "2026-10-01"),
        (Span(Every.WEEK), "2026-09-28", "2026-10-05"),
        (Span(Every.HALF_YEAR, before=True), "2026-01-01", "2026-07-01"),
        (Span(Every.YEAR), "2026-01-01", "2027-01-01"),
    ],
)
def test_a_period_is_that_of_the_local_calendar(span: Span, since: str, until: str) -> None:
    """At midnight of 1 October in Shanghai it is still September in Greenwich."""
    found = tuple(f"{CALENDAR.local(at):%Y-%m-%d %H:%M}" for at in bounds_of(span, OPENED, CALENDAR))
    assert found == (f"{since} 00:00", f"{until} 00:00")


def review() -> Kind:
    return changed("p06", "handling_review.yaml").kinds["handling_review"]


def opened() -> list[Event]:
    facts = {"subject": "已填", "period": "已填", "due_at": datetime(2026, 10, 20, 10, tzinfo=UTC)}
    return [Event(1, "occurrence.opened", OPENED, OPENED, role="system", step="open", facts=facts)]


def now(kind: Kind, log: list[Event]) -> Standing:
    return standing(kind, log, max(event.at for event in log), CALENDAR)


def drawn(kind: Kind, cases: tuple[str, ...] = CASES) -> list[Event]:
    log = opened()
    (effect,) = (one for one in now(kind, log).effects if one.kind is EffectKind.DRAW)
    sample = kind.samples[effect.code]
    return [*log, drawn_event(next_seq(log), effect, sample, draw(sample, "0123", cases), OPENED)]


def looked_at(log: list[Event], case: str, kind: str = "review.looked_at") -> list[Event]:
    return [*log, Event(next_seq(log), kind, OPENED, OPENED, facts={"checked_case": case})]


def test_a_draw_is_owed_once_and_what_was_drawn_follows_from_the_log_alone() -> None:
    kind = review()
    log = drawn(kind)
    seen = now(kind, log)
    assert not [one for one in seen.effects if one.kind is EffectKind.DRAW]
    assert seen.walk.samples.drawn["checked"].lot == lot_of(log[-1])
    assert (seen.facts["sampled"], seen.facts["closed_count"]) == (4, 40)
    again = [*log, Event(3, "occurrence.opened", OPENED, OPENED, role="system")]
    assert not [one for one in now(kind, again).effects if one.kind is EffectKind.DRAW]


def test_where_there_was_nothing_to_draw_from_a_later_moment_draws_again() -> None:
    kind = review()
    later = OPENED.replace(hour=18)
    log = [*drawn(kind, ()), Event(3, "occurrence.opened", later, later, role="system")]
    assert now(kind, drawn(kind, ())).walk.samples.is_done("checked")
    assert [one.code for one in now(kind, log).effects if one.kind is EffectKind.DRAW] == ["checked"]


def test_the_next_in_the_order_takes_the_place_of_one_that_is_given_up() -> None:
    kind = review()
    log = drawn(kind)
    order = in_order("0123", CASES)
    log = looked_at(log, order[1], "review.passed_over")
    found = now(kind, log).walk.samples.drawn["checked"]
    assert found.left == (order[0], order[4], order[2], order[3])
    assert found.given_up == {order[1]: 3}
    for case in found.left:
        assert not now(kind, log).walk.samples.is_done("checked")
        log = looked_at(log, case)
    assert now(kind, log).walk.samples.is_done("checked")


def test_what_is_taken_back_was_never_looked_at() -> None:
    kind = review()
    case = in_order("0123", CASES)[0]
    log = looked_at(drawn(kind), case)
    assert case not in now(kind, log).walk.samples.drawn["checked"].left
    log = [*log, Event(4, "event.voided", OPENED, OPENED, facts={"seq": 3})]
    assert case in now(kind, log).walk.samples.drawn["checked"].left


def test_a_duty_may_run_from_the_draw_until_all_of_it_is_looked_at() -> None:
    duty = (
        "notices:\n",
        f"duties:\n  look: {LOOK}\n\nnotices:\n",
    )
    kind = changed("p06", "handling_review.yaml", duty).kinds["handling_review"]
    log = drawn(kind, CASES[:10])
    assert state(kind, log) is ObligationState.OPEN
    assert state(kind, looked_at(log, in_order("0123", CASES[:10])[0])) is ObligationState.MET


def state(kind: Kind, log: list[Event]) -> ObligationState:
    return next(one.state for one in now(kind, log).obligations if one.duty == "look")
