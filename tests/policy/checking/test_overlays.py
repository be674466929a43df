"""An overlay adds to whatever document rules the cases, and changes nothing of it without a word."""

from __future__ import annotations

import pytest

from kesu.policy.checking import look_over_together
from kesu.policy.errors import PackInvalid
from kesu.policy.loader import compose, load_pack, read_canonical
from kesu.policy.model.pack import Pack
from kesu.policy.wording import remarks
from tests.policy.checking.conftest import Files

DUTY = """
duties:
  thank: {name: 致谢, clause: "1", starts: case.received, owner: clerk, within: 1天, met_by: work.started}
"""


def laid(files: Files, *overlays: str) -> Pack:
    return compose(load_pack(files, "sample"), [load_pack(files, code) for code in overlays or ("manners",)])


def told(files: Files) -> str:
    with pytest.raises(PackInvalid) as refused:
        load_pack(files, "manners")
    return str(refused.value)


def test_it_adds_its_rules_under_the_name_of_its_document(files: Files) -> None:
    composed = laid(files)
    kind = composed.kinds["request"]

    assert composed.title == "请求办理办法"
    assert kind.guidance["kind_words"].at == ("receive", "work")
    assert kind.guidance["kind_words"].clauses == ("manners-1",)
    assert composed.clauses["manners-1"].printed == "用语规范 一"
    assert kind.steps["receive"].may_state == ("urgent", "heads", "purpose")
    assert set(load_pack(files, "sample").kinds["request"].duties) == set(kind.duties)


def test_it_is_one_text_with_a_hash_of_its_own(files: Files) -> None:
    composed = laid(files)

    assert composed.hash != load_pack(files, "sample").hash
    assert read_canonical(composed.canonical) == composed
    assert [(one.code, one.version, one.document_number) for one in composed.charter.overlays] == [
        ("manners", "1.0", "QY-YY-002")
    ]


def test_it_leaves_a_policy_alone_that_has_none_of_its_kinds(files: Files) -> None:
    for part in ("pack.yaml", "request.yaml"):
        files["manners"][part] = files["manners"][part].replace("request", "inquiry")
    files["manners"]["inquiry.yaml"] = files["manners"].pop("request.yaml")
    files["common"]["pack.yaml"] = files["common"]["pack.yaml"].replace("[request]", "[request, inquiry]")
    files["common"]["inquiry.yaml"] = files["common"]["request.yaml"].replace("kind: request", "kind: inquiry")

    assert laid(files).hash == load_pack(files, "sample").hash


def test_it_leaves_out_what_finds_nothing_to_lie_on(files: Files) -> None:
    files["sample"]["request.yaml"] = files["sample"]["request.yaml"].replace(
        "facts:\n", "facts:\n  heads: {drop: 不数人}\n"
    )
    files["sample"]["request.yaml"] = files["sample"]["request.yaml"].replace(
        "when: {heads: {at_least: {param: crowd}}}", "when: {cost: {at_least: 8元}}"
    )
    files["sample"]["request.yaml"] = files["sample"]["request.yaml"].replace(
        "  work: {change:", '  receive: {change: {may: [urgent]}, clause: "1"}\n  work: {change:'
    )
    files["manners"]["request.yaml"] += '  counted: {facts: [note_of_heads], has: [人], says: 写人数, clause: "2"}\n'
    files["common"]["request.yaml"] = files["common"]["request.yaml"].replace(
        "  heads:", "  note_of_heads: {name: 人数说明, type: text}\n  heads:"
    )
    files["sample"]["request.yaml"] = files["sample"]["request.yaml"].replace(
        "  heads: {drop", "  note_of_heads: {drop: 不要}\n  heads: {drop"
    )

    composed = laid(files)

    assert "counted" not in composed.kinds["request"].wording
    assert composed.charter.overlays[0].left_out == ("request.wording.counted",)


def test_a_new_deadline_must_be_named(files: Files) -> None:
    files["manners"]["request.yaml"] += DUTY

    said = told(files)

    assert "packs/manners/request.yaml:13" in said
    assert "叠加的制度 manners 改动办法，却没有写明" in said
    assert "请在 pack.yaml 的 changes（改动清单） 里写 request.duties.thank" in said


