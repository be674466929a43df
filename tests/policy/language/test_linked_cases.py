"""Cases that follow from others: how a policy says so, and what is said of mistakes."""

from __future__ import annotations

import pytest

from kesu.policy.errors import PackInvalid
from kesu.policy.language.texts import words_of
from kesu.policy.loader import read_canonical
from kesu.policy.model.conditions import Moment, MomentNoun
from kesu.policy.telling.changes import changes
from kesu.policy.telling.rules import told_rules
from tests.linked_policies import RECTIFICATION, linked

SEALED = RECTIFICATION + "secrecy: {sealed: 是, opened_to: [cs_specialist], clause: D1c}\n"


def said(*changed: tuple[str, str], kind: str = RECTIFICATION, others: dict[str, str] | None = None) -> str:
    with pytest.raises(PackInvalid) as invalid:
        linked(*changed, kind=kind, others=others)
    return str(invalid.value)


def test_it_says_when_which_kind_and_what_goes_along() -> None:
    link = linked().kinds["complaint"].opens["problem"]
    assert (link.kind, link.kind_name, link.place, link.clauses) == ("rectification", "整改", "problem_at", ("D1c",))
    assert link.starts == (Moment(MomentNoun.EVENT, "problem.found"),)
    assert link.carries == {"topic": "problem_text", "person": "person", "weight": "problem_weight"}
    assert (link.states, link.brings) == ({"source": "投诉"}, {"problem_end": "stage", "problem_result": "result"})


def test_facts_of_the_same_name_may_be_listed() -> None:
    short = linked(("carries: {topic: problem_text, person: person, weight: problem_weight}", "carries: [person]"),
                   ("states: {source: 投诉}", "states: {source: 投诉, topic: 查出的问题}"))  # fmt: skip
    assert short.kinds["complaint"].opens["problem"].carries == {"person": "person"}


def test_the_other_case_may_go_by_another_policy() -> None:
    link = linked(("kind: rectification\n    place", "kind: {served: rectification}\n    place"))
    assert link.kinds["complaint"].opens["problem"].is_served


def test_duties_and_guards_may_wait_for_it() -> None:
    kind = linked().kinds["complaint"]
    assert kind.duties["rectify"].met_by == (Moment(MomentNoun.LINK, "problem", "closed"),)
    assert [need.codes for need in kind.guards["rectified_first"].needs] == [("problem",)]


def test_what_was_read_is_read_again_from_the_signed_text() -> None:
    pack = linked()
    assert read_canonical(pack.canonical).kinds["complaint"].opens == pack.kinds["complaint"].opens


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("kind: rectification\n    place", "kind: rectifikation\n    place", "本制度没有案件种类 rectifikation"),
        ("kind: rectification\n    place", "kind: {served: 投诉, at: 本部}\n    place", "没有 at 这个键"),
        ("place: problem_at", "place: problem_text", "不是单位（unit）类型的事实"),
        ("topic: problem_text, person", "topix: problem_text, person", "整改没有事实 topix"),
        ("topic: problem_text, person", "result: problem_text, person", "开立整改的步骤不填 result（整改情况）"),
        ("topic: problem_text, person: person", "topic: problem_text, person: title", "一个是 text，一个是 person"),
        ("carries: {topic: problem_text, person", "carries: {person", "必须填topic（整改什么），程序填不出"),
        ("states: {source: 投诉}", "states: {source: 来电}", "source（来源）读不懂“来电”"),
        ("states: {source: 投诉}", "states: {source: 投诉, topic: 漏水}", "topic 已经从 problem_text 带去"),
        ("states: {source: 投诉}", "states: {source: 投诉, person: 张女士}", "是 person 类型，制度里写不出它的值"),
        ("[轻, 重], clause: D1c}\n  problem_end", "[轻, 重, 急], clause: D1c}\n  problem_end", "没有“急”"),
        ("values: [已整改, 不用整改]", "values: [已整改]", "装不下整改结束的阶段"),
        ("problem_result: result}", "problem_result: outcome}", "整改没有事实 outcome"),
        ("problem_result: result}", "problem_result: weight}", "weight（轻重）带不到 problem_result（整改的情况）"),
        ("states: {source: 投诉}", "states: {source: 投诉}\n    closed_to: informd", "没有阶段 informd"),
        ("problem_end: stage", "complainants: stage", "是推算的事实，不能带回"),
        ("met_by: link.problem.closed", "met_by: link.problem.finished", "可用：link.problem.opened"),
        ("met_by: link.problem.closed", "met_by: link.problems.closed", "没有关联立案 problems"),
        ("links_closed: problem", "links_closed: problems", "没有关联立案 problems"),
        ("starts: problem.found\n    when", "starts: problem.fond\n    when", "没有事件 problem.fond"),
    ],
)  # fmt: skip
def test_it_says_what_is_wrong(old: str, new: str, told: str) -> None:
    assert told in said((old, new))


