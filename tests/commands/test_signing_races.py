"""Signers, authors and colleagues on one case at the same instant: one of them is first, whoever comes next is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

from kesu.casefile.proof.rebuilding import Outcome, compare_case
from kesu.commands.cases.take_step import take_step
from kesu.core.errors import NotNow, Overtaken
from kesu.store.models import Case, CaseEvent
from tests.commands.test_linked_races import at_once
from tests.full import only_in_full
from tests.world import MONDAY, World, said

HOUR = timedelta(hours=1)
LATER = MONDAY + 3 * HOUR


def sending(world: World, case: UUID, step: str, login: str, token: str = "", **facts: str) -> Callable[[], None]:
    """As the form that each of them has open sends it: all with the version of this moment."""
    seen = Case.objects.values_list("version", flat=True).get(pk=case)
    actor = world.actor(login, LATER.date())
    return partial(
        take_step,
        actor=actor,
        at=LATER,
        case_id=case,
        step=step,
        seen_version=seen,
        given=said(**facts),
        token=token,
    )


def taken(case: UUID, *steps: str) -> list[str]:
    return list(CaseEvent.objects.filter(case=case, step__in=steps).values_list("step", flat=True))


def is_sound(case: UUID) -> bool:
    compared = compare_case(case, LATER)
    return compared is not None and compared.outcome is Outcome.SAME


@only_in_full
def test_of_a_signature_and_a_taking_back_one_comes_about(committed_world: World) -> None:
    for nth in range(3):  # who comes first differs; what comes of it does not
        case = committed_world.planned(MONDAY + timedelta(minutes=nth))
        errors = at_once(
            [
                sending(committed_world, case, "sign_joint_review", "chenmuzhi", verdict="同意", opinion="可行"),
                sending(committed_world, case, "take_back_joint_review", "heqing", joint_review_reason="数量要改"),
            ]
        )
        assert [type(error) for error in errors] == [Overtaken], errors
        assert len(taken(case, "sign_joint_review", "take_back_joint_review")) == 1
        assert is_sound(case)


@only_in_full
def test_of_three_answers_sent_at_once_one_leaves_and_a_form_sent_twice_is_one(committed_world: World) -> None:
    case = committed_world.planned()
    for step, login in (("sign_joint_review", "chenmuzhi"), ("sign_leadership", "gulan")):
        committed_world.take(case, step, login, MONDAY + 2 * HOUR, verdict="同意", opinion="可行")
    mine = sending(committed_world, case, "send_plan", "zhouyining", token="once", reply_text="下周一重打密封胶")
    other = sending(committed_world, case, "send_plan", "zhouyining", token="other", reply_text="马上重打")

    errors = at_once([mine, other, mine])

    assert all(isinstance(error, Overtaken | NotNow) for error in errors), errors
    assert len(errors) in {1, 2}, "his own form sent twice is answered twice as done, or both times came too late"
    assert len(taken(case, "send_plan")) == 1
    assert is_sound(case)
