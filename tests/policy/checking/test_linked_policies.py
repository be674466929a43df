"""Linked cases looked over as a whole: kinds that only links open, and links that no policy could answer."""

from __future__ import annotations

from kesu.policy.checking import look_over
from tests.linked_policies import RECTIFICATION, texts

OWN = "kind: rectification\n    place"
SERVED = "kind: {served: suggestion}\n    place"
CARRIED = "carries: {topic: problem_text, person: person, weight: problem_weight}\n    states: {source: 投诉}"


def found(*changes: tuple[str, str], kind: str = RECTIFICATION, others: dict[str, str] | None = None) -> str:
    return " ".join(str(one) for one in look_over(texts(*changes, kind=kind, others=others), "p10"))


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


def test_a_policy_whose_opening_form_asks_for_more_than_is_carried_is_told() -> None:
    """The engine asks for the fields of a form as it does for what the step itself asks."""
    form = "documents:\n  request_form: {name: 整改申请, fields: [topic, weight], clause: D1c}\nduties:\n"
    by_form = RECTIFICATION.replace("asks: [source, topic]", "asks: [source], forms: [request_form]")
    by_form = by_form.replace("duties:\n", form).replace("kind: rectification", "kind: repair")
    others, served = {"repair.yaml": by_form}, (OWN, "kind: {served: repair}\n    place")
    assert found(served, others=others) == ""
    lighter = ("person: person, weight: problem_weight}", "person: person}")
    assert "必须填weight（轻重），程序填不出" in found(served, lighter, others=others)


SECRECY = "secrecy: {{when: {when}, opened_to: [cs_specialist], says: 只有经办的人能看, clause: {clause}}}\n"

HIDING = SECRECY.replace("says:", "hidden_from: accused, says:")


def test_what_a_confidential_case_opens_is_confidential_too() -> None:
    confidential = ("levels:\n", SECRECY.format(when="{level: major}", clause='"3.4.4"') + "levels:\n")
    assert "案件保密时开立的“查出的问题转整改”却不保密" in found(confidential)
    closed = RECTIFICATION + SECRECY.format(when="{topic: 已填}", clause='"3.4.4"')
    assert "却不保密" not in found(confidential, kind=closed)


def test_what_a_confidential_case_would_bring_back_to_an_open_one_is_told() -> None:
    closed = RECTIFICATION + SECRECY.format(when="{topic: 已填}", clause='"3.4.4"')
    assert "“查出的问题转整改”保密时什么也不带回来" in found(kind=closed)
    brings = ("    brings: {problem_end: stage, problem_result: result}\n", "")
    assert "什么也不带回来" not in found(brings, kind=closed)


def test_from_whom_a_confidential_case_is_kept_what_it_opens_is_kept_too() -> None:
    accused = "  accused: {name: 被投诉的人, type: group, clause: D1c}\n"
    confidential = (
        ("levels:\n", HIDING.format(when="{level: major}", clause='"3.4.4"') + "levels:\n"),
        ("\nfacts:\n  problem_text", f"\nfacts:\n{accused}  problem_text"),
        ("may: [problem_at,", "may: [accused, problem_at,"),
    )
    hiding = RECTIFICATION + HIDING.format(when="{topic: 已填}", clause='"3.4.4"')
    hiding = hiding.replace("facts:\n", f"facts:\n{accused}").replace("may: [person,", "may: [accused, person,")
    assert "本件瞒着 accused 里的人，开立的“查出的问题转整改”却不瞒着他们" in found(*confidential, kind=hiding)
    carried = ("carries: {topic: problem_text,", "carries: {accused: accused, topic: problem_text,")
    assert "却不瞒着他们" not in found(*confidential, carried, kind=hiding)
