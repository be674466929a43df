"""Short messages: parts as they are paid for, a file for trying out, and Aliyun by its rules. The rules and where they
are published: `tests/notify/vendors/aliyun.py`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kesu.notify.carrying import Arrival, NotCarried
from kesu.notify.channels.sms import Template, free_text, number_of, parts
from kesu.notify.channels.sms_aliyun import Aliyun, signed
from kesu.notify.channels.sms_file import FileGateway
from kesu.notify.letters import together
from tests.notify.vendors.aliyun import AliyunServer
from tests.notify.vendors.loopback import WORDS, Time, serving

TEMPLATE = Template("SMS_100", "您有一件待办：${what}，编号${number}，请于${due}前处理。")
MOBILE = "13800000000"


@pytest.fixture
def vendor() -> Iterator[AliyunServer]:
    aliyun = AliyunServer()
    with serving(aliyun):
        yield aliyun


def gateway(vendor: AliyunServer, **changed: object) -> Aliyun:
    made = Aliyun(vendor.key_id, vendor.secret, vendor.signature, {"escalation": TEMPLATE}, vendor.base, vendor.time)
    return replace(made, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("字" * 70, 1),
        ("字" * 71, 2),
        ("字" * 134, 2),
        ("字" * 135, 3),
        ("a" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_a_message_has_seventy_signs_or_parts_of_sixty_seven(text: str, count: int) -> None:
    assert parts(text) == count


@pytest.mark.parametrize(
    ("to", "number"),
    [
        (MOBILE, MOBILE),
        ("+86 138-0000-0000", MOBILE),
        ("008613800000000", MOBILE),
        ("+852 5123 4567", "85251234567"),
    ],
)
def test_a_number_is_dialled_as_gateways_want_it(to: str, number: str) -> None:
    assert number_of(to) == number


@pytest.mark.parametrize("to", ["", "02887654321", "12345", "1380000000", "13800000000,13900000000", "+86 12345678901"])
def test_what_is_no_mobile_number_is_final(to: str) -> None:
    with pytest.raises(NotCarried) as refused:
        number_of(to)
    assert refused.value.is_final
    assert to not in str(refused.value) or not to


def test_free_text_has_the_signature_before_and_the_link_behind_and_is_never_too_long() -> None:
    text = free_text(WORDS, "晴川物业")
    assert text == f"【晴川物业】已超时：知会客服专管员；编号：KS-1；事由：外墙渗水；应于：06-08 10:30 {WORDS.link}"
    long = free_text(replace(WORDS, subject="长" * 900, facts=(("事由", "水" * 900),)), "晴川物业")
    assert len(long) == 500
    assert long.endswith(WORDS.link)


def test_each_message_is_a_file_and_the_same_one_again_is_the_same_file(tmp_path: Path) -> None:
    files = FileGateway(tmp_path / "sms", "晴川物业")
    files.greet()
    name = files.carry(to="+86" + MOBILE, words=WORDS, key="k1")
    assert files.carry(to=MOBILE, words=WORDS, key="k1") == name
    files.carry(to=MOBILE, words=WORDS, key="k2")
    assert len(list((tmp_path / "sms").iterdir())) == 2
    number, count, text = (tmp_path / "sms" / name).read_text(encoding="utf-8").splitlines()
    assert (number, count) == (MOBILE, "2")
    assert text.startswith("【晴川物业】已超时")
    assert (tmp_path / "sms" / name).stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "sms").write_text("in the way")
    with pytest.raises(NotCarried) as failed:
        FileGateway(tmp_path / "sms", "晴川物业").carry(to=MOBILE, words=WORDS, key="k1")
    assert not failed.value.is_final


def test_the_signature_is_the_one_of_the_vendor_s_own_example() -> None:
    """«固定参数示例» of https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature."""
    post = signed(
        base="https://ecs.cn-shanghai.aliyuncs.com",
        action="RunInstances",
        version="2014-05-26",
        asked={"ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", "RegionId": "cn-shanghai"},
        key_id="YourAccessKeyId",
        secret="YourAccessKeySecret",
        at="2023-10-26T10:22:32Z",
        nonce="3156853299f313e23d1673dc12e1703d",
    )
    right = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    assert post.headers["authorization"].endswith(f"Signature={right}")


def test_only_the_variables_of_the_approved_text_are_sent(vendor: AliyunServer) -> None:
    gateway(vendor).greet()
    assert vendor.arrived == []
    assert gateway(vendor).carry(to=MOBILE, words=WORDS, key="k1") == "9006^0"
    assert vendor.arrived == [(MOBILE, {"what": "知会客服专管员", "number": "KS-1", "due": "06-08 10:30"})]


def test_several_messages_that_leave_as_one_say_so_in_the_approved_text(vendor: AliyunServer) -> None:
    one = replace(WORDS, notice="escalation")
    whole = together([one, one], "zh-hans", "https://kesu.example/notices", "06-08 10:30")
    gateway(vendor).carry(to=MOBILE, words=whole, key="k1+k2")
    assert TEMPLATE.filled(whole) == {"what": "2 条提醒和通知", "number": "-", "due": "06-08 10:30"}


def test_the_vendor_s_names_of_variables_stand_for_ours(vendor: AliyunServer) -> None:
    vendor.templates["SMS_7"] = ("name", "id")
    theirs = Template("SMS_7", "请处理${name}（${id}）", {"name": "what", "id": "number"})
    gateway(vendor, templates={"*": theirs}).carry(to=MOBILE, words=WORDS, key="k1")
    assert vendor.arrived[0][1] == {"name": "知会客服专管员", "id": "KS-1"}
    assert theirs.said(WORDS, "晴川物业") == "【晴川物业】请处理知会客服专管员（KS-1）"


def test_values_that_are_long_missing_or_addresses_do_not_stop_a_message(vendor: AliyunServer) -> None:
    values = (("what", "看 https://evil.example " + "长" * 90), ("number", "KS-1"))
    gateway(vendor).carry(to=MOBILE, words=replace(WORDS, values=values), key="k1")
    assert vendor.arrived[0][1]["due"] == "-"


def test_a_notice_without_an_approved_text_is_final_and_says_which(vendor: AliyunServer) -> None:
    with pytest.raises(NotCarried, match="no template for reminder") as refused:
        gateway(vendor).carry(to=MOBILE, words=replace(WORDS, notice="reminder"), key="k1")
    assert refused.value.is_final
    assert vendor.asked == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"secret": "another-secret"}, "SignatureDoesNotMatch"),
        ({"key_id": "LTAI-another"}, "InvalidAccessKeyId.NotFound"),
        ({"signature": "别家"}, "isv.SMS_SIGNATURE_ILLEGAL"),
        ({"templates": {"*": Template("SMS_9", "没有这个")}}, "isv.SMS_TEMPLATE_ILLEGAL"),
        ({"templates": {"*": Template("SMS_100", "${what}")}}, "isv.TEMPLATE_MISSING_PARAMETERS"),
    ],
)
def test_what_somebody_has_to_set_right_is_final(vendor: AliyunServer, changed: dict[str, object], code: str) -> None:
    with pytest.raises(NotCarried, match=code) as refused:
        gateway(vendor, **changed).carry(to=MOBILE, words=WORDS, key="k1")
    assert refused.value.is_final
    assert "secret" not in str(refused.value) + repr(gateway(vendor, **changed))


def test_a_clock_that_is_off_is_not_final(vendor: AliyunServer) -> None:
    with pytest.raises(NotCarried, match="InvalidTimeStamp") as refused:
        gateway(vendor, now=Time(vendor.time.at - timedelta(minutes=16))).carry(to=MOBILE, words=WORDS, key="k1")
    assert not refused.value.is_final


def test_a_limit_of_a_minute_an_hour_and_a_day_is_waited_for(vendor: AliyunServer) -> None:
    for n in range(50):
        gateway(vendor).carry(to=MOBILE, words=WORDS, key=f"k{n}")
    with pytest.raises(NotCarried) as turned_away:
        gateway(vendor).carry(to=MOBILE, words=WORDS, key="k50")
    assert (turned_away.value.wait, turned_away.value.is_final) == (timedelta(hours=12), False)
    of_codes = (("触发分钟级流控Permits:1", timedelta(minutes=1)), ("触发小时级流控Permits:5", timedelta(hours=1)))
    for words, wait in of_codes:
        vendor.instead.append((200, {}, {"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": words}))
        with pytest.raises(NotCarried) as turned_away:
            gateway(vendor).carry(to=MOBILE, words=WORDS, key="k50")
        assert turned_away.value.wait == wait


def test_a_signature_that_is_not_approved_yet_is_told_before_anything_is_sent(vendor: AliyunServer) -> None:
    vendor.is_approved = False
    with pytest.raises(NotCarried, match="not approved"):
        gateway(vendor).greet()


@pytest.mark.parametrize(
    ("network", "found"),
    [
        ((1, ""), Arrival()),
        ((3, "DELIVERED"), Arrival(is_there=True)),
        ((2, "MOBILE_NOT_ON_SERVICE"), Arrival(is_lost=True, why="aliyun MOBILE_NOT_ON_SERVICE")),
    ],
)
def test_it_is_asked_whether_the_device_had_it(vendor: AliyunServer, network: tuple[int, str], found: Arrival) -> None:
    """By the vendor's day, which is that of Beijing, where it is tomorrow already."""
    vendor.time.at = datetime(2026, 7, 1, 16, 30, tzinfo=UTC)
    one = gateway(vendor)
    called, sent_at = one.carry(to=MOBILE, words=WORDS, key="k"), vendor.time()
    vendor.network = network
    assert one.arrival(to=MOBILE, called=called, sent_at=sent_at) == found
    assert one.arrival(to=MOBILE, called="9007^0", sent_at=sent_at) == Arrival()
    assert one.arrival(to=MOBILE, called=called, sent_at=sent_at - timedelta(days=40)) == Arrival()


def test_whoever_may_not_ask_is_told_and_loses_nothing(vendor: AliyunServer) -> None:
    with pytest.raises(NotCarried, match="SignatureDoesNotMatch"):
        gateway(vendor, secret="other").arrival(to=MOBILE, called="9006^0", sent_at=vendor.time())