def test_a_named_change_stands_in_the_composed_text_with_its_clause(files: Files) -> None:
    files["manners"]["request.yaml"] += DUTY
    files["manners"]["pack.yaml"] += 'changes: {request.duties.thank: {says: 一天内致谢, clause: "1"}}\n'

    composed = laid(files)

    assert "thank" in composed.kinds["request"].duties
    (change,) = composed.charter.overlays[0].changes
    assert (change.address, change.says, change.clauses) == ("request.duties.thank", "一天内致谢", ("manners-1",))


@pytest.mark.parametrize(
    "rule",
    [
        'steps:\n  work: {change: {by: chief}, clause: "1"}',
        "notices:\n  receipt: {drop: 不发}",
        'stages:\n  greeted: {name: 已问候, clause: "1"}',
        'levels: {order: {normal: 普通}, rules: [{level: normal, else: 是, clause: "1"}]}',
    ],
    ids=["a step changed", "a notice dropped", "a stage", "levels"],
)
def test_so_must_everything_by_which_cases_run_otherwise(files: Files, rule: str) -> None:
    files["common"]["request.yaml"] += "\nnotices:\n  receipt: {name: 回执, starts: case.received, to: complainant}\n"
    kind = files["manners"]["request.yaml"].replace('steps:\n  receive: {add: {may: [purpose]}, clause: "3"}\n', "")
    files["manners"]["request.yaml"] = f"{kind}\n{rule}\n"
    assert "改动办法，却没有写明" in told(files)


def test_it_keeps_nothing_as_a_child_would(files: Files) -> None:
    files["manners"]["request.yaml"] += 'keeps: {work: "1"}\n'
    assert "keeps（沿用）：叠加的制度不写这个键" in told(files)


def test_a_rule_of_an_overlay_has_its_clause_too(files: Files) -> None:
    files["manners"]["request.yaml"] = files["manners"]["request.yaml"].replace(
        ', says: 用“您”, clause: "2"', ", says: 用“您”"
    )
    assert "request.wording.polite：缺少 clause（条款）" in told(files)


def test_a_misspelt_code_is_found_over_the_pack_for_which_it_was_written(files: Files) -> None:
    files["manners"]["request.yaml"] = files["manners"]["request.yaml"].replace("at: [receive, work]", "at: [recieve]")
    assert "没有步骤 recieve" in told(files)


def test_it_does_not_announce_a_change_that_it_does_not_make(files: Files) -> None:
    files["manners"]["pack.yaml"] += 'changes: {request.duties.thank: {says: 一天内致谢, clause: "1"}}\n'
    assert "写明要改，却没有规则改它" in told(files)


def test_it_leaves_out_what_speaks_of_what_the_policy_has_dropped_and_what_speaks_of_that(files: Files) -> None:
    files["common"]["request.yaml"] += "  look: {name: 去现场看, by: clerk, event: site.seen}\n"
    files["manners"]["request.yaml"] += """
guards:
  seldom: {steps: [look], unless: {times_seen: {below: 1}}, says: 看过的不再看, clause: "1"}
  greeted: {steps: [look, work], unless: {happened: case.received}, says: 先问好, clause: "1"}
"""
    facts = '  times_seen: {name: 看了几次, type: number, derive: {count: site.seen}, clause: "1"}\n'
    files["manners"]["request.yaml"] = files["manners"]["request.yaml"].replace("facts:\n", f"facts:\n{facts}")
    assert laid(files).charter.overlays[0].left_out == ()
    assert laid(files).kinds["request"].guards["greeted"].steps == ("look", "work")

    files["sample"]["request.yaml"] = files["sample"]["request.yaml"].replace(
        "steps:\n", "steps:\n  look: {drop: 不去现场}\n"
    )
    composed = laid(files)

    assert composed.kinds["request"].guards["greeted"].steps == ("work",)
    assert "seldom" not in composed.kinds["request"].guards
    assert set(composed.charter.overlays[0].left_out) == {"request.facts.times_seen", "request.guards.seldom"}


