"""What a company has set under one version of a policy, and what of it a new version takes over."""

from __future__ import annotations

import pytest

from kesu.casefile.kept_figures import kept, lost
from kesu.policy.loader import load_pack
from kesu.policy.model.pack import Pack
from tests.own_packs import changed

OLD = """
pack: acme
title: 办法
version: "1"
status: effective
extends: base
kinds: [complaint]
parameters:
  soon: {name: 尽快, type: duration, value: 2天, clause: "1"}
  share: {name: 比例, type: number, value: 30, at_least: 1, at_most: 100, clause: "1"}
  hotline: {name: 热线, type: text, value: 由公司填写, sample: 400, clause: "1"}
  kinds_of: {name: 类别, type: list, value: [工程, 其他], at_least: [其他], clause: "1"}
  goes_to: {name: 交给谁, type: choice, values: {cs: 客服, legal: 法务}, value: cs, clause: "1"}
  gone: {name: 没有了的, type: number, value: 3, clause: "1"}
"""
CLAUSES = '"1": {printed: 第一条, text: 办法, enforce: record}'
SET = {
    "soon": "5天",
    "share": "40",
    "hotline": "400-800",
    "kinds_of": "工程、电梯、其他",
    "goes_to": "legal",
    "gone": "7",
}
GONE = '  gone: {name: 没有了的, type: number, value: 3, clause: "1"}\n'


def version(settings: dict[str, str] | None = None, *lines: tuple[str, str]) -> Pack:
    """The policy, set by the company and with some of its lines written anew."""
    from kesu.casefile.library import read_library

    text = OLD
    for old, new in lines:
        assert text.count(old) == 1
        text = text.replace(old, new)
    files = {**read_library().texts, "acme": {"pack.yaml": text, "clauses.yaml": CLAUSES}}
    return load_pack(files, "acme", settings)


def test_what_was_set_is_taken_over_where_the_parameter_is_still_there() -> None:
    newer = version(None, ('version: "1"', 'version: "2"'), (GONE, ""))
    assert kept(version(SET), newer) == {code: text for code, text in SET.items() if code != "gone"}
    assert lost(version(SET), newer) == {}


def test_what_the_new_version_says_too_is_no_news() -> None:
    assert kept(version(), version()) == {}
    assert kept(version(), version(None, ("value: 2天", "value: 3天"))) == {"soon": "2天"}


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("at_most: 100", "at_most: 35", "share", "40"),
        ("type: duration, value: 2天", "type: number, value: 2", "soon", "5天"),
        ("{cs: 客服, legal: 法务}", "{cs: 客服, board: 董事会}", "goes_to", "法务"),
        ("at_least: [其他]", "at_least: [工程, 物业]", "kinds_of", "工程、电梯、其他"),
    ],
)
def test_what_cannot_be_set_so_any_more_is_said(old: str, new: str, code: str, said: str) -> None:
    lines = [(old, new)] + ([("[工程, 其他]", "[工程, 物业]")] if code == "kinds_of" else [])
    newer = version(None, *lines)
    assert lost(version(SET), newer) == {code: said}
    assert code not in kept(version(SET), newer)


def test_a_policy_of_the_library_takes_over_from_itself() -> None:
    shorter = changed("p10", "pack.yaml", ("value: 3个工作日, clause: D1c", "value: 2个工作日, clause: D1c"))
    assert kept(shorter, changed("p10", "pack.yaml")) == {"callback_limit": "2个工作日"}
