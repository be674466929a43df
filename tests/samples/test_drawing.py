"""What the program draws and counts: out of which cases, once, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kesu.casefile.casefile import CaseFile
from kesu.casefile.measures import cases_of
from kesu.casefile.proof.rebuilding import Outcome, compare_case
from kesu.commands.nightly.rebuild_case import rebuild_case
from kesu.core.errors import NotNow, Unacceptable
from kesu.policy.events import DRAW_MADE
from kesu.policy.model.measures import MeasureRef
from kesu.policy.sampling import in_order
from kesu.store.models import Case, CaseCard, CaseEvent, MeasuredCase
from tests.samples.house import MANAGER, OCTOBER, SERVICE, SUPERVISOR

if TYPE_CHECKING:
    from tests.samples.house import Played

SEEN = {"at_fault": "否", "check_note": "登记、调查、解决、跟进都做了"}


def test_a_sample_is_drawn_out_of_the_cases_that_were_closed_in_the_period(langu: Played) -> None:
    closed = [langu.case("complaint", "closed") for _ in range(12)]
    langu.case("complaint", "registered")
    review = langu.came_round("handling_review", OCTOBER)
    drawn = langu.drawn(review)
    assert (drawn.lot.base, len(drawn.cases), len(drawn.reserve)) == (12, 2, 10)
    order = in_order(drawn.lot.seed, [case.hex for case in closed])
    assert tuple(drawn.cases) == order[:2]
    facts = CaseFile.open(Case.objects.get(pk=review)).standing(langu.at).facts
    assert (facts["sampled"], facts["closed_count"]) == (2, 12)


def test_a_confidential_case_is_never_drawn_and_not_counted(langu: Played) -> None:
    kept = langu.case("complaint", "closed")
    CaseCard.objects.filter(pk=kept).update(confidential=True)
    langu.case("complaint", "closed")
    assert langu.drawn(langu.came_round("handling_review", OCTOBER)).lot.base == 1


def test_nothing_draws_again_whatever_is_closed_or_opened_afterwards(langu: Played) -> None:
    langu.case("complaint", "closed")
    review = langu.came_round("handling_review", OCTOBER)
    first = langu.drawn(review)
    langu.case("complaint", "closed")
    rebuild_case(case_id=review, at=langu.at + timedelta(days=1))
    assert langu.drawn(review) == first
    assert CaseEvent.objects.filter(case=review, kind=DRAW_MADE).count() == 1


def test_only_what_was_drawn_is_looked_at_each_once_and_then_the_review_can_be_written(langu: Played) -> None:
    cases = [langu.case("complaint", "closed") for _ in range(11)]
    review = langu.came_round("handling_review", OCTOBER)
    left = langu.drawn(review).left
    other = next(case.hex for case in cases if case.hex not in left)
    for case in (other, "no case"):
        with pytest.raises((NotNow, Unacceptable)) as refused:
            langu.take(review, "look_at", SUPERVISOR, checked_case=case, **SEEN)
        assert "4c" in refused.value.clauses
    told = {"summary": "都做了", "improvement": "每月自查"}
    with pytest.raises(NotNow):
        langu.take(review, "complete", SUPERVISOR, **told)
    langu.take(review, "look_at", SUPERVISOR, checked_case=left[0], **SEEN)
    with pytest.raises(NotNow):
        langu.take(review, "look_at", SUPERVISOR, checked_case=left[0], **SEEN)
    langu.take(review, "look_at", SUPERVISOR, checked_case=left[1], **SEEN)
    langu.take(review, "complete", SUPERVISOR, **told)
    assert CaseCard.objects.get(pk=review).stage == "done"


def test_the_next_takes_the_place_of_one_that_cannot_be_looked_at_and_the_reason_is_kept(langu: Played) -> None:
    for _ in range(3):
        langu.case("complaint", "closed")
    review = langu.came_round("handling_review", OCTOBER)
    before = langu.drawn(review)
    (drawn,) = before.left
    langu.take(review, "pass_over", SUPERVISOR, checked_case=drawn, passed_reason="客户已经迁走")
    after = langu.drawn(review)
    assert after.left == (before.reserve[0],)
    assert drawn in after.given_up


def test_a_case_counts_from_the_moment_that_the_policy_names(langu: Played) -> None:
    case = langu.case("complaint", "callback")
    assert not MeasuredCase.objects.exists()
    langu.take(case, "close", MANAGER)
    row = MeasuredCase.objects.get()
    assert (row.case_id, row.pack, row.kind, row.measure, row.at, row.value) == (
        case, "p06", "complaint", "closed", langu.at, 1,
    )  # fmt: skip


def test_what_counts_follows_from_the_log_and_can_be_made_anew(langu: Played) -> None:
    case = langu.case("complaint", "closed")
    right = compare_case(case, langu.at)
    assert right is not None
    assert right.outcome is Outcome.SAME
    MeasuredCase.objects.update(value=7)
    wrong = compare_case(case, langu.at)
    assert wrong is not None
    assert [(one.table, one.row) for one in wrong.differences] == [("measure", "closed")]
    rebuild_case(case_id=case, at=langu.at)
    MeasuredCase.objects.all().delete()
    rebuild_case(case_id=case, at=langu.at)
    assert MeasuredCase.objects.get().value == 1


def test_a_bonus_knows_the_ratings_of_the_period_and_keeps_them(xiling: Played) -> None:
    for score, unit in (("好", "xiling_site"), ("很好", "xiling_hill"), ("尚可", "xiling_site")):
        xiling.case("work_order", "signed_off", unit, quality_score=score)
    bonus = xiling.came_round("bonus", OCTOBER)
    facts = CaseFile.open(Case.objects.get(pk=bonus)).standing(xiling.at).facts
    assert [str(facts[code]) for code in ("rated_count", "good_share", "poor_count")] == ["3", "66.7", "0"]
    xiling.at = OCTOBER + timedelta(days=1)
    xiling.case("work_order", "signed_off", quality_score="差")
    facts = CaseFile.open(Case.objects.get(pk=bonus)).standing(xiling.at).facts
    assert [str(facts[code]) for code in ("rated_count", "good_share", "poor_count")] == ["3", "66.7", "0"]


def test_no_bonus_is_set_where_nobody_rated_anything(xiling: Played) -> None:
    bonus = xiling.came_round("bonus", OCTOBER)
    listed = {"workers": "瓦工二人", "worker_total": "800元", "managers": "队长", "manager_total": "500元"}
    with pytest.raises(NotNow) as refused:
        xiling.take(bonus, "list_people", SERVICE, **listed)
    assert "3.5.10a" in refused.value.clauses
    facts = CaseFile.open(Case.objects.get(pk=bonus)).standing(xiling.at).facts
    assert "good_share" not in facts or facts["good_share"] == ()


def test_an_audit_draws_out_of_what_other_policies_rule(langu: Played) -> None:
    """The audit's own pack rules no complaint; the complaints that it looks at go by the policy of their place."""
    langu.case("complaint", "closed")
    row = MeasuredCase.objects.get()
    served, own = MeasureRef("complaint", "closed", is_served=True), MeasureRef("complaint", "closed")
    place = Case.objects.get().unit.path
    assert list(cases_of("p03", served, place, None)) == [row]
    assert not list(cases_of("p03", own, place, None))
    assert not list(cases_of("p03", served, "/nowhere/", None))
