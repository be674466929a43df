"""The page of one person: his name and address are put right, and what nobody chose is asked for in plain words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kesu.core import clock
from kesu.store.models import Account, HouseChange
from tests import desk

pytestmark = pytest.mark.django_db


def his(login: str = "zhouyining") -> tuple[Account, str]:
    account = Account.objects.get(login=login)
    return account, f"/people/{account.pk}"


def test_an_administrator_puts_name_login_and_address_right_and_it_is_recorded() -> None:
    desk.opened()
    account, page = his()
    before = account.name
    given = {"name": "周一宁", "login": "Ｚｈｏｕ.New", "email": "zhou＠example.invalid"}

    answer = desk.client_of("admin").post(f"{page}/change", given, follow=True)

    assert "已保存" in answer.content.decode()
    account.refresh_from_db()
    assert (account.name, account.login, account.email) == ("周一宁", "zhou.new", "zhou@example.invalid")
    assert account.pinyin.startswith("zhouyining ")
    row = HouseChange.objects.latest("seq")
    assert (row.act, row.before, row.after["login"]) == (
        "account.changed",
        {"name": before, "login": "zhouyining", "email": row.before["email"]},
        "zhou.new",
    )
    assert f"{before} → 周一宁" in desk.client_of("admin").get("/organisation/changes").content.decode()


def test_what_is_saved_as_it_was_is_no_change() -> None:
    desk.opened()
    account, page = his()
    before = HouseChange.objects.count()
    same = {"name": account.name, "login": account.login, "email": account.email}
    assert desk.client_of("admin").post(f"{page}/change", same).status_code == 302
    assert HouseChange.objects.count() == before


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": ""}, "还没有写内容"),
        ({"login": "linsheng"}, "这个账号已经有人用"),
        ({"login": "a b"}, "只用字母、数字"),
        ({"email": "nobody"}, "不像邮箱地址"),
    ],
)
def test_what_cannot_be_is_refused_and_stays_in_the_form(given: dict[str, str], said: str) -> None:
    desk.opened()
    account, page = his()
    answer = desk.client_of("admin").post(f"{page}/change", {"name": "某", "login": "zyn", "email": "", **given})
    assert answer.status_code == 422
    told = answer.content.decode()
    assert said in told
    assert f'value="{given.get("login", "zyn")}"' in told
    assert Account.objects.get(pk=account.pk).name == account.name


def test_nobody_changes_himself_without_the_right() -> None:
    desk.opened()
    _account, page = his()
    client = desk.client_of("zhouyining")
    assert "姓名、账号和邮箱" not in client.get(page).content.decode()
    assert client.post(f"{page}/change", {"name": "某", "login": "x", "email": ""}).status_code == 403


def test_a_deputy_and_a_successor_that_nobody_chose_are_asked_for() -> None:
    desk.opened()
    _account, page = his()
    admin, day = desk.client_of("admin"), (clock.now() + timedelta(days=3)).date().isoformat()
    for address, given in ((page, {"first": day, "last": day}), (f"{page}/hand-over", {})):
        answer = admin.post(address, given)
        assert answer.status_code == 422
        assert "请选一项" in answer.content.decode()
        assert "诉件" not in answer.content.decode().split("请选一项")[0][-300:]


def test_leave_and_hand_over_are_confirmed_and_stand_under_headings_of_their_own() -> None:
    desk.opened()
    account, page = his()
    admin, day = desk.client_of("admin"), (clock.now() + timedelta(days=3)).date().isoformat()
    deputy = Account.objects.get(login="linsheng").pk.hex
    assert "请假已登记" in admin.post(page, {"first": day, "last": day, "deputy": deputy}, follow=True).content.decode()

    told = admin.post(f"{page}/hand-over", {"successor": deputy}, follow=True).content.decode()

    assert "已交接" in told
    leave, handed = told.index('id="absences-title"'), told.index('id="hand-over-title"')
    assert leave < handed < told.index("由 林声 接手")
    assert "没有请假" in told[leave:handed]
    account.refresh_from_db()
    assert not account.is_active


def test_a_login_is_kept_in_half_width() -> None:
    desk.opened()
    admin = desk.client_of("admin")
    admin.post("/people", {"name": "辛某", "login": "Ｘｉｎ０１"})
    assert Account.objects.get(name="辛某").login == "xin01"
    assert admin.post("/people", {"name": "另一位", "login": "ｘｉｎ０１"}).status_code == 422
