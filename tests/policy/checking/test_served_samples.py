"""Samples out of what other policies rule, looked over with the library."""

from __future__ import annotations

import pytest

from kesu.casefile.library import read_library
from kesu.policy.checking import look_over
from kesu.policy.errors import PackInvalid
from tests.own_packs import changed

SERVED = "of: {served: complaint.closed, name: 办结的投诉}"


def found(written: str) -> str:
    texts = {name: dict(of) for name, of in read_library().texts.items()}
    assert SERVED in texts["p03"]["audit.yaml"]
    texts["p03"]["audit.yaml"] = texts["p03"]["audit.yaml"].replace(SERVED, written)
    return " ".join(str(one) for one in look_over(texts, "p03"))


def test_what_some_policy_of_the_library_counts_can_be_drawn() -> None:
    assert found(SERVED) == ""


def test_what_none_counts_or_none_rules_is_told_with_its_clause() -> None:
    said = found(SERVED.replace("closed", "lost"))
    assert "管 complaint 的制度都没有指标 lost，“抽查办结的投诉”永远没有可抽的" in said
    assert "（依据 二、5）" in said
    assert "没有哪部制度管 survey 这种案件" in found(SERVED.replace("complaint", "survey"))


def test_a_figure_is_never_made_of_the_measures_of_several_policies() -> None:
    own = "of: work_order.good_share"
    with pytest.raises(PackInvalid, match="别的制度的指标各算各的，不能合成一个数"):
        changed("s16", "bonus.yaml", (own, "of: {served: work_order.good_share, name: 好评}"))
