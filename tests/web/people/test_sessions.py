"""Everybody sees where he is signed in and ends what is not his; looking costs no page anything."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kesu.store.models import Account, HouseChange, SignIn
from tests import desk
from tests.web.people.test_accounts import opened, signed_in

pytestmark = pytest.mark.django_db
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"


def test_it_shows_each_session_by_its_device_and_a_part_of_its_address() -> None:
    opened()
    client = Client(headers={"User-Agent": AGENT}, REMOTE_ADDR="10.20.30.40")
    client.post("/sign-in", {"username": "zhouyining", "password": "a long enough sentence"})

    page = client.get("/account/security").content.decode()

    assert "Edge · Windows" in page
    assert "10.20.30.*" in page
    assert "10.20.30.40" not in page
    assert not SignIn.objects.filter(address__contains="40").exists()


def test_one_ends_one_session_or_all_others() -> None:
    opened()
    here, one, two = signed_in(), signed_in(), signed_in()
    newest = SignIn.objects.order_by("-pk").first()
    assert newest is not None

    here.post("/account/sessions/end", {"session": newest.pk.hex})
    assert [client.get("/work").status_code for client in (here, one, two)] == [200, 200, 302]
    here.post("/account/sessions/end")
    assert [client.get("/work").status_code for client in (here, one, two)] == [200, 302, 302]
    assert HouseChange.objects.latest("seq").act == "sessions.ended"


def test_nobody_ends_a_session_of_another_one() -> None:
    opened()
    his = signed_in()
    row = SignIn.objects.get()
    desk.client_of("sunyan").post("/account/sessions/end", {"session": row.pk.hex})
    desk.client_of("sunyan").post("/account/sessions/end")
    assert his.get("/work").status_code == 200


def test_an_administrator_ends_all_of_somebody() -> None:
    account = opened()
    his = [signed_in(), signed_in()]
    page = desk.client_of("admin").post(f"/people/{account.pk}/sessions/end", follow=True).content.decode()
    assert "已结束 2 处登录" in page
    assert [client.get("/work").status_code for client in his] == [302, 302]


def test_being_seen_is_written_once_an_hour() -> None:
    opened()
    client = signed_in()
    with CaptureQueriesContext(connection) as first:
        client.get("/account/security")
    assert not any("store_signin" in one["sql"] and one["sql"].startswith("UPDATE") for one in first.captured_queries)
    row = SignIn.objects.get()
    session = client.session
    name, hour = session["kesu_sign_in"]
    session["kesu_sign_in"] = [name, hour - 5]
    session.save()
    SignIn.objects.update(seen_at=row.seen_at - timedelta(hours=5))

    writes = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as caught:
            client.get("/account/security")
        writes.append(sum(one["sql"].startswith("UPDATE") for one in caught.captured_queries))

    assert writes == [1, 0, 0]
    assert SignIn.objects.get().seen_at >= row.seen_at


def test_a_session_that_was_signed_out_is_shown_no_more() -> None:
    opened()
    here, other = signed_in(), signed_in()
    other.post("/sign-out")
    assert here.get("/account/security").content.decode().count("data-item") == 1
    signed_in()
    assert SignIn.objects.filter(account=Account.objects.get(login="zhouyining")).count() == 2
