"""Everybody reads the program in the language that he chose; staff have their mail in it too."""

from __future__ import annotations

import pytest
from django.test import Client

from kesu.config import catalogues
from kesu.store.models import Account
from tests import desk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    catalogues.compile_all()


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "员工登录"), ("zh-hant", "員工登入"), ("en", "Staff sign-in")]
)
def test_it_speaks_the_language_that_was_chosen(language: str, words: str) -> None:
    client = Client()
    answer = client.post("/language", {"language": language, "next": "/sign-in"})

    assert answer.headers["Location"] == "/sign-in"
    page = client.get("/sign-in").content.decode()
    assert words in page
    assert f'<html lang="{language}"' in page


def test_it_keeps_the_choice_with_the_account() -> None:
    desk.opened()
    desk.client_of("gulan").post("/language", {"language": "en", "next": "/work"})
    assert Account.objects.get(login="gulan").language == "en"


@pytest.mark.parametrize("language", ["", "fr", "en/../x", "e" * 5000])
def test_it_keeps_what_was_when_the_language_is_none_of_its_own(language: str) -> None:
    client = Client()
    answer = client.post("/language", {"language": language, "next": "/sign-in"})
    assert answer.status_code == 302
    assert not client.cookies


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org", "javascript:alert(1)", ""])
def test_it_leads_nowhere_else(target: str) -> None:
    assert Client().post("/language", {"language": "en", "next": target}).headers["Location"] == "/"