def second_overlay(files: Files, text: str, head: str = "") -> None:
    files["dress"] = {
        "pack.yaml": files["manners"]["pack.yaml"].replace("manners", "dress").replace("用语规范", "仪表规范") + head,
        "clauses.yaml": files["manners"]["clauses.yaml"],
        "request.yaml": f'kind: request\nguidance:\n  kind_words: {{at: [receive], text: {text}, clause: "1"}}\n',
    }


def test_two_documents_that_rule_one_thing_differently_are_reported(files: Files) -> None:
    second_overlay(files, "衣着整洁")

    found = [str(one) for one in look_over_together(files, "sample", ["manners", "dress"])]

    assert len(found) == 1
    assert found[0].startswith("packs/manners/request.yaml:8")
    assert "manners 和 dress（packs/dress/request.yaml 第 3 行） 规定不同，没有写哪一个优先" in found[0]
    assert "请在 pack.yaml 写 yields_to（让位于） 或 prevails_over（优先于），连同条款" in found[0]


@pytest.mark.parametrize(
    ("head", "stands"),
    [
        ('yields_to: {packs: 全部, clause: "2"}\n', "说话有礼貌"),
        ('yields_to: {packs: [manners], clause: "2"}\n', "说话有礼貌"),
        ('prevails_over: {packs: [manners], clause: "2"}\n', "衣着整洁"),
    ],
)
def test_a_document_says_which_one_gives_way(files: Files, head: str, stands: str) -> None:
    second_overlay(files, "衣着整洁", head)

    assert look_over_together(files, "sample", ["manners", "dress"]) == ()
    assert laid(files, "manners", "dress").kinds["request"].guidance["kind_words"].text == stands


def test_two_documents_that_both_come_first_are_reported(files: Files) -> None:
    second_overlay(files, "衣着整洁", 'prevails_over: {packs: [manners], clause: "2"}\n')
    files["manners"]["pack.yaml"] += 'prevails_over: {packs: [dress], clause: "2"}\n'
    found = [str(one) for one in look_over_together(files, "sample", ["manners", "dress"])]
    assert any("manners 和 dress 都说自己优先" in one for one in found)


def test_the_same_rule_twice_stands_under_both_documents(files: Files) -> None:
    second_overlay(files, "说话有礼貌")
    files["dress"]["request.yaml"] = files["dress"]["request.yaml"].replace("[receive]", "[receive, work]")

    assert look_over_together(files, "sample", ["manners", "dress"]) == ()
    guidance = laid(files, "manners", "dress").kinds["request"].guidance["kind_words"]
    assert guidance.clauses == ("dress-1", "manners-1")


def test_it_reminds_of_words_while_somebody_writes(files: Files) -> None:
    kind = laid(files).kinds["request"]

    (remark,) = remarks(kind, {"topic": "请修灯"})
    assert (remark.says, remark.clauses, remark.lacking) == ("用“您”", ("manners-2",), ("您",))
    assert list(remarks(kind, {"topic": "请您修灯"})) == []
    assert list(remarks(kind, {"topic": " "})) == []


@pytest.mark.parametrize(
    ("below", "values", "clauses"),
    [
        ("[电话, 来访]", ("电话", "来访", "论坛"), {}),
        ('{电话: "1", 来访: "1"}', ("电话", "来访", "论坛"), {"电话": "1", "来访": "1", "论坛": "manners-1"}),
    ],
)
def test_it_adds_values_to_choose_each_once_under_its_own_clause_where_the_others_have_one(
    files: Files, below: str, values: tuple[str, ...], clauses: dict[str, str]
) -> None:
    fact = f'  way: {{name: 方式, type: choice, values: {below}, clause: "1"}}\n'
    files["common"]["request.yaml"] = files["common"]["request.yaml"].replace("facts:\n", f"facts:\n{fact}", 1)
    more = '  way: {add: {values: [来访, 论坛]}, clause: "1"}\n'
    files["manners"]["request.yaml"] = files["manners"]["request.yaml"].replace("facts:\n", f"facts:\n{more}", 1)
    way = laid(files).kinds["request"].facts["way"]
    assert way.values == values
    assert dict(way.value_clauses) == clauses
