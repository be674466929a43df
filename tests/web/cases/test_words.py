"""The words of a policy in the reader's language; what people wrote as they wrote it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from kesu.casefile import tongues
from kesu.store.models import PolicyText
from tests.web.cases.conftest import NOW
from tests.world import World

SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process reads the words once; every test is a process of its own."""
    monkeypatch.setattr(tongues, "_held", {})


def reading(client: Client, language: str, address: str) -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client.get(address).content.decode()


def case_address(here: World) -> str:
    return reverse("case-page", args=[here.submit(at=NOW, title="漏水").case_id])


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", ("Received", "Complainant", "Inform the specialist")), ("zh-hant", ("已接報", "投訴人", "知會專管員"))],
)
def test_the_case_page_speaks_the_language_of_its_reader(
    here: World, sign_in: SignIn, language: str, shown: tuple[str, ...]
) -> None:
    page = reading(sign_in("zhouyining"), language, case_address(here))
    assert all(word in page for word in shown)
    assert not [word for word in ("已接报", "投诉人", "知会专管员") if word in page]


def test_what_people_wrote_stays_even_where_it_is_a_word_of_the_policy(here: World, sign_in: SignIn) -> None:
    made = here.submit(at=NOW, title="回访")
    page = reading(sign_in("zhouyining"), "en", reverse("case-page", args=[made.case_id]))
    assert "回访" in page
    assert "Called back" in page


def test_lists_and_their_filters_do_too(here: World, sign_in: SignIn) -> None:
    here.submit(at=NOW, title="漏水")
    page = reading(sign_in("zhouyining"), "en", reverse("case-list") + "?kind=complaint")
    assert all(word in page for word in ("Complaint", "Online", "Joint review"))
    assert ">联合审核<" not in page


def test_the_public_form_asks_in_the_language_of_who_fills_it_in(here: World) -> None:
    page = reading(Client(), "en", reverse("public-form", args=[here.units["qingtang"], "complaint"]))
    assert "What it is about, in one sentence" in page
    assert "一句话说明是什么事" not in page


def test_the_customer_follows_his_case_in_his_language(here: World) -> None:
    page = reading(Client(), "en", reverse("public-follow", args=[here.submit(at=NOW, title="漏水").secret]))
    assert "Received by us" in page
    assert "The customer service specialist will know of it" in page


def test_a_word_without_a_text_is_shown_in_chinese_and_marked_so(here: World, sign_in: SignIn) -> None:
    for row in PolicyText.objects.filter(language="en"):
        row.words.pop("已接报", None)
        row.save()
    page = reading(sign_in("zhouyining"), "en", case_address(here))
    assert '<span lang="zh-Hans">已接报</span>' in page


def test_chinese_pages_ask_for_no_words(here: World, sign_in: SignIn) -> None:
    reading(sign_in("zhouyining"), "zh-hans", case_address(here))
    assert tongues._held == {}


PAGES_OF_AN_OFFER = ("/policies/offers", "/policies/offers/suggestion", "/policies/offers/suggestion/try")


@pytest.mark.parametrize("address", PAGES_OF_AN_OFFER)
def test_a_policy_on_offer_speaks_by_its_own_texts_whether_it_was_adopted_or_not(
    here: World, sign_in: SignIn, address: str
) -> None:
    PolicyText.objects.all().delete()
    page = reading(sign_in("admin"), "en", address)
    assert "Rules for owners&#x27; suggestions" in page
    assert "建议管理" not in page
    assert "收到建议" not in page
