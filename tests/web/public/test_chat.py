"""在线咨询: the first message opens a case, then words go both ways."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from kesu.access.cases import desk_link
from kesu.casefile.books import kind_of
from kesu.commands.cases.add_note import add_note
from kesu.core import clock
from kesu.core.errors import NotNow
from kesu.store.models import Case
from tests import desk
from tests.world import World

pytestmark = pytest.mark.django_db
FIRST = {
    "person.name": "苏女士",
    "person.phone": "13800002016",
    "content": "你好，客厅东墙发霉了！下雨就渗，什么时候能来看？",
    "form_token": "chat-1",
}


def started(world: World, client: Client, **said: str) -> Any:
    return client.post(f"/chat/{world.units['qingtang']}/complaint", {**FIRST, **said})


def answered(case: Case, text: str, *, is_interim: bool = False) -> None:
    add_note(
        actor=desk.actor("zhouyining"), at=clock.now(), case_id=case.pk, text=text, visibility="sent",
        is_interim=is_interim,
    )  # fmt: skip


def test_the_first_message_opens_a_case_and_words_go_both_ways() -> None:
    world, _now = desk.opened()
    client = Client()
    form = client.get(f"/chat/{world.units['qingtang']}/complaint").content.decode()
    assert 'name="title"' not in form, "a message has no title"

    sent, again = started(world, client), started(world, client)

    case = Case.objects.get()
    assert sent.status_code == again.status_code == 302
    assert sent["Location"] == again["Location"], "sent twice, opened once"
    assert (case.channel, case.card.title) == ("portal", "你好，客厅东墙发霉了")
    talk = client.get(sent["Location"]).content.decode()
    assert FIRST["content"] in talk
    assert case.number in talk
    address = re.search(r'data-again="([^"]+)"', talk)
    assert address is not None
    quiet = client.get(address[1])
    assert client.get(address[1], headers={"If-None-Match": quiet["ETag"]}).status_code == 304

    answered(case, "您好，明天上午到。")
    written = client.post(f"{sent['Location']}/words", {"text": "好的<b>谢谢</b>", "form_token": "w-1"})

    live = client.get(address[1], headers={"If-None-Match": quiet["ETag"]})
    assert (live.status_code, written.status_code) == (200, 302)
    told = live.content.decode()
    assert told.index(FIRST["content"]) < told.index("明天上午到") < told.index("好的&lt;b&gt;谢谢")
    page = desk.client_of("zhouyining").get(f"/cases/{case.pk}").content.decode()
    assert "好的&lt;b&gt;谢谢" in page, "who answers sees it where he answers"
    follow = client.get(f"/follow/{sent['Location'].rpartition('/')[2]}").content.decode()
    assert "明天上午到" in follow, "the same case as behind every other link"


def test_the_reply_is_locked_here_as_everywhere() -> None:
    world, now = desk.opened()
    case = Case.objects.get(pk=world.planned(now - timedelta(hours=2)))
    secret = desk_link(case, kind_of(case.policy_version_id, case.kind))

    with pytest.raises(NotNow):
        answered(case, "工程师明天上门")
    answered(case, "正在安排", is_interim=True)

    talk = Client().get(f"/talk/{secret}").content.decode()
    assert "正在安排" in talk
    assert "工程师明天上门" not in talk
    assert "客厅东墙发霉" not in talk, "what somebody of the house took down are not his words"


def test_what_is_missing_is_said_and_what_was_typed_is_kept() -> None:
    world, _now = desk.opened()
    client = Client()

    page = started(world, client, **{"person.name": "", "person.phone": ""})
    shut = client.get(f"/chat/{world.units['qingtang']}/whistle_report")
    empty = client.post(started(world, client)["Location"] + "/words", {"text": " "})

    assert page.status_code == 422
    assert FIRST["content"] in page.content.decode()
    assert shut.status_code == 404, "nobody reports under seal in a conversation"
    assert empty.status_code == 422
    assert client.get("/talk/" + "0" * 32).status_code == 404


def test_whoever_writes_too_often_waits(settings: Any) -> None:
    world, _now = desk.opened()
    client = Client()
    address = started(world, client)["Location"]
    settings.KESU_PUBLIC_LIMIT = "1/hour"

    answers = [client.post(f"{address}/words", {"text": f"在吗 {n}"}) for n in range(2)]

    assert answers[-1].status_code == 429
    assert "在吗 1" in answers[-1].content.decode()
