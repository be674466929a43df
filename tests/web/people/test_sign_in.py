"""Signing in: where it leads, what it refuses, when it says to try again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from kesu.commands.organisation.load_organisation import NewPerson, NewUnit, Organisation, load_organisation
from kesu.core import clock
from kesu.web import when
from tests import desk

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough sentence"


@pytest.fixture
def person() -> str:
    organisation = Organisation(
        units=[NewUnit("group", "group", "集团")],
        people=[NewPerson("anyone", "某人", password=PASSWORD)],
        posts=[],
    )
    load_organisation(organisation=organisation, on=clock.now().date())
    return "anyone"


def send(client: Client, login: str, password: str, target: str = "") -> tuple[int, str]:
    page = client.post("/sign-in", {"username": login, "password": password, "next": target})
    return page.status_code, page.headers.get("Location") or page.content.decode()


def test_it_leads_to_the_workbench(person: str) -> None:
    assert send(Client(), person, PASSWORD) == (302, "/work")


def test_it_does_not_care_about_the_case_of_a_login(person: str) -> None:
    assert send(Client(), person.upper(), PASSWORD) == (302, "/work")


def test_it_takes_a_login_in_full_width_and_counts_it_as_the_same(person: str) -> None:
    assert send(Client(), "ａｎｙｏｎｅ", PASSWORD) == (302, "/work")
    client = Client()
    for login in ("anyone", "ａｎｙｏｎｅ", "Ａnyone", "anyone"):
        assert send(client, login, "wrong")[0] == 422
    assert send(client, "ａｎｙｏｎｅ", "wrong")[0] == 429


def test_it_leads_back_to_the_page_that_was_wanted(person: str) -> None:
    wanted = Client().get("/cases?due=today").headers["Location"]

    assert wanted == "/sign-in?next=/cases%3Fdue%3Dtoday"
    assert send(Client(), person, PASSWORD, "/cases?due=today") == (302, "/cases?due=today")


def test_it_leads_to_no_address_of_somebody_else(person: str) -> None:
    assert send(Client(), person, PASSWORD, "https://elsewhere.example/") == (302, "/work")
    assert send(Client(), person, PASSWORD, "//elsewhere.example/") == (302, "/work")


def test_it_keeps_the_login_and_says_what_is_wrong_after_a_wrong_password(person: str) -> None:
    status, page = send(Client(), person, "wrong")

    assert status == 422
    assert "账号或密码不对" in page
    assert f'value="{person}"' in page
    assert "wrong" not in page


def test_it_locks_after_five_wrong_passwords_and_says_when_to_try_again(person: str) -> None:
    client = Client()
    for _ in range(4):
        assert send(client, person, "wrong")[0] == 422
    before = clock.now()

    status, page = send(client, person, "wrong")

    until = {when.due(before + timedelta(minutes=15 + extra), before) for extra in (0, 1)}
    told = re.search(r"请 (.*?) 以后再试", page)
    assert status == 429
    assert told is not None
    assert told[1] in until
    assert send(client, person, PASSWORD)[0] == 429


def test_it_signs_out_by_post_only(person: str) -> None:
    client = Client()
    send(client, person, PASSWORD)

    assert client.get("/sign-out").status_code == 405
    assert client.get("/work").status_code == 200
    assert client.post("/sign-out").status_code == 302
    assert client.get("/work").status_code == 302


def test_it_refuses_an_account_without_a_password() -> None:
    desk.opened()

    assert send(Client(), "zhouyining", "")[0] == 422


def test_it_names_no_account_outside_a_demonstration(person: str) -> None:
    assert "演示环境" not in Client().get("/sign-in").content.decode()