def test_a_sealed_case_is_opened_by_sealed_ones_only_and_it_says_why() -> None:
    assert "看得到本件的人就知道有那一件" in said(kind=SEALED)
    assert "只有密封的案件可以开出密封的案件" in said(kind=SEALED)


def test_personal_texts_go_nowhere_where_more_people_see_them() -> None:
    open_text = ("谁提的, type: person, data: personal", "谁提的, type: person")
    assert "数据级别更低" in said(open_text)


def to_roles(before: str, roles: str) -> tuple[str, str]:
    return before, f"{before}, seen_by: {roles}"


STATED = to_roles("problem_text: {name: 查出的问题, type: text", "cs_manager")
BROUGHT = to_roles("problem_result: {name: 整改的情况, type: text", "cs_manager")
RESULT = to_roles("result: {name: 整改情况, type: text", "cs_specialist")
CARRIED = (("weight: problem_weight}", "result: problem_text}"), ("may: [person, weight]", "may: [person, result]"))
SERVED = ("kind: rectification\n    place", "kind: {served: rectification}\n    place")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ((STATED,), "查出的问题）只给写明的岗位看，不能由“查出的问题转整改”带到另一件"),
        ((STATED, SERVED), "查出的问题）只给写明的岗位看，不能由“查出的问题转整改”带到另一件"),
        ((BROUGHT,), "整改的情况）只给写明的岗位看，不能由“查出的问题转整改”从另一件带回"),
        ((BROUGHT, SERVED), "整改的情况）只给写明的岗位看，不能由“查出的问题转整改”从另一件带回"),
        ((BROUGHT, RESULT), "整改的情况）只给写明的岗位看，不能由“查出的问题转整改”从另一件带回"),
        ((RESULT,), "result（整改情况）带不到 problem_result（整改的情况）：整改情况只给写明的岗位看"),
        ((RESULT, *CARRIED), "problem_text（查出的问题）带不到 result（整改情况）：整改情况只给写明的岗位看"),
    ],
)
def test_texts_for_some_roles_go_from_no_case_to_another(changes: tuple[tuple[str, str], ...], told: str) -> None:
    """Two policies reserve to other people: no class is more or less open than such a text."""
    assert told in said(*changes)


def test_kinds_that_open_each_other_for_ever_are_refused() -> None:
    link = "{name: 再开, clause: D1c, starts: rectification.opened, kind: rectification, carries: [source, topic]}"
    assert "绕一圈没有尽头" in said(kind=RECTIFICATION + f"opens:\n  again: {link}\n")


def test_the_printed_policy_says_it_in_one_sentence() -> None:
    pack = linked()
    told = told_rules(pack.kinds["complaint"])
    assert told["opens.problem"] == (
        "“查出的问题转整改”：记录查出的问题后，填了查出的问题的，由系统在整改的单位开立一件“整改”，"
        "带去查出的问题、投诉人、问题的轻重，代填source“投诉”；那一件结束时，带回整改的结果（结束时的阶段）、整改的情况（result）。"
    )
    assert "须等“查出的问题转整改”开立的案件都结束" in told["guards.rectified_first"]
    assert "“查出的问题转整改”的那一件开立" in told["duties.rectify"]


def test_a_new_version_says_what_it_opens_otherwise() -> None:
    later = linked(("when: {problem_text: 已填}", "when: {problem_weight: 重}"))
    (change,) = [one for one in changes(linked(), later) if one.part == "opens"]
    assert "查出的问题转整改" in change.sentence


def test_its_words_can_be_translated() -> None:
    import json

    assert words_of(json.loads(linked().canonical))["complaint.opens.problem.name"] == "查出的问题转整改"


PUBLISHING = RECTIFICATION + (
    "publishes:\n  notice: {name: 整改公示, starts: rectification.done, title: topic, says: [topic],"
    " taken_back: rectification.resumed,"
    " seen_by: public, clause: D1c}\n"
)


def test_words_of_customers_are_not_published_by_way_of_another_case() -> None:
    own = ("carries: {topic: problem_text,", "carries: {topic: content,")
    assert linked(kind=PUBLISHING), "what the house writes may go there and be shown"
    assert "内容由本单位以外的人写，带到整改就会公示" in said(own, kind=PUBLISHING)
