"""Who signs, person by person: every member of a group, so many of them, and what happens where nobody can sign."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kesu.policy.model.approving import (
    ApprovalConflict,
    LinkMode,
    SamePersonTwice,
    Staffing,
    Vacancy,
    VacancyMode,
)
from kesu.policy.model.conditions import Comparison, FactTest, Row, Table
from kesu.policy.model.facts import FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Link, Who
from kesu.policy.standing import ApprovalStatus, ObligationState, Standing, StepRefused, Taker, attempt
from kesu.policy.standing.staffing import seats_found_otherwise, staffed_event
from tests.policy.standing.kinds import CALENDAR, Log, approval, at, coded, fact, kind, link, sign_step, step

TEN, ELEVEN, TWELVE, ONE = (f"2026-07-02 {hour}:00" for hour in (10, 11, 12, 13))
TEAM = ("expert:甲一", "expert:乙二", "lawyer:丙三")
EVERY_MEMBER = Link(LinkMode.ALL, (Who("", group="team"),))


def signed_kind(*links: Link, **more: object) -> Kind:
    return kind(
        facts=coded(
            fact("verdict", FactType.CHOICE, values=("同意", "退回")),
            fact("opinion", FactType.TEXT),
            fact("team", FactType.GROUP),
        ),
        steps=coded(step("submit", event="plan.submitted", may_state=("team",)), sign_step("plan")),
        approvals=coded(approval("plan", "plan.submitted", *links, **more)),
    )


def submitted(rules: Kind, **facts: object) -> Log:
    log = Log(rules).add("2026-07-02 09:00", "case.received", by="作者")
    return log.add(TEN, "plan.submitted", by="作者", **facts)


def found(log: Log, when: str, held: dict[str, set[str]]) -> Log:
    """As the program does when it looks who holds the slots: it says what the log does not."""
    for seat in seats_found_otherwise(log.kind, log.at(when), lambda who: held.get(who.person or who.role, set())):
        log.events.append(staffed_event(log.events, seat, at(when)))
    return log


def status(now: Standing) -> ApprovalStatus:
    return now.approvals[-1].status


def waiting(now: Standing) -> list[str]:
    return [who.person or who.role for who in now.approvals[-1].waiting_for]


def sign(log: Log, when: str, member: str, verdict: str = "granted") -> Log:
    role, _, person = member.partition(":")
    return log.sign(when, "plan", role, verdict, by=person)


def test_every_member_of_a_group_signs_and_one_of_a_role_does_not_sign_for_another() -> None:
    log = submitted(signed_kind(EVERY_MEMBER), team=TEAM)
    assert waiting(log.at(TEN)) == ["甲一", "乙二", "丙三"]
    sign(log, ELEVEN, TEAM[1])
    assert waiting(log.at(ELEVEN)) == ["甲一", "丙三"]
    with pytest.raises(StepRefused) as refused:
        sign(log, TWELVE, TEAM[1])
    assert [one.code for one in refused.value.refusals] == ["role"]
    sign(sign(log, TWELVE, TEAM[0]), ONE, TEAM[2])
    assert status(log.at(ONE)) is ApprovalStatus.GRANTED


def test_whoever_stands_in_for_a_member_signs_in_his_place() -> None:
    log = submitted(signed_kind(EVERY_MEMBER), team=TEAM[:2])
    taker = Taker("代理", frozenset({"expert"}), frozenset({"乙二"}))
    log.events.append(
        attempt(log.kind, log.events, "sign_plan", taker, {"verdict": "granted"}, at(ELEVEN), at(ELEVEN), CALENDAR)
    )
    assert waiting(log.at(ELEVEN)) == ["甲一"]


def test_a_refusal_of_one_member_stays_whatever_another_says_later() -> None:
    log = sign(submitted(signed_kind(EVERY_MEMBER), team=TEAM), ELEVEN, TEAM[0], "refused")
    with pytest.raises(StepRefused) as refused:
        sign(log, TWELVE, TEAM[1])
    assert "stage" in {one.code for one in refused.value.refusals}
    assert status(log.at(TWELVE)) is ApprovalStatus.REFUSED


@pytest.mark.parametrize(
    ("verdicts", "status_then", "left"),
    [
        (["granted", "granted"], ApprovalStatus.GRANTED, []),  # two of three are more than 60 %
        (["refused", "granted", "granted"], ApprovalStatus.GRANTED, []),
        (["refused", "granted"], ApprovalStatus.OPEN, ["丙三"]),
        (["refused", "refused"], ApprovalStatus.REFUSED, []),  # it can no longer be reached
    ],
)
def test_a_share_of_them_is_enough(verdicts: list[str], status_then: ApprovalStatus, left: list[str]) -> None:
    log = submitted(signed_kind(Link(LinkMode.SHARE, (Who("", group="team"),), 60)), team=TEAM)
    for minute, (member, verdict) in enumerate(zip(TEAM, verdicts, strict=False)):
        sign(log, f"2026-07-02 11:0{minute}", member, verdict)
    now = log.at(TWELVE)
    assert status(now) is status_then
    assert waiting(now) == left


def test_a_place_that_nobody_holds_waits_and_says_so_until_somebody_does() -> None:
    log = found(submitted(signed_kind(link("manager"), link("leader"))), TEN, {"leader": {"乙"}})
    now = log.at(TEN)
    assert (waiting(now), now.approvals[-1].current.stuck) == (["manager"], ("1",))
    assert [one.staffing for one in now.open_obligations] == [Staffing.NOBODY]
    now = found(log, ELEVEN, {"manager": {"丙"}}).at(ELEVEN)
    assert now.approvals[-1].current.stuck == ()
    assert not list(seats_found_otherwise(log.kind, now, lambda _: {"丙"}))


@pytest.mark.parametrize(
    ("mode", "role", "left"),
    [
        (VacancyMode.NEXT, None, ["leader"]),
        (VacancyMode.SKIP, None, ["leader"]),
        (VacancyMode.ROLE, "legal", ["legal"]),
        (VacancyMode.WAIT, None, ["manager"]),
    ],
)
def test_what_becomes_of_an_empty_place_is_as_the_policy_says(
    mode: VacancyMode, role: str | None, left: list[str]
) -> None:
    rules = signed_kind(link("manager"), link("leader"), nobody=Vacancy(mode, role))
    log = found(submitted(rules), TEN, {"leader": {"乙"}, "legal": {"丁"}})
    assert waiting(log.at(TEN)) == left
    states = {one.owner.role: one.state for one in log.at(TEN).obligations}
    assert states.get("manager", ObligationState.LAPSED) is (
        ObligationState.OPEN if left == ["manager"] else ObligationState.LAPSED
    )


def test_the_last_link_is_never_left_to_a_next_one_and_may_be_left_out() -> None:
    goes_on = signed_kind(link("manager"), nobody=Vacancy(VacancyMode.NEXT))
    assert waiting(found(submitted(goes_on), TEN, {}).at(TEN)) == ["manager"]
    left_out = signed_kind(link("manager"), nobody=Vacancy(VacancyMode.SKIP))
    assert status(found(submitted(left_out), TEN, {}).at(TEN)) is ApprovalStatus.GRANTED


def test_of_several_who_each_suffice_all_must_be_missing() -> None:
    rules = signed_kind(link("manager", "legal", mode=LinkMode.ANY), link("leader"), nobody=Vacancy(VacancyMode.NEXT))
    log = found(submitted(rules), TEN, {"legal": {"丁"}, "leader": {"乙"}})
    assert waiting(log.at(TEN)) == ["manager", "legal"]
    assert log.at(TEN).approvals[-1].current.stuck == ()
    assert waiting(found(log, ELEVEN, {"leader": {"乙"}}).at(ELEVEN)) == ["leader"]


def test_what_the_author_alone_could_sign_goes_to_the_next_link_where_the_policy_says_so() -> None:
    rules = signed_kind(link("manager"), link("leader"), conflict=ApprovalConflict.SKIP)
    log = found(submitted(rules), TEN, {"manager": {"作者"}, "leader": {"乙"}})
    assert waiting(log.at(TEN)) == ["leader"]
    shared = found(submitted(rules), TEN, {"manager": {"作者", "别人"}, "leader": {"乙"}})
    assert waiting(shared.at(TEN)) == ["manager"]
    with pytest.raises(StepRefused) as refused:
        shared.sign(ELEVEN, "plan", "manager", by="作者")
    assert [one.code for one in refused.value.refusals] == ["conflict"]
    shared.sign(ELEVEN, "plan", "manager", by="别人")
    assert waiting(shared.at(ELEVEN)) == ["leader"]


def test_what_the_author_alone_could_sign_stands_still_where_he_must_not() -> None:
    log = found(submitted(signed_kind(link("manager"), link("leader"))), TEN, {"manager": {"作者"}, "leader": {"乙"}})
    now = log.at(TEN)
    assert (waiting(now), [one.staffing for one in now.open_obligations]) == (["manager"], [Staffing.OWN])


def test_those_who_wrote_it_with_him_count_as_authors() -> None:
    rules = signed_kind(link("expert"), authors=("team",))
    log = submitted(rules, team=TEAM)
    with pytest.raises(StepRefused) as refused:
        log.sign(ELEVEN, "plan", "expert", by="乙二")
    assert [one.code for one in refused.value.refusals] == ["conflict"]
    log.sign(ELEVEN, "plan", "expert", by="旁人")
    assert status(log.at(ELEVEN)) is ApprovalStatus.GRANTED


def test_the_same_person_signs_once_or_again_as_the_policy_says() -> None:
    held = {"manager": {"乙"}, "leader": {"乙", "庚"}}
    for same, left in ((SamePersonTwice.AGAIN, ["leader"]), (SamePersonTwice.SKIP, [])):
        log = submitted(signed_kind(link("manager"), link("leader"), same_person=same))
        log.sign(ELEVEN, "plan", "manager", by="乙")
        assert waiting(found(log, TWELVE, held).at(TWELVE)) == left
    assert status(log.at(TWELVE)) is ApprovalStatus.GRANTED
    assert [place.by for link in log.at(TWELVE).approvals[-1].links for place in link.signatures] == ["乙", "乙"]


@pytest.mark.parametrize(
    ("same", "left"), [(SamePersonTwice.SKIP, ["manager", "legal"]), (SamePersonTwice.SKIP_TOGETHER, ["legal"])]
)
def test_all_who_sign_together_sign_each_for_himself_unless_the_policy_says_otherwise(
    same: SamePersonTwice, left: list[str]
) -> None:
    rules = signed_kind(link("manager"), link("manager", "legal", mode=LinkMode.ALL), same_person=same)
    log = submitted(rules).sign(ELEVEN, "plan", "manager", by="乙")
    found(log, TWELVE, {"manager": {"乙"}, "legal": {"丁"}})
    assert waiting(log.at(TWELVE)) == left


def test_whoever_heads_two_departments_signs_for_both_at_once_where_the_policy_says_so() -> None:
    rules = signed_kind(link("manager", "legal", mode=LinkMode.ALL), same_person=SamePersonTwice.SKIP_TOGETHER)
    log = submitted(rules).sign(ELEVEN, "plan", "manager", by="乙")
    assert status(found(log, TWELVE, {"legal": {"乙"}}).at(TWELVE)) is ApprovalStatus.GRANTED


def test_a_new_version_is_signed_by_everybody_again() -> None:
    rules = signed_kind(link("manager"), link("leader"), nobody=Vacancy(VacancyMode.NEXT))
    log = found(submitted(rules), TEN, {"leader": {"乙"}})
    log.add(ELEVEN, "plan.submitted", by="作者")
    assert waiting(log.at(ELEVEN)) == ["manager"]
    # What was said of the version before is not said of this one.
    log.events.append(replace(log.events[2], seq=99, at=at(TWELVE)))
    assert waiting(log.at(TWELVE)) == ["manager"]


def test_somebody_who_is_in_a_group_twice_signs_once() -> None:
    team = ("expert:甲一", "lawyer:甲一", "expert:乙二")
    log = submitted(signed_kind(Link(LinkMode.SHARE, (Who("", group="team"),), 60)), team=team)
    assert waiting(log.at(TEN)) == ["甲一", "乙二"]
    sign(log, ELEVEN, team[0])
    assert (status(log.at(ELEVEN)), waiting(log.at(ELEVEN))) == (ApprovalStatus.OPEN, ["乙二"])


def test_a_member_signs_whatever_he_holds_by_now() -> None:
    """His post has ended since, or lies elsewhere; another member has the same one."""
    log = submitted(signed_kind(EVERY_MEMBER), team=TEAM[:2])
    taker = Taker("乙二", frozenset({"expert@elsewhere"}))
    log.events.append(
        attempt(log.kind, log.events, "sign_plan", taker, {"verdict": "granted"}, at(ELEVEN), at(ELEVEN), CALENDAR)
    )
    assert waiting(log.at(ELEVEN)) == ["甲一"]


def test_what_was_left_to_a_link_that_falls_away_waits_again() -> None:
    """Nobody can sign the first link, the second one is there only for large amounts, and the amount is amended."""
    rules = kind(
        facts=coded(
            fact("verdict", FactType.CHOICE, values=("同意", "退回")),
            fact("opinion", FactType.TEXT),
            fact("amount", FactType.NUMBER),
        ),
        steps=coded(step("submit", event="plan.submitted", may_state=("amount",)), sign_step("plan")),
        approvals=coded(
            approval(
                "plan",
                "plan.submitted",
                link("manager"),
                Table((Row(FactTest("amount", Comparison.ABOVE, 1000), link("director")),)),
                nobody=Vacancy(VacancyMode.NEXT),
            )
        ),
    )
    log = found(submitted(rules, amount=2000), TEN, {"director": {"丁"}})
    assert waiting(log.at(TEN)) == ["director"]

    log.add(ELEVEN, "amount.amended", by="作者", amount=500)

    now = log.at(ELEVEN)
    assert (status(now), waiting(now)) == (ApprovalStatus.OPEN, ["manager"])
    assert now.approvals[-1].links[0].stuck
