"""Pages of whoever keeps the channels: hooks with their log and its button, trials of channels, notices previewed."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from uuid import UUID

import pytest
from django.test import override_settings

from kesu.core.signed_post import KEY, SIGNATURE, TIME, is_signed
from kesu.jobs.hooks import deliver_due
from kesu.store.models import Case, Hook, HookDelivery, HouseChange, OutboxMessage
from tests import desk
from tests.jobs.test_hooks import Listener, secret_in
from tests.notify.vendors.loopback import serving
from tests.notify.vendors.wecom import WeCom

pytestmark = pytest.mark.django_db


@pytest.fixture
def listener() -> Iterator[Listener]:
    program = Listener()
    with serving(program), override_settings(KESU_HOOKS_INSIDE=(ip_network("127.0.0.0/8"),)):
        yield program


def test_an_administrator_sets_up_a_hook_tries_it_and_sends_again(listener: Listener) -> None:
    world, now = desk.opened()
    admin = desk.client_of("admin")
    form = {
        "name": "客户关系系统",
        "address": f"{listener.base}/kesu",
        "unit": world.units["group"].hex,
        "events": "opened",
    }
    page = admin.post("/organisation/hooks", form).content.decode()
    listener.secret = secret_in(page.split('<b class="num">')[1].split("<")[0])
    hook = Hook.objects.get()
    assert "事件 登记" in admin.get("/organisation/changes").content.decode(), "in words, not by its code"

    tried = admin.post(f"/organisation/hooks/{hook.pk}/trial", follow=True).content.decode()
    assert "HTTP 204" in tried
    told = listener.asked[0]
    assert is_signed(listener.secret, told.headers[KEY], told.headers[TIME], told.headers[SIGNATURE], told.body)

    case_id = world.register("zhouyining", at=now)
    listener.instead.append((400, {}, {}))
    assert deliver_due() == 1
    row = HookDelivery.objects.get()
    shown = admin.get(f"/organisation/hooks/{hook.pk}?state=failed").content.decode()
    assert "HTTP 400" in shown
    assert row.case.number in shown
    assert str(case_id) not in shown
    admin.post(f"/organisation/hooks/{hook.pk}/deliveries/{row.pk}")
    assert deliver_due() == 1
    assert "已送达" in admin.get(f"/organisation/hooks/{hook.pk}").content.decode()


def test_what_is_typed_wrongly_is_kept_and_told(listener: Listener) -> None:
    world, _now = desk.opened()
    admin = desk.client_of("admin")
    wrong = {"name": "甲", "address": "not an address", "unit": world.units["group"].hex}
    answer = admin.post("/organisation/hooks", wrong)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "not an address" in page
    assert "不像网址" in page
    assert "请选一项" in page
    assert not Hook.objects.exists()


def test_a_channel_is_tried_at_once_and_the_trial_stands_in_the_record(tmp_path: Path) -> None:
    desk.opened()
    wecom, admin = WeCom(), desk.client_of("admin")
    app = {"carrier": "app", "corp": wecom.corp, "agent": str(wecom.agent), "secret": wecom.secret}
    with (
        serving(wecom),
        override_settings(
            KESU_CHANNELS={
                "sms": {"carrier": "file", "folder": str(tmp_path / "sms"), "signature": "晴川物业"},
                "wecom": {**app, "base": wecom.base},
            }
        ),
    ):
        page = admin.get("/organisation/channels").content.decode()
        assert "晴川物业" in page
        assert wecom.secret not in page
        assert "不是手机号" in admin.post("/organisation/channels/sms", {"to": "12"}, follow=True).content.decode()
        assert (
            "已交给对方"
            in admin.post("/organisation/channels/sms", {"to": "13800000000"}, follow=True).content.decode()
        )
        told = admin.post("/organisation/channels/wecom", {"to": "zhouyining"}, follow=True).content.decode()
        assert "msg-1" in told
        nobody = admin.post("/organisation/channels/wecom", {"to": "nobody"}, follow=True).content.decode()
        assert "没有这个人" in nobody
    assert len(wecom.arrived) == 1
    assert len(list((tmp_path / "sms").iterdir())) == 1
    assert HouseChange.objects.filter(act="channel.tried").count() == 4


def number_of(case_id: UUID) -> str:
    return Case.objects.get(pk=case_id).number


def previewed(login: str, **asked: str) -> str:
    return desk.client_of(login).get("/policies/notices", asked).content.decode()


def test_a_notice_is_shown_as_each_channel_would_carry_it_and_nothing_is_sent() -> None:
    world, now = desk.opened()
    case_id = world.register("wutong", at=now)
    sent = OutboxMessage.objects.count()
    number = number_of(case_id)
    page = previewed("linsheng", number=number, notice="escalation")
    assert "已超时" in page
    assert "generic" not in page + previewed("linsheng", number=number, notice="received")
    assert "【签名】" in page
    assert "还没有设短信网关" in page
    assert number in page
    told = (("en", "Overdue: Inform the customer service specialist"), ("zh-hant", "已超時：知會客服專管員"))
    for language, heading in told:
        assert heading in previewed("linsheng", number=number, notice="escalation", language=language)
    to_customer = (("en", "We have received"), ("zh-hant", "我們已經收到"), ("zh-hans", "我们已经收到"))
    for language, words in to_customer:
        assert words in previewed("linsheng", number=number, notice="received", language=language)
    assert OutboxMessage.objects.count() == sent


def test_a_notice_without_an_approved_text_says_so(tmp_path: Path) -> None:
    world, now = desk.opened()
    number = number_of(world.register("wutong", at=now))
    gateway = {"carrier": "aliyun", "key_id": "a", "secret": "s", "signature": "晴川物业"}
    templates = 'escalation: {code: SMS_100, text: "超时：${what}，编号${number}。"}'
    with override_settings(KESU_CHANNELS={"sms": {**gateway, "templates": templates}}):
        page = previewed("linsheng", number=number, notice="escalation")
        assert "SMS_100" in page
        assert "【晴川物业】超时：" in page
        assert "没有给“reminder”设短信模板" in previewed("linsheng", number=number, notice="reminder")


def test_a_case_out_of_sight_is_as_one_that_never_was() -> None:
    world, now = desk.opened()
    number = number_of(world.register("wutong", at=now))
    assert number not in previewed("admin")
    page = previewed("admin", number=number)
    assert "外墙渗水" not in page
    assert "没有" in page
