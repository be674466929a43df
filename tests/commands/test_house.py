"""The organisation is built and changed by its administrators, and every change is in one chain."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from kesu.casefile.house import change_hash
from kesu.commands.organisation.add_root import add_root
from kesu.commands.organisation.add_unit import add_unit
from kesu.commands.organisation.create_administrator import create_administrator
from kesu.commands.organisation.end_post import end_post
from kesu.commands.organisation.give_post import give_post
from kesu.commands.people.add_account import add_account
from kesu.core.errors import Forbidden, NotFound, Unacceptable
from kesu.store.models import Account, HouseChange, PostHolding, Unit
from tests import desk

pytestmark = pytest.mark.django_db
PASSWORD = "kesu-first-2026"
FIRST = {"login": "Chen", "name": "陈管理", "password": PASSWORD, "organisation": "青棠集团"}


def test_only_the_first_administrator_is_made_without_an_account() -> None:
    from kesu.core import clock

    create_administrator(at=clock.now(), code=None, **FIRST)
    assert Account.objects.get().login == "chen"
    with pytest.raises(NotFound):
        create_administrator(at=clock.now(), code=None, **{**FIRST, "login": "second"})
    assert Unit.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"password": "1234567890"}, "password"),
        ({"login": " "}, "login"),
        ({"organisation": "长" * 81}, "organisation"),
    ],
)
def test_nothing_is_made_of_what_cannot_be_used(changed: dict[str, str], field: str) -> None:
    from kesu.core import clock

    with pytest.raises(Unacceptable) as refused:
        create_administrator(at=clock.now(), code=None, **{**FIRST, **changed})
    assert field in refused.value.data["fields"]
    assert not Account.objects.exists()
    assert not HouseChange.objects.exists()


def test_a_wrong_code_makes_nobody() -> None:
    from kesu.core import clock

    with pytest.raises(Unacceptable):
        create_administrator(at=clock.now(), code="AAAA-BBBB-CCCC-DDDD", **FIRST)
    assert not Account.objects.exists()


def test_units_stand_only_where_their_kind_may() -> None:
    world, now = desk.opened()
    admin = world.actor("admin")
    inside = world.units["qingtang"]
    with pytest.raises(Unacceptable) as refused:
        add_unit(actor=admin, at=now, inside=inside, kind="company", name="某公司")
    assert refused.value.data["fields"] == {"kind": "kind_not_there"}
    add_unit(actor=admin, at=now, inside=inside, kind="department", name="工程部")
    with pytest.raises(Unacceptable):
        add_unit(actor=admin, at=now, inside=inside, kind="department", name="工程部 ")


def test_whoever_may_not_see_the_organisation_changes_nothing_in_it() -> None:
    world, now = desk.opened()
    specialist = world.actor("zhouyining")
    with pytest.raises(NotFound):
        add_unit(actor=specialist, at=now, inside=world.units["qingtang"], kind="department", name="工程部")
    with pytest.raises(Forbidden):
        add_account(actor=specialist, at=now, login="new", name="新人")


@pytest.mark.parametrize("login", ["坏 名/..", "a b", "x" * 65, "<b>"])
def test_an_account_is_called_as_a_file_may_call_it(login: str) -> None:
    world, now = desk.opened()
    with pytest.raises(Unacceptable) as refused:
        add_account(actor=world.actor("admin"), at=now, login=login, name="某人")
    assert set(refused.value.data["fields"]) == {"login"}


def test_a_post_is_given_from_a_day_and_laid_down_on_one() -> None:
    world, now = desk.opened()
    admin, unit = world.actor("admin"), world.units["qingtang"]
    password = add_account(actor=admin, at=now, login="xin", name="辛某")
    account = Account.objects.get(login="xin")
    assert account.check_password(password)
    given = {"unit_id": unit, "role": "cs_specialist", "name": "客服专管员", "account_id": account.pk}
    give_post(actor=admin, at=now, on=now.date(), **given)
    with pytest.raises(Unacceptable):
        give_post(actor=admin, at=now, on=now.date(), **given)
    holding = PostHolding.objects.get(account=account)
    later = now + timedelta(days=3)
    end_post(actor=admin, at=later, on=later.date(), holding_id=holding.pk)
    holding.refresh_from_db()
    assert holding.until_on == later.date() - timedelta(days=1)


def test_what_stands_alone_is_left_to_somebody() -> None:
    world, now = desk.opened()
    admin = world.actor("admin", now.date())
    add_root(actor=admin, at=now, on=now.date(), kind="contractor", name="某施工单位")
    holding = PostHolding.objects.get(post__unit__name="某施工单位")
    with pytest.raises(Unacceptable) as refused:
        end_post(actor=world.actor("admin", now.date()), at=now, on=now.date(), holding_id=holding.pk)
    assert refused.value.reason == "nobody_there"

    unit, role = holding.post.unit_id, holding.post.role
    given = {"unit_id": unit, "role": role, "name": "管理员", "account_id": world.people["heqing"]}
    give_post(actor=world.actor("admin", now.date()), at=now, on=now.date(), **given)
    end_post(actor=world.actor("admin", now.date()), at=now, on=now.date(), holding_id=holding.pk)
    assert not PostHolding.objects.filter(pk=holding.pk).exists()


def test_every_change_names_the_one_before_and_none_can_be_changed() -> None:
    world, now = desk.opened()
    admin = world.actor("admin")
    for number in range(4):
        add_account(actor=admin, at=now, login=f"person{number}", name=f"第{number}人")
    rows = list(HouseChange.objects.order_by("seq"))
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert [row.previous for row in rows] == ["", *(row.hash for row in rows[:-1])]
    assert [row.hash for row in rows] == [change_hash(row) for row in rows]
    assert not any("password" in str(row.after) for row in rows)
    with pytest.raises(DatabaseError), transaction.atomic():
        HouseChange.objects.filter(seq=1).update(name="别人")
