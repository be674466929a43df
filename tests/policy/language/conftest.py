"""A small pack of our own: a generic parent and a document that extends it, with one way to break one line of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kesu.policy.errors import PackInvalid, Problem
from kesu.policy.loader import load_pack
from kesu.policy.model.pack import Kind, Pack

COMMON_PACK = """\
pack: common
title: 通用步骤
version: "1"
status: effective
generic: 是
kinds: [request]
"""

COMMON_KIND = """\
kind: request
name: 请求
numbering: {prefix: QQ, digits: 4}
holder: clerk
title: topic
list: [sort]
start: received
stages:
  received: {name: 已收到, public: 已收到}
  working: {name: 办理中, public: 正在办理}
  closed: {name: 办结, final: 是, public: 已办结}
roles:
  clerk: {name: 经办人}
  chief: {name: 主管, scope: company}
facts:
  topic: {name: 主题, type: text}
  sort: {name: 类别, type: choice, values: [普通, 其他]}
  urgent: {name: 是否紧急, type: flag, default: 否}
  heads: {name: 人数, type: number}
  visitor: {name: 来人, type: person, data: personal}
steps:
  receive: {name: 接收, by: [everyone, complainant], from: [start], to: received, event: case.received, asks: [topic], may: [urgent, heads]}
  work: {name: 开始办理, by: clerk, from: [received], to: working, event: work.started, asks: [sort]}
  close: {name: 办结, by: clerk, from: [working], to: closed, event: case.resolved}
"""

SAMPLE_PACK = """\
pack: sample
title: 请求办理办法
version: "1.0"
status: trial
extends: common
document: {number: QY-QQ-001}
signatures: [compiled_by, approved_by]
scope: 适用于样例
kinds: [request]
parameters:
  answer_limit: {name: 答复期限, type: duration, value: 3个工作日, clause: "2"}
  crowd: {name: 多人, type: number, value: 8, at_least: 2, clause: 3a}
  ceiling: {name: 上限, type: money, value: 由公司填写, sample: 2万元, clause: "4"}
later:
  "9": 要等定期报告一起做
"""

SAMPLE_CLAUSES = """\
"1": {printed: "1", text: 收到请求即告知经办人, enforce: reminder}
"2": {printed: "2", text: 三个工作日内答复, enforce: automatic, kind: deadline, modality: must}
3a: {printed: "3", text: 八人以上为重点, enforce: automatic}
3b: {printed: "3", text: 满一月未办结的为重点, enforce: automatic}
3c: {printed: "3", text: 其余为普通, enforce: automatic}
"4": {printed: "4", text: 方案经主管批准, enforce: guard}
"9": {printed: "9", text: 每月编写报告, enforce: record}
"""

SAMPLE_KIND = """\
kind: request
portal: 是
stages:
  review: {name: 审批中, insert_after: working, clause: "4"}
facts:
  sort: {change: {values: {普通: 3c, 工程: 3a, 其他: "1"}}, clause: "1"}
  cost: {name: 费用, type: money, clause: "4"}
  plan: {name: 方案, type: text, clause: "4"}
  answer_on: {name: 答复日期, type: date, clause: "2"}
  team: {name: 小组, type: group, clause: "4", adds: [{when: {level: focus}, add: chief, clause: "4"}]}
  dept: {name: 责任部门, type: unit, clause: "1"}
  visitors: {name: 来人数, type: number, derive: {distinct: visitor, of: [visitor.came], window: {rolling: 30天}}, clause: 3a}
  plans: {name: 方案次数, type: number, derive: {count: plan.submitted, where: {urgent: 是}}, clause: "4"}
  route: {name: 去向, type: choice, values: [快, 慢], derive: {table: [{when: {urgent: 是}, use: 快}, {else: 慢}]}, clause: "1"}
events:
  visitor.came: {name: 有人来访, by: world, facts: [visitor]}
