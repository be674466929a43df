"""Changes of rights, people and policies want a fresh sign-in; what was typed is kept and goes on."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from kesu.core import clock
from kesu.store.models import Account, Role
from tests import desk
from tests.web.people.test_accounts import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def stale() -> Client:
    desk.opened()
    account = Account.objects.get(login="admin")
    account.set_password(PASSWORD)
    account.save()
    return desk.confirmed(desk.client_of("admin"), clock.now() - timedelta(minutes=16))


def kept(page: str) -> dict[str, str]:
    return {name: unescape(text) for name, text in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page)}


def test_it_asks_once_more_keeps_what_was_typed_and_goes_on(stale: Client) -> None:
    answer = stale.post("/roles", {"name": '巡检"员<b>', "code": "inspector"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "请再确认是您本人" in page
    assert not Role.objects.exists()
    assert kept(page)["name"] == '巡检"员<b>'

    wrong = stale.post("/roles", {**kept(page), "confirm_password": "wrong"})
    assert wrong.status_code == 422
    assert kept(wrong.content.decode())["code"] == "inspector"
    done = stale.post("/roles", {**kept(page), "confirm_password": PASSWORD})

    assert done.headers["Location"] == "/roles/inspector"
    assert Role.objects.get().name == '巡检"员<b>'
    assert stale.post("/roles", {"name": "另一个", "code": "other"}).status_code == 302


def test_looking_asks_nobody(stale: Client) -> None:
    for address in ("/roles", "/people", "/organisation", "/policies/offers/p10"):
        assert stale.get(address).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/roles",
        "/roles/admin",
        "/slots/cs_specialist",
        "/people",
        "/organisation/units",
        "/organisation/posts",
        "/organisation/roots",
        "/organisation/posts/1/end",
        "/policies/offers/p10",
        *(f"/policies/proposals/{UUID(int=1)}/{act}" for act in ("sign", "refuse", "withdraw", "signer")),
        "/account/app/remove",
    ],
)
def test_nothing_of_it_is_done_without(stale: Client, address: str) -> None:
    answer = stale.post(address, {"name": "x"})
    assert answer.status_code == 403
    assert "请再确认是您本人" in answer.content.decode()


def test_tries_are_limited_and_nothing_typed_is_kept_by_the_limiter(stale: Client) -> None:
    from axes.models import AccessAttempt

    sent = {"name": "一个秘密的名字", "confirm": "1", "confirm_password": "wrong"}
    statuses = [stale.post("/roles", sent).status_code for _ in range(5)]
    assert statuses == [422, 422, 422, 422, 429]
    assert stale.post("/roles", {**sent, "confirm_password": PASSWORD}).status_code == 429
    assert not any("秘密" in row.post_data or "wrong" in row.post_data for row in AccessAttempt.objects.all())


def test_a_session_that_never_confirmed_is_asked() -> None:
    desk.opened()
    client = desk.client_of("admin")
    session = client.session
    del session["kesu_confirmed"]
    session.save()
    assert Session.objects.exists()
    assert client.post("/roles", {"name": "x"}).status_code == 403


def test_a_page_that_takes_files_asks_before_it_opens(stale: Client) -> None:
    """No page could keep the file meanwhile."""
    assert "请再确认是您本人" in stale.get("/organisation/import").content.decode()
    answer = stale.post("/organisation/import", {"confirm": "1", "confirm_password": PASSWORD})
    assert answer.headers["Location"] == "/organisation/import"
    assert stale.get("/organisation/import").status_code == 200
