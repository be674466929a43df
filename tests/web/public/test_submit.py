"""A customer on his phone: submits, gets a number and a promise, follows, writes, withdraws."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kesu.core import clock
from kesu.store.models import Case, Note, StoredFile
from tests import desk
from tests.access.sample import picture
from tests.commands.test_overlays import adopt

pytestmark = pytest.mark.django_db
ANSWERS = {
    "title": "外墙渗水",
    "content": "客厅东墙发霉",
    "person.name": "苏女士",
    "person.phone": "13800002016",
    "room": "3-1-1702",
}


@pytest.fixture
def form() -> str:
    world, _ = desk.opened()
    return f"/submit/{world.units['qingtang']}/complaint"


def token_of(page: str) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    assert found
    return found[1]


def submitted(form: str, **changes: object) -> tuple[Client, str]:
    """The customer's browser and the address of his result."""
    client = Client()
    token = token_of(client.get(form).content.decode())
    answer = client.post(form, {**ANSWERS, "form_token": token, **changes})
    assert answer.status_code == 302, answer.content.decode()
    return client, answer.headers["Location"]


def test_it_asks_for_the_place_first_and_then_for_what() -> None:
    world, _ = desk.opened()
    client = Client()

    places = client.get("/submit").content.decode()
    kinds = client.get(f"/submit?place={world.units['qingtang'].hex}").content.decode()

    assert "青棠湾一期" in places
    assert "东部工程部" not in places
    assert f"/submit/{world.units['qingtang']}/complaint" in kinds
    assert f"/submit/{world.units['qingtang']}/suggestion" in kinds
    assert "whistle_report" not in kinds


def test_it_draws_the_form_from_the_policy_without_what_the_program_knows_itself(form: str) -> None:
    page = Client().get(form).content.decode()

    assert 'name="content"' in page
    assert 'name="photos"' in page
    assert 'name="channel"' not in page


def test_it_gives_a_number_and_the_promise_of_the_policy(form: str) -> None:
    client, address = submitted(form)

    page = client.get(address).content.decode()

    assert Case.objects.get().number in page
    assert re.search(r"客服专管员最迟[^<]*\d\d:\d\d 知悉并跟进", page)


def test_it_keeps_photographs(form: str) -> None:
    submitted(form, photos=[SimpleUploadedFile("墙.jpg", picture()), SimpleUploadedFile("窗.jpg", picture())])

    assert StoredFile.objects.count() == 2


def test_it_makes_one_case_of_a_form_that_is_sent_twice(form: str) -> None:
    client = Client()
    sent = {**ANSWERS, "form_token": token_of(client.get(form).content.decode())}
    first = client.post(form, sent)

    again = client.post(form, sent)

    assert Case.objects.count() == 1
    assert again["Location"] == first["Location"]
    assert Case.objects.get().number in client.get(again["Location"]).content.decode()


def test_it_keeps_what_was_typed_and_says_what_is_missing(form: str) -> None:
    answer = Client().post(form, {**ANSWERS, "content": "", "form_token": "t" * 32})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "还没有填内容" in page
    assert 'value="苏女士"' in page
    assert Case.objects.count() == 0


def test_it_takes_a_refused_form_once_more_with_the_same_token(form: str) -> None:
    client = Client()
    refused = client.post(form, {**ANSWERS, "content": "", "form_token": "t" * 32}).content.decode()

    answer = client.post(form, {**ANSWERS, "form_token": token_of(refused)})

    assert answer.status_code == 302


def test_it_opens_no_place_that_is_not_public() -> None:
    world, _ = desk.opened()

    assert Client().get(f"/submit/{world.units['east_co']}/complaint").status_code == 404
    assert Client().get(f"/submit/{world.units['qingtang']}/whistle_report").status_code == 404


def test_it_follows_in_plain_words(form: str) -> None:
    client, address = submitted(form)

    page = client.get(address.replace("/submitted/", "/follow/")).content.decode()

    assert "已收到" in page
    assert "已接报" not in page
    assert "§" not in page
    assert "我们给您的消息" in page


def test_it_brings_words_both_ways(form: str) -> None:
    from kesu.commands.cases.add_note import add_note

    client, address = submitted(form)
    follow = address.replace("/submitted/", "/follow/")
    case = Case.objects.get()
    actor = desk.actor("zhouyining")
    add_note(actor=actor, at=clock.now(), case_id=case.pk, text="明天上午上门查看", visibility="sent")
    add_note(actor=actor, at=clock.now(), case_id=case.pk, text="疑似防水层老化", visibility="internal")

    answer = client.post(f"{follow}/words", {"text": "请打电话再来"}, follow=True)

    page = answer.content.decode()
    assert "明天上午上门查看" in page
    assert "请打电话再来" in page
    assert "疑似防水层老化" not in page


