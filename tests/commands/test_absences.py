"""Somebody is away or leaves: who holds his posts, sees his cases and is told, and that no deadline moves."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from kesu.access.cases import cards_for, case_for
from kesu.commands.clock.wake_one import wake_one
from kesu.commands.organisation.give_post import give_post
from kesu.commands.people.add_account import add_account
from kesu.commands.people.begin_absence import begin_absence
from kesu.commands.people.end_absence import end_absence
from kesu.commands.people.hand_over_work import hand_over_work
from kesu.commands.people.reopen_account import reopen_account
from kesu.commands.people.shut_account import shut_account
from kesu.core.errors import Forbidden, NotFound, Unacceptable
from kesu.store.models import Absence, Account, CaseParty, HouseChange, Obligation, ObligationOwner, PostHolding
from tests import desk
from tests.world import World

pytestmark = pytest.mark.django_db


def today(now: datetime) -> date:
    return now.date()


def away(world: World, now: datetime, who: str, deputy: str, days: int = 5, by: str = "admin", first: int = 0) -> None:
    start = today(now) + timedelta(days=first)
    begin_absence(
        actor=world.actor(by),
        at=now,
        on=today(now),
        account_id=world.people[who],
        deputy_id=world.people[deputy],
        first=start,
        last=start + timedelta(days=days),
    )


def settled(now: datetime) -> None:
    """What the worker does with the cases that were woken."""
    while wake_one(at=now):
        pass


def owners(case_id: UUID) -> set[str]:
    rows = ObligationOwner.objects.filter(obligation__case_id=case_id, obligation__is_open=True)
    return set(rows.values_list("account__login", flat=True))


def due(case_id: UUID) -> dict[str, datetime | None]:
    return dict(Obligation.objects.filter(case_id=case_id, is_open=True).values_list("key", "due_at"))


def test_a_deputy_gets_the_posts_the_duties_and_the_sight_and_no_deadline_moves() -> None:
    world, now = desk.opened()
    case_id = world.register(at=now, promised_feedback_at=desk.PROMISED)
    before = due(case_id)
    assert owners(case_id) == {"zhouyining"}
    with pytest.raises(NotFound):
        case_for(world.actor("tangshu", today(now)), case_id)

    away(world, now, "zhouyining", "tangshu")
    settled(now)

    assert owners(case_id) == {"tangshu"}
    assert due(case_id) == before
    deputy = world.actor("tangshu", today(now))
    assert cards_for(deputy).filter(pk=case_id).exists()
    world.take(case_id, "inform", "tangshu", now + timedelta(minutes=1))
    assert not cards_for(world.actor("tangshu", today(now) + timedelta(days=9))).filter(unit_path="/").exists()
    assert {post.stands_for for post in deputy.posts} == {None, world.people["zhouyining"]}
    assert world.actor("tangshu", today(now) + timedelta(days=6)).stands_for == frozenset()


def test_while_the_deputy_is_away_too_his_deputy_holds_it() -> None:
    world, now = desk.opened()
    case_id = world.register(at=now, promised_feedback_at=desk.PROMISED)
    away(world, now, "zhouyining", "xumingche", days=9)
    away(world, now, "xumingche", "heqing", days=2)
    settled(now)

    assert owners(case_id) == {"heqing"}
    third = world.actor("xumingche", today(now) + timedelta(days=4))
    assert world.people["zhouyining"] in third.stands_for


def test_nobody_may_be_the_deputy_of_his_own_deputy() -> None:
    world, now = desk.opened()
    away(world, now, "zhouyining", "xumingche", days=9)
    with pytest.raises(Unacceptable) as refused:
        away(world, now, "xumingche", "zhouyining", days=2)
    assert refused.value.data["fields"] == {"deputy": "deputy_away"}
    assert Absence.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"first": -9, "days": 2}, "last"), ({"deputy": "zhouyining"}, "deputy"), ({"days": -1, "first": 3}, "last")],
)
def test_what_makes_no_sense_is_refused_at_its_field(changed: dict[str, int], field: str) -> None:
    world, now = desk.opened()
    with pytest.raises(Unacceptable) as refused:
        away(world, now, **{"who": "zhouyining", "deputy": "xumingche", **changed})
    assert set(refused.value.data["fields"]) == {field}
    assert not Absence.objects.exists()


def test_nobody_is_away_for_centuries() -> None:
    world, now = desk.opened()
    with pytest.raises(Unacceptable) as refused:
        begin_absence(
            actor=world.actor("zhouyining"),
            at=now,
            on=today(now),
            account_id=world.people["zhouyining"],
            deputy_id=world.people["xumingche"],
            first=today(now),
            last=date.max,
        )
    assert refused.value.data["fields"] == {"last": "day_too_far"}


def test_the_same_days_are_taken_once() -> None:
    world, now = desk.opened()
    away(world, now, "zhouyining", "xumingche")
    with pytest.raises(Unacceptable) as refused:
        away(world, now, "zhouyining", "heqing", first=4)
    assert refused.value.data["fields"] == {"first": "days_taken"}


def test_one_says_so_oneself_but_not_for_others() -> None:
    world, now = desk.opened()
    away(world, now, "zhouyining", "xumingche", by="zhouyining")
    with pytest.raises(Forbidden):
        away(world, now, "heqing", "xumingche", by="zhouyining")


def test_whoever_is_back_early_has_his_duties_again() -> None:
    world, now = desk.opened()
    case_id = world.register(at=now, promised_feedback_at=desk.PROMISED)
    away(world, now, "zhouyining", "xumingche")
    settled(now)
    absence = Absence.objects.get()
    end_absence(actor=world.actor("zhouyining"), at=now, on=today(now), absence_id=absence.pk)
    settled(now)

    assert owners(case_id) == {"zhouyining"}
    assert not PostHolding.objects.exclude(stands_for=None).exists()
    with pytest.raises(NotFound):
        end_absence(actor=world.actor("zhouyining"), at=now, on=today(now), absence_id=absence.pk)


def test_a_post_given_to_somebody_who_is_away_goes_to_his_deputy() -> None:
    world, now = desk.opened()
    away(world, now, "xumingche", "heqing")
    unit, who = world.units["wangting"], world.people["xumingche"]
    post = {"unit_id": unit, "role": "cs_specialist", "name": "专管员", "account_id": who}
    give_post(actor=world.actor("admin"), at=now, on=today(now), **post)

    deputy = world.actor("heqing", today(now))
    assert unit in {held.unit_id for held in deputy.posts if held.stands_for}


def test_all_that_a_leaver_holds_goes_to_his_successor_and_stays_where_it_was_in_time() -> None:
    world, now = desk.opened()
    case_id = world.register(at=now, promised_feedback_at=desk.PROMISED)
    before = due(case_id)
    add_account(actor=world.actor("admin"), at=now, login="xin", name="辛某")
    successor = Account.objects.get(login="xin")
    leaver = world.people["zhouyining"]
    held = PostHolding.objects.filter(account_id=leaver).count()

    given = {"account_id": leaver, "successor_id": successor.pk}
    hand_over_work(actor=world.actor("admin"), at=now, on=today(now), **given)
    settled(now)

    assert owners(case_id) == {"xin"}
    assert due(case_id) == before
    assert not Account.objects.get(pk=leaver).is_active
    assert PostHolding.objects.filter(account=successor, until_on=None, instead_of=None).count() == held
    assert case_for(world.actor("xin", today(now)), case_id).pk == case_id
    assert HouseChange.objects.latest("seq").act == "account.handed_over"
    with pytest.raises(Unacceptable):
        hand_over_work(actor=world.actor("admin"), at=now, on=today(now), **given)


def test_work_is_not_handed_to_somebody_who_left_nor_by_the_leaver() -> None:
    world, now = desk.opened()
    given = {"actor": world.actor("admin"), "at": now, "on": today(now)}
    hand_over_work(**given, account_id=world.people["heqing"], successor_id=world.people["xumingche"])
    with pytest.raises(Unacceptable):
        hand_over_work(**given, account_id=world.people["xumingche"], successor_id=world.people["heqing"])
    with pytest.raises(Forbidden):
        hand_over_work(**given, account_id=world.people["admin"], successor_id=world.people["xumingche"])
    with pytest.raises(Forbidden):
        hand_over_work(
            **{**given, "actor": world.actor("zhouyining")},
            account_id=world.people["xumingche"],
            successor_id=world.people["zhouyining"],
        )


def test_a_deputy_whose_account_is_shut_stands_in_for_nobody() -> None:
    world, now = desk.opened()
    away(world, now, "zhouyining", "xumingche")
    settled(now)
    shut = {"account_id": world.people["xumingche"], "reason": "手机丢了"}
    shut_account(actor=world.actor("admin"), at=now, on=today(now), **shut)
    settled(now)
    case_id = world.register(at=now, promised_feedback_at=desk.PROMISED)

    assert owners(case_id) == {"zhouyining"}
    page = desk.client_of("zhouyining").get(f"/people/{world.people['zhouyining']}").content.decode()
    assert "代理人的账号已停用，由本人承办" in page

    reopen_account(actor=world.actor("admin"), at=now, on=today(now), account_id=world.people["xumingche"])
    settled(now)
    assert owners(case_id) == {"xumingche"}


def test_a_complaint_that_was_nobodys_is_his_as_soon_as_he_is_back() -> None:
    world, now = desk.opened()
    away(world, now, "zhouyining", "xumingche")
    case_id = world.register(at=now, promised_feedback_at=desk.PROMISED)
    ObligationOwner.objects.filter(obligation__case_id=case_id).delete()
    CaseParty.objects.filter(case_id=case_id).delete()

    end_absence(actor=world.actor("admin"), at=now, on=today(now), absence_id=Absence.objects.get().pk)
    settled(now)
    assert owners(case_id) == {"zhouyining"}


def test_whoever_left_and_comes_again_holds_what_he_is_given() -> None:
    world, now = desk.opened()
    by, who = world.actor("admin"), world.people["zhouyining"]
    held = PostHolding.objects.filter(account_id=who, instead_of=None).first()
    assert held is not None
    hand_over_work(actor=by, at=now, on=today(now), account_id=who, successor_id=world.people["heqing"])
    reopen_account(actor=by, at=now, on=today(now), account_id=who)
    given = {"unit_id": world.units["wangting"], "role": "cs_specialist", "name": "客服专管员", "account_id": who}
    give_post(actor=by, at=now, on=today(now), **given)

    assert not Absence.objects.filter(account=who, until_on=None).exists()
    assert not PostHolding.objects.filter(stands_for=who).exists()
    assert world.units["wangting"] in {post.unit_id for post in world.actor("zhouyining", today(now)).posts}