levels:
  order: {normal: 普通, focus: 重点}
  falls: by_hand
  lowered_by: {who: chief, reason: 必填}
  rules:
    - {level: focus, name: 多人, when: {heads: {at_least: {param: crowd}}}, clause: 3a}
    - {level: focus, when: {elapsed: {since: case.received, at_least: 1个月, counts: {urgent: 否}}, not: {happened: case.resolved}}, clause: 3b}
    - {level: normal, else: 是, clause: 3c}
steps:
  work: {change: {may: [dept, team]}, clause: "1"}
  submit: {name: 提交方案, by: [clerk, {group: team}], from: [working], event: plan.submitted, asks: [cost], forms: [plan_form], clause: "4"}
  answer: {name: 答复, by: {table: [{when: {level: focus}, use: chief}, {else: clerk}]}, from: [working], event: request.answered, may: [answer_on], clause: "2", open_for: {since: case.received, within: 15天, times: 1, late: {by: chief}}}
guards:
  approved_first: {steps: [close], when: {cost: {above: 0元}}, needs: {approved: [plan]}, says: 方案须先批准, clause: "4"}
  team_first: {steps: [submit], when: {level: focus}, needs: {people: {team: [clerk, chief]}}, says: 小组须有主管, clause: "4"}
approvals:
  plan:
    name: 方案审批
    clause: "4"
    of: plan.submitted
    chain: [{role: chief, of: dept}, {table: [{when: {cost: {at_least: {param: ceiling}}}, use: {all: [chief, clerk]}}, {else: 略过}]}]
    each_within: 1个工作日
    opened_to: review
    granted_to: working
    refused_to: working
duties:
  tell: {name: 告知经办人, clause: "1", starts: case.received, owner: first_contact, within: 1工作小时, met_by: work.started, overdue: [{after: 0分钟, tell: chief}]}
  answer: {name: 答复, clause: "2", starts: case.received, owner: {table: [{when: {urgent: 是}, use: chief}, {else: clerk}]}, within: {table: [{when: {urgent: 是}, use: 24小时}, {else: {param: answer_limit}}]}, met_by: request.answered, remind: [50%, {before: 2小时}], pauses: [{while: {sort: 其他}, limit: 10天}], cap: 30天}
notices:
  receipt: {name: 回执, clause: "1", starts: case.received, to: complainant, says: [topic], text: "{title}（{case}）已收到：{topic}，最迟 {due} 答复。"}
documents:
  plan_form: {name: 方案单, fields: [plan], signatures: [clerk], clause: "4"}
guidance:
  kindly: {at: [receive], text: 先听完再说, clause: "1"}
promises:
  soon: {text: 最迟 {due} 答复您。, duty: answer, clause: "2"}
keeps:
  close: "1"
"""

Files = dict[str, dict[str, str]]


@pytest.fixture
def files() -> Files:
    return {
        "common": {"pack.yaml": COMMON_PACK, "request.yaml": COMMON_KIND},
        "sample": {"pack.yaml": SAMPLE_PACK, "clauses.yaml": SAMPLE_CLAUSES, "request.yaml": SAMPLE_KIND},
    }


@pytest.fixture
def pack(files: Files) -> Pack:
    return load_pack(files, "sample")


@pytest.fixture
def kind(pack: Pack) -> Kind:
    return pack.kinds["request"]


Broken = Callable[..., tuple[Problem, ...]]


@pytest.fixture
def broken(files: Files) -> Broken:
    """Loads the sample with parts of its texts replaced, and gives the mistakes that are found."""

    def break_and_load(*changes: tuple[str, str], file: str = "request.yaml", of: str = "sample") -> tuple[Problem, ...]:
        for old, new in changes:
            assert files[of][file].count(old) == 1, f"{old!r} should stand once in {file}"
            files[of][file] = files[of][file].replace(old, new)
        with pytest.raises(PackInvalid) as caught:
            load_pack(files, "sample")
        return caught.value.problems

    return break_and_load
