"""`{who_takes: step}`: whoever takes one step under the policy at hand takes another one, too."""

from __future__ import annotations

import pytest

from kesu.casefile.library import read_library
from kesu.policy.errors import PackInvalid
from kesu.policy.loader import compose
from kesu.policy.model.conditions import Table
from kesu.policy.model.rules import Step, Who
from tests.own_packs import changed

FILE = "complaint.yaml"
LETTER = "write_answer: {name: 写答复函, by: [holder, {who_takes: submit_plan}]"


def step(below: str) -> Step:
    library = read_library()
    return compose(library.load(below, {}), [library.load("letters", {})]).kinds["complaint"].steps["write_answer"]


def said(new: str) -> str:
    with pytest.raises(PackInvalid) as caught:
        changed("letters", FILE, (LETTER, f"write_answer: {{name: 写答复函, by: {new}"))
    return "\n".join(str(problem) for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("below", "by"),
    [
        ("p10", (Who("holder"), Who("", group="team"))),
        ("p06", (Who("holder"), Who("dept_head", "responsible_dept"), Who("", group="investigators"))),
        ("p01", (Who("holder"), Who("cs_manager"))),
        ("p02", (Who("holder"),)),  # a policy without a plan
    ],
)
def test_it_follows_the_policy_on_which_it_lies(below: str, by: tuple[Who, ...]) -> None:
    assert step(below).by == Table.of(by)


@pytest.mark.parametrize(
    ("by", "why"),
    [
        ("[holder, {who_takes: submit_plam}]", "没有步骤 submit_plam。是不是 submit_plan？"),
        ("{who_takes: write_answer}", "绕成了一圈"),
        ("[{who_takes: record_sending}, {who_takes: nobody_knows}]", "没有步骤 nobody_knows"),
        ("[holder, {who_takes: submit_plan, role: holder}]", "who_takes"),
    ],
)
def test_what_cannot_be_followed_is_said(by: str, why: str) -> None:
    assert why in said(by)


def test_a_step_whose_people_depend_on_the_case_cannot_be_followed() -> None:
    rows = "[{when: {written_asked: 是}, use: holder}, {else: cs_manager}]"
    table = f"write_refusal: {{name: 写不予受理函, by: {{table: {rows}}}"
    with pytest.raises(PackInvalid) as caught:
        changed(
            "letters", FILE, (LETTER, LETTER.replace("submit_plan", "write_refusal")),
            ("write_refusal: {name: 写不予受理函, by: [holder, {who_takes: submit_plan}]", table),
        )  # fmt: skip
    assert "随情形不同，不能照着定" in str(caught.value.problems)
