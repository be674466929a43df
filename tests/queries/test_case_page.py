"""What the case page says, to whom, and at what cost."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kesu.access.sight.item import ItemKind, Lane
from kesu.access.sight.told_next import ToldNext
from kesu.commands.cases.add_note import add_note
from kesu.commands.cases.unmask_person import unmask_person
from kesu.commands.matters.join_matter import join_matter
from kesu.commands.people.begin_absence import begin_absence
from kesu.core.errors import Forbidden, NotFound
from kesu.queries.cases.case_page import case_page, changes_since
from tests.world import MONDAY, World

HOUR = timedelta(hours=1)
LATER = MONDAY + 6 * HOUR


def registered(here: World) -> UUID:
    """A complaint that the specialist took down, made known and registered."""
    case = here.register()
    here.take(case, "inform", "zhouyining", MONDAY + HOUR)
    here.take(case, "register", "zhouyining", MONDAY + 2 * HOUR, customer_type="业主", demand="修好")
    return case


def made_hot(here: World) -> UUID:
    case = registered(here)
    for number in ("13800001001", "13800001002"):
        here.take(case, "join", "zhouyining", MONDAY + 3 * HOUR, person__name="邻居", person__phone=number)
    return case


def test_it_shows_nothing_outside_the_scope(here: World) -> None:
    case = here.register()
    with pytest.raises(NotFound):
        case_page(actor=here.actor("zhaolang"), at=LATER, case_id=case)


def test_it_names_the_stage_and_the_way_that_was_gone(here: World) -> None:
    page = case_page(actor=here.actor("zhouyining"), at=LATER, case_id=registered(here))
    states = [(stage.name, stage.state) for stage in page.stages]
    assert states[:3] == [("已接报", "done"), ("已知会", "done"), ("已登记", "current")]
    assert page.stage == "已登记"
    assert [name for name, _ in states].count("结案") == 1
    assert "归档" not in [name for name, _ in states]


def test_it_gives_the_reason_of_the_level_with_its_clause(here: World) -> None:
    page = case_page(actor=here.actor("zhouyining"), at=LATER, case_id=made_hot(here))
    rise = page.moves[-1]
    assert (page.level.name, page.level.index, page.level.of) == ("热点", 3, 4)
    assert rise.is_rise
    assert [(value.name, value.value) for value in rise.values] == [("投诉人数", 3)]
    assert [clause.printed for clause in rise.clauses] == ["3.4.2"]
    assert rise.clauses[0].text


def test_it_says_what_would_raise_the_level_next(here: World) -> None:
    page = case_page(actor=here.actor("zhouyining"), at=LATER, case_id=made_hot(here))
    counted = [(raised.have, raised.want) for raised in page.raises if raised.want is not None]
    assert (3, 10) in counted
    first = case_page(actor=here.actor("zhouyining"), at=LATER, case_id=here.register(title="另一件")).raises
    assert [raised.level.index for raised in first] == sorted(raised.level.index for raised in first)
    assert len({raised.level.index for raised in first}) > 1


def test_it_offers_steps_to_those_who_may_take_them(here: World) -> None:
    case = registered(here)
    mine = {s.code for s in case_page(actor=here.actor("zhouyining"), at=LATER, case_id=case).steps if s.is_mine}
    his = {s.code for s in case_page(actor=here.actor("sunyan"), at=LATER, case_id=case).steps if s.is_mine}
    assert "classify" in mine
    assert "classify" not in his


def test_it_says_why_a_step_cannot_be_taken_and_where_the_missing_thing_is_supplied(here: World) -> None:
    case = here.register()
    here.take(case, "register", "zhouyining", MONDAY + HOUR, customer_type="业主", demand="修好")
    given = {"talk_note": "已沟通", "track": "抱怨类", "category": "客户服务"}
    here.take(case, "classify", "zhouyining", MONDAY + 2 * HOUR, **given)
    page = case_page(actor=here.actor("zhouyining"), at=LATER, case_id=case)
    explain = next(step for step in page.steps if step.code == "explain")
    assert explain.is_mine
    assert not explain.is_allowed
    assert {missing.step for refusal in explain.refusals for missing in refusal.missing} == {"log_talk", "assign"}
    assert all(refusal.clauses and refusal.says for refusal in explain.refusals)


def test_it_puts_the_most_urgent_obligation_first_and_unfolds_its_receipt(here: World) -> None:
    page = case_page(actor=here.actor("zhouyining"), at=MONDAY + HOUR / 2, case_id=here.register())
    first = page.obligations[0]
    assert first.is_open
    assert first.due_at == MONDAY + HOUR
    assert first.receipt is not None
    assert first.receipt.due_at == first.due_at
    assert first.owner == "周以宁"


def test_it_masks_people_for_everybody_and_names_for_those_without_the_right(here: World) -> None:
    case = here.register()
    from kesu.store.models import RoleGrant

    RoleGrant.objects.filter(role="project_dept", permission="case:personal:read").delete()
    full = case_page(actor=here.actor("zhouyining"), at=LATER, case_id=case)
    less = case_page(actor=here.actor("sunyan"), at=LATER, case_id=case)
    assert "苏女士 138****2016" in [person.text for person in full.people]
    assert "苏** 138****2016" in [person.text for person in less.people]
    assert not any("13800002016" in str(item) for item in (*full.timeline, *full.people))
    assert not any("苏女士" in str(item) for item in (*less.timeline, *less.people))
    assert full.room
    assert less.room == ""
    assert full.rights.unmask
    assert not less.rights.unmask


def test_it_writes_down_who_had_a_number_shown(here: World) -> None:
    case = here.register()
    person = next(p for p in case_page(actor=here.actor("heqing"), at=LATER, case_id=case).people if p.is_person)
    shown = unmask_person(actor=here.actor("heqing"), at=LATER, case_id=case, fact=person.fact, seq=person.seq)
    page = case_page(actor=here.actor("zhouyining"), at=LATER, case_id=case)
    assert shown.text == "苏女士 +8613800002016"
    viewed = [item for item in page.timeline if item.kind is ItemKind.VIEWED]
    assert [(item.who, item.name) for item in viewed] == [("何青", "投诉人")]


def test_it_shows_no_number_to_those_without_the_right_or_for_what_is_not_personal(here: World) -> None:
    case = here.register()
    from kesu.store.models import RoleGrant

    RoleGrant.objects.filter(role="project_dept", permission="case:personal:read").delete()
    with pytest.raises(Forbidden):
        unmask_person(actor=here.actor("sunyan"), at=LATER, case_id=case, fact="person", seq=1)
    with pytest.raises(NotFound):
        unmask_person(actor=here.actor("heqing"), at=LATER, case_id=case, fact="content", seq=1)


def test_it_keeps_the_timeline_in_the_order_of_time_and_files_it_by_lane(here: World) -> None:
    case = made_hot(here)
    add_note(actor=here.actor("heqing"), at=LATER, case_id=case, text="内部看法", visibility="internal")
    add_note(actor=here.actor("zhouyining"), at=LATER, case_id=case, text="您好", visibility="sent", is_interim=True)
    page = case_page(actor=here.actor("zhouyining"), at=LATER, case_id=case)
    instants = [item.at for item in page.timeline]
    assert instants == sorted(instants)
    talk = [item for item in page.timeline if item.is_in(Lane.TALK)]
    inside = [item for item in page.timeline if item.is_in(Lane.INTERNAL)]
    change = [item for item in page.timeline if item.is_in(Lane.CHANGE)]
    assert "您好" in [item.text for item in talk]
    assert "内部看法" not in [item.text for item in talk]
    assert [item.text for item in inside] == ["内部看法"]
    assert ItemKind.LEVEL in [item.kind for item in change]


def test_it_names_what_was_signed_and_what_was_late_in_the_words_of_the_policy(here: World) -> None:
    case = here.planned()
    late = MONDAY + timedelta(days=4)
    here.take(case, "sign_joint_review", "chenmuzhi", late, verdict="退回", opinion="没有写型号")
    page = case_page(actor=here.actor("heqing"), at=late, case_id=case)
    signed = [(item.who, item.name, item.verdict) for item in page.timeline if item.kind is ItemKind.SIGNED]
    escalated = {item.name for item in page.timeline if item.kind is ItemKind.ESCALATION}
    assert signed == [("陈牧之", "联合审核", "refused")]
    assert "联合审核" in escalated
    assert "没有写型号" not in [fact.line.text for fact in page.facts]


def test_it_shows_other_cases_of_the_matter_only_within_the_scope(here: World) -> None:
    first, second = here.register(), here.register(title="同样渗水", person__phone="13800003333")
    elsewhere = here.register("zhaolang", unit="wangting")
    join_matter(actor=here.actor("zhouyining"), at=LATER, case_id=first, other_id=second)
    page = case_page(actor=here.actor("zhouyining"), at=LATER, case_id=first)
    assert [member.id for member in page.matter.members] == [second]
    assert page.matter.hidden == 0
    with pytest.raises(NotFound):
        join_matter(actor=here.actor("zhouyining"), at=LATER, case_id=first, other_id=elsewhere)


def test_it_tells_what_others_did_since(here: World) -> None:
    case = here.register()
    from kesu.store.models import Case

    seen = Case.objects.get(pk=case).version
    here.take(case, "inform", "zhouyining", MONDAY + HOUR)
    changes = changes_since(actor=here.actor("heqing"), at=LATER, case_id=case, version=seen)
    assert next((change.who, change.what) for change in changes) == ("周以宁", "知会专管员")


def test_it_asks_the_database_as_often_for_a_long_story_as_for_a_short_one(here: World) -> None:
    case = registered(here)
    actor = here.actor("zhouyining")
    case_page(actor=actor, at=LATER, case_id=case)
    with CaptureQueriesContext(connection) as short:
        case_page(actor=actor, at=LATER, case_id=case)
    for index in range(8):
        at = MONDAY + 3 * HOUR + timedelta(minutes=index)
        here.take(case, "join", "zhouyining", at, person__name=f"邻居{index}", person__phone=f"1380000200{index}")
        add_note(actor=actor, at=at, case_id=case, text="一条", visibility="internal")
    with CaptureQueriesContext(connection) as long:
        case_page(actor=actor, at=LATER, case_id=case)
    assert len(long) == len(short)
    assert len(long) <= 20


def test_it_names_who_is_told_next_of_what_is_owed_and_deputies_of_the_absent(here: World) -> None:
    case = registered(here)
    for number in ("13800001001", "13800001002"):
        here.take(case, "join", "zhouyining", MONDAY + 3 * HOUR, person__name="邻居", person__phone=number)

    def told() -> tuple[ToldNext, ...]:
        page = case_page(actor=here.actor("zhouyining"), at=MONDAY + 3 * HOUR, case_id=case)
        return next(line.told_next for line in page.obligations if line.is_open and line.name == "上报领导")

    *reminders, last = told()
    assert [one.is_reminder for one in reminders] == [True, True]
    assert {name for one in reminders for name in one.names} == {"何青", "林声"}
    assert (last.is_reminder, set(last.names)) == (False, {"林声", "顾岚"})
    assert [one.at for one in (*reminders, last)] == sorted(one.at for one in (*reminders, last))
    begin_absence(
        actor=here.actor("linsheng"),
        at=MONDAY,
        on=MONDAY.date(),
        account_id=here.people["linsheng"],
        deputy_id=here.people["duheng"],
        first=MONDAY.date(),
        last=MONDAY.date() + timedelta(days=3),
    )
    assert set(told()[-1].names) == {"杜蘅", "顾岚"}
