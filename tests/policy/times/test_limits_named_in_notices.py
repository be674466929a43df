"""A notice names the limit of a duty by its code, and nobody is told a limit that he may not see."""

from __future__ import annotations

from tests.policy.times.desk import desk, happens, mistakes, moves, told

ANSWER = 'answer: {name: 答复, starts: wish.heard, owner: clerk, within: 3个工作日, met_by: wish.answered, clause: "2"}'
CALL = 'call: {name: 回电, starts: wish.heard, owner: clerk, within: 1工作小时, met_by: wish.checked, clause: "2"}'
DUTIES = f"{ANSWER}\n{CALL}"
PROMISE = 'soon: {text: "最迟 {due} 答复您。", duty: answer, clause: "2"}'
PORTER = 'porter: {name: 门卫, scope: project, sees: none, clause: "1"}'


def notice(to: str, duty: str = "answer") -> str:
    return f'ask: {{name: 请答复, starts: wish.heard, to: {to}, text: "请最迟 {{due:{duty}}} 答复。", clause: "2"}}'


def test_it_names_the_limit_of_that_duty_and_not_of_the_next_one_due() -> None:
    happens(desk(duties=DUTIES, notices=notice("clerk")), expect="{notice: ask, to: clerk, due: 2026-07-06 18:00}")


def test_a_duty_that_the_policy_lacks_is_refused_with_the_nearest() -> None:
    said = mistakes(duties=DUTIES, notices=notice("clerk", "anser"))
    assert "没有义务 anser" in said
    assert "answer" in said


def test_a_customer_is_told_only_what_he_is_promised() -> None:
    happens(
        desk(duties=DUTIES, promises=PROMISE, notices=notice("complainant")),
        expect="{notice: ask, to: complainant, due: 2026-07-06 18:00}",
    )
    said = mistakes(duties=DUTIES, promises=PROMISE, notices=notice("complainant", "call"))
    assert "客户看不到“回电”的期限" in said
    assert "promises（承诺）" in said


def test_a_role_that_sees_no_case_is_told_only_of_its_own_duties() -> None:
    assert "门卫看不到“答复”的期限" in mistakes(duties=DUTIES, roles=PORTER, notices=notice("porter"))
    own = 'gate: {name: 开门, starts: wish.heard, owner: porter, within: 1天, met_by: wish.answered, clause: "2"}'
    happens(
        desk(duties=own, roles=PORTER, notices=notice("porter", "gate")),
        expect="{notice: ask, to: porter, due: 2026-07-02 24:00}",
    )


def test_the_printed_policy_says_which_limit_it_names_and_the_proof_takes_it_away() -> None:
    assert "写明“答复”的期限" in told("notices.ask", duties=DUTIES, notices=notice("clerk"))
    assert "不再写明“答复”的期限" in moves("notices.ask", duties=DUTIES, notices=notice("clerk"))
