"""通知, 怎样通知我, 通知和送达 and 没有送达, through the pages."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kesu.commands.messages.send_one import MAX_ATTEMPTS, send_one
from kesu.core import clock
from kesu.jobs import worker
from kesu.store.models import Case, ChatPlace, NoticeChoice, OutboxMessage
from tests import desk
from tests.jobs.gateway import Gateway, never, open_gateway
from tests.world import World

pytestmark = pytest.mark.django_db

UNDELIVERED, NOTICES, LIVE, CHOICE = "/messages/undelivered", "/notices", "/notices/live", "/account/notices"


@pytest.fixture
def world() -> World:
    return desk.opened()[0]


def told(world: World, login: str = "zhouyining", **row: object) -> OutboxMessage:
    """A case of the specialist's project, and a message about it that no server took."""
    case = world.register(at=clock.now() - timedelta(hours=1), promised_feedback_at=desk.PROMISED)
    values = {"template": "reminder", "state": "failed", "error": "server said 550", "channel": "mail"}
    now = clock.now()
    return OutboxMessage.objects.create(
        key=f"{case}/told/{login}",
        case_id=case,
        **{"account_id": world.people[login], "created_at": now, "try_at": now, "attempts": 8, **values, **row},
    )


def to_customer(world: World, **row: object) -> OutboxMessage:
    words = {"template": "to_customer", "recipient": "customer", "payload": {"ways": ["sms", "mail"], "code": "x"}}
    return told(world, **{"account_id": None, "channel": "sms", "masked": "138****2016", **words, **row})


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_what_did_not_arrive_stands_before_whoever_answers_for_it_and_nobody_else(world: World) -> None:
    message = told(world, "linsheng")
    case = Case.objects.get(pk=message.case_id)
    specialist = desk.client_of("zhouyining")
    found = page(specialist, UNDELIVERED)
    assert "server said 550" in found
    assert case.number in found
    assert re.search(r"有 1 条消息没有送达", page(specialist, "/work"))
    for other in ("zhaolang", "admin"):
        assert case.number not in page(desk.client_of(other), UNDELIVERED)
        assert "没有送达</a>" not in page(desk.client_of(other), "/work")
        assert desk.client_of(other).post(reverse("message-again", args=[message.pk])).status_code == 404


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("bounced 5.2.2", "对方的邮件服务器退回了：邮箱满了（5.2.2）"),
        ("bounced 5.1.1", "对方的邮件服务器退回了：没有这个地址（5.1.1）"),
        ("bounced", "对方的邮件服务器退回了：没有说原因"),
    ],
)
def test_a_mail_that_came_back_says_why_in_words(world: World, error: str, words: str) -> None:
    told(world, error=error)
    found = page(desk.client_of("zhouyining"), UNDELIVERED)
    assert words in found
    assert "bounced" not in found


def test_a_notice_of_a_deadline_names_its_clause(world: World) -> None:
    told(world, payload={"clauses": ["部门职责 客户服务部"]})  # as it is printed; its identifier is another
    client = desk.client_of("zhouyining")
    clause = re.compile(r'href="(/policies/[^"]+/clauses/[^"]+)"')
    (address,) = clause.findall(page(client, NOTICES))
    assert client.get(address).status_code == 200
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert clause.findall(page(client, NOTICES)) == [address]


def test_sent_again_it_is_due_at_once(world: World) -> None:
    message = told(world)
    answer = desk.client_of("zhouyining").post(reverse("message-again", args=[message.pk]), follow=True)
    assert answer.status_code == 200
    message.refresh_from_db()
    assert (message.state, message.attempts, message.error) == ("due", 0, "")
    assert message.settled_by_id == world.people["zhouyining"]
    again = desk.client_of("zhouyining").post(reverse("message-again", args=[message.pk]))
    assert again.status_code == 404, "somebody has seen to it already"


def test_another_address_is_tried_once_and_never_shown_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    message, client = to_customer(world), desk.client_of("zhouyining")
    address = reverse("message-again", args=[message.pk])
    wrong = client.post(address, {"channel": "sms", "address": "12345"})
    assert wrong.status_code == 422
    assert "12345" in wrong.content.decode(), "what was typed stays"
    assert client.post(address, {"channel": "wecom", "address": ""}).status_code == 422
    assert client.post(address, {"channel": "sms", "address": "13911112222"}).status_code == 302
    new = OutboxMessage.objects.get(instead_of=message)
    assert b"13911112222" not in bytes(new.address)
    with open_gateway(monkeypatch, "sms") as sms:
        while send_one(at=clock.now(), sender=worker.mail_sender()):
            pass
        assert [to for to, _words, _key in sms.taken] == ["+8613911112222"]
    sent = page(client, reverse("case-sent", args=[message.case_id]))
    assert "139****2222" in sent
    assert "13911112222" not in sent
    assert "已改由别的途径" in sent


