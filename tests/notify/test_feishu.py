"""飞书 is asked as it wants to be asked, and what it answers is understood. The rules and where they are published:
`tests/notify/vendors/feishu.py`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kesu.notify.carrying import NotCarried
from kesu.notify.channels.feishu import App, Robot
from tests.notify.vendors.feishu import LIFE, Feishu
from tests.notify.vendors.loopback import WORDS, Time, serving


@pytest.fixture
def vendor() -> Iterator[Feishu]:
    feishu = Feishu()
    with serving(feishu):
        yield feishu


def robot(vendor: Feishu, **changed: object) -> Robot:
    return replace(Robot(vendor.token, vendor.robot_secret, vendor.base, vendor.time), **changed)  # type: ignore[arg-type]


def app(vendor: Feishu, **changed: str) -> App:
    return replace(App(vendor.app, vendor.secret, base=vendor.base, now=vendor.time), **changed)


def kinds_of_text(found: Any) -> set[str]:
    """The tags of all pieces that hold words."""
    if isinstance(found, dict):
        own = {str(found["tag"])} if "content" in found else set()
        return own.union(*(kinds_of_text(one) for one in found.values()))
    return set().union(*(kinds_of_text(one) for one in found)) if isinstance(found, list) else set()


def test_group_and_person_get_a_card_with_what_decides_and_a_button(vendor: Feishu) -> None:
    robot(vendor).carry(to="", words=replace(WORDS, is_urgent=True), key="k1")
    assert app(vendor).carry(to="zhouyining", words=WORDS, key="k1").startswith("om_")
    of_group, of_person = vendor.arrived
    assert of_group["header"]["template"] == "red"
    for card in (of_group, of_person):
        assert card["header"]["title"]["content"] == "已超时：知会客服专管员"
        assert card["elements"][0]["text"]["content"] == "编号：KS-1"
        assert card["elements"][-1]["actions"][0]["url"] == WORDS.link


def test_words_of_a_customer_stand_only_where_nothing_is_markup(vendor: Feishu) -> None:
    evil = "<at id=all></at> [点](https://evil.example) **好**"
    robot(vendor).carry(to="", words=replace(WORDS, subject=evil, facts=(("事由", evil),)), key="k1")
    assert kinds_of_text(vendor.arrived[0]) == {"plain_text"}
    assert "https://evil" not in json.dumps(vendor.arrived[0])


def test_a_wrong_secret_and_a_clock_that_is_far_off_are_turned_away(vendor: Feishu) -> None:
    for wrong in (robot(vendor, secret="another"), robot(vendor, now=Time(vendor.time.at - timedelta(hours=2)))):
        with pytest.raises(NotCarried, match="feishu 19021") as refused:
            wrong.carry(to="", words=WORDS, key="k1")
        assert refused.value.is_final
        assert vendor.token not in str(refused.value) + repr(wrong)


def test_the_sixth_of_a_second_and_the_hundred_and_first_of_a_minute_wait(vendor: Feishu) -> None:
    for n in range(100):
        if n and n % 5 == 0:
            vendor.time.pass_by(timedelta(seconds=1))
        robot(vendor).carry(to="", words=WORDS, key=f"k{n}")
    vendor.time.pass_by(timedelta(seconds=1))
    with pytest.raises(NotCarried, match="feishu 11232") as turned_away:
        robot(vendor).carry(to="", words=WORDS, key="k100")
    assert turned_away.value.wait == timedelta(minutes=1)
    assert not turned_away.value.is_final


def test_it_waits_as_long_as_the_vendor_says(vendor: Feishu) -> None:
    told = {"x-ogw-ratelimit-limit": "100", "x-ogw-ratelimit-reset": "52"}
    vendor.instead.append((429, told, {"code": 99991400, "msg": "request trigger frequency limit"}))
    with pytest.raises(NotCarried) as turned_away:
        robot(vendor).carry(to="", words=WORDS, key="k1")
    assert turned_away.value.wait == timedelta(seconds=52)


def test_six_at_once_to_one_person_wait(vendor: Feishu) -> None:
    carrier = app(vendor)
    for n in range(5):
        carrier.carry(to="zhouyining", words=WORDS, key=f"k{n}")
    with pytest.raises(NotCarried, match="feishu 230020") as turned_away:
        carrier.carry(to="zhouyining", words=WORDS, key="k5")
    assert turned_away.value.wait
    assert not turned_away.value.is_final


def test_the_same_message_again_arrives_once(vendor: Feishu) -> None:
    for key in ("k1", "k1", "k2"):
        app(vendor).carry(to="zhouyining", words=WORDS, key=key)
    assert len(vendor.arrived) == 2


def test_a_card_keeps_within_its_bytes(vendor: Feishu) -> None:
    long = replace(WORDS, subject="题" * 9000, facts=tuple((f"事项{n}", "很长的一段话" * 400) for n in range(60)))
    robot(vendor).carry(to="", words=long, key="k1")
    assert vendor.arrived[0]["elements"][-1]["actions"][0]["url"] == WORDS.link


def test_a_token_that_ends_in_the_middle_is_fetched_anew(vendor: Feishu) -> None:
    carrier = app(vendor)
    carrier.carry(to="zhouyining", words=WORDS, key="k1")
    vendor.tokens.clear()
    carrier.carry(to="zhouyining", words=WORDS, key="k2")
    vendor.time.pass_by(LIFE)
    carrier.carry(to="zhouyining", words=WORDS, key="k3")
    assert len(vendor.arrived) == 3
    assert len(vendor.tokens) == 2


@pytest.mark.parametrize("to", ["", "nobody"])
def test_a_person_who_is_not_there_is_final(vendor: Feishu, to: str) -> None:
    with pytest.raises(NotCarried) as refused:
        app(vendor).carry(to=to, words=WORDS, key="k1")
    assert refused.value.is_final


def test_a_wrong_secret_of_the_application_is_final_and_is_not_told(vendor: Feishu) -> None:
    with pytest.raises(NotCarried) as refused:
        app(vendor, secret="another-secret").greet()
    assert refused.value.is_final
    assert "another-secret" not in str(refused.value)
