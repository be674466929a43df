"""Cases are merged, parts are waited for, and what was done by mistake is taken back: nothing is lost on the way."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from kesu.casefile import notes
from kesu.casefile.matters.rebuilding import differs
from kesu.casefile.proof.rebuilding import Outcome, compare_case
from kesu.commands.cases.add_note import add_note
from kesu.commands.cases.take_back import take_back
from kesu.commands.clock.wake_one import wake_one
from kesu.commands.matters.join_matter import join_matter
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.core.errors import Forbidden, NotFound, NotNow, Unacceptable
from kesu.policy.model.pack import Pack
from kesu.queries.cases.case_page import CasePage, case_page
from kesu.store.models import Case, CaseCard, CaseEvent, Matter, MatterMember, Obligation, OutboxMessage, StoredFile
from tests import confidential
from tests.commands.test_matters import heads
from tests.own_packs import changed
from tests.world import MONDAY, World, calendar, pack, standing_of

SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}
HOUR = timedelta(hours=1)
LATER = MONDAY + HOUR


@pytest.fixture
def two(world: World) -> tuple[UUID, UUID]:
    """Two complaints of different people about one thing, under a policy that lets them be merged."""
    return opened(world, pack("merging"))


def opened(world: World, policy: Pack) -> tuple[UUID, UUID]:
    place = world.units["group"]
    adopt_pack(actor=None, at=MONDAY, unit_id=place, pack=policy, calendar=calendar(), signatures=SIGNED)
    first = world.register("wutong", at=LATER, person__phone="13800002016", title="屋面漏水")
    return first, world.register("wutong", at=LATER + HOUR, person__phone="13800003187", title="顶楼漏水")


def merge(world: World, case_id: UUID, into: UUID, hours: int = 3, who: str = "zhouyining") -> int:
    """The number of the event."""
    at = MONDAY + hours * HOUR
    world.take(case_id, "merge", who, at, merged_into=into.hex, merge_reason="同一处屋面")
    return CaseEvent.objects.filter(case=case_id, step="merge").latest("seq").seq


def undo(
    world: World, case_id: UUID, seq: int, hours: int = 4, who: str = "zhouyining", reason: str = "不是同一处"
) -> None:
    take_back(actor=world.actor(who), at=MONDAY + hours * HOUR, case_id=case_id, seq=seq, reason=reason)


def card(case_id: UUID) -> CaseCard:
    return CaseCard.objects.get(pk=case_id)


def test_a_merged_case_goes_on_in_the_other_and_its_people_stay_counted(world: World, two: tuple[UUID, UUID]) -> None:
    first, second = two
    seq = merge(world, second, first)

    assert (card(second).stage, card(second).is_final) == ("merged", True)
    for case_id in two:
        compared = compare_case(case_id, MONDAY + 3 * HOUR)
        assert compared is not None
        assert compared.outcome is Outcome.SAME
    assert heads(world, first, MONDAY + 4 * HOUR) == 2
    assert CaseEvent.objects.filter(case=first, kind="case.absorbed", facts={"link.case": second.hex}).count() == 1
    assert CaseEvent.objects.get(case=second, seq=seq).facts["merged_into"] == first.hex
    number = card(first).number
    told = [text for _note, text in notes.read(Case.objects.get(pk=second))]
    assert any(f"已经并在一起办理。以后请以 {number} 为准" in text for text in told)
    assert OutboxMessage.objects.filter(case=first, payload__code="absorbed").exists()


def test_nobody_is_urged_about_a_merged_case_whatever_its_matter_reaches(world: World, two: tuple[UUID, UUID]) -> None:
    first, second = two
    merge(world, second, first)
    sent, level = OutboxMessage.objects.filter(case=second).count(), card(second).level
    third = world.register("wutong", at=MONDAY + 4 * HOUR, person__phone="13800004410", title="又漏水")
    merge(world, third, first, hours=5)
    assert card(first).level == "hot"
    for day in range(1, 40, 3):
        while wake_one(at=MONDAY + timedelta(days=day)):
            pass

    assert card(second).level == level
    assert OutboxMessage.objects.filter(case=second).count() == sent
    assert not Obligation.objects.filter(case=second, is_open=True).exists()
    assert card(second).wake_at is None


def test_signs_that_nobody_sees_are_no_reason(world: World, two: tuple[UUID, UUID]) -> None:
    first, second = two
    unseen = "\u200b\u2066 \u3000"
    with pytest.raises((NotNow, Unacceptable)):
        world.take(second, "merge", "zhouyining", LATER + 2 * HOUR, merged_into=first.hex, merge_reason=unseen)
    seq = merge(world, second, first)
    with pytest.raises(Unacceptable):
        undo(world, second, seq, reason=unseen)


def test_taken_back_the_case_that_came_to_a_matter_leaves_it(world: World, two: tuple[UUID, UUID]) -> None:
    first, second = two
    third = world.register("wutong", at=LATER + HOUR, person__phone="13800004410", title="又漏水")
    join_matter(actor=world.actor("zhouyining"), at=LATER + HOUR, case_id=second, other_id=third)
    seq = merge(world, second, first)
    assert heads(world, first, MONDAY + 4 * HOUR) == 3
    undo(world, second, seq)

    assert set(MatterMember.objects.values_list("case_id", flat=True)) == {second, third}
    assert heads(world, third, MONDAY + 5 * HOUR) == 2


def test_taken_back_it_stands_exactly_where_it_stood(world: World, two: tuple[UUID, UUID]) -> None:
    first, second = two
    before = card(second)
    owed = set(Obligation.objects.filter(case=second).values_list("key", "state", "due_at"))
    seq = merge(world, second, first)
    undo(world, second, seq)

    after = card(second)
    assert (after.stage, after.level, after.is_final) == (before.stage, before.level, before.is_final)
    assert set(Obligation.objects.filter(case=second).values_list("key", "state", "due_at")) == owed
    assert not MatterMember.objects.filter(case=second).exists()
    assert heads(world, first, MONDAY + 5 * HOUR) == 1
    voided = CaseEvent.objects.get(case=first, kind="event.voided")
    assert CaseEvent.objects.get(case=first, seq=voided.facts["seq"]).kind == "case.absorbed"
    for case_id in two:
        compared = compare_case(case_id, MONDAY + 4 * HOUR)
        assert compared is not None
        assert compared.outcome is Outcome.SAME
    merge(world, second, first, hours=6)  # and it can be merged again
    assert card(second).stage == "merged"


def test_what_was_joined_before_the_merging_stays_joined(world: World, two: tuple[UUID, UUID]) -> None:
    first, second = two
    join_matter(actor=world.actor("zhouyining"), at=MONDAY + 2 * HOUR, case_id=first, other_id=second)
    undo(world, second, merge(world, second, first))
    assert heads(world, first, MONDAY + 5 * HOUR) == 2


def test_two_matters_that_became_one_by_it_are_two_again(world: World, two: tuple[UUID, UUID]) -> None:
    first, second = two
    phones = ("13800004410", "13800005521", "13800006632")
    beside_first, beside_second, late = (world.register("wutong", at=LATER, person__phone=phone) for phone in phones)
    actor, at = world.actor("zhouyining"), MONDAY + 2 * HOUR
    join_matter(actor=actor, at=at, case_id=first, other_id=beside_first)
    join_matter(actor=actor, at=at, case_id=beside_second, other_id=second)
    seq = merge(world, second, first)
    world.take(beside_second, "join", "wutong", MONDAY + 3 * HOUR, person__name="戊", person__phone="13800007743")
    join_matter(actor=actor, at=MONDAY + 3 * HOUR, case_id=late, other_id=beside_first)
    wake(MONDAY + 3 * HOUR)
    assert heads(world, first, MONDAY + 4 * HOUR) == 6
    assert card(beside_first).level == card(beside_second).level == "hot"

    undo(world, second, seq)
    wake(MONDAY + 4 * HOUR)

    members = dict(MatterMember.objects.values_list("case_id", "matter_id"))
    assert members[first] == members[beside_first] == members[late]  # who came since stays where he came
    assert members[second] == members[beside_second] != members[first]
    assert (heads(world, first, MONDAY + 5 * HOUR), heads(world, second, MONDAY + 5 * HOUR)) == (3, 3)
    assert all(not differs(matter) for matter in Matter.objects.all())
    assert standing_of(beside_second, MONDAY + 4 * HOUR).facts["same_issue_people"] == 3
    for case_id in members:
        compared = compare_case(case_id, MONDAY + 5 * HOUR)
        assert compared is not None
        assert compared.outcome is Outcome.SAME

    merge(world, second, first, hours=6)  # once more, and this time for good
    assert heads(world, second, MONDAY + 7 * HOUR) == 6
    assert all(not differs(matter) for matter in Matter.objects.all())


def wake(at: datetime) -> None:
    while wake_one(at=at):
        pass


def test_it_goes_into_no_case_that_is_over_hidden_or_itself(world: World, two: tuple[UUID, UUID]) -> None:
    first, second = two
    with pytest.raises(Unacceptable) as refused:
        merge(world, second, second)
    assert refused.value.data["fields"] == {"merged_into": "merges_itself"}
    theirs = world.register("zhaolang", unit="wangting", at=LATER)
    with pytest.raises(Unacceptable) as refused:
        merge(world, second, theirs)
    assert refused.value.data["fields"] == {"merged_into": "unknown_row"}
    merge(world, second, first)
    with pytest.raises(Unacceptable) as refused:
        merge(world, first, second, hours=4)  # it would go round
    assert refused.value.data["fields"] == {"merged_into": "case_over"}
    assert card(first).stage != "merged"


def test_what_was_done_since_keeps_it_from_being_taken_back(world: World, two: tuple[UUID, UUID]) -> None:
    first, second = two
    seq = merge(world, second, first)
    with pytest.raises(Unacceptable):
        undo(world, second, seq, reason=" ")
    with pytest.raises(NotNow):
        undo(world, second, seq, hours=30)  # the day is over
    with pytest.raises(NotNow):
        undo(world, second, 1)  # nobody takes back that it was reported
    with pytest.raises(NotFound):
        undo(world, second, seq, who="zhaolang")
    with pytest.raises(Forbidden):
        undo(world, second, seq, who="wutong")
    assert card(second).stage == "merged"
    undo(world, second, seq)
    with pytest.raises(NotNow):
        undo(world, second, seq, hours=5)  # it is taken back already


def test_files_of_a_merged_case_stay_where_they_are(world: World, two: tuple[UUID, UUID]) -> None:
    first, second = two
    files = set(StoredFile.objects.values_list("pk", "case_id"))
    merge(world, second, first)
    assert set(StoredFile.objects.values_list("pk", "case_id")) == files


def page(world: World, case_id: UUID, hours: int = 5, who: str = "zhouyining") -> CasePage:
    return case_page(actor=world.actor(who), at=MONDAY + hours * HOUR, case_id=case_id)


def test_the_other_shows_people_files_and_notes_and_what_was_due_earlier(
    world: World, two: tuple[UUID, UUID]
) -> None:  # fmt: skip
    first, second = two
    add_note(
        actor=world.actor("zhouyining"), at=LATER, case_id=first, text="女儿墙根部有裂缝", visibility="internal"
    )  # fmt: skip
    owed = set(Obligation.objects.filter(case=second, is_open=True, due_at__isnull=False).values_list("key", "due_at"))
    merge(world, first, second)

    (merged,) = page(world, second).merged.cases
    assert (merged.id, merged.number) == (first, card(first).number)
    assert [note.text for note in merged.notes if not note.is_words] == ["女儿墙根部有裂缝"]
    assert merged.people
    assert merged.earlier
    assert all(line.due_at < line.own_due_at for line in merged.earlier)
    assert owed <= set(Obligation.objects.filter(case=second).values_list("key", "due_at"))
    goes_on = page(world, first).merged.goes_on
    assert goes_on is not None
    assert (goes_on.id, goes_on.number) == (second, card(second).number)
    assert page(world, first).merged.cases == ()


def test_what_came_later_was_due_later(world: World, two: tuple[UUID, UUID]) -> None:
    first, second = two
    merge(world, second, first)
    (merged,) = page(world, first).merged.cases
    assert merged.earlier == ()


def test_a_case_waits_for_the_parts_that_it_names(world: World) -> None:
    waits = ("parts_first: {steps: [close]", "parts_first: {steps: [withdraw]")
    first, second = opened(world, changed("merging", "complaint.yaml", waits))
    world.take(first, "name_part", "zhouyining", MONDAY + 3 * HOUR, part_case=second.hex)
    (refusal,) = (one for step in page(world, first).steps if step.code == "withdraw" for one in step.refusals)
    assert refusal.code == "parts_first"
    assert [line.name for line in refusal.missing] == [f"子件 {card(second).number}"]
    assert [clause.printed for clause in refusal.clauses] == ["并案和分头办理办法 第三条2"]

    with pytest.raises(Unacceptable) as refused:
        world.take(second, "name_part", "zhouyining", MONDAY + 4 * HOUR, part_case=first.hex)
    assert refused.value.data["fields"] == {"part_case": "waits_for_itself"}

    with pytest.raises(NotNow) as waiting:
        world.take(first, "withdraw", "zhouyining", MONDAY + 4 * HOUR, withdraw_reason="客户不再投诉")
    assert waiting.value.data["refusals"][0].missing[0].name == f"子件 {card(second).number}"
    world.take(second, "withdraw", "zhouyining", MONDAY + 4 * HOUR, withdraw_reason="客户不再投诉")
    while wake_one(at=MONDAY + 4 * HOUR):
        pass
    assert CaseEvent.objects.filter(case=first, kind="named.closed").count() == 1
    assert not [one for step in page(world, first).steps if step.code == "withdraw" for one in step.refusals]


def test_a_confidential_case_goes_into_none_and_takes_none_in(world: World) -> None:
    confidential.adopt(world)
    first, second = opened(world, pack("merging"))
    world.take(first, "inform", "wutong", MONDAY + 3 * HOUR)
    world.take(first, "state_facts", "zhouyining", MONDAY + 3 * HOUR, legal_support="是")
    for case_id, into in ((first, second), (second, first)):
        with pytest.raises(Unacceptable) as refused:
            merge(world, case_id, into, hours=4)
        assert refused.value.data["fields"] == {"merged_into": "case_secret"}
    assert not CaseEvent.objects.filter(kind="case.absorbed").exists()


def test_somebody_joined_by_mistake_counts_no_more_in_the_case_and_in_the_matter(
    world: World, two: tuple[UUID, UUID]
) -> None:  # fmt: skip
    first, second = two
    join_matter(actor=world.actor("zhouyining"), at=MONDAY + 2 * HOUR, case_id=first, other_id=second)
    third = {"person__name": "第三位", "person__phone": "13900007788"}
    world.take(second, "join", "zhouyining", MONDAY + 3 * HOUR, **third)
    assert (heads(world, first, MONDAY + 4 * HOUR), card(second).people_count) == (3, 2)
    assert any("第三位" in line.text for line in page(world, second).people)

    undo(world, second, CaseEvent.objects.get(case=second, step="join").seq)
    assert (heads(world, first, MONDAY + 5 * HOUR), card(second).people_count) == (2, 1)
    assert not any("第三位" in line.text for line in page(world, second, hours=6).people)
    assert all(not differs(matter) for matter in Matter.objects.all())