def test_giving_up_asks_why_and_leaves_the_reason_with_the_case(world: World) -> None:
    message, client = told(world), desk.client_of("zhouyining")
    address = reverse("message-give-up", args=[message.pk])
    assert client.post(address, {"why": " "}).status_code == 422
    assert client.post(address, {"why": "本人已当面告知"}).status_code == 302
    assert "都送达了" in page(client, UNDELIVERED)
    assert "本人已当面告知" in page(client, reverse("case-sent", args=[message.case_id]))


def test_what_goes_on_paper_is_handed_over_by_somebody_who_says_how(world: World) -> None:
    paper = to_customer(world, state="held", error="by_hand", channel="paper", masked="")
    client, address = desk.client_of("zhouyining"), reverse("message-handed", args=[paper.pk])
    assert "要打印出来，由人送达" in page(client, UNDELIVERED)
    assert client.post(address, {"how": ""}).status_code == 422
    assert client.post(address, {"how": "挂号信 XA123"}).status_code == 302
    paper.refresh_from_db()
    assert (paper.state, paper.channel, paper.settled_why) == ("sent", "paper", "挂号信 XA123")
    failed = told(world)
    assert client.post(reverse("message-handed", args=[failed.pk]), {"how": "当面"}).status_code == 422


def test_the_number_of_a_customer_is_nowhere_in_clear_and_his_name_only_for_whoever_may_read_it(world: World) -> None:
    message = to_customer(world)
    shown = page(desk.client_of("zhouyining"), reverse("case-sent", args=[message.case_id]))
    assert "苏女士" in shown
    assert "138****2016" in shown
    assert "13800002016" not in shown
    assert desk.client_of("zhaolang").get(reverse("case-sent", args=[message.case_id])).status_code == 404


def test_it_gives_up_for_good_only_after_every_try_and_then_counts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = to_customer(world, state="due", attempts=0, channel="")
    with open_gateway(monkeypatch, "sms") as sms:
        assert isinstance(sms, Gateway)
        sms.refuse = [never("number unknown")]
        while send_one(at=clock.now(), sender=worker.mail_sender()):
            pass
    message.refresh_from_db()
    assert (message.state, message.error) == ("failed", "number unknown")
    assert message.attempts < MAX_ATTEMPTS
    assert "number unknown" in page(desk.client_of("zhouyining"), UNDELIVERED)


def test_the_bell_rings_on_an_open_page_and_is_silent_when_all_is_read(world: World) -> None:
    client = desk.client_of("linsheng")
    assert 'class="n num"' not in page(client, LIVE)
    message = told(world, "linsheng", lane="urgent")
    live = client.get(LIVE)
    assert ">1<" in live.content.decode()
    assert "toast-k" in live.content.decode(), "what has just come is told where he is"
    assert client.get(LIVE, headers={"If-None-Match": live["ETag"]}).status_code == 304
    OutboxMessage.objects.filter(pk=message.pk).update(created_at=clock.now() - timedelta(minutes=2))
    assert "toast-k" not in page(client, LIVE)
    assert "未看" in page(client, NOTICES)
    assert "提醒：" in page(client, NOTICES)  # what it is about, not only of which case
    opened = client.post(reverse("notices-read"), {"notice": message.pk})
    assert opened["Location"] == reverse("case-page", args=[message.case_id])
    assert 'class="n num"' not in page(client, LIVE)
    assert ">1<" not in page(desk.client_of("zhouyining"), LIVE)


def test_nobody_reads_the_notices_of_another(world: World) -> None:
    message = told(world, "linsheng")
    desk.client_of("zhouyining").post(reverse("notices-read"), {"notice": message.pk})
    message.refresh_from_db()
    assert message.seen_at is None


def test_the_bell_costs_the_same_whatever_is_stored(world: World) -> None:
    client, message = desk.client_of("linsheng"), told(world, "linsheng", created_at=clock.now() - timedelta(days=1))

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(LIVE)
        return len(queries)

    asked()
    few = asked()
    now = clock.now() - timedelta(days=1)
    OutboxMessage.objects.bulk_create(
        OutboxMessage(
            key=f"many/{n}", account_id=message.account_id, case_id=message.case_id, template="reminder",
            created_at=now, try_at=now,
        )
        for n in range(150)
    )  # fmt: skip
    assert asked() == few
    assert "99+" in page(client, LIVE)


def test_he_chooses_how_he_is_told_and_a_mistake_keeps_what_he_typed(world: World) -> None:
    client = desk.client_of("linsheng")
    said = {"place_0": "mail", "quiet_from": "22:00", "quiet_until": "", "zone": "Asia/Shanghai", "digest_at": "8点"}
    refused = client.post(CHOICE, said)
    assert refused.status_code == 422
    assert "8点" in refused.content.decode()
    assert client.post(CHOICE, {**said, "quiet_until": "7:00", "digest_at": "８：30"}).status_code == 302
    choice = NoticeChoice.objects.get(account_id=world.people["linsheng"])
    assert (choice.channels, f"{choice.quiet_from:%H:%M}", f"{choice.digest_at:%H:%M}") == (["mail"], "22:00", "08:30")
    assert 'value="22:00"' in page(client, CHOICE)
    case: UUID | None = told(world, "linsheng").case_id
    assert case is not None


