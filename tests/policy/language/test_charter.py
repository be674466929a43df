"""What a policy says of itself as a document: days, trial, revisions, rank, and what it demands of others."""

from __future__ import annotations

from datetime import date

import pytest

from kesu.policy.checking.demands import answers, unknown_demands
from kesu.policy.errors import PackInvalid
from kesu.policy.loader import load_pack
from kesu.policy.model.charter import Charter
from kesu.policy.telling.document import pack_lines

Files = dict[str, dict[str, str]]
REVISION = "{{version: '{}', on: {}, change: 改期限, modified_by: 编制岗, reviewed_by: 审核岗, approved_by: 批准岗}}"
FIRST, SECOND = REVISION.format("0.9", "2025-03-01"), REVISION.format("1.0", "2026-01-01")
DEMANDS = """
requires_of: [request]
requires:
  limits: {name: 时限, clause: "2", met_by: [{section: duties}]}
  entrance: {name: 受理条件, clause: "1", met_by: [{section: guards, opening: 是}, {section: steps, codes: [screen]}]}
  approval: {name: 审批, clause: "4", met_by: [{section: approvals, clause_kind: [approval]}]}
  pace: {name: 期限参数, clause: "2", met_by: [{section: parameters, codes: [answer_limit]}]}
"""


def charter(files: Files, *lines: str) -> Charter:
    files["sample"]["pack.yaml"] += "\n".join(lines) + "\n"
    return load_pack(files, "sample").charter


def told(files: Files, *lines: str) -> str:
    with pytest.raises(PackInvalid) as refused:
        charter(files, *lines)
    return str(refused.value)


def test_it_reads_the_days_between_which_it_may_be_in_force(files: Files) -> None:
    found = charter(files, 'effective: {from: 2026-01-01, until: 2027-12-31, clause: "1"}').effective
    assert (found.since, found.until, found.clauses) == (date(2026, 1, 1), date(2027, 12, 31), ("1",))


def test_it_reads_when_a_trial_is_looked_at_again(files: Files) -> None:
    found = charter(files, 'trial: {review_after: 12个月, clause: "1", unclear: 原文没有写多久}').trial
    assert found is not None
    assert (str(found.review_after), found.clauses, found.unclear) == ("12个月", ("1",), "原文没有写多久")


def test_it_keeps_the_record_of_revisions_oldest_first(files: Files) -> None:
    found = charter(files, f"revisions: [{FIRST}, {SECOND}]").revisions
    assert [(one.version, one.on, one.approved_by) for one in found] == [
        ("0.9", date(2025, 3, 1), "批准岗"),
        ("1.0", date(2026, 1, 1), "批准岗"),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"revisions: [{FIRST}]", "修订记录的最后一版是 0.9，制度是 1.0 版"),
        (f"revisions: [{SECOND}, {SECOND}]", "1.0 版写了两次"),
        (f"revisions: [{REVISION.format('0.9', '2026-02-01')}, {SECOND}]", "修订记录要从早到晚写"),
        ("revisions: [{version: '1.0', on: 2026年1月, change: 改}]", "日期写成 2026-07-02"),
        ('effective: {from: 2026-01-01, until: 2025-01-01, clause: "1"}', "失效日早于施行日"),
        ("effective: {from: 2026-01-01}", "缺少 clause（条款）"),
        ('trial: {clause: "1"}', "缺少 review_after（多久后评估）"),
        ("yields_to: {packs: 全部}", "缺少 clause（条款）"),
        ('requires: {a: {name: 甲, clause: "1", met_by: [{section: dutys}]}}', "没有 dutys 这一类规则"),
    ],
)
def test_it_says_what_is_wrong_with_them(files: Files, line: str, said: str) -> None:
    assert said in told(files, line)


def test_it_holds_a_policy_against_what_another_one_demands(files: Files) -> None:
    files["sample"]["clauses.yaml"] = files["sample"]["clauses.yaml"].replace(
        "enforce: guard}", "enforce: guard, kind: approval}"
    )
    files["above"] = {
        "pack.yaml": files["sample"]["pack.yaml"].replace("pack: sample", "pack: above") + DEMANDS,
        "clauses.yaml": files["sample"]["clauses.yaml"],
        "request.yaml": files["sample"]["request.yaml"],
    }
    demanding, pack = load_pack(files, "above"), load_pack(files, "sample")

    found = {one.demand: one.rules for one in answers(pack, demanding)}

    assert found == {
        "above.limits": ("request.duties.tell", "request.duties.answer"),
        "above.entrance": (),
        "above.approval": ("request.approvals.plan",),
        "above.pace": ("parameters.answer_limit",),
    }


def test_it_may_say_why_it_does_not_answer_a_demand(files: Files) -> None:
    files["sample"]["pack.yaml"] += "lost: {above.entrance: 原文缺第三页, above.enterance: 写错了}\n"
    files["above"] = {
        "pack.yaml": files["sample"]["pack.yaml"].partition("lost:")[0].replace("pack: sample", "pack: above")
        + DEMANDS,
        "clauses.yaml": files["sample"]["clauses.yaml"],
        "request.yaml": files["sample"]["request.yaml"],
    }
    demanding, pack = load_pack(files, "above"), load_pack(files, "sample")

    reasons = {one.demand: one.reason for one in answers(pack, demanding) if not one.rules}

    assert reasons["above.entrance"] == "原文缺第三页"
    assert unknown_demands(pack, {"above": demanding}) == ("above.enterance",)
    assert "above.entrance" not in pack.lost


def test_it_tells_all_of_it_to_those_who_sign(files: Files) -> None:
    charter(
        files,
        'effective: {from: 2026-01-01, clause: "1"}',
        'trial: {review_after: 12个月, clause: "1"}',
        'yields_to: {packs: 全部, clause: "2"}',
        'prevails_over: {packs: [manners], clause: "2"}',
        f"revisions: [{SECOND}]",
    )
    lines = list(pack_lines(load_pack(files, "sample")))
    for said in (
        "- 自 2026-01-01 起施行（1）。",
        "- 试行，施行满 12个月后评估（1）。",
        "- 不一致时以公司其他制度为准（2）。",
        "- 不一致时优先于MANNERS（2）。",
        "| 2026-01-01 | 1.0 | 改期限 | 编制岗 | 审核岗 | 批准岗 |",
    ):
        assert said in lines
