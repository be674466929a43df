"""What a guard asks for: something that each member of a group has done himself, files of certain facts only."""

from __future__ import annotations

import pytest

from kesu.casefile.library import read_library
from kesu.policy.errors import PackInvalid
from kesu.policy.mutants import mutants
from kesu.policy.telling.rules import told_rules
from tests.own_packs import changed

LIBRARY = read_library()
EACH = "{each: {group: investigators, event: credential.shown, holds: {credential_until: {at_least: 今天}}}}"
FILES = "{evidence: {at_least: 1, of: [photos, evidence]}}"


def told(code: str, old: str, new: str) -> str:
    with pytest.raises(PackInvalid) as caught:
        changed(code, "complaint.yaml", (old, new))
    return "\n".join(str(problem) for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{each: {group: category, event: credential.shown}}", "category（市场环节）不是小组"),
        ("{each: {event: credential.shown}}", "缺少 group（小组）"),
        ("{each: {group: investigators, event: credential.showed}}", "是不是 credential.shown"),
        ("{each: {group: investigators, event: stage.investigating}}", "才知道是谁做的"),
        ("{each: {group: investigators, event: investigation.started}}", "只能由它管的步骤自己产生"),
    ],
)
def test_a_mistake_in_what_each_must_do_is_told(written: str, said: str) -> None:
    old = "steps: [investigate, record_findings], needs: " + EACH
    assert said in told("p05", old, "steps: [investigate], needs: " + written)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{evidence: {at_least: 1, of: [content]}}", "content（内容）不是文件（file）类型"),
        ("{evidence: {of: [photos]}}", "缺少 at_least（至少）"),
        ("{evidence: {at_least: 1, of: [photo]}}", "没有事实 photo。是不是 photos"),
    ],
)
def test_a_mistake_in_what_files_are_asked_for_is_told(written: str, said: str) -> None:
    assert said in told("p01", FILES, written)


def test_files_that_no_step_takes_are_not_asked_for() -> None:
    with pytest.raises(PackInvalid, match="没有步骤能上传文件"):
        changed(
            "p01",
            "complaint.yaml",
            (FILES, "{evidence: {at_least: 1, of: [scans]}}"),
            ("  evidence_kinds: {name", "  scans: {name: 扫描件, type: file, clause: 3.1-2}\n  evidence_kinds: {name"),
        )


def test_they_are_told_back() -> None:
    p05 = told_rules(LIBRARY.load("p05").kinds["complaint"])["guards.credential_valid"]
    assert "调查人员每个人须自己已登记本人的执法证件，并且执法证件有效期至" in p05
    p01 = told_rules(LIBRARY.load("p01").kinds["complaint"])["guards.evidence_first"]
    assert "照片、证据文件里须有至少 1 份证据" in p01


def test_what_must_hold_of_each_is_tried_too() -> None:
    found = mutants(LIBRARY.load("p05").kinds["complaint"])
    assert any(one.address.startswith("guards.credential_valid.needs[1].holds") for one in found)
