"""What is put forward for a case from others that are like it, and from whom it is learned."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from kesu.access.likeness import AlikeCase, Described, LikelyValue, likely_values, same_place
from kesu.access.permissions import Permission
from kesu.commands.cases.register_case import register_case
from kesu.commands.cases.take_back import take_back
from kesu.commands.matters.join_matter import join_matter
from kesu.commands.matters.part_case import part_case
from kesu.commands.matters.set_aside import set_aside
from kesu.core.errors import Forbidden, NotFound, Unacceptable
from kesu.queries.cases.preview import Preview, preview_opening
from kesu.queries.matters.alike import alike_to
from kesu.store.models import Case, CaseEvent, MatterMember, MatterSetAside, Unit
from tests.commands.test_overlays import adopt
from tests.own_packs import changed
from tests.world import COMPLAINT, MONDAY, World, pack, said

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LEAK = {"title": "飘窗渗水", "content": "主卧飘窗一下雨就渗水，窗台泡坏了"}
LIFT = {"title": "电梯困人", "content": "二单元电梯昨晚又困人，物业没有来"}
NEIGHBOUR = {"room": "3栋2单元502", "person__name": "白先生", "person__phone": "13800003187"}
FAR = {"room": "9-1-101", "person__name": "高女士", "person__phone": "13800004410"}


def values(world: World, login: str, text: str) -> tuple[LikelyValue, ...]:
    fact = pack("p10").kinds["complaint"].facts["category"]
    unit = Unit.objects.get(pk=world.units["qingtang"])
    about = Described(text, unit, "complaint", "p10", MONDAY + DAY)
    return likely_values(world.actor(login), about, [fact])["category"]


def alike(world: World, case_id: UUID, login: str = "zhouyining") -> tuple[AlikeCase, ...]:
    return alike_to(actor=world.actor(login), case_id=case_id)


def typed(world: World, login: str = "zhouyining", **given: str) -> Preview:
    at = MONDAY + DAY
    return preview_opening(
        actor=world.actor(login),
        at=at,
        happened_at=at,
        unit_id=world.units["qingtang"],
        kind="complaint",
        given=said(**COMPLAINT | given),
    )


def test_it_puts_forward_what_cases_in_like_words_were_found_to_be_and_says_why(here: World) -> None:
    leak = here.triaged(**LEAK)
    lift = here.triaged(MONDAY + HOUR, **LIFT, **NEIGHBOUR)
    here.take(lift, "state_facts", "zhouyining", MONDAY + 2 * HOUR, category="物业管理")
    here.register(at=MONDAY + HOUR, **LEAK)  # nobody has said yet what it is

    first, second = values(here, "zhouyining", "书房飘窗渗水\n下雨天飘窗又渗水，电梯也旧了")

    assert (first.value, first.count, first.case_id) == ("工程质量", 1, leak)
    assert first.number == Case.objects.get(pk=leak).number
    assert "飘窗渗水" in first.words
    assert (second.value, second.case_id) == ("物业管理", lift)


def test_a_category_that_was_taken_back_teaches_nothing(here: World) -> None:
    row = '{undo: [{by: author, within: {param: own_undo}, clause: "2.1"}]}, clause: "2.1"}'
    policy = changed("merging", "complaint.yaml", ("steps:\n", f"steps:\n  classify: {{add: {row}\n"))
    adopt(here, policy, at=MONDAY - DAY)
    leak = here.triaged(**LEAK)
    assert values(here, "zhouyining", LEAK["content"])

    seq = CaseEvent.objects.get(case=leak, step="classify").seq
    take_back(actor=here.actor("zhouyining"), at=MONDAY + HOUR, case_id=leak, seq=seq, reason="看错了")

    assert values(here, "zhouyining", LEAK["content"]) == ()


def test_it_learns_nothing_from_cases_out_of_sight(here: World) -> None:
    here.triaged(**LEAK)

    assert values(here, "zhouyining", LEAK["content"])
    assert values(here, "zhaolang", LEAK["content"]) == ()


def test_days_are_told_by_dates_and_not_by_hours(here: World) -> None:
    evening, morning = MONDAY + 8 * HOUR, MONDAY + 23 * HOUR  # 17:30, and 08:30 of the next day
    own = here.register(at=morning, **LEAK)
    here.register(at=evening, **LEAK, **NEIGHBOUR | {"room": "3-1-1702"})
    here.register(at=MONDAY + 24 * HOUR, **LEAK, **FAR)

    assert sorted(one.days for one in alike(here, own)) == [0, 1]


def test_it_puts_forward_cases_of_the_same_room_building_or_words_each_with_its_reasons(here: World) -> None:
    own = here.register(**LEAK)
    same_room = here.register(at=MONDAY + DAY, **LIFT | NEIGHBOUR | {"room": "3栋1单元1702"})
    like_words = here.register(at=MONDAY + 2 * DAY, **LEAK | FAR)
    building = here.register(at=MONDAY + HOUR, **NEIGHBOUR, title="飘窗漏雨", content="次卧飘窗渗水")
    here.register(at=MONDAY + HOUR, **LIFT | FAR)

    found = {one.id: one for one in alike(here, own)}

    assert found.keys() == {same_room, like_words, building}
    assert (found[same_room].place, found[same_room].days, found[same_room].words) == ("room", 1, ())
    assert (found[like_words].place, found[like_words].days) == ("", 2)
    assert "飘窗渗水" in found[like_words].words
    assert found[building].place == "building"


def test_it_looks_no_further_than_the_policy_says(here: World) -> None:
    old, own = here.register(**LEAK), here.register(at=MONDAY + 30 * DAY, **LEAK)
    later = here.register(at=MONDAY + 31 * DAY, **LEAK)

    assert [one.id for one in alike(here, own)] == [later, old]
    assert [one.id for one in alike(here, later)] == [own]


def test_what_was_set_aside_or_joined_is_not_put_forward_again(here: World) -> None:
    own, second = here.register(**LEAK), here.register(at=MONDAY + HOUR, **LEAK | NEIGHBOUR)
    third = here.register(at=MONDAY + 2 * HOUR, **LEAK | FAR)
    actor, at = here.actor("zhouyining"), MONDAY + 3 * HOUR

    for _ in range(2):
        set_aside(actor=actor, at=at, case_id=second, other_id=own)
    assert [one.id for one in alike(here, own)] == [third]
    assert [one.id for one in alike(here, second)] == [third]

    join_matter(actor=actor, at=at, case_id=own, other_id=third)
    assert alike(here, own) == ()
    assert MatterSetAside.objects.count() == 1

    part_case(actor=actor, at=at + HOUR, case_id=third, reason="看错了")
    assert [one.id for one in alike(here, own)] == [third]


def test_nobody_sets_aside_what_he_does_not_see_or_may_not_join(here: World) -> None:
    own, other = here.register("wutong", **LEAK), here.register("wutong", at=MONDAY + HOUR, **LEAK)

    with pytest.raises(NotFound):
        set_aside(actor=here.actor("zhaolang"), at=MONDAY, case_id=own, other_id=other)
    with pytest.raises(NotFound):
        set_aside(actor=here.actor("zhouyining"), at=MONDAY, case_id=own, other_id=own)
    with pytest.raises(Forbidden):
        set_aside(actor=here.actor("wutong"), at=MONDAY, case_id=own, other_id=other)


def test_a_room_says_nothing_to_whoever_may_not_read_it(here: World) -> None:
    own = here.register(**LEAK)
    here.register(at=MONDAY + HOUR, **LIFT)  # the same room and person, about something else
    in_words = here.register(at=MONDAY + HOUR, **LEAK | FAR)
    clerk = here.actor("zhouyining")
    hidden = frozenset({Permission.PERSONAL_READ.value})
    masked = replace(clerk, posts=tuple(replace(post, permissions=post.permissions - hidden) for post in clerk.posts))

    (found,) = alike_to(actor=masked, case_id=own)

    assert (found.id, found.place, found.is_same_person) == (in_words, "", False)


def register(world: World, same_as: UUID | None, login: str = "zhouyining") -> UUID:
    at: datetime = MONDAY + DAY
    promised = {"promised_feedback_at": (at + DAY).isoformat()}
    return register_case(
        actor=world.actor(login),
        at=at,
        happened_at=at,
        unit_id=world.units["qingtang"],
        kind="complaint",
        given=said(**COMPLAINT | LEAK | NEIGHBOUR | promised),
        uploads=(),
        token="once",
        same_as=same_as,
    )


def test_a_report_is_registered_into_the_matter_that_was_chosen(here: World) -> None:
    first = here.register(**LEAK)
    assert [one.id for one in typed(here, **LEAK).same] == [first]
    assert typed(here, **LEAK).may_join

    case = register(here, first)

    assert MatterMember.objects.get(case=case).matter_id == MatterMember.objects.get(case=first).matter_id


def test_nothing_is_registered_where_the_chosen_case_cannot_be_joined(here: World) -> None:
    own, of_others = here.register(**LEAK), here.register("zhaolang", unit="wangting")

    for chosen, login in ((of_others, "zhouyining"), (UUID(int=own.int + 1), "zhouyining"), (own, "wutong")):
        with pytest.raises(Unacceptable):
            register(here, chosen, login)

    assert Case.objects.count() == 2
    assert not MatterMember.objects.exists()


@pytest.mark.parametrize(
    ("one", "other", "place"),
    [
        ("3-1-1702", "3 栋 1 单元 1702 室", "room"),
        ("3栋1702", "3栋1单元1702", "room"),
        ("1702", "1702", "room"),
        ("3-1-1702", "3栋2单元502", "building"),
        ("3栋", "3-1-1702", "building"),
        ("3栋", "3 栋", "building"),
        ("3-1-1702", "5-1-1702", ""),
        ("1702", "3-1702", ""),
        ("", "3-1702", ""),
    ],
)
def test_addresses_are_compared_however_they_are_written(one: str, other: str, place: str) -> None:
    assert same_place(one, other) == place
