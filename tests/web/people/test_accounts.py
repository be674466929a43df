"""An administrator shuts accounts, opens them again and gives passwords for a single use, by page and on the record."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from kesu.access.permissions import Permission
from kesu.store.models import Account, HouseChange, RoleGrant
from tests import desk

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough sentence"
NEW = "quite another sentence"


def opened(login: str = "zhouyining") -> Account:
    desk.opened()
    account = Account.objects.get(login=login)
    account.set_password(PASSWORD)
    account.save()
    return account


def signed_in(login: str = "zhouyining", password: str = PASSWORD) -> Client:
    client = Client()
    client.post("/sign-in", {"username": login, "password": password})
    return client


def last_act() -> tuple[str, str, dict[str, object]]:
    row = HouseChange.objects.latest("seq")
    return row.act, row.name, row.after


def test_a_shut_account_is_out_at_once_and_does_not_come_in_again() -> None:
    account = opened()
    his = signed_in()
    assert his.get("/work").status_code == 200

    desk.client_of("admin").post(f"/people/{account.pk}/shut", {"reason": "长期借调"})

    assert his.get("/work").status_code == 302
    assert signed_in().get("/work").status_code == 302
    assert last_act() == ("account.shut", account.name, {"reason": "长期借调"})
    assert "停用账号" in desk.client_of("admin").get("/organisation/changes").content.decode()


def test_it_shuts_none_without_a_reason() -> None:
    account = opened()
    answer = desk.client_of("admin").post(f"/people/{account.pk}/shut", {"reason": "  "})
    assert answer.status_code == 422
    assert "还没有写内容" in answer.content.decode()
    account.refresh_from_db()
    assert account.is_active


def test_nobody_shuts_himself_or_the_last_who_may_change_rights() -> None:
    desk.opened()
    admin = Account.objects.get(login="admin")
    assert desk.client_of("admin").post(f"/people/{admin.pk}/shut", {"reason": "x"}).status_code == 403
    RoleGrant.objects.create(role="cs_specialist", permission=Permission.PEOPLE_EDIT.value)

    answer = desk.client_of("zhouyining").post(f"/people/{admin.pk}/shut", {"reason": "x"})

    assert answer.status_code == 422
    assert "没有人能再改权限" in answer.content.decode()
    admin.refresh_from_db()
    assert admin.is_active


def test_a_reopened_account_comes_in_once_with_the_password_on_the_page_and_sets_his_own() -> None:
    account = opened()
    admin = desk.client_of("admin")
    admin.post(f"/people/{account.pk}/shut", {"reason": "借调"})
    shown = admin.post(f"/people/{account.pk}/reopen").content.decode()
    found = re.search(r'<b class="num">([A-Z0-9-]+)</b>', shown)
    assert found is not None
    client = Client()

    answer = client.post("/sign-in", {"username": account.login, "password": found[1], "next": "/cases"})

    assert answer.headers["Location"] == "/sign-in/password"
    assert client.get("/work").status_code == 302
    assert client.post("/sign-in/password", {"new_password": found[1]}).status_code == 422
    assert client.post("/sign-in/password", {"new_password": "12345678901"}).status_code == 422
    assert client.post("/sign-in/password", {"new_password": NEW}).headers["Location"] == "/cases"
    assert client.get("/work").status_code == 200
    assert signed_in(password=found[1]).get("/work").status_code == 302
    assert signed_in(password=NEW).get("/work").status_code == 200


def test_a_password_that_is_given_ends_all_sessions() -> None:
    account = opened()
    his = signed_in()
    desk.client_of("admin").post(f"/people/{account.pk}/password")
    assert his.get("/work").status_code == 302
    assert last_act()[0] == "account.password_given"


def test_somebody_changes_his_own_password_and_stays_where_he_is() -> None:
    opened()
    here, elsewhere = signed_in(), signed_in()
    sent = {"password": PASSWORD, "new_password": NEW}
    assert here.post("/account/password", {**sent, "password": "wrong"}).status_code == 422
    assert here.post("/account/password", {**sent, "new_password": "short"}).status_code == 422

    assert "密码已改" in here.post("/account/password", sent, follow=True).content.decode()

    assert here.get("/work").status_code == 200
    assert elsewhere.get("/work").status_code == 302
    assert last_act()[0] == "account.password_changed"


@pytest.mark.parametrize("act", ["shut", "reopen", "password", "sessions/end", "factors/reset"])
def test_nobody_else_touches_an_account(act: str) -> None:
    world, _ = desk.opened()
    his = world.people["linsheng"]
    assert desk.client_of("zhouyining").post(f"/people/{his}/{act}", {"reason": "x"}).status_code == 403
