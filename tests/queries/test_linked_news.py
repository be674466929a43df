"""What time will open is announced on the bench of whoever takes part in the case, and the form says what it opens."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kesu.queries.cases.preview import preview_step
from kesu.queries.work.news import SoonKind, news
from kesu.store.models import Obligation
from tests.commands.test_linked_races import BY_TIME, DUE, LATER, ready
from tests.world import World, said

pytestmark = pytest.mark.django_db
NAME = "查出的问题转整改"


def test_what_time_will_open_is_announced(world: World) -> None:
    case_id = ready(world, BY_TIME, DUE)
    due = Obligation.objects.get(case=case_id, duty="rectify").due_at
    assert due is not None
    found = news(actor=world.actor("zhouyining"), at=due - timedelta(seconds=1)).soon
    found += news(actor=world.actor("zhouyining"), at=due).soon
    assert NAME in {one.name for one in found if one.kind is SoonKind.LINK}


def test_the_form_says_what_the_step_opens_and_not_what_is_owed_already(world: World) -> None:
    case_id = ready(world, BY_TIME, DUE)
    actor, at = world.actor("zhouyining"), LATER + timedelta(days=4)
    note = preview_step(actor=actor, at=at, case_id=case_id, step="take_note", given=said(note="看了"))
    assert note.links == ()