def test_a_unit_sets_its_group_of_a_work_chat_and_takes_it_away_again(world: World) -> None:
    keeper, chats = desk.client_of("admin"), "/organisation/chats"
    said = {
        "name": "青棠群",
        "unit": world.units["qingtang"].hex,
        "channel": "wecom_robot",
        "url": "https://chat.example/",
    }
    assert keeper.post(chats, said).status_code == 422, "it has no key"
    url = "https://qyapi.weixin.example/cgi-bin/webhook/send?key=693a91f6"
    assert keeper.post(chats, {**said, "url": url}).status_code == 302
    assert ">发标题和人写的字" not in page(keeper, chats)
    ChatPlace.objects.update(removed_at=clock.now())
    assert keeper.post(chats, {**said, "url": url, "words": "yes"}).status_code == 302
    shown = page(keeper, chats)
    assert ">发标题和人写的字" in shown
    assert "青棠群" in shown
    assert "693a91f6" not in shown
    place = ChatPlace.objects.get(removed_at=None)
    assert b"693a91f6" not in bytes(place.sealed)
    message = told(world, "zhouyining")
    log = reverse("chat-place", args=[place.pk])
    OutboxMessage.objects.create(
        key="robot/1", case_id=message.case_id, recipient="robot", place=place, template="reminder", state="failed",
        channel="wecom_robot", error="wecom 93000", created_at=clock.now(), try_at=clock.now(),
    )  # fmt: skip
    number = Case.objects.get(pk=message.case_id).number
    shown = page(keeper, log)
    assert "机器人可能已移出群" in shown
    assert number in shown
    assert str(message.case_id) not in shown, "he keeps the house and sees no case"
    tried = keeper.post(reverse("chat-try", args=[place.pk]), follow=True).content.decode()
    assert "没有发出" in tried, "there is no such host"
    assert "693a91f6" not in tried + page(keeper, "/organisation/changes")
    assert "试发通知通道" in page(keeper, "/organisation/changes")
    for name in ("chat-try", "chat-remove"):
        assert desk.client_of("zhouyining").post(reverse(name, args=[place.pk])).status_code == 403
    assert desk.client_of("zhouyining").get(log).status_code == 403
    assert keeper.post(reverse("chat-remove", args=[place.pk])).status_code == 302
    assert "青棠群" not in page(keeper, chats)
    assert keeper.get(log).status_code == 404
    assert keeper.post(reverse("chat-try", args=[place.pk])).status_code == 404
    assert "加工作群" in page(keeper, "/organisation/changes")


def test_a_message_that_cannot_be_written_or_read_keeps_no_page_from_being_shown(world: World) -> None:
    """It stands on 没有送达 for that very reason, and on the pages of its case and of whoever is told."""
    unwritten = told(world, template="notice", payload={"values": "unreadable"}, error="TypeError")
    unread = told(world, "linsheng", error="KeyError", sealed=b"of another key" * 9)
    specialist = desk.client_of("zhouyining")
    for address in (NOTICES, LIVE, "/work", *(reverse("case-sent", args=[one.case_id]) for one in (unwritten, unread))):
        assert specialist.get(address).status_code == 200, address
    found = page(specialist, UNDELIVERED)
    assert "这条消息读不出来" in found
    assert "KeyError" in found


def test_many_messages_that_quote_what_somebody_wrote_ask_as_often_as_two(world: World) -> None:
    client = desk.client_of("zhouyining")

    def quoting(case_id: UUID, number: int) -> None:
        payload = {"code": "task", "values": {"content": None}, "obligation": "inform_specialist@1"}
        OutboxMessage.objects.create(
            key=f"{case_id}/quoting/{number}", account_id=world.people["zhouyining"], case_id=case_id,
            template="notice", payload=payload, created_at=clock.now(), try_at=clock.now(),
        )  # fmt: skip

    def asked(address: str) -> int:
        page(client, address)
        with CaptureQueriesContext(connection) as queries:
            page(client, address)
        return len(queries)

    cases = [world.register(at=clock.now() - timedelta(hours=1), promised_feedback_at=desk.PROMISED) for _ in range(3)]
    sent = reverse("case-sent", args=[cases[0]])
    for number in range(2):
        quoting(cases[0], number)
    few = {address: asked(address) for address in (NOTICES, sent)}
    for number, case in enumerate(cases * 3, start=2):
        quoting(case, number)
    assert {address: asked(address) for address in (NOTICES, sent)} == few
