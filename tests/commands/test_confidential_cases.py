"""A case that its policy keeps confidential is there for those to whom the policy opens it, and for nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from kesu.access.cases import cards_for, case_for
from kesu.casefile.proof.rebuilding import Outcome, compare_case
from kesu.commands.clock.hand_over import hand_over
from kesu.commands.clock.wake_one import wake_one
from kesu.commands.messages.send_one import send_one
from kesu.commands.organisation.end_post import end_post
from kesu.commands.organisation.give_post import give_post
from kesu.commands.people.begin_absence import begin_absence
from kesu.core.errors import NotFound
from kesu.queries.cases.case_page import case_page
from kesu.queries.matters.matter_page import matter_page
from kesu.queries.people.hand_over_page import hand_over_page
from kesu.store.models import CaseCard, CaseParty, CaseSearch, Matter, ObligationOwner, OutboxMessage, PostHolding
from tests import confidential
from tests.confidential import LATER
from tests.letters import Kept
from tests.world import World

EVERYBODY = ("wutong", "zhouyining", "heqing", "linsheng", "gulan", "chenmuzhi", "sunyan")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def case_id(world: World) -> UUID:
    """Heard by an operator and passed on; nobody has said yet that it might become a matter of its own."""
    confidential.adopt(world)
    case_id = world.register("wutong", at=LATER)
    world.take(case_id, "inform", "wutong", LATER)
    return case_id


def keep(world: World, case_id: UUID, at: datetime = LATER + MINUTE, **also: str) -> None:
    world.take(case_id, "state_facts", "zhouyining", at, legal_support="是", **also)


def given_to(world: World, case_id: UUID, unit: str) -> None:
    """Registered, classified, and given to a department two minutes after it was heard."""
    for step, login, answers in TRIAGED:
        world.take(case_id, step, login, LATER + MINUTE, **answers)
    unit_id = world.units[unit].hex
    world.take(case_id, "assign", "heqing", LATER + 2 * MINUTE, responsible_dept=unit_id, task_via="邮件")


def seeing(world: World, case_id: UUID, at: datetime = LATER) -> set[str]:
    """Who finds it in his lists; the way to its page must agree."""
    found = {login for login in EVERYBODY if cards_for(world.actor(login, at.date())).filter(pk=case_id).exists()}
    for login in EVERYBODY:
        if login in found:
            case_for(world.actor(login, at.date()), case_id)
            continue
        for lock in (False, True):
            with pytest.raises(NotFound):
                case_for(world.actor(login, at.date()), case_id, lock=lock)
    return found


def test_it_vanishes_at_once_for_everybody_but_whom_the_policy_names_and_its_holder(
    world: World, case_id: UUID
) -> None:
    assert {"wutong", "zhouyining", "heqing", "linsheng", "gulan"} <= seeing(world, case_id)
    keep(world, case_id)
    assert seeing(world, case_id) == {"zhouyining", "linsheng"}
    assert CaseSearch.objects.get(pk=case_id).confidential


def test_its_page_says_why_and_under_which_clause_to_those_who_see_it(world: World, case_id: UUID) -> None:
    assert case_page(actor=world.actor("linsheng"), at=LATER, case_id=case_id).secrecy is None
    keep(world, case_id)
    told = case_page(actor=world.actor("linsheng"), at=LATER + 2 * MINUTE, case_id=case_id).secrecy
    assert told is not None
    assert told.says == confidential.SAYS
    assert told.open_to == ("客户服务部经理", "部门第一负责人", "处理小组")
    assert [clause.printed for clause in told.clauses] == ["部门职责 客户服务部"]


def test_whoever_is_named_in_its_team_sees_it_wherever_his_post_is(world: World, case_id: UUID) -> None:
    for step, login, answers in TRIAGED:
        world.take(case_id, step, login, LATER + MINUTE, **answers)
    team = f"{world.member('cs_specialist', 'zhouyining')}|{world.member('project_dept', 'sunyan')}"
    world.take(case_id, "form_team", "zhouyining", LATER + 2 * MINUTE, team=team)
    keep(world, case_id, LATER + 3 * MINUTE)
    assert seeing(world, case_id) == {"zhouyining", "linsheng", "sunyan"}


def test_the_head_of_a_department_sees_it_once_it_is_given_to_his(world: World, case_id: UUID) -> None:
    given_to(world, case_id, "east_engineering")
    keep(world, case_id, LATER + 3 * MINUTE)
    assert seeing(world, case_id) == {"zhouyining", "linsheng", "chenmuzhi"}


def test_whom_it_is_about_does_not_see_it_even_in_a_slot_to_which_it_is_open(world: World, case_id: UUID) -> None:
    keep(world, case_id, accused=world.member("cs_manager", "linsheng"))
    assert seeing(world, case_id) == {"zhouyining"}


def test_it_is_there_again_for_all_within_reach_when_it_is_confidential_no_more(world: World, case_id: UUID) -> None:
    before = seeing(world, case_id)
    keep(world, case_id)
    world.take(case_id, "state_facts", "zhouyining", LATER + 2 * MINUTE, legal_support="否")
    assert seeing(world, case_id) == before


def test_it_may_be_confidential_from_its_first_event(world: World) -> None:
    confidential.adopt(world)
    case_id = world.register("wutong", at=LATER, legal_support="是")
    assert seeing(world, case_id) == {"zhouyining", "linsheng"}


def test_nobody_else_is_told_and_what_waited_to_be_sent_is_not_sent(world: World, case_id: UUID) -> None:
    given_to(world, case_id, "east_engineering")
    assert OutboxMessage.objects.filter(case=case_id, account=world.people["chenmuzhi"], state="due").exists()
    keep(world, case_id, LATER + 3 * MINUTE, accused=world.member("dept_head", "chenmuzhi"))
    sent = Kept()
    while send_one(at=LATER + 4 * MINUTE, sender=sent):
        pass
    assert "陈牧之" not in sent.told(case_id)

    late = LATER + timedelta(days=30)
    before = set(OutboxMessage.objects.values_list("pk", flat=True))
    while wake_one(at=late):
        pass
    told = OutboxMessage.objects.filter(case=case_id).exclude(pk__in=before).values_list("account_id", flat=True)
    allowed = {world.people["zhouyining"], world.people["linsheng"]}
    assert set(told)
    assert set(told) <= allowed
    owners = ObligationOwner.objects.filter(obligation__case_id=case_id).values_list("account_id", flat=True)
    assert set(owners) <= allowed


def test_whoever_gives_up_the_post_loses_it_at_once_and_his_successor_gets_it(world: World, case_id: UUID) -> None:
    keep(world, case_id)
    later = LATER + timedelta(days=1)
    admin, unit = world.actor("admin"), world.units["east_cs"]
    held = PostHolding.objects.get(account=world.people["linsheng"], post__role="cs_manager")
    end_post(actor=admin, at=later, on=later.date(), holding_id=held.pk)
    assert seeing(world, case_id, later) == {"zhouyining"}

    post = {"unit_id": unit, "role": "cs_manager", "name": "经理", "account_id": world.people["heqing"]}
    give_post(actor=admin, at=later, on=later.date(), **post)
    while wake_one(at=later):
        pass
    assert seeing(world, case_id, later) == {"zhouyining", "heqing"}
    compared = compare_case(case_id, later)
    assert compared is not None
    assert compared.outcome is Outcome.SAME


def test_whoever_stands_in_for_one_who_sees_it_sees_it_as_long_as_he_does(world: World, case_id: UUID) -> None:
    keep(world, case_id)
    at = LATER + 2 * MINUTE
    away = {"account_id": world.people["linsheng"], "deputy_id": world.people["gulan"]}
    days = {"on": at.date(), "first": at.date(), "last": at.date() + timedelta(days=1)}
    begin_absence(actor=world.actor("admin"), at=at, **away, **days)
    while wake_one(at=at):
        pass
    assert "gulan" in seeing(world, case_id, at)
    back = at + timedelta(days=2)
    hand_over(since=at.date(), on=back.date(), at=back)
    while wake_one(at=back):
        pass
    assert seeing(world, case_id, back) == {"zhouyining", "linsheng"}


def test_a_case_that_is_over_stays_confidential_and_follows_the_posts(world: World, case_id: UUID) -> None:
    keep(world, case_id)
    world.take(case_id, "withdraw", "zhouyining", LATER + 2 * MINUTE, withdraw_reason="不再投诉")
    assert CaseCard.objects.get(pk=case_id).is_final
    assert "gulan" not in seeing(world, case_id)
    later = LATER + timedelta(days=1)
    post = {
        "unit_id": world.units["east_cs"],
        "role": "cs_manager",
        "name": "经理",
        "account_id": world.people["heqing"],
    }
    give_post(actor=world.actor("admin"), at=later, on=later.date(), **post)
    while wake_one(at=later):
        pass
    assert "heqing" in seeing(world, case_id, later)


def test_an_outside_party_to_whom_it_is_not_open_finds_nothing_behind_his_link(world: World, case_id: UUID) -> None:
    from kesu.access.guests import guest_by_secret, secret_for
    from kesu.commands.cases.invite_guest import invite_guest
    from kesu.store.models import CaseGuest

    invited = {"name": "某施工单位", "slot": "other_company", "task": "请到现场看一看"}
    ends = {"ends_at": LATER + timedelta(days=7), "sees_person": False, "for_customer": False}
    invite_guest(actor=world.actor("zhouyining"), at=LATER, case_id=case_id, **invited, **ends)
    secret = secret_for(CaseGuest.objects.get(case_id=case_id).pk)
    assert guest_by_secret(secret, LATER).name == "某施工单位"
    keep(world, case_id)
    with pytest.raises(NotFound):
        guest_by_secret(secret, LATER + 2 * MINUTE)


def test_of_a_matter_neither_its_name_nor_that_there_is_one_more_is_told(world: World, case_id: UUID) -> None:
    from kesu.commands.matters.join_matter import join_matter

    other = world.register("zhouyining", at=LATER, title="同一面墙", person__phone="13800005555")
    join_matter(actor=world.actor("zhouyining"), at=LATER, case_id=other, other_id=case_id)
    assert len(case_page(actor=world.actor("gulan"), at=LATER, case_id=other).matter.members) == 1
    keep(world, case_id)
    seen = case_page(actor=world.actor("gulan"), at=LATER + 2 * MINUTE, case_id=other).matter
    assert (seen.members, seen.hidden) == ((), 0)
    seen = case_page(actor=world.actor("linsheng"), at=LATER + 2 * MINUTE, case_id=other).matter
    assert [line.id for line in seen.members] == [case_id]


def test_the_edges_of_a_matter_do_not_tell_of_a_case_that_is_kept_from_the_reader(world: World, case_id: UUID) -> None:
    from kesu.commands.matters.join_matter import join_matter

    others = [
        world.register("zhouyining", at=LATER, title="同一面墙", person__phone=f"1380000555{n}") for n in range(2)
    ]
    for joined in (others[1], case_id):
        join_matter(actor=world.actor("zhouyining"), at=LATER, case_id=others[0], other_id=joined)
    matter = Matter.objects.get(merged_into=None)
    before = matter_page(actor=world.actor("gulan"), at=LATER, matter_id=matter.pk)
    assert (before.heads, [edge.count for edge in before.edges]) == (3, [3])

    keep(world, case_id)

    after = matter_page(actor=world.actor("gulan"), at=LATER + 2 * MINUTE, matter_id=matter.pk)
    assert (len(after.members), after.hidden, after.heads, after.edges) == (2, 0, 2, ())


def test_the_nightly_check_finds_somebody_with_a_part_to_whom_it_is_not_open(world: World, case_id: UUID) -> None:
    keep(world, case_id)
    CaseParty.objects.create(case_id=case_id, account_id=world.people["gulan"], part="owner")
    compared = compare_case(case_id, LATER + 2 * MINUTE)
    assert compared is not None
    assert compared.outcome is Outcome.DIFFERENT
    assert [(one.table, one.stored) for one in compared.differences] == [("party", world.people["gulan"].hex)]


def test_whoever_hands_over_the_work_of_others_is_not_told_of_it(world: World, case_id: UUID) -> None:
    admin, holder = world.actor("admin"), world.people["zhouyining"]
    before = hand_over_page(actor=admin, on=LATER.date(), account_id=holder).total
    keep(world, case_id)
    assert hand_over_page(actor=admin, on=LATER.date(), account_id=holder).total == before - 1


TRIAGED = (
    ("register", "zhouyining", {"customer_type": "业主", "demand": "修好"}),
    ("classify", "zhouyining", {"talk_note": "已电话沟通", "track": "质量类", "category": "工程质量"}),
)
