"""钉钉 is asked as it wants to be asked, and what it answers is understood. The rules and where they are published:
`tests/notify/vendors/dingtalk.py`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from kesu.notify.carrying import NotCarried
from kesu.notify.channels.dingtalk import App, Robot
from tests.notify.vendors.dingtalk import LIFE, DingTalk
from tests.notify.vendors.loopback import WORDS, Time, serving


@pytest.fixture
def vendor() -> Iterator[DingTalk]:
    dingtalk = DingTalk()
    with serving(dingtalk):
        yield dingtalk


def robot(vendor: DingTalk, **changed: object) -> Robot:
    return replace(Robot(vendor.token, vendor.robot_secret, vendor.base, vendor.time), **changed)  # type: ignore[arg-type]


def app(vendor: DingTalk, **changed: str) -> App:
    return replace(App(vendor.key, vendor.secret, vendor.agent, vendor.base, vendor.time), **changed)


def test_the_group_reads_what_decides_and_a_link(vendor: DingTalk) -> None:
    robot(vendor).carry(to="", words=WORDS, key="k1")
    assert vendor.arrived[0].startswith("### 已超时：知会客服专管员\n")
    assert "- 编号：KS-1\n- 事由：外墙渗水" in vendor.arrived[0]
    assert vendor.arrived[0].endswith(f"[{WORDS.link}]({WORDS.link})")


def test_a_wrong_secret_and_a_clock_that_is_far_off_are_turned_away(vendor: DingTalk) -> None:
    off = Time(vendor.time.at - timedelta(hours=2))
    for wrong in (robot(vendor, secret="SECanother"), robot(vendor, now=off)):
        with pytest.raises(NotCarried, match="dingtalk 310000") as refused:
            wrong.carry(to="", words=WORDS, key="k1")
        assert refused.value.is_final
        assert "SEC" not in str(refused.value) + repr(wrong)
    robot(vendor, now=Time(vendor.time.at - timedelta(minutes=50))).carry(to="", words=WORDS, key="k1")
    assert len(vendor.arrived) == 1


def test_the_twenty_first_of_a_minute_waits_as_long_as_the_robot_is_shut(vendor: DingTalk) -> None:
    for n in range(20):
        robot(vendor).carry(to="", words=WORDS, key=f"k{n}")
    with pytest.raises(NotCarried) as turned_away:
        robot(vendor).carry(to="", words=WORDS, key="k20")
    wait = turned_away.value.wait
    assert wait is not None
    assert not turned_away.value.is_final
    vendor.time.pass_by(timedelta(minutes=1))
    with pytest.raises(NotCarried):
        robot(vendor).carry(to="", words=WORDS, key="k20")
    vendor.time.pass_by(wait)
    robot(vendor).carry(to="", words=WORDS, key="k20")


def test_a_group_s_text_that_is_too_long_is_cut(vendor: DingTalk) -> None:
    robot(vendor).carry(to="", words=replace(WORDS, facts=(("事由", "水" * 9000),) * 3), key="k1")
    assert vendor.arrived[0].endswith(f"({WORDS.link})")


def test_a_work_notice_keeps_within_its_bytes_and_keeps_its_link(vendor: DingTalk) -> None:
    long = replace(WORDS, facts=tuple((f"事项{n}", '很长的"一段话"' * 40) for n in range(30)))
    assert app(vendor).carry(to="zhouyining", words=long, key="k1") == "256271667526"
    assert "事项0" in vendor.arrived[0]
    assert WORDS.link in vendor.arrived[0]


def test_two_notices_that_say_the_same_both_arrive_and_one_sent_twice_arrives_once(vendor: DingTalk) -> None:
    for key in ("k1", "k1", "k2"):
        app(vendor).carry(to="zhouyining", words=WORDS, key=key)
    assert len(vendor.arrived) == 2


def test_a_token_that_ends_in_the_middle_is_fetched_anew(vendor: DingTalk) -> None:
    carrier = app(vendor)
    carrier.carry(to="zhouyining", words=WORDS, key="k1")
    vendor.tokens.clear()
    carrier.carry(to="zhouyining", words=WORDS, key="k2")
    vendor.time.pass_by(LIFE)
    carrier.carry(to="zhouyining", words=WORDS, key="k3")
    assert len(vendor.arrived) == 3


@pytest.mark.parametrize("code", [143103, 143104, 88])
def test_too_many_at_once_wait(vendor: DingTalk, code: int) -> None:
    carrier = app(vendor)
    carrier.greet()
    vendor.instead.append((200, {}, {"errcode": code, "errmsg": "too fast"}))
    with pytest.raises(NotCarried) as turned_away:
        carrier.carry(to="zhouyining", words=WORDS, key="k1")
    assert turned_away.value.wait
    assert not turned_away.value.is_final


@pytest.mark.parametrize("to", ["", "nobody", "zhouyining,another"])
def test_nobody_and_several_are_no_person(vendor: DingTalk, to: str) -> None:
    with pytest.raises(NotCarried) as refused:
        app(vendor).carry(to=to, words=WORDS, key="k1")
    assert refused.value.is_final


def test_a_wrong_secret_of_the_application_is_final_and_is_not_told(vendor: DingTalk) -> None:
    with pytest.raises(NotCarried) as refused:
        app(vendor, secret="another-secret").greet()
    assert refused.value.is_final
    assert "another-secret" not in str(refused.value)
