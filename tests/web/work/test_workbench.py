"""工作台 and 审批: what is owed, by urgency, with one action each; fresh without being loaded anew."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from kesu.core import clock
from kesu.store.models import Account, Case
from kesu.web import when
from tests import desk

pytestmark = pytest.mark.django_db


def test_it_shows_an_overdue_obligation_with_its_clause_and_the_step_that_meets_it() -> None:
    world, now = desk.opened()
    case_id = world.register("wutong", at=now - timedelta(days=2), promised_feedback_at=desk.PROMISED)

    page = desk.client_of("wutong").get("/work").content.decode()

    assert "已超时 1" in page
    assert "知会客服专管员" in page
    assert "§1.2" in page
    assert f'href="/cases/{case_id}/steps/inform"' in page


def test_it_shows_nothing_of_what_others_owe() -> None:
    world, now = desk.opened()
    world.register("wutong", at=now - timedelta(days=2), promised_feedback_at=desk.PROMISED)

    page = desk.client_of("zhaolang").get("/work").content.decode()

    assert "没有等您办的义务" in page
    assert "知会客服专管员" not in page


def test_it_shows_a_level_that_rose_today_and_why() -> None:
    world, now = desk.opened()
    case_id = world.register("wutong", at=now - timedelta(hours=3), promised_feedback_at=desk.PROMISED)
    for i in range(2):
        desk.take(case_id, "join", "zhouyining", person__name=f"邻居{i}", person__phone=f"1380000300{i}")

    page = desk.client_of("zhouyining").get("/work").content.decode()

    assert "3 人以上集体投诉" in page
    assert re.search(r"一般.*变为.*热点", page, re.DOTALL)


def test_it_says_what_time_will_do_next() -> None:
    world, now = desk.opened()
    world.register("wutong", at=now, promised_feedback_at=desk.PROMISED)

    page = desk.client_of("wutong").get("/work").content.decode()

    assert "“知会客服专管员”超时，通知客户服务部经理" in page


def test_it_answers_304_until_something_changes() -> None:
    world, now = desk.opened()
    client = desk.client_of("zhouyining")
    tag = client.get("/work/live").headers["ETag"]

    same = client.get("/work/live", headers={"If-None-Match": tag})
    world.submit(at=now, person__phone="13800009999")
    changed = client.get("/work/live", headers={"If-None-Match": tag})

    assert same.status_code == 304
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


def test_it_gives_the_live_part_exactly_as_it_stands_in_the_page() -> None:
    world, now = desk.opened()
    world.register("wutong", at=now - timedelta(days=2), promised_feedback_at=desk.PROMISED)
    client = desk.client_of("wutong")

    for page, part in (("/work", "/work/live"), ("/approvals", "/approvals/live")):
        fragment = client.get(part).content.decode().strip()
        assert fragment in client.get(page).content.decode() or clock.now().second < 2


def test_it_tells_a_poll_without_a_session_to_stop() -> None:
    client = desk.Client()

    assert client.get("/work/live", headers={"X-Kesu-Poll": "1"}).status_code == 401
    assert client.get("/work/live").status_code == 302


def test_it_lists_a_signature_that_waits_and_counts_it_in_the_rail() -> None:
    world, now = desk.opened()
    case_id = world.submit(at=now, person__phone="13800003187").case_id
    for step, login, given in desk.TO_PLAN[:3]:
        desk.take(case_id, step, login, **given)
    desk.take(case_id, "state_facts", "zhouyining", may_escalate="是", escalate_reason="业主说要找记者")
    team = "@cs_dept:heqing|@regional_dept:chenmuzhi|@cs_specialist:zhouyining"
    desk.take(case_id, "form_team", "heqing", team=team)
    for step, login, given in desk.TO_PLAN[4:]:
        desk.take(case_id, step, login, **given)

    page = desk.client_of("chenmuzhi").get("/approvals").content.decode()

    assert Case.objects.get().number in page
    assert "联合审核" in page
    assert f'href="/cases/{case_id}/steps/sign_joint_review"' in page
    assert re.search(r'审批<span class="n">1<', page)
    assert "没有等您签的审批" in desk.client_of("gulan").get("/approvals").content.decode()


def test_it_shows_strangers_the_way_in_and_staff_their_work() -> None:
    desk.opened()

    assert "反映问题" in desk.Client().get("/").content.decode()
    assert desk.client_of("zhouyining").get("/").headers["Location"] == "/work"


def test_it_says_that_one_is_away_and_who_stands_in() -> None:
    _world, now = desk.opened()
    away, there = desk.client_of("linsheng"), desk.client_of("heqing")
    ahead = [(when.local(now).date() + timedelta(days=days)).isoformat() for days in (0, 3)]
    assert "您请假" not in away.get("/work").content.decode()

    sent = {"first": ahead[0], "last": ahead[1], "deputy": desk.actor("heqing").account_id.hex}
    desk.client_of("admin").post(f"/people/{desk.actor('linsheng').account_id}", sent)

    page = away.get("/work").content.decode()
    assert f"您请假到 {ahead[1]}，岗位、待办和通知由 何青 代理" in page
    assert f'href="/people/{desk.actor("linsheng").account_id}"' in page
    assert "您请假" not in there.get("/work").content.decode()


def test_it_says_through_whom_one_is_reached_where_the_deputy_is_away_too_or_gone() -> None:
    _world, now = desk.opened()
    day = when.local(now).date().isoformat()
    admin = desk.client_of("admin")
    for who, deputy in (("linsheng", "heqing"), ("heqing", "sunyan")):
        sent = {"first": day, "last": day, "deputy": desk.actor(deputy).account_id.hex}
        admin.post(f"/people/{desk.actor(who).account_id}", sent)
    assert "由 孙砚 代理" in desk.client_of("linsheng").get("/work").content.decode()

    Account.objects.filter(login="sunyan").update(is_active=False)
    assert "没有人代理，待办仍由您承办" in desk.client_of("linsheng").get("/work").content.decode()


def test_it_says_what_comes_first_where_what_is_owed_belongs_to_a_later_stage() -> None:
    world, now = desk.opened()
    case_id = world.register("zhouyining", at=now - timedelta(days=1), promised_feedback_at=desk.PROMISED)
    for step, login, given in desk.TO_PLAN[:3]:
        desk.take(case_id, step, login, **given)

    owed = desk.client_of("chenmuzhi").get("/work").content.decode()
    early = desk.client_of("zhouyining").get(f"/cases/{case_id}/steps/send_plan").content.decode()

    assert "等别人先办“组成小组”" in owed
    assert f'href="/cases/{case_id}/steps/give_opinion"' not in owed
    assert f'<a href="/cases/{case_id}/steps/form_team">先办“组成小组”</a>' in early
