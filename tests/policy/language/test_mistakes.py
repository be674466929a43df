# ruff: noqa: E501 (a mistake, and what is said about it, are compared more easily on one line)
"""Every mistake is answered with its place, what was expected and the nearest legal word."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kesu.policy.errors import PackInvalid, Problem, nearest
from kesu.policy.loader import load_pack

Broken = Callable[..., tuple[Problem, ...]]
Files = dict[str, dict[str, str]]

TELL = "within: 1工作小时, met_by: work.started"

# what is written instead of what, and what is said about it
RULE_MISTAKES = [
    ("full-width colon", ("owner: first_contact", "owner：first_contact"), "用了中文冒号", "请写 owner: first_contact"),
    ("full-width comma", ("starts: case.received, owner: first", "starts: case.received，owner: first"), "中文逗号", "owner"),
    ("full-width comma in a list", ("fields: [plan]", "fields: [plan，cost]"), "中文逗号", "[甲, 乙]"),
    ("tab", ("  kindly: {at", "  kindly:\t{at"), "制表符", "空格"),
    ("Chinese numeral", (TELL, "within: 三个工作日, met_by: work.started"), "duties.tell.within（时限）", "3个工作日"),
    ("unknown unit", (TELL, "within: 3工日, met_by: work.started"), "工日", "工作日"),
    ("unknown key", (TELL, "withn: 1工作小时, met_by: work.started"), "没有 withn 这个键", "是不是 within（时限）？"),
    ("missing key", (TELL, "met_by: work.started"), "duties.tell", "缺少 within（时限）"),
    ("empty value", ("cap: 30天}", "cap: }"), "duties.answer.cap", "这里没有写值"),
    ("key of a later version", ("cap: 30天}", "produces: plan_form}"), "produces（产出文书）", "本版本还不能执行"),
    ("unknown clause", ('{level: focus, name: 多人, when: {heads: {at_least: {param: crowd}}}, clause: 3a}',
                        '{level: focus, name: 多人, when: {heads: {at_least: {param: crowd}}}, clause: 3z}'),
     "levels.rules[1].clause（条款）：本制度没有 3z 条", "最接近的是 3a「八人以上为重点」"),
    ("unknown fact", ("when: {cost: {above: 0元}}", "when: {coast: {above: 0元}}"),
     "guards.approved_first.when.coast：没有事实 coast", "是不是 cost（费用）？"),
    ("unknown value", ("while: {sort: 其他}", "while: {sort: 其它}"), "没有\"其它\"这个值", "可选：普通、工程、其他"),
    ("unknown event", ("of: plan.submitted", "of: plan.submited"),
     "没有事件 plan.submited", "是不是 plan.submitted（提交方案，来自步骤 submit）？"),
    ("unknown stage", ("opened_to: review", "opened_to: reviews"), "没有阶段 reviews", "是不是 review（审批中）？"),
    ("unknown role", ("tell: chief}", "tell: cheif}"), "没有角色 cheif", "是不是 chief（主管）？"),
    ("unknown level", ("adds: [{when: {level: focus}", "adds: [{when: {level: fokus}"), "没有级别 fokus", "focus（重点）"),
    ("unknown duty", ("duty: answer,", "duty: anser,"), "没有义务 anser", "是不是 answer（答复）？"),
    ("unknown approval", ("approved: [plan]", "approved: [plans]"), "没有审批 plans", "是不是 plan（方案审批）？"),
    ("choice that the program cannot state", ("portal_facts: {sort: 普通}", "portal_facts: {sort: 网络}"), "portal_facts.sort：没有\"网络\"这个值", "可选"),
    ("fact that the program cannot state", ("portal_facts: {sort: 普通}", "portal_facts: {urgent: 是}"), "不是单选", ""),
    ("word of the house to a customer", ("已收到：{topic}。", "已收到：{topic}，最迟 {due}。"), "文字里的 {due} 不认得", "{case} {title} {stage}"),
    ("unknown notice", ("needs: {approved: [plan]}", "needs: {sent: [reciept]}"), "没有告知 reciept", "是不是 receipt（回执）？"),
    ("section of a later version", ("portal: 是", "portal: 是\nitems: {finding: {name: 回访意见}}"), "items（子项）", "本版本还不能执行"),
    ("date", ("while: {sort: 其他}", "while: {answer_on: {above: 2026/7/2}}"), '看不懂"2026/7/2"', "日期写成 2026-07-02"),
    ("money", ("{cost: {above: 0元}}", "{cost: {above: 0}}"), '看不懂"0"', "金额写成 20000元 或 2万元"),
    ("levels in the wrong order", ("when: {level: focus}, needs", "when: {level: {at_least: focus, at_most: normal}}, needs"), "没有级别，永远不会成立", ""),
    ("time window on the last value", ("derive: {count: plan.submitted, where: {urgent: 是}}", "derive: {last: cost, of: plan.submitted, window: {rolling: 30天}}"),
     "last（最近一次）不能带 window（时间窗）", ""),
    ("two ways to derive", ("derive: {count: plan.submitted, where", "derive: {count: plan.submitted, sum: cost, where"), "只要写一种算法", ""),
    ("title that is no text", ("portal: 是", "portal: 是\ntitle: cost"), "不能作标题", "cost（费用）"),
    ("chain of nobody", ("chain: [{role: chief, of: dept}, {table: [{when: {cost: {at_least: {param: ceiling}}}, use: {all: [chief, clerk]}}, {else: 略过}]}]", "chain: []"),
     "审批链是空的", ""),
    ("unknown step", ("at: [receive]", "at: [recieve]"), "没有步骤 recieve", "是不是 receive（接收）？"),
    ("unknown document", ("forms: [plan_form]", "forms: [plan_from]"), "没有文书 plan_from", "是不是 plan_form（方案单）？"),
    ("unknown parameter", ("{param: ceiling}", "{param: cieling}"), "没有参数 cieling", "是不是 ceiling（上限）？"),
    ("band that never holds", ("{heads: {at_least: {param: crowd}}}", "{heads: {at_least: 8, below: 8}}"),
     "levels.rules[1].when.heads（人数）", "永远不会成立"),
    ("order on a text", ("when: {cost: {above: 0元}}", "when: {plan: {at_least: 3}}"), "plan（方案）没有大小", "at_least"),
    ("content of a text in a rule", ("when: {cost: {above: 0元}}", "when: {plan: 改建}"), "内容不进规则", "未填 或 已填"),
    ("table without else", ("{when: {urgent: 是}, use: chief}, {else: clerk}]}, within",
                            "{when: {urgent: 是}, use: chief}]}, within"), "没有兜底的一行", "请补一行 - {else: …}"),
    ("row after else", ("{when: {urgent: 是}, use: 快}, {else: 慢}", "{else: 慢}, {when: {urgent: 是}, use: 快}"),
     "facts.route.derive.table[2]（分档）", "永远轮不到"),
    ("level rules without else", ("    - {level: normal, else: 是, clause: 3c}\n", ""), "没有兜底的级别", "else: 是"),
    ("elapsed without since", ("elapsed: {since: case.received, at_least", "elapsed: {at_least"), "缺少 since（自何时）", ""),
    ("default not in the values", ("facts:\n", "facts:\n  pace: {name: 快慢, type: choice, values: [快, 慢], default: 中, clause: \"1\"}\n"),
     "facts.pace.default（默认值）", "可选：快、慢"),
    ("reserved value", ("values: [快, 慢]", "values: [快, 慢, 未填]"), "专用词：未填", ""),
    ("fact named like a word of the grammar", ("  dept: {name", "  stage: {name: 阶段, type: flag, clause: \"1\"}\n  dept: {name"),
     "stage 是条件里的专用词", ""),
    ("derived fact that people state", ("asks: [cost]", "asks: [cost, plans]"), "推算出来的", "plans（方案次数）"),
    ("chat where nobody may submit", ("portal: 是", "portal: 否\nchat: 是"), "公众不能提交的，也不能在线咨询", "portal: 是"),
    ("bad flag", ("portal: 是", "portal: yes"), "看不懂\"yes\"", "是 或 否"),
    ("bad date limit", ("use: 24小时}", "use: {fact: cost}}"), "cost（费用）不是日期或时间", ""),
    ("bad code", ("  kindly: {at", "  Kindly: {at"), "代码 Kindly 不合规则", "小写英文"),
    ("code that YAML takes for a truth", ("  kindly: {at", "  yes: {at"), "代码 yes 不合规则", ""),
    ("bad event", ("event: request.answered", "event: answered"), "事件 answered 不合规则", "case.received"),
    ("guard without a demand", ("needs: {approved: [plan]}, ", ""), "什么也拦不住", "needs（须具备）"),
    ("guard that stands before nothing", ("approved_first: {steps: [close], ", "approved_first: {"), "steps（步骤）", ""),
    ("group test on no group", ("people: {team: [clerk, chief]}", "people: {dept: [clerk, chief]}"), "不是小组", ""),
    ("placeholder that is not said", ("已收到：{topic}", "已收到：{topik}"), "{topik} 不认得", "是不是 {topic}？"),
    ("promise without its duty", ("duty: answer, ", ""), "却没有写是哪个 duty（义务）的期限", ""),
    ("reminder", ("remind: [50%,", "remind: [五成,"), "duties.answer.remind[1]（提醒）", "50% 或 {before: 2小时}"),
    ("moment that does not exist", ("since: case.received, within", "since: approval.plan.signed, within"),
     "没有时刻 approval.plan.signed", "approval.plan.granted"),
    ("generic by hand", ('kindly: {at: [receive], text: 先听完再说, clause: "1"}', "kindly: {at: [receive], text: 先听完再说, clause: generic}"),
     "规则要写明出自哪一条", "并用 unclear 说明断在哪里"),
    ("rule without a clause", (', text: 先听完再说, clause: "1"}', ", text: 先听完再说}"), "guidance.kindly：缺少 clause（条款）", ""),
    ("redefinition without a word", ("  work: {change: {may: [dept, team]}, clause: \"1\"}", "  work: {name: 办, by: clerk, event: work.started, clause: \"1\"}"),
     "上级制度已有 work（packs/common/request.yaml 第", "请写 change:"),
    ("change of nothing", ("  work: {change", "  wrok: {change"), "上级制度没有 wrok", "是不是 work？"),
    ("change without a clause", ('{change: {may: [dept, team]}, clause: "1"}', "{change: {may: [dept, team]}}"),
     "steps.work：缺少 clause（条款）", ""),
    ("other key beside change", ('{change: {may: [dept, team]}, clause: "1"}', '{change: {may: [dept, team]}, name: 办, clause: "1"}'),
     "name（名称） 不能写在 change（改动） 旁边", ""),
    ("drop of nothing", ("notices:\n", "notices:\n  recept: {drop: 原文没有}\n"), "上级制度没有 recept", "drop（删去）"),
    ("keep of nothing", ('  close: "1"', '  closed: "1"'), "上级制度没有 steps.closed", "是不是 close？"),
    ("place after nothing", ("insert_after: working", "insert_after: worked"), "没有 worked", "是不是 working？"),
    ("correction of no person", ("  dept: {name: 责任部门, type: unit", "  guest: {name: 客人, type: person, same_as: topic, clause: \"1\"}\n  dept: {name: 责任部门, type: unit"),
     "facts.guest.same_as（就是谁）", "person（人）"),
    ("head count of something that is no person", ("  dept: {name: 责任部门, type: unit", "  dept: {name: 责任部门, counts: 否, type: unit"),
     "只有人（person）类型的事实可以写 counts", ""),
    ("right that no role can have", ("guidance:\n", "roles:\n  guard: {name: 门岗, acts: [register, approve], clause: \"1\"}\nguidance:\n"),
     "没有\"approve\"这个写法", "register、note、reply、join"),
    ("sight that does not exist", ("guidance:\n", "roles:\n  guard: {name: 门岗, sees: some, clause: \"1\"}\nguidance:\n"), "没有\"some\"这个写法", "masked"),
    ("generated step taken", ("  submit: {name", "  sign_plan: {name: 签, by: chief, event: plan.signed, clause: \"4\"}\n  submit: {name"),
     "sign_plan 由程序生成", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said", "helped"), [row[1:] for row in RULE_MISTAKES], ids=[row[0] for row in RULE_MISTAKES]
)
def test_it_answers_a_mistake_in_a_rule(broken: Broken, change: tuple[str, str], said: str, helped: str) -> None:
    told = "\n".join(str(problem) for problem in broken(change))
    assert said in told
    assert helped in told


SOURCE_MISTAKES = [
    ("anchor", "cap: 30天", "cap: &long 30天", "锚点（&long）"),
    ("alias", "cap: 30天", "cap: *long", "别名（*long）"),
    ("tag", "cap: 30天", "cap: !!str 30天", "标签"),
    ("merge key", "portal: 是", "portal: 是\n<<: {list: [sort]}", "合并键（<<）"),
    ("second document", "portal: 是", "portal: 是\n---\nportal: 否", "第二份文档"),
    ("same key twice", "portal: 是", "portal: 是\nportal: 否", "portal 写了两次（第 2 行已有）"),
    (
        "same rule twice",
        "guidance:\n",
        'guidance:\n  kindly: {at: [work], text: 慢慢来, clause: "1"}\n',
        "kindly 写了两次",
    ),
    ("unbalanced brackets", "signatures: [clerk], clause", "signatures: [clerk, clause", "不合 YAML 的写法"),
]


@pytest.mark.parametrize(
    ("old", "new", "said"), [row[1:] for row in SOURCE_MISTAKES], ids=[row[0] for row in SOURCE_MISTAKES]
)
def test_it_refuses_what_yaml_does_behind_ones_back(broken: Broken, old: str, new: str, said: str) -> None:
    assert said in "\n".join(str(problem) for problem in broken((old, new)))


PACK_MISTAKES = [
    ("pack.yaml", "extends: common", "extends: comon", "没有制度 comon。是不是 common？"),
    ("pack.yaml", "extends: common", "extends: sample", "又成了自己的上级"),
    ("pack.yaml", "pack: sample", "pack: simple", "制度代码应与文件夹同名：sample"),
    ("pack.yaml", "status: trial", "status: 试行", "draft、trial、effective"),
    ("pack.yaml", "kinds: [request]", "kinds: [request, question]", "没有 question.yaml"),
    ("pack.yaml", "kinds: [request]", "note: 没有案件", "没有列进 pack.yaml 的 kinds"),
    ("pack.yaml", '  "9": 要等', '  "8": 要等', "本制度没有 8 条"),
    ("pack.yaml", "value: 8, at_least: 2", "value: 1, at_least: 2", "多人不能小于 2"),
    ("pack.yaml", "value: 8, at_least: 2", "value: 八", '看不懂"八"'),
    ("pack.yaml", "sample: 2万元", "sample: 两万", "金额写成 20000元 或 2万元"),
    ("pack.yaml", ", sample: 2万元", "", "参数 ceiling 还没有值"),
    (
        "pack.yaml",
        "type: duration, value: 3个工作日",
        "type: duration, value: 三天",
        "parameters.answer_limit.value（值）",
    ),
    (
        "pack.yaml",
        "type: duration, value: 3个工作日",
        "type: days, value: 3个工作日",
        "number、money、duration、window",
    ),
    ("clauses.yaml", "text: 每月编写报告, enforce: record", "text: 每月编写报告, enforce: recrod", "是不是 record？"),
    ("clauses.yaml", 'printed: "9", ', "", "9：缺少 printed（印刷条号）"),
    ("request.yaml", "kind: request\n", "kind: query\n", "kind 应与文件同名：request"),
]


@pytest.mark.parametrize(("file", "old", "new", "said"), PACK_MISTAKES)
def test_it_answers_a_mistake_in_the_papers_of_a_pack(broken: Broken, file: str, old: str, new: str, said: str) -> None:
    assert said in "\n".join(str(problem) for problem in broken((old, new), file=file))


WHOLE_MISTAKES = [
    ("duties that wait for each other",
     [("name: 告知经办人, clause: \"1\", starts: case.received", "name: 告知经办人, clause: \"1\", starts: duty.answer.met"),
      ("name: 答复, clause: \"2\", starts: case.received", "name: 答复, clause: \"2\", starts: duty.tell.met")],
     "duties.tell：tell 和 answer 互相等待，永远不会开始"),
    ("duty that nothing can meet", [("met_by: request.answered", "met_by: case.received")], "没有办法完成：case.received 只在开立案件时"),
    ("stage that nobody reaches", [("  review: {name", "  lost: {name: 失落, clause: \"4\"}\n  review: {name")], "没有步骤能到 lost（失落）"),
    ("stage without a way out", [("granted_to: working", "granted_to: review"), ("refused_to: working", "refused_to: review")],
     "到了 review（审批中）就再也走不到终结阶段"),
    ("derived facts in a circle", [("use: 快}, {else: 慢}", "use: 快}, {else: {fact: way}}"),
     ("  dept: {name", "  way: {name: 路, type: choice, values: [快, 慢], derive: {table: [{when: {route: 快}, use: 慢}, {else: 快}]}, clause: \"1\"}\n  dept: {name")],
     "facts.way：way 绕一圈推算到自己"),
    ("level that waits for the group that it fills", [("when: {heads: {at_least: {param: crowd}}}", "when: {team: {has: chief}}")], "两者互相等待"),
    ("derived fact that reads the level", [("{when: {urgent: 是}, use: 快}", "{when: {level: focus}, use: 快}")], "推算的事实不能看 level"),
    ("level rule that reads the stage", [("not: {happened: case.resolved}}", "stage: working}")], "级别规则不能看 stage"),
    ("guard on a fact that nobody states", [("needs: {approved: [plan]}", "needs: {facts: [visits]}"),
     ("  dept: {name", "  visits: {name: 走访, type: text, clause: \"1\"}\n  dept: {name")], "永远过不去：没有步骤填写 visits（走访）"),
    ("guard on a form that nobody fills", [(", forms: [plan_form], clause", ", clause"), ("needs: {approved: [plan]}", "needs: {forms: [plan_form]}")],
     "没有步骤填写文书 plan_form（方案单）"),
    ("guard that waits for its own step", [("approved_first: {steps: [close], when: {cost: {above: 0元}}, needs: {approved: [plan]}",
     "approved_first: {steps: [submit], needs: {happened: [plan.submitted]}")], "只能由它管的步骤自己产生"),
    ("evidence that nobody can upload", [("needs: {approved: [plan]}", "needs: {evidence: 1}")], "没有步骤能上传文件"),
    ("step of the program that is not its own", [("overdue: [{after: 0分钟, tell: chief}]", "overdue: [{after: 0分钟, step: work}]")],
     "duties.tell.overdue（逾期后）：到期由程序走的步骤 work 要写 by: system"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "said"), [row[1:] for row in WHOLE_MISTAKES], ids=[row[0] for row in WHOLE_MISTAKES]
)
def test_it_refuses_rules_that_could_never_work(broken: Broken, changes: list[tuple[str, str]], said: str) -> None:
    problems = broken(*changes)
    assert [said in str(problem) for problem in problems] == [True]


def test_it_refuses_a_kind_that_no_step_opens(broken: Broken) -> None:
    problems = broken(("from: [start], ", ""), of="common")
    assert ["没有开立案件的步骤" in str(problem) for problem in problems] == [True]


def test_it_refuses_an_opening_without_the_title(broken: Broken) -> None:
    problems = broken(("asks: [topic], may: [urgent", "may: [urgent"), of="common")
    assert ["不填标题 topic（主题）" in str(problem) for problem in problems] == [True]


def test_it_refuses_a_kind_without_an_end(broken: Broken) -> None:
    problems = broken(("final: 是, ", ""), of="common")
    assert ["没有终结阶段" in str(problem) for problem in problems] == [True]


def test_it_names_file_line_and_column(broken: Broken, files: Files) -> None:
    before = files["sample"]["request.yaml"].partition("cap: 30天")[0]
    line = before.count("\n") + 1
    (problem,) = broken(("cap: 30天", "cap: 30日"))
    assert problem.column == len(before.rpartition("\n")[2]) + len("cap: ") + 1
    assert (problem.file, problem.line) == ("packs/sample/request.yaml", line)
    assert str(problem).startswith(f"packs/sample/request.yaml:{line}:{problem.column} duties.answer.cap（总期限）：")


def test_it_points_into_the_parent_where_the_parent_is_wrong(broken: Broken) -> None:
    (problem,) = broken(
        ("by: clerk, from: [working], to: closed", "by: clerc, from: [working], to: closed"), of="common"
    )
    assert problem.file == "packs/common/request.yaml"


def test_it_reports_all_mistakes_of_all_files_at_once(broken: Broken, files: Files) -> None:
    files["sample"]["pack.yaml"] = files["sample"]["pack.yaml"].replace("status: trial", "status: 试行")
    files["sample"]["clauses.yaml"] = files["sample"]["clauses.yaml"].replace("enforce: record", "enforce: recrod")
    problems = broken(
        ("owner: first_contact", "owner：first_contact"),
        (TELL, "withn: 三个工作日, met_by: work.started"),
        ("of: plan.submitted", "of: plan.submited"),
    )
    told = [str(problem) for problem in problems]
    expected = ["status", "recrod", "中文冒号", "withn", "plan.submited"]
    assert len(told) == len(expected)
    for word in expected:
        assert sum(word in line for line in told) >= 1, word


def test_it_says_that_a_value_out_of_the_adoption_is_unknown(files: Files) -> None:
    with pytest.raises(PackInvalid) as caught:
        load_pack(files, "sample", {"crowed": "9", "answer_limit": "三天"})
    told = "\n".join(str(problem) for problem in caught.value.problems)
    assert "采用表 set.crowed：制度里没有参数 crowed。是不是 crowd？" in told
    assert '采用表 parameters.answer_limit.value（值）：看不懂"三天"' in told


def test_it_says_that_a_pack_or_a_file_is_missing(files: Files) -> None:
    with pytest.raises(PackInvalid, match="没有制度 sampel。是不是 sample？"):
        load_pack(files, "sampel")
    del files["sample"]["pack.yaml"]
    with pytest.raises(PackInvalid, match="缺少这个文件"):
        load_pack(files, "sample")
    files["sample"]["pack.yaml"] = ""
    with pytest.raises(PackInvalid, match="文件是空的"):
        load_pack(files, "sample")


def test_it_finds_no_nearest_word_where_none_is_near() -> None:
    assert nearest("within", ["owner", "withn", "when"]) == "withn"
    assert nearest("zzz", ["owner", "when"]) == ""


def test_it_takes_a_misspelt_key_for_the_one_that_would_be_missing(broken: Broken) -> None:
    (problem,) = broken((TELL, "withn: 1工作小时, met_by: work.started"))
    assert problem.nearest == "within（时限）"


def test_it_tells_a_wrong_parameter_once_and_where_it_stands(broken: Broken) -> None:
    (problem,) = broken(("value: 8, at_least: 2", "value: 八"), file="pack.yaml")
    assert problem.address == "parameters.crowd.value（值）"


def test_it_tells_an_empty_value_once(broken: Broken) -> None:
    (problem,) = broken(("cap: 30天}", "cap: }"))
    assert problem.message == "这里没有写值。"


def test_it_reads_on_behind_a_full_width_comma(broken: Broken) -> None:
    (problem,) = broken(("fields: [plan]", "fields: [plan，cost]"))
    assert "中文逗号" in problem.message


def test_it_refuses_nesting_that_no_rule_needs(broken: Broken) -> None:
    problems = broken(("when: {cost: {above: 0元}}", f"when: {'{not: ' * 2000}{{urgent: 是}}{'}' * 2000}"))
    assert ["套得太深" in problem.message for problem in problems] == [True]
