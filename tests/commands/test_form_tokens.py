"""Whoever sends a form chooses its token: it stands for nothing but his form."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from kesu.casefile.opening import desk_token
from kesu.casefile.schedules import Round, rounds_to_open
from kesu.commands.cases.register_case import register_case
from kesu.commands.cases.submit_case import Submitted, submit_case
from kesu.commands.occurrences.open_occurrences import open_occurrences
from kesu.store.models import Case
from tests.world import COMPLAINT, World, said

NIGHT = datetime(2026, 6, 1, 2, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
ANSWERS = {code: text for code, text in COMPLAINT.items() if code != "channel"}
pytestmark = pytest.mark.django_db


def round_of(kind: str) -> Round:
    """The standing duty of the month, as everybody who knows the unit's identifier can name it."""
    return next(one for one in rounds_to_open(NIGHT) if one.serving.kind == kind)


def submitted(world: World, token: str, **other: str) -> Submitted:
    place = world.units["qingtang"]
    return submit_case(
        at=NIGHT, unit_id=place, kind="complaint", given=said(**ANSWERS | other), uploads=(), token=token
    )


def test_the_token_of_a_standing_duty_does_not_lead_to_its_case(world: World) -> None:
    token = round_of("bulletin").token
    open_occurrences(at=NIGHT)

    sent = submitted(world, token)

    assert sent.is_new
    assert Case.objects.get(pk=sent.case_id).kind == "complaint"
    assert submitted(world, token) == Submitted(sent.case_id, sent.number, sent.secret, is_new=False)


def test_an_old_form_written_anew_opens_another_case(world: World) -> None:
    """Browsers that go back show the form as it was, token and all."""
    first = submitted(world, "one form")
    second = submitted(world, "one form", content="楼上又漏了一处")

    assert second.is_new
    assert second.secret != first.secret


def test_nobody_keeps_a_standing_duty_from_coming_round_by_taking_its_token_first(world: World) -> None:
    due = rounds_to_open(NIGHT)
    submitted(world, round_of("bulletin").token)

    assert open_occurrences(at=NIGHT) == len(due)


def test_the_link_of_a_case_that_the_house_registered_cannot_be_claimed(world: World) -> None:
    registered = world.register(at=NIGHT.replace(hour=10))

    sent = submitted(world, desk_token(registered))

    assert sent.is_new
    assert sent.case_id != registered


def test_a_colleague_cannot_take_the_token_of_a_standing_duty_either(world: World) -> None:
    token, at = round_of("bulletin").token, NIGHT.replace(hour=10)
    open_occurrences(at=NIGHT)

    made = register_case(
        actor=world.actor("zhouyining", at.date()),
        at=at,
        happened_at=at,
        unit_id=world.units["qingtang"],
        kind="complaint",
        given=said(**COMPLAINT, promised_feedback_at=at.replace(day=2).isoformat()),
        uploads=(),
        token=token,
    )

    assert Case.objects.get(pk=made).kind == "complaint"
