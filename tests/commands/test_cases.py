"""Acts on a case: what they write, and that a refusal writes nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from kesu.core.errors import Forbidden, NotFound, NotNow, Overtaken, Unacceptable
from kesu.store.models import Case, CaseCard, CaseEvent, Note, Obligation, OutboxMessage
from tests.world import MONDAY, World, said, standing_of


def test_it_gives_a_number_and_starts_the_one_hour_notice(world: World) -> None:
    case_id = world.register("wutong")

    case = Case.objects.get(pk=case_id)
    assert case.number == "TS-26-0001"
    owed = Obligation.objects.get(case=case, duty="inform_specialist")
    assert owed.due_at == MONDAY + timedelta(hours=1)
    assert owed.clauses == ["1.2", "1.3b"]
    assert owed.owner_name == "吴桐"


def test_it_counts_numbers_up_within_a_year(world: World) -> None:
    first, second = (world.register("wutong", title=title) for title in ("一", "二"))

    numbers = [Case.objects.get(pk=pk).number for pk in (first, second)]
    assert numbers == ["TS-26-0001", "TS-26-0002"]


def test_it_makes_one_case_of_a_form_that_is_sent_twice(world: World) -> None:
    first, second = world.submit(), world.submit()

    assert first.case_id == second.case_id
    assert first.secret == second.secret
    assert first.is_new
    assert not second.is_new
    assert Case.objects.count() == 1


def test_it_keeps_names_and_texts_out_of_the_log(world: World) -> None:
    case_id = world.register("wutong")

    facts = CaseEvent.objects.get(case_id=case_id, seq=1).facts
    assert facts["content"] == "已填"
    assert "苏女士" not in str(facts)
    assert "13800002016" not in str(facts)


def test_it_refuses_a_reply_before_approval_and_writes_nothing(world: World) -> None:
    case_id = world.triaged()
    before = Case.objects.get(pk=case_id).version

    with pytest.raises(NotNow) as refused:
        world.take(case_id, "send_plan", "zhouyining", MONDAY + timedelta(hours=1), reply_text="方案如下")

    assert refused.value.data["refusals"]
    assert Case.objects.get(pk=case_id).version == before


def test_it_refuses_a_person_who_does_not_hold_the_slot(world: World) -> None:
    case_id = world.triaged()

    with pytest.raises(Forbidden):
        world.take(case_id, "form_team", "gulan", MONDAY + timedelta(hours=1))


def test_it_names_every_missing_answer_at_once(world: World) -> None:
    with pytest.raises(Unacceptable) as refused:
        world.register("wutong", title="", content="")

    missing = {one.code for refusal in refused.value.data["refusals"] for one in refusal.missing}
    assert {"title", "content"} <= missing
    assert Case.objects.count() == 0


def test_it_refuses_a_value_that_the_policy_does_not_know(world: World) -> None:
    with pytest.raises(Unacceptable) as refused:
        world.register("wutong", channel="飞鸽")

    assert "channel" in refused.value.data["fields"]


def test_it_tells_the_second_of_two_that_the_case_has_moved(world: World) -> None:
    from kesu.commands.cases.take_step import take_step

    case_id = world.register("wutong")
    seen = Case.objects.get(pk=case_id).version
    world.take(case_id, "inform", "wutong", MONDAY + timedelta(minutes=5))

    with pytest.raises(Overtaken) as late:
        take_step(
            actor=world.actor("zhouyining"),
            at=MONDAY + timedelta(minutes=6),
            case_id=case_id,
            step="register",
            seen_version=seen,
            given={"demand": ("修好",)},
        )
    assert late.value.data["seen"] == seen


def test_it_takes_a_form_though_the_program_reminded_and_reported_meanwhile(world: World) -> None:
    from kesu.commands.cases.take_step import take_step
    from kesu.commands.clock.wake_one import wake_one

    case_id = world.register("wutong")
    seen, late = Case.objects.get(pk=case_id).version, MONDAY + timedelta(days=3)
    while wake_one(at=late):
        pass
    came = CaseEvent.objects.filter(case=case_id, seq__gt=seen)
    assert set(came.values_list("kind", flat=True)) >= {"duty.escalated"}

    step = {"actor": world.actor("wutong", late.date()), "at": late, "case_id": case_id, "step": "inform"}
    with pytest.raises(Overtaken):  # nobody ever saw that
        take_step(**step, seen_version=Case.objects.get(pk=case_id).version + 1, given={})
    take_step(**step, seen_version=seen, given={})
    assert CaseEvent.objects.filter(case=case_id, step="inform").exists()


def test_it_does_not_know_a_case_of_another_company(world: World) -> None:
    case_id = world.register("wutong")

    with pytest.raises(NotFound):
        world.take(case_id, "inform", "zhaolang", MONDAY + timedelta(minutes=5))


def test_it_does_not_know_a_case_that_is_not_there(world: World) -> None:
    from kesu.commands.cases.add_note import add_note

    with pytest.raises(NotFound):
        add_note(actor=world.actor("zhouyining"), at=MONDAY, case_id=uuid4(), text="在吗", visibility="internal")


def test_it_asks_for_the_promised_time_outside_working_hours(world: World) -> None:
    evening = MONDAY + timedelta(hours=10)

    with pytest.raises(Unacceptable) as refused:
        world.register("wutong", at=evening, promised_feedback_at="")
    assert "1.3a" in refused.value.clauses

    case_id = world.register("wutong", at=evening, promised_feedback_at="2026-06-09 10:00")
    due = Obligation.objects.get(case_id=case_id, duty="inform_specialist").due_at
    assert due == MONDAY.replace(hour=2, minute=0) + timedelta(days=1)  # 10:00 in Shanghai


def test_it_raises_the_level_at_the_third_complainant(world: World) -> None:
    case_id = world.triaged()
    at = MONDAY + timedelta(hours=1)
    for number in (2, 3):
        assert CaseCard.objects.get(pk=case_id).level == "general"
        person = {"person__name": f"业主{number}", "person__phone": f"1380000300{number}"}
        world.take(case_id, "join", "zhouyining", at, **person)

    card = CaseCard.objects.get(pk=case_id)
    assert card.level == "hot"
    assert card.level_clauses == ["3.4.2c"]
    assert card.people_count == 3


def test_it_counts_a_person_who_joins_twice_once(world: World) -> None:
    case_id = world.triaged()
    for minute in (1, 2):
        same = {"person__name": "贺先生", "person__phone": "13800003187"}
        world.take(case_id, "join", "zhouyining", MONDAY + timedelta(hours=1, minutes=minute), **same)

    assert CaseCard.objects.get(pk=case_id).people_count == 2
    assert CaseCard.objects.get(pk=case_id).level == "general"


def test_it_tells_the_customer_in_the_words_of_the_policy(world: World) -> None:
    from kesu.casefile import notes

    submitted = world.submit()

    case = Case.objects.get(pk=submitted.case_id)
    said = [text for note, text in notes.read(case) if note.visibility == notes.SENT]
    assert any(case.number in text and "外墙渗水" in text for text in said)
    assert Note.objects.filter(case=case).count() == len(said)


def test_it_writes_one_message_for_each_person_concerned(world: World) -> None:
    submitted = world.submit()

    message = OutboxMessage.objects.get(case_id=submitted.case_id)
    assert message.account.login == "zhouyining"
    assert message.lane == "urgent"


def test_it_keeps_the_place_of_a_case_when_a_neighbour_joins_with_his_own_room(world: World) -> None:
    case_id = world.register("wutong")
    world.take(
        case_id, "join", "wutong", MONDAY + timedelta(minutes=5),
        person__name="邻居", person__phone="13800003187", joiner_room="3-1-1802",
    )  # fmt: skip

    card = CaseCard.objects.get(pk=case_id)
    assert (card.room, card.people_count) == ("3-1-1702", 2)


@pytest.mark.parametrize("how", ["by the step for it", "on the letter that repeats it"])
def test_it_counts_nobody_twice_whose_number_was_corrected(world: World, how: str) -> None:
    case_id = world.register("wutong", person__name="苏女土", person__phone="13800002061")
    world.take(case_id, "inform", "wutong", MONDAY + timedelta(minutes=5))
    right = {"name": "苏女士", "phone": "13800002016"}
    if how == "by the step for it":
        given = {f"contact__{part}": text for part, text in right.items()}
        world.take(case_id, "correct_contact", "wutong", MONDAY + timedelta(minutes=6), **given)
    else:
        given = {f"person__{part}": text for part, text in right.items()}
        given |= {"customer_type": "业主", "demand": "修好并说明原因"}
        world.take(case_id, "register", "zhouyining", MONDAY + timedelta(minutes=6), **given)

    card = CaseCard.objects.get(pk=case_id)
    assert (card.person_name, card.people_count) == ("苏女士", 1)
    assert standing_of(case_id, MONDAY + timedelta(minutes=7)).facts["complainants"] == 1


@pytest.mark.parametrize("phone", ["没有", "12", "138000010011234567"])
def test_it_takes_no_number_at_which_nobody_can_be_reached(world: World, phone: str) -> None:
    with pytest.raises(Unacceptable) as refused:
        world.register("wutong", person__phone=phone)
    assert refused.value.data["fields"] == {"person": "not_a_phone"}


@pytest.mark.parametrize(
    "phone", ["138 0000 2016", "0755-83221234转801", "+44 20 7946 0958", "83221234", "400-800-1234"]
)
def test_it_takes_numbers_as_people_write_them(world: World, phone: str) -> None:
    assert world.register("wutong", person__phone=phone)


def test_it_takes_no_case_of_another_kind_for_the_first_of_two_complaints(world: World) -> None:
    from kesu.commands.cases.register_case import register_case

    suggestion = register_case(
        actor=world.actor("zhouyining"),
        at=MONDAY,
        happened_at=MONDAY,
        unit_id=world.units["qingtang"],
        kind="suggestion",
        given=said(
            channel="电话", topic="增设充电位", content="插座太少", person__name="翁女士", person__phone="13800030001"
        ),
        uploads=(),
        token="a suggestion",
    )
    with pytest.raises(Unacceptable) as refused:
        world.register("wutong", repeat_of=suggestion.hex)
    assert refused.value.data["fields"] == {"repeat_of": "unknown_row"}
