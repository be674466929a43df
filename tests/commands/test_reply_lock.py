"""What is to be approved first reaches the customer by no other way (§5.2)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from kesu.casefile import notes
from kesu.casefile.reply_lock import repeats
from kesu.commands.cases.add_note import add_note
from kesu.commands.cases.invite_guest import invite_guest
from kesu.commands.cases.tell_guest import tell_guest
from kesu.core.errors import NotNow, Unacceptable
from kesu.store.models import Case, CaseGuest
from tests.world import MONDAY, World

pytestmark = pytest.mark.django_db

LATER = MONDAY + timedelta(hours=2)
CLERK = "周以宁"
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


def test_the_word_that_it_is_progress_only_stays_with_the_message_it_was_said_of(world: World) -> None:
    waits, plain = world.planned(), world.triaged(MONDAY + timedelta(minutes=1))
    for case in (waits, plain):
        sent(world, case, "工程师明天上门", is_interim=True)
    kept = [note for case in (waits, plain) for note, _text in notes.read(Case.objects.get(pk=case)) if note.author]
    assert [(note.case_id, note.is_interim, note.author.name) for note in kept if note.author] == [
        (waits, True, CLERK),
        (plain, False, CLERK),
    ]


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_empty_message_is_called_empty_and_not_locked(world: World, text: str) -> None:
    case = world.planned()
    with pytest.raises(Unacceptable) as refused:
        sent(world, case, text)
    assert refused.value.reason == "text_missing"


def invited(world: World, case: UUID, *, for_customer: bool, task: str = "请看现场", is_interim: bool = False) -> UUID:
    invite_guest(
        actor=world.actor("zhouyining"),
        at=LATER,
        case_id=case,
        name="某人",
        slot="",
        task=task,
        ends_at=LATER + timedelta(days=7),
        sees_person=False,
        for_customer=for_customer,
        is_interim=is_interim,
    )
    return CaseGuest.objects.get(case=case).pk


def test_whoever_does_the_work_is_told_the_plan_before_the_approval(world: World) -> None:
    case = world.planned()
    guest = invited(world, case, for_customer=False, task=f"请报价：{PLAN}")
    tell_guest(actor=world.actor("zhouyining"), at=LATER, case_id=case, guest_id=guest, text=PLAN)
    assert messages(case) == [f"请报价：{PLAN}", PLAN]


def test_whoever_speaks_for_the_customer_is_told_what_the_customer_may_be_told(world: World) -> None:
    case = world.planned()
    for task, interim, reason in (("请转告", False, "reply_locked"), (PLAN, True, "reply_told_early")):
        with pytest.raises(NotNow) as refused:
            invited(world, case, for_customer=True, task=task, is_interim=interim)
        assert (refused.value.reason, "5.2b" in refused.value.clauses) == (reason, True)
    assert not CaseGuest.objects.exists()

    guest, clerk = invited(world, case, for_customer=True, is_interim=True), world.actor("zhouyining")
    for text, interim, reason in (("下周答复", False, "reply_locked"), (PLAN, True, "reply_told_early")):
        with pytest.raises(NotNow) as refused:
            tell_guest(actor=clerk, at=LATER, case_id=case, guest_id=guest, text=text, is_interim=interim)
        assert refused.value.reason == reason
    tell_guest(actor=clerk, at=LATER, case_id=case, guest_id=guest, text="下周答复", is_interim=True)
    assert messages(case) == ["请看现场", "下周答复"]


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
