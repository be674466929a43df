"""What would follow, while somebody is typing. Nothing is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kesu.access.cases import sees
from kesu.access.permissions import Permission
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.core.errors import Forbidden, NotFound
from kesu.queries.cases.preview import preview_opening, preview_step
from kesu.store.models import Case, CaseEvent
from tests.linked_policies import RECTIFICATION, linked
from tests.world import COMPLAINT, MONDAY, World, calendar, said

HOUR = timedelta(hours=1)
SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}


def test_it_shows_the_level_that_a_fact_would_bring_and_why(here: World) -> None:
    case = here.register()
    before = CaseEvent.objects.count()
    found = preview_step(
        actor=here.actor("zhouyining"),
        at=MONDAY + HOUR,
        case_id=case,
        step="state_facts",
        given=said(media_exposed="是"),
    )
    assert found.is_change
    assert found.level.name == "重大"
    assert found.move is not None
    assert [clause.printed for clause in found.move.clauses] == ["3.4.1"]
    assert "report_up" in [line.key.partition("@")[0] for line in found.starts]
    assert CaseEvent.objects.count() == before


def test_it_lists_what_is_missing_for_an_opening_and_what_would_start(here: World) -> None:
    found = preview_opening(
        actor=here.actor("zhouyining"),
        at=MONDAY,
        happened_at=MONDAY,
        unit_id=here.units["qingtang"],
        kind="complaint",
        given=said(channel="电话"),
    )
    assert {missing.fact for refusal in found.refusals for missing in refusal.missing} == {"person", "title", "content"}
    assert [(line.name, line.due_at) for line in found.starts] == [("知会客服专管员", MONDAY + HOUR)]
    assert Case.objects.count() == 0


def test_it_reads_a_half_typed_form_as_far_as_it_can(here: World) -> None:
    case = here.register()
    found = preview_step(
        actor=here.actor("zhouyining"),
        at=MONDAY + HOUR,
        case_id=case,
        step="state_facts",
        given=said(media_exposed="也许", litigation_started="是"),
    )
    assert found.unreadable == ("media_exposed",)
    assert found.level.name == "重大"


def test_it_points_at_earlier_cases_of_the_same_room(here: World) -> None:
    case = here.register()
    found = preview_opening(
        actor=here.actor("zhouyining"),
        at=MONDAY + HOUR,
        happened_at=MONDAY + HOUR,
        unit_id=here.units["qingtang"],
        kind="complaint",
        given=said(**COMPLAINT),
    )
    assert [one.id for one in found.same] == [case]


def test_it_previews_for_whoever_answers_the_telephone_without_showing_earlier_cases(here: World) -> None:
    here.register()
    found = preview_opening(
        actor=here.actor("wutong"),
        at=MONDAY + HOUR,
        happened_at=MONDAY + HOUR,
        unit_id=here.units["qingtang"],
        kind="complaint",
        given=said(**COMPLAINT),
    )
    assert found.starts
    assert found.same == ()


def test_it_points_at_no_earlier_case_of_somebody_whose_name_and_room_are_masked(here: World) -> None:
    case = here.register()
    clerk = here.actor("zhouyining")
    hidden = frozenset({Permission.PERSONAL_READ.value})
    masked = replace(clerk, posts=tuple(replace(post, permissions=post.permissions - hidden) for post in clerk.posts))
    assert sees(masked, case)
    found = preview_opening(
        actor=masked,
        at=MONDAY + HOUR,
        happened_at=MONDAY + HOUR,
        unit_id=here.units["qingtang"],
        kind="complaint",
        given=said(**COMPLAINT | {"title": "电梯困人", "content": "昨晚困了一小时"}),
    )
    assert found.same == ()


def test_it_previews_nothing_where_the_actor_may_register_nothing(here: World) -> None:
    def preview(login: str, unit: str) -> None:
        preview_opening(
            actor=here.actor(login), at=MONDAY, happened_at=MONDAY, unit_id=here.units[unit], kind="complaint", given={}
        )

    with pytest.raises(NotFound):
        preview("zhouyining", "wangting")
    with pytest.raises((Forbidden, NotFound)):
        preview("admin", "qingtang")


ABOUT_STAFF = (
    RECTIFICATION.replace("cs_specialist", "cs_manager")
    .replace("facts:\n", "facts:\n  accused: {name: 谁没有封堵, type: group, clause: D1c}\n")
    .replace("may: [person,", "may: [accused, person,")
    .replace(
        "steps:\n", "separations:\n  own: {of: accused, apart: [opener], says: 不写自己, clause: D1c}\nsteps:\n", 1
    )
)


def test_it_says_while_typing_that_nobody_opens_a_case_for_himself(here: World) -> None:
    unit, pack = here.units["qingtang"], linked(kind=ABOUT_STAFF)
    adopt_pack(actor=None, at=MONDAY, unit_id=unit, pack=pack, calendar=calendar(), signatures=SIGNED)

    def told(login: str) -> list[str]:
        found = preview_opening(
            actor=here.actor("linsheng"),
            at=MONDAY + HOUR,
            happened_at=MONDAY + HOUR,
            unit_id=unit,
            kind="rectification",
            given=said(source="巡检", topic="管井没有封堵", accused=here.member("cs_manager", login)),
        )
        return [line.says for line in found.refusals]

    assert told("linsheng") == ["不写自己"]
    assert told("baiting") == []
