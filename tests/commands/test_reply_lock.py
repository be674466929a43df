"""What is to be approved first reaches the customer by no other way (§5.2)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from kesu.casefile import notes
from kesu.casefile.reply_lock import repeats
from kesu.commands.cases.add_note import add_note
from kesu.core.errors import NotNow
from kesu.store.models import Case
from tests.world import MONDAY, World

pytestmark = pytest.mark.django_db

LATER = MONDAY + timedelta(hours=2)
PLAN = "清理旧胶，重打密封胶"


def sent(world: World, case: UUID, text: str, *, is_interim: bool = False) -> None:
    clerk = world.actor("zhouyining")
    add_note(actor=clerk, at=LATER, case_id=case, text=text, visibility="sent", is_interim=is_interim)


def messages(case: UUID) -> list[str]:
    return [text for note, text in notes.read(Case.objects.get(pk=case)) if note.author_id is not None]


def test_a_message_waits_for_the_approval_unless_it_tells_of_progress_only(world: World) -> None:
    case = world.planned()
    with pytest.raises(NotNow) as refused:
        sent(world, case, "工程师明天上门")
    assert refused.value.reason == "reply_locked"
    assert "5.2b" in refused.value.clauses
    assert messages(case) == []
    sent(world, case, "工程师明天上门", is_interim=True)
    assert messages(case) == ["工程师明天上门"]


@pytest.mark.parametrize("text", [PLAN, f"打算这样做：{PLAN.replace('，', ' ')}。", "先清理旧胶、重打密封胶！"])
def test_nobody_calls_the_words_of_the_plan_progress(world: World, text: str) -> None:
    case = world.planned()
    with pytest.raises(NotNow) as refused:
        sent(world, case, text, is_interim=True)
    assert refused.value.reason == "reply_told_early"
    assert messages(case) == []


def test_an_internal_note_and_a_case_without_approval_are_free(world: World) -> None:
    case = world.planned()
    clerk = world.actor("zhouyining")
    add_note(actor=clerk, at=LATER, case_id=case, text=PLAN, visibility="internal")
    assert messages(case) == [PLAN]
    plain = world.triaged(MONDAY + timedelta(minutes=1))
    sent(world, plain, "明天上门")
    assert messages(plain) == ["明天上门"]


@pytest.mark.parametrize(
    ("text", "is_repeated"),
    [
        ("明天上门看看", False),
        ("更换东墙外侧全部密封胶并做淋水试验", True),
        ("我们会更换东墙外侧全部密封胶并做淋水试验，请放心", True),
        ("更换东墙外侧全部密封", False),
        ("", False),
    ],
)
def test_a_run_of_words_is_what_counts(text: str, is_repeated: bool) -> None:
    assert repeats(text, ["更换东墙外侧全部密封胶，并做淋水试验。"]) is is_repeated
