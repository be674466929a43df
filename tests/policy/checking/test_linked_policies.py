"""Linked cases looked over as a whole: kinds that only links open, and links that no policy could answer."""

from __future__ import annotations

from kesu.policy.checking import look_over
from tests.linked_policies import RECTIFICATION, texts

OWN = "kind: rectification\n    place"
SERVED = "kind: {served: suggestion}\n    place"
CARRIED = "carries: {topic: problem_text, person: person, weight: problem_weight}\n    states: {source: 投诉}"


def found(*changes: tuple[str, str], kind: str = RECTIFICATION) -> str:
    return " ".join(str(one) for one in look_over(texts(*changes, kind=kind), "p10"))


def test_a_kind_that_only_links_open_needs_nobody_to_open_it() -> None:
    by_program = RECTIFICATION.replace("{name: 开立, by: cs_specialist", "{name: 开立, by: system")
    assert found(kind=by_program) == ""
    assert "“开立”没有人能走" in found((OWN, SERVED), kind=by_program)


def test_a_kind_that_no_policy_rules_is_told() -> None:
    assert "制度库里没有哪部制度管 survey 这种案件" in found((OWN, SERVED.replace("suggestion", "survey")))


def test_a_policy_that_asks_for_more_than_is_carried_is_told() -> None:
    brings = ("brings: {problem_end: stage, problem_result: result}", "brings: {problem_end: stage}")
    said = found((OWN, SERVED), brings)
    assert "管 suggestion 的制度都开不了“查出的问题转整改”" in said
    assert "必须填channel（渠道），程序填不出" in said
    enough = "carries: {topic: problem_text, content: problem_text, person: person}\n    states: {channel: 电话}"
    assert found((OWN, SERVED), brings, (CARRIED, enough)) == ""


SECRECY = "secrecy: {{when: {when}, opened_to: [cs_specialist], says: 只有经办的人能看, clause: {clause}}}\n"


def test_what_a_confidential_case_opens_is_confidential_too() -> None:
    confidential = ("levels:\n", SECRECY.format(when="{level: major}", clause='"3.4.4"') + "levels:\n")
    assert "案件保密时开立的“查出的问题转整改”却不保密" in found(confidential)
    closed = RECTIFICATION + SECRECY.format(when="{stated: topic}", clause='"3.4.4"')
    assert "却不保密" not in found(confidential, kind=closed)


NAMED = "facts:\n  about: {name: 有关的满意度调查, type: case, kind: {served: survey}, clause: D1c}\n"


def test_a_fact_in_which_nothing_can_ever_be_named_is_told() -> None:
    kind = RECTIFICATION.replace("facts:\n", NAMED).replace("may: [person,", "may: [about, person,")
    assert "制度库里没有哪部制度管 survey 这种案件，“有关的满意度调查”永远没有可以填的" in found(kind=kind)
    assert found(kind=kind.replace("served: survey", "served: suggestion")) == ""