def test_it_takes_only_the_steps_that_the_policy_leaves_to_the_customer(form: str) -> None:
    client, address = submitted(form)
    follow = address.replace("/submitted/", "/follow/")

    assert client.get(f"{follow}/steps/register").status_code == 404
    assert client.post(f"{follow}/steps/withdraw", {"withdraw_reason": ""}).status_code == 422
    asked = client.post(f"{follow}/steps/withdraw", {"withdraw_reason": "已经修好"})
    assert asked.status_code == 422
    assert 'value="已经修好"' in asked.content.decode()
    assert "请先勾选确认" in asked.content.decode()
    done = client.post(f"{follow}/steps/withdraw", {"withdraw_reason": "已经修好", "confirmed": "yes"}, follow=True)

    assert "已撤回" in done.content.decode()
    assert client.get(f"{follow}/steps/withdraw").headers["Location"] == follow


def test_it_names_the_date_of_an_answer_that_the_policy_makes_due_to_the_customer(form: str) -> None:
    client, address = submitted(form)
    follow = address.replace("/submitted/", "/follow/")
    case_id = Case.objects.get().pk
    for step, login, given in desk.TO_PLAN:
        desk.take(case_id, step, login, **given)

    page = client.get(follow).content.decode()

    assert "正在拟定方案" in page
    assert re.search(r"最迟 \S+( 周.)? \d\d:\d\d 给您方案答复", page)


def test_it_names_who_has_it_in_hand_and_the_day_that_was_promised_since(form: str) -> None:
    client, address = submitted(form)
    follow = address.replace("/submitted/", "/follow/")
    case = Case.objects.get()
    desk.take(case.pk, *desk.TO_PLAN[0][:2], **desk.TO_PLAN[0][2])
    staff, page = desk.client_of("zhouyining"), f"/cases/{case.pk}"
    today = (clock.now() + timedelta(hours=8)).date()
    said = {"text": "请您放心，我们在核对，再见", "told_of": "", "answer_by": str(today - timedelta(days=3))}

    early = staff.post(f"{page}/messages", said)
    kept = staff.post(f"{page}/messages", {**said, "answer_by": str(today + timedelta(days=3))})

    assert (early.status_code, kept.status_code) == (422, 302), kept.content.decode()
    told = client.get(follow).content.decode()
    assert "办理人：周以宁" in told
    assert f"我们说好 {today + timedelta(days=3):%m-%d} 前给您答复" in told
    assert "前答复" in staff.get(page).content.decode()
    Note.objects.filter(answer_by__isnull=False).update(answer_by=today - timedelta(days=1))
    assert "又过了" in client.get(follow).content.decode()


def test_somebody_submits_for_another_and_both_are_kept_apart() -> None:
    world, now = desk.opened()
    adopt(world, "groups", at=now - timedelta(days=20))
    form = f"/submit/{world.units['qingtang']}/complaint"
    page = Client().get(form).content.decode()
    assert "我是替别人投诉的" in page
    assert page.count("您的姓名") == 1, "the one who speaks is asked by his own name"
    agent = {"agent.name": "苏小妹", "agent.phone": "13800002017"}
    without = Client().post(form, {**ANSWERS, **agent, "form_token": token_of(page)})
    assert without.status_code == 422
    assert "写明两人的关系" in without.content.decode()

    submitted(form, **agent, agent_relation="家属")

    case = Case.objects.get()
    assert (case.card.person_name, case.card.people_count) == ("苏女士", 1)
    told = desk.client_of("zhouyining").get(f"/cases/{case.pk}").content.decode()
    assert "苏小妹" in told
    assert "家属" in told


@pytest.mark.parametrize("path", ["", "/words", "/steps/withdraw"])
def test_it_answers_an_unknown_link_with_404(path: str) -> None:
    send = Client().post if path == "/words" else Client().get

    assert send(f"/follow/{'0' * 32}{path}", {"text": "x"}).status_code == 404


def test_it_is_never_kept_and_never_indexed(form: str) -> None:
    client, address = submitted(form)

    for one in (form, address, address.replace("/submitted/", "/follow/")):
        headers = client.get(one).headers
        assert headers["Cache-Control"] == "private, no-store"
        assert "noindex" in headers["X-Robots-Tag"]
        assert headers["Referrer-Policy"] == "same-origin"


def test_it_draws_another_policy_by_itself() -> None:
    world, _ = desk.opened()
    form = f"/submit/{world.units['qingtang']}/suggestion"
    client = Client()
    token = token_of(client.get(form).content.decode())

    said = {"topic": "增设充电位", "content": "插座太少", "person.name": "翁女士", "person.phone": "13800030001"}
    answer = client.post(form, {**said, "form_token": token}, follow=True)

    assert "您的建议已收到" in answer.content.decode()
