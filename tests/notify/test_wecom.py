"""企业微信 is asked as it wants to be asked, and what it answers is understood. The rules and where they are published:
`tests/notify/vendors/wecom.py`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from kesu.notify.carrying import NotCarried, Words
from kesu.notify.channels.wecom import App, Robot
from tests.notify.vendors.loopback import WORDS, serving
from tests.notify.vendors.wecom import LIFE, WeCom

EVIL = '加急](https://evil.example) <@all> <font color="info">办结</font> **好** `x` [点](http://evil.example) evil.com'


@pytest.fixture
def vendor() -> Iterator[WeCom]:
    wecom = WeCom()
    with serving(wecom):
        yield wecom


def robot(vendor: WeCom) -> Robot:
    return Robot(vendor.key, base=vendor.base)


def app(vendor: WeCom, **changed: str) -> App:
    return replace(App(vendor.corp, vendor.secret, vendor.agent, base=vendor.base, now=vendor.time), **changed)


def test_the_group_reads_what_decides_and_a_link(vendor: WeCom) -> None:
    robot(vendor).carry(to="", words=WORDS, key="k1")
    head, *facts, link = vendor.arrived[0].splitlines()
    assert "已超时：知会客服专管员" in head
    assert facts == [">编号：KS-1", ">事由：外墙渗水", ">应于：06-08 10：30".replace("：30", ":30")]
    assert link == f"[{WORDS.link}]({WORDS.link})"


def test_words_of_a_customer_are_no_markup_no_mention_and_no_link(vendor: WeCom) -> None:
    robot(vendor).carry(to="", words=replace(WORDS, subject=EVIL, facts=(("事由", EVIL),)), key="k1")
    app(vendor).carry(to="zhouyining", words=replace(WORDS, subject=EVIL, facts=(("事由", EVIL),)), key="k1")
    for text in vendor.arrived:
        ours = text.replace(f"[{WORDS.link}]({WORDS.link})", "").replace(WORDS.link, "")
        said = ours.replace('### <font color="info">', "").replace("</font>", "", 1)
        assert not set("<[]`*#@(") & set(said)
        assert "://" not in said
        assert "evil.com" not in said


def test_what_is_too_long_loses_its_last_facts_and_keeps_the_link(vendor: WeCom) -> None:
    long = replace(WORDS, facts=tuple((f"事项{n}", "很长的一段话" * 40) for n in range(30)))
    robot(vendor).carry(to="", words=long, key="k1")
    app(vendor).carry(to="zhouyining", words=long, key="k1")
    of_group, of_person = vendor.arrived
    assert "事项0" in of_group
    assert "事项0" in of_person
    assert "事项29" not in of_group
    assert of_group.endswith(f"({WORDS.link})")
    assert of_person.splitlines()[-2] == WORDS.link  # behind it there is only the mark by which it is told apart


def test_the_twenty_first_of_a_minute_waits_a_minute(vendor: WeCom) -> None:
    for n in range(20):
        robot(vendor).carry(to="", words=WORDS, key=f"k{n}")
    with pytest.raises(NotCarried) as turned_away:
        robot(vendor).carry(to="", words=WORDS, key="k20")
    assert (turned_away.value.is_final, turned_away.value.wait) == (False, timedelta(minutes=1))
    vendor.time.pass_by(timedelta(minutes=1))
    robot(vendor).carry(to="", words=WORDS, key="k20")


def test_a_robot_that_was_taken_out_of_its_group_is_not_asked_again(vendor: WeCom) -> None:
    with pytest.raises(NotCarried, match="wecom 93000") as refused:
        Robot("another-key", base=vendor.base).carry(to="", words=WORDS, key="k1")
    assert refused.value.is_final


def test_a_token_is_fetched_once_and_anew_when_it_ends(vendor: WeCom) -> None:
    carrier = app(vendor)
    assert carrier.carry(to="zhouyining", words=WORDS, key="k1") == "msg-1"
    carrier.carry(to="zhouyining", words=replace(WORDS, subject="第二件"), key="k2")
    assert len(vendor.tokens) == 1
    vendor.time.pass_by(LIFE)
    carrier.carry(to="zhouyining", words=replace(WORDS, subject="第三件"), key="k3")
    assert len(vendor.tokens) == 2


def test_a_token_that_the_vendor_ends_in_the_middle_is_fetched_anew(vendor: WeCom) -> None:
    carrier = app(vendor)
    carrier.carry(to="zhouyining", words=WORDS, key="k1")
    vendor.tokens.clear()
    carrier.carry(to="zhouyining", words=replace(WORDS, subject="第二件"), key="k2")
    assert len(vendor.arrived) == 2
    for token in vendor.tokens:
        vendor.tokens[token] = vendor.time()
    carrier.carry(to="zhouyining", words=replace(WORDS, subject="第三件"), key="k3")
    assert len(vendor.arrived) == 3


def test_the_same_message_again_arrives_once(vendor: WeCom) -> None:
    for _ in range(2):
        app(vendor).carry(to="zhouyining", words=WORDS, key="k1")
    assert len(vendor.arrived) == 1


def test_two_messages_that_read_alike_both_arrive(vendor: WeCom) -> None:
    """As those about sealed matters do, which name none."""
    words = Words(
        "有一件事项等您处理", "有一件事项等您处理\n\nhttps://kesu.example/sealed\n", link="https://kesu.example/sealed"
    )
    for key in ("k1", "k2", "k2"):
        app(vendor).carry(to="zhouyining", words=words, key=key)
    assert len(vendor.arrived) == 2


@pytest.mark.parametrize("to", ["", "nobody", "zhouyining|everybody", "@all"])
def test_nobody_and_everybody_are_no_person(vendor: WeCom, to: str) -> None:
    with pytest.raises(NotCarried) as refused:
        app(vendor).carry(to=to, words=WORDS, key="k1")
    assert refused.value.is_final
    assert vendor.arrived == []


def test_a_wrong_secret_is_final_and_is_not_told(vendor: WeCom) -> None:
    with pytest.raises(NotCarried, match="wecom 40001") as refused:
        app(vendor, secret="another-secret").greet()
    assert refused.value.is_final
    assert "another-secret" not in str(refused.value) + repr(app(vendor, secret="another-secret"))


@pytest.mark.parametrize(
    ("answer", "is_final"),
    [((502, {}, b"<html>"), False), ((200, {}, b"<html>"), False), ((404, {}, b""), True), ((302, {}, b""), True)],
)
def test_what_is_no_answer_of_the_vendor_is_tried_again(
    vendor: WeCom, answer: tuple[int, dict[str, str], bytes], is_final: bool
) -> None:
    vendor.instead.append(answer)
    with pytest.raises(NotCarried) as failed:
        robot(vendor).carry(to="", words=WORDS, key="k1")
    assert failed.value.is_final is is_final


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with pytest.raises(NotCarried) as failed:
        Robot("the-secret-key", base="http://127.0.0.1:9").carry(to="", words=WORDS, key="k1")
    assert not failed.value.is_final
    assert "the-secret-key" not in f"{failed.value!r} {failed.value.__cause__!r}"
