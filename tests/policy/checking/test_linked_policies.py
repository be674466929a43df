"""Linked cases looked over as a whole: kinds that only links open, and links that no policy could answer."""

from __future__ import annotations

from kesu.policy.checking import look_over, look_over_together
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
    told = found(confidential, kind=closed)
    assert "complaint.secrecy" in told, "it was read"
    assert "却不保密" not in told


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


NAMED = "facts:\n  about: {name: 有关的满意度调查, type: case, kind: {served: survey}, clause: D1c}\n"


def test_a_fact_in_which_nothing_can_ever_be_named_is_told() -> None:
    kind = RECTIFICATION.replace("facts:\n", NAMED).replace("may: [person,", "may: [about, person,")
    assert "制度库里没有哪部制度管 survey 这种案件，“有关的满意度调查”永远没有可以填的" in found(kind=kind)
    assert found(kind=kind.replace("served: survey", "served: suggestion")) == ""


WIDE_ENOUGH = "carries: {topic: problem_text, content: problem_text, person: person}\n    states: {channel: 电话}"


def test_what_a_confidential_case_opens_under_other_policies_is_looked_at_in_all_of_them() -> None:
    secret = ("levels:\n", SECRECY.format(when="{level: major}", clause='"3.4.4"') + "levels:\n")
    brings = ("brings: {problem_end: stage, problem_result: result}", "brings: {problem_end: stage}")
    served = ((OWN, SERVED), brings, (CARRIED, WIDE_ENOUGH))
    told = found(secret, *served)
    assert "案件保密时开立的“查出的问题转整改”却不保密" in told
    assert "请让管 suggestion 的制度（" in told
    assert found(*served) == ""
    only_then = ("when: {problem_text: 已填}", "when: {problem_text: 已填, not: {level: major}}")
    assert "却不保密" not in found(secret, *served, only_then)


def test_one_that_any_policy_of_the_library_keeps_may_be_opened() -> None:
    secret = ("levels:\n", SECRECY.format(when="{level: major}", clause='"3.4.4"') + "levels:\n")
    brings = ("brings: {problem_end: stage, problem_result: result}", "brings: {problem_end: stage}")
    files = texts(secret, (OWN, SERVED), brings, (CARRIED, WIDE_ENOUGH))
    files["suggestion"]["suggestion.yaml"] += SECRECY.format(when="{topic: 已填}", clause='"1.1"').replace(
        "cs_specialist", "suggestion_clerk"
    )
    told = " ".join(str(one) for one in look_over(files, "p10"))
    assert "complaint.secrecy" in told, "it was read"
    assert "却不保密" not in told


DISPATCHING = {
    "pack.yaml": (
        "pack: dispatching\ntitle: 投诉派工办法\nversion: '1'\nstatus: effective\nover: base\nkinds: [complaint]\n"
        "document: {number: PG-01}\nscope: 由投诉派工\n"
    ),
    "clauses.yaml": '"1": {printed: 一, text: 客户服务部按投诉派工, enforce: automatic}\n',
    "complaint.yaml": """
kind: complaint
facts:
  repair_wanted: {name: 要修什么, type: text, clause: "1"}
steps:
  issue_order: {name: 派工, by: cs_specialist, event: order.issued, asks: [repair_wanted], clause: "1"}
opens:
  order:
    name: 由投诉派工
    clause: "1"
    starts: order.issued
    kind: {served: work_order, name: 维修工单}
    carries: {person: person, room: room, title: repair_wanted, content: content}
""",
}


def test_an_overlay_opens_what_another_policy_rules_and_is_told_where_a_confidential_case_cannot() -> None:
    files = {**texts(), "dispatching": DISPATCHING}
    assert [str(one) for one in look_over_together(files, "p10", ["dispatching"])] == []
    (told,) = [str(one) for one in look_over_together(files, "p06", ["dispatching"])]
    assert "案件保密时开立的“由投诉派工”却不保密" in told
    assert "管 work_order 的制度（维修工单和维修费用管理办法）" in told
