"""What is done to an approval beside signing it: passing on, adding, asking, sending and taking back, urging."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kesu.policy.calendar import parse_duration
from kesu.policy.model.approving import ActsOn, Allowed, LinkMode, SamePersonTwice, SignAct
from kesu.policy.model.conditions import Table
from kesu.policy.model.facts import FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import HOLDER, STARTER, Link, Stage, Who
from kesu.policy.model.separations import Part, Separation
from kesu.policy.standing import ApprovalStatus, ObligationState, Standing, StepRefused
from tests.policy.standing.kinds import Log, approval, at, coded, effect_keys, fact, kind, link, sign_step, step
from tests.policy.standing.test_signers import found

TEN, ELEVEN, TWELVE, ONE, TWO = (f"2026-07-02 {hour}:00" for hour in (10, 11, 12, 13, 14))
EVENTS = {
    SignAct.PASS_ON: "passed_on", SignAct.ADD_BEFORE: "added_before", SignAct.ADD_AFTER: "added_after",
    SignAct.ASK: "asked", SignAct.ADVISE: "advised", SignAct.SEND_BACK: "sent_back",
    SignAct.TAKE_BACK: "taken_back", SignAct.URGE: "urged",
}  # fmt: skip
ALLOWS = (
    Allowed(SignAct.PASS_ON, to=("expert",)),
    Allowed(SignAct.ADD_BEFORE),
    Allowed(SignAct.ADD_AFTER),
    Allowed(SignAct.ASK),
    Allowed(SignAct.SEND_BACK, stages=(("处理中", "open"),)),
    Allowed(SignAct.TAKE_BACK),
    Allowed(SignAct.URGE, every=parse_duration("2小时")),
)


def act_step(act: SignAct) -> object:
    asks = ("named_signer",) if act.names_somebody else ("return_to_plan",) if act is SignAct.SEND_BACK else ()
    return step(
        f"{act.value}_plan",
        HOLDER if act is SignAct.URGE else "manager",
        f"approval.{EVENTS[act]}",
        asks=asks,
        may_state=("opinion",),
        acts_on=ActsOn("plan", act),
    )


def signed_kind(*allows: Allowed) -> Kind:
    return kind(
        stages=coded(Stage("review", "审批")),
        facts=coded(
            fact("verdict", FactType.CHOICE, values=("同意", "退回")),
            fact("opinion", FactType.TEXT),
            fact("named_signer", FactType.GROUP),
            fact("return_to_plan", FactType.CHOICE, values=("第 1 环", "第 2 环", "处理中")),
        ),
        steps=coded(step("submit", event="plan.submitted"), sign_step("plan"), *(act_step(act) for act in EVENTS)),
        approvals=coded(
            approval(
                "plan",
                "plan.submitted",
                link("manager"),
                link("leader"),
                link("board"),
                opened_to="review",
                refused_to="open",
                allows=allows or ALLOWS,
            )
        ),
    )


@pytest.fixture
def log() -> Log:
    made = Log(signed_kind()).add("2026-07-02 09:00", "case.received", by="作者")
    return made.add(TEN, "plan.submitted", by="作者")


def waiting(now: Standing) -> list[str]:
    return [who.person or who.role for who in now.approvals[-1].waiting_for]


def refused(log: Log, when: str, code: str, roles: tuple[str, ...], by: str, **facts: object) -> set[str]:
    with pytest.raises(StepRefused) as caught:
        log.take(when, code, roles, by, **facts)
    return {one.code for one in caught.value.refusals}


def test_whom_it_is_passed_on_to_signs_instead_and_nobody_else(log: Log) -> None:
    log.take(ELEVEN, "pass_on_plan", ("manager",), "甲", named_signer=("expert:戊",))
    now = log.at(ELEVEN)
    assert waiting(now) == ["戊"]
    assert now.approvals[-1].links[0].signatures[0].passed_by == ("甲",)
    assert [one.owner for one in now.open_obligations] == [Who("expert", person="戊")]
    assert refused(log, TWELVE, "sign_plan", ("manager",), "甲", verdict="granted") == {"role"}
    log.sign(TWELVE, "plan", "expert", by="戊")
    assert waiting(log.at(TWELVE)) == ["leader"]


@pytest.mark.parametrize(
    ("member", "why"),
    [
        (("manager:己",), "a role that the policy does not name"),
        (("expert:戊", "expert:己"), "two at once"),
        (("expert:作者",), "who wrote it"),
    ],
)
def test_it_is_passed_on_to_one_whom_the_policy_allows(log: Log, member: tuple[str, ...], why: str) -> None:
    assert refused(log, ELEVEN, "pass_on_plan", ("manager",), "甲", named_signer=member) == {"value"}, why


def test_only_whose_turn_it_is_acts_and_only_as_the_policy_allows(log: Log) -> None:
    assert refused(log, ELEVEN, "pass_on_plan", ("leader",), "丁", named_signer=("expert:戊",)) == {"role"}
    without = Log(signed_kind(Allowed(SignAct.ADD_AFTER))).add("2026-07-02 09:00", "case.received")
    without.add(TEN, "plan.submitted")
    assert "stage" in refused(without, ELEVEN, "pass_on_plan", ("manager",), "乙", named_signer=("expert:戊",))


def test_somebody_added_before_signs_first_and_then_it_is_ones_own_again(log: Log) -> None:
    log.take(ELEVEN, "add_before_plan", ("manager",), "甲", named_signer=("legal:戊",))
    assert waiting(log.at(ELEVEN)) == ["戊"]
    log.sign(TWELVE, "plan", "legal", by="戊")
    assert waiting(log.at(TWELVE)) == ["manager"]
    starts = {one.owner.role: one.starts_at for one in log.at(TWELVE).open_obligations}
    assert starts["manager"] == log.events[-1].at
    log.sign(ONE, "plan", "manager", by="甲")
    assert waiting(log.at(ONE)) == ["leader"]


def test_somebody_added_after_signs_before_the_next_link(log: Log) -> None:
    log.take(ELEVEN, "add_after_plan", ("manager",), "甲", named_signer=("legal:戊",))
    log.sign(TWELVE, "plan", "manager", by="甲")
    assert waiting(log.at(TWELVE)) == ["戊"]
    log.take(ONE, "sign_plan", ("legal",), "戊", verdict="refused", opinion="已填")
    assert log.at(ONE).approvals[-1].status is ApprovalStatus.REFUSED


def test_who_is_asked_answers_and_it_stays_ones_own_to_sign(log: Log) -> None:
    log.take(ELEVEN, "ask_plan", ("manager",), "甲", named_signer=("legal:戊",), opinion="已填")
    now = log.at(ELEVEN)
    assert waiting(now) == ["manager"]
    assert {one.step for one in now.open_obligations} == {"sign_plan", "advise_plan"}
    assert refused(log, TWELVE, "advise_plan", ("manager",), "甲", opinion="已填") == {"role"}
    log.take(TWELVE, "advise_plan", ("legal",), "戊", opinion="已填")
    assert {one.step for one in log.at(TWELVE).open_obligations} == {"sign_plan"}
    log.sign(ONE, "plan", "manager", by="甲")
    assert waiting(log.at(ONE)) == ["leader"]


def test_a_question_that_nobody_answered_ends_with_the_signature(log: Log) -> None:
    log.take(ELEVEN, "ask_plan", ("manager",), "甲", named_signer=("legal:戊",), opinion="已填")
    log.sign(TWELVE, "plan", "manager", by="甲")
    assert {one.step: str(one.state) for one in log.at(TWELVE).obligations if one.step == "advise_plan"} == {
        "advise_plan": "lapsed"
    }


def test_an_earlier_link_signs_again_and_all_after_it(log: Log) -> None:
    for when, role in ((ELEVEN, "manager"), (TWELVE, "leader")):
        log.sign(when, "plan", role, by=role)
    assert refused(log, ONE, "send_back_plan", ("board",), "庚", return_to_plan="第 3 环") == {"value"}
    log.take(ONE, "send_back_plan", ("board",), "庚", return_to_plan="第 1 环", opinion="已填")
    now = log.at(ONE)
    assert (waiting(now), now.stage, now.approvals[-1].status) == (["manager"], "review", ApprovalStatus.OPEN)
    assert [place.verdict for one in now.approvals[-1].links for place in one.signatures] == [None, None, None]
    owed = [(one.owner.role, one.state, one.ended_at) for one in now.obligations]
    assert owed == [  # who had signed had signed; who sent it back owes no more
        ("manager", ObligationState.MET, at(ELEVEN)),
        ("leader", ObligationState.MET, at(TWELVE)),
        ("board", ObligationState.LAPSED, at(ONE)),
        ("manager", ObligationState.OPEN, None),
    ]
    for when, role in ((TWO, "manager"), ("2026-07-02 15:00", "leader"), ("2026-07-02 16:00", "board")):
        log.sign(when, "plan", role, by=role)
    assert log.at("2026-07-02 16:00").approvals[-1].status is ApprovalStatus.GRANTED


def test_it_goes_back_to_a_stage_that_the_policy_names(log: Log) -> None:
    log.take(ELEVEN, "send_back_plan", ("manager",), "甲", return_to_plan="处理中", opinion="已填")
    now = log.at(ELEVEN)
    assert (now.stage, now.approvals[-1].status) == ("open", ApprovalStatus.REFUSED)


def test_the_author_takes_back_what_nobody_has_signed(log: Log) -> None:
    assert refused(log, ELEVEN, "take_back_plan", ("manager",), "甲") == {"role"}
    log.take(ELEVEN, "take_back_plan", ("specialist",), "作者")
    now = log.at(ELEVEN)
    assert (now.stage, now.approvals[-1].status) == ("open", ApprovalStatus.VOID)
    assert log.events[-1].role == STARTER


def test_those_who_have_not_signed_are_urged_and_not_too_often(log: Log) -> None:
    log.take(ELEVEN, "urge_plan", ("specialist",), "作者")
    (key,) = effect_keys(log.at(ELEVEN))
    assert key == "plan/urged@3"
    (owed,) = log.at(ELEVEN).effects
    assert [who.role for who in owed.to] == ["manager"]
    assert refused(log, TWELVE, "urge_plan", ("specialist",), "作者") == {"early"}
    log.take(ONE, "urge_plan", (HOLDER,), "别人")
    assert log.events[-1].kind == "approval.urged"


def test_signatures_of_two_do_not_meet_once_one_has_passed_on(log: Log) -> None:
    """Whoever added somebody and was sent back signs anew; whoever was added does not."""
    log.take(ELEVEN, "add_after_plan", ("manager",), "甲", named_signer=("legal:戊",))
    log.sign(TWELVE, "plan", "manager", by="甲").sign(ONE, "plan", "legal", by="戊")
    log.take(TWO, "send_back_plan", ("leader",), "丁", return_to_plan="第 1 环", opinion="已填")
    log.sign("2026-07-02 15:00", "plan", "manager", by="甲")
    assert waiting(log.at("2026-07-02 15:00")) == ["leader"]


def test_the_steps_say_whose_they_are(log: Log) -> None:
    by = {state.code: [who.person or who.role for who in state.by] for state in log.at(ELEVEN).steps if state.in_stage}
    assert by["pass_on_plan"] == ["manager"]
    assert by["take_back_plan"] == ["作者"]
    assert by["urge_plan"] == ["作者", HOLDER]
    assert by["advise_plan"] == []


@pytest.mark.parametrize("act", [act for act in SignAct if act.is_a_signers])
def test_whoever_wrote_it_does_not_choose_who_signs_it_either(log: Log, act: SignAct) -> None:
    """The author holds the slot that signs: what he may not sign he may not pass on, add to or send back."""
    given = {"named_signer": ("expert:友",)} if act.names_somebody else {"return_to_plan": "处理中", "opinion": "已填"}
    assert "conflict" in refused(log, ELEVEN, f"{act.value}_plan", ("manager",), "作者", **given)


@pytest.mark.parametrize("named", ["expert:甲", "expert:"])
def test_he_names_somebody_else_and_somebody(log: Log, named: str) -> None:
    assert refused(log, ELEVEN, "pass_on_plan", ("manager",), "甲", named_signer=(named,)) == {"value"}


def test_what_is_sent_back_is_signed_anew_though_the_same_person_signed_before() -> None:
    rules = signed_kind()
    plan = replace(rules.approvals["plan"], same_person=SamePersonTwice.SKIP)
    log = Log(replace(rules, approvals={"plan": plan})).add("2026-07-02 09:00", "case.received", by="作者")
    log.add(TEN, "plan.submitted", by="作者").sign(ELEVEN, "plan", "manager", by="甲")
    held = {"manager": {"甲"}, "leader": {"甲"}, "board": {"乙"}}
    assert waiting(found(log, ELEVEN, held).at(ELEVEN)) == ["board"]

    log.take(TWELVE, "send_back_plan", ("board",), "乙", return_to_plan="第 2 环", opinion="已填")

    assert waiting(found(log, TWELVE, held).at(TWELVE)) == ["leader"]
    log.sign(ONE, "plan", "leader", by="甲")
    assert waiting(found(log, ONE, held).at(ONE)) == ["board"]


def of_a_group(*allows: Allowed) -> Log:
    rules = signed_kind(*allows)
    every = Link(LinkMode.ALL, (Who("", group="team"),))
    plan = replace(rules.approvals["plan"], chain=(Table.of(every),))
    facts = {**rules.facts, "team": fact("team", FactType.GROUP)}
    submit = replace(rules.steps["submit"], may_state=("team",))
    change = step("regroup", "specialist", "team.changed", asks=("team",))
    steps = {**rules.steps, "submit": submit, "regroup": change}
    log = Log(replace(rules, facts=facts, steps=steps, approvals={"plan": plan}))
    log.add("2026-07-02 09:00", "case.received", by="作者")
    return log.add(TEN, "plan.submitted", by="作者", team=("manager:甲", "manager:乙"))


def test_what_a_member_passed_on_stays_passed_on_when_the_group_changes() -> None:
    log = of_a_group()
    log.take(ELEVEN, "pass_on_plan", ("manager",), "甲", named_signer=("expert:戊",))
    log.add(TWELVE, "team.changed", team=("manager:丙", "manager:甲"))
    assert waiting(log.at(TWELVE)) == ["丙", "戊"]
    assert log.at(TWELVE).approvals[-1].links[0].signatures[1].passed_by == ("甲",)
    log.add(ONE, "team.changed", team=("manager:丙",))
    assert waiting(log.at(ONE)) == ["丙"]  # whoever is in it no more has no place to pass on


def test_somebody_who_has_no_part_in_the_case_is_not_named() -> None:
    apart = Separation("no_part", "被投诉的人不签", ("4.1",), ("accused",), (Part.SIGNERS,))
    rules = signed_kind()
    facts = {**rules.facts, "accused": fact("accused", FactType.GROUP)}
    submit = replace(rules.steps["submit"], may_state=("accused",))
    log = Log(replace(rules, facts=facts, steps={**rules.steps, "submit": submit}, separations={"no_part": apart}))
    log.add("2026-07-02 09:00", "case.received", by="作者")
    log.add(TEN, "plan.submitted", by="作者", accused=("expert:戊",))
    for act in (one for one in SignAct if one.names_somebody):
        given = {"opinion": "已填"} if act is SignAct.ASK else {}
        assert refused(log, ELEVEN, f"{act.value}_plan", ("manager",), "甲", named_signer=("expert:戊",), **given) == {
            "no_part"
        }
