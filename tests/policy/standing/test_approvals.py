"""Approvals: links in turn, all or any of them, refusals, new versions, and who may not sign."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kesu.policy.calendar import parse_duration
from kesu.policy.model.approving import ApprovalConflict, LinkMode
from kesu.policy.model.facts import FactType
from kesu.policy.model.limits import Reminder
from kesu.policy.model.rules import Escalation, Who
from kesu.policy.standing import ApprovalStatus, ObligationState, Standing, StepRefused
from tests.policy.standing.kinds import (
    Log,
    approval,
    coded,
    codes_missing,
    due,
    effect_keys,
    fact,
    is_,
    kind,
    link,
    local,
    obligation,
    sign_step,
    step,
    table,
)
from tests.policy.standing.sample_kinds import quality_track


def signed_kind(*links, **more):
    return kind(
        facts=coded(
            fact("verdict", FactType.CHOICE, values=("同意", "退回")),
            fact("opinion", FactType.TEXT),
            fact("dear", FactType.FLAG),
        ),
        steps=coded(step("submit", event="plan.submitted", may_state=("dear",)), sign_step("plan")),
        approvals=coded(approval("plan", "plan.submitted", *links, **more)),
    )


def submitted(rules, **facts) -> Log:
    log = Log(rules).add("2026-07-02 09:00", "case.received")
    return log.add("2026-07-02 10:00", "plan.submitted", **facts)


def status(now: Standing) -> ApprovalStatus:
    return now.approvals[-1].status


def waiting(now: Standing) -> set[str]:
    return {who.role for who in now.approvals[-1].waiting_for}


def test_links_sign_in_turn() -> None:
    log = submitted(signed_kind(link("manager"), link("leader")))
    assert waiting(log.at("2026-07-02 10:00")) == {"manager"}
    with pytest.raises(StepRefused) as refused:
        log.sign("2026-07-02 11:00", "plan", "leader")
    assert [one.code for one in refused.value.refusals] == ["role"]
    log.sign("2026-07-02 11:00", "plan", "manager")
    assert waiting(log.at("2026-07-02 11:00")) == {"leader"}
    log.sign("2026-07-02 12:00", "plan", "leader")
    now = log.at("2026-07-02 12:00")
    assert (status(now), waiting(now)) == (ApprovalStatus.GRANTED, set())
    assert [one.links[0].signatures[0].by for one in now.approvals] == ["乙"]


def test_all_of_a_link_must_sign_and_any_of_a_link_may() -> None:
    both = submitted(signed_kind(link("manager", "legal", mode=LinkMode.ALL))).sign("2026-07-02 11:00", "plan", "legal")
    assert waiting(both.at("2026-07-02 11:00")) == {"manager"}
    assert status(both.sign("2026-07-02 12:00", "plan", "manager").at("2026-07-02 12:00")) is ApprovalStatus.GRANTED
    either = submitted(signed_kind(link("manager", "legal", mode=LinkMode.ANY))).sign(
        "2026-07-02 11:00", "plan", "legal"
    )
    now = either.at("2026-07-02 11:00")
    assert status(now) is ApprovalStatus.GRANTED
    assert {one.owner.role: one.state for one in now.obligations} == {
        "manager": ObligationState.LAPSED,
        "legal": ObligationState.MET,
    }


def test_a_link_is_left_out_where_its_table_says_so() -> None:
    chain = (link("manager"), table((is_("dear", True), link("leader")), default=None))
    log = submitted(signed_kind(*chain), dear=False).sign("2026-07-02 11:00", "plan", "manager")
    assert status(log.at("2026-07-02 11:00")) is ApprovalStatus.GRANTED
    log = submitted(signed_kind(*chain), dear=True).sign("2026-07-02 11:00", "plan", "manager")
    assert waiting(log.at("2026-07-02 11:00")) == {"leader"}


def test_a_refusal_ends_it_and_asks_for_an_opinion() -> None:
    log = submitted(signed_kind(link("manager"), link("leader")))
    with pytest.raises(StepRefused) as refused:
        log.take("2026-07-02 11:00", "sign_plan", ("manager",), "乙", verdict="退回")
    assert codes_missing(refused.value.refusals) == {"opinion"}
    log.take("2026-07-02 11:00", "sign_plan", ("manager",), "乙", verdict="退回", opinion="已填")
    assert log.events[-1].facts["verdict"] == "refused"
    assert status(log.at("2026-07-02 11:00")) is ApprovalStatus.REFUSED
    with pytest.raises(StepRefused):
        log.sign("2026-07-02 12:00", "plan", "leader")


def test_a_new_version_voids_the_signatures() -> None:
    log = submitted(signed_kind(link("manager"), link("leader"))).sign("2026-07-02 11:00", "plan", "manager")
    log.add("2026-07-02 12:00", "plan.submitted")
    now = log.at("2026-07-02 12:00")
    assert [one.status for one in now.approvals] == [ApprovalStatus.VOID, ApprovalStatus.OPEN]
    assert waiting(now) == {"manager"}


def test_a_new_version_voids_the_approvals_that_rest_on_it() -> None:
    log = (
        Log(quality_track())
        .add("2026-07-02 09:00", "case.received")
        .add("2026-07-02 09:01", "facts.stated", media=True)
    )
    log.take("2026-07-02 09:10", "form_team", team=("vp:丁",)).take("2026-07-02 09:20", "make_plan")
    log.take("2026-07-02 10:00", "submit_plan", cause="已填").sign("2026-07-02 10:10", "joint_review", "manager")
    log.sign("2026-07-02 10:20", "leadership", "leader")
    assert log.at("2026-07-02 10:20").stage == "plan_approved"
    log.add("2026-07-02 11:00", "plan.submitted")
    now = log.at("2026-07-02 11:00")
    assert {one.code: one.status for one in now.approvals if one.code == "leadership"} == {
        "leadership": ApprovalStatus.VOID
    }
    assert now.stage == "joint_review"


def test_it_opens_when_the_level_rises_before_the_reply_and_not_after_it() -> None:
    log = Log(quality_track()).add("2026-07-02 09:00", "case.received", person="p0")
    log.take("2026-07-02 09:10", "form_team", team=("vp:丁",)).take("2026-07-02 09:20", "make_plan")
    log.take("2026-07-02 10:00", "submit_plan", cause="已填")
    assert log.at("2026-07-02 10:00").approvals == ()
    replied = Log(log.kind)
    replied.events = list(log.events)
    log.add("2026-07-02 11:00", "facts.stated", needs_help=True)
    assert log.at("2026-07-02 11:00").stage == "joint_review"
    replied.take("2026-07-02 10:30", "send_plan").add("2026-07-02 11:00", "facts.stated", needs_help=True)
    assert replied.at("2026-07-02 11:00").approvals == ()


def test_each_link_is_an_obligation_of_its_signer_with_reminders_and_escalation() -> None:
    rules = signed_kind(
        link("manager"),
        link("leader"),
        each_within=parse_duration("4小时"),
        remind=(Reminder(percent=50),),
        overdue=(Escalation(parse_duration("0分钟"), (Who("vp"),)),),
    )
    log = submitted(rules)
    now = log.at("2026-07-02 10:00")
    one = obligation(now, "plan")
    assert (one.key, one.step, one.owner, one.approval) == ("plan/1@2", "sign_plan", Who("manager"), "plan")
    assert due(now, "plan") == "2026-07-02 14:00"
    assert local(now.wake_at) == "2026-07-02 12:00"
    assert effect_keys(log.at("2026-07-02 12:00")) == ["plan/1@2/remind/1"]
    assert local(log.at("2026-07-02 12:00").wake_at) == "2026-07-02 14:00"
    assert effect_keys(log.at("2026-07-02 14:00")) == ["plan/1@2/overdue/1"]
    log.sign("2026-07-02 13:00", "plan", "manager")
    assert [one.key for one in log.at("2026-07-02 13:00").open_obligations] == ["plan/2@3"]
    assert effect_keys(log.at("2026-07-02 16:59")) == ["plan/2@3/remind/1"]


def test_without_a_limit_a_signature_is_still_on_the_list() -> None:
    one = obligation(submitted(signed_kind(link("manager"))).at("2026-07-02 10:00"), "plan")
    assert (one.is_open, one.due_at, one.receipt) == (True, None, None)


@pytest.mark.parametrize("conflict", [ApprovalConflict.BLOCK, ApprovalConflict.SKIP])
def test_nobody_signs_what_he_wrote(conflict: ApprovalConflict) -> None:
    log = submitted(signed_kind(link("manager"), conflict=conflict))
    with pytest.raises(StepRefused) as refused:
        log.sign("2026-07-02 11:00", "plan", "manager", by="甲")
    assert [one.code for one in refused.value.refusals] == ["conflict"]
    log.sign("2026-07-02 11:00", "plan", "manager", by="乙")
    assert status(log.at("2026-07-02 11:00")) is ApprovalStatus.GRANTED


@pytest.mark.parametrize("conflict", [ApprovalConflict.OFF, ApprovalConflict.WARN])
def test_he_may_where_the_policy_lets_him(conflict: ApprovalConflict) -> None:
    log = submitted(signed_kind(link("manager"), conflict=conflict)).sign(
        "2026-07-02 11:00", "plan", "manager", by="甲"
    )
    assert status(log.at("2026-07-02 11:00")) is ApprovalStatus.GRANTED


def test_the_author_is_known_through_an_approval_that_rests_on_another() -> None:
    rules = signed_kind(link("manager"))
    later = replace(
        quality_track().approvals["leadership"],
        of=(replace(quality_track().approvals["leadership"].of[0], subject="plan"),),
        granted_to=None,
        opened_to=None,
    )
    rules = replace(
        rules,
        approvals={**rules.approvals, "leadership": later},
        steps={**rules.steps, **coded(sign_step("leadership"))},
    )
    log = submitted(rules).sign("2026-07-02 11:00", "plan", "manager", by="乙")
    with pytest.raises(StepRefused) as refused:
        log.sign("2026-07-02 12:00", "leadership", "leader", by="甲")
    assert [one.code for one in refused.value.refusals] == ["conflict"]


def test_the_end_of_the_case_ends_what_waits_for_signature() -> None:
    log = submitted(signed_kind(link("manager"))).add("2026-07-02 11:00", "case.resolved")
    now = log.at("2026-07-02 11:00")
    assert status(now) is ApprovalStatus.VOID
    assert obligation(now, "plan").state is ObligationState.LAPSED


def test_one_person_may_sign_two_links_in_two_roles() -> None:
    log = submitted(signed_kind(link("manager"), link("leader"))).sign("2026-07-02 11:00", "plan", "manager", by="丙")
    log.sign("2026-07-02 12:00", "plan", "leader", by="丙")
    assert status(log.at("2026-07-02 12:00")) is ApprovalStatus.GRANTED
