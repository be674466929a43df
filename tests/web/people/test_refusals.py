"""The pages of what went wrong: they say what, why, and what to do, and nothing more."""

from __future__ import annotations

import json
import logging
import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from kesu.config.urls import handler400, handler403, handler404, handler500
from kesu.config.urls import urlpatterns as real
from kesu.core.errors import NotNow, Overtaken, Unacceptable
from kesu.policy.standing.results import Missing, MissingKind, Refusal
from tests import desk

__all__ = ["handler400", "handler403", "handler404", "handler500"]

REFUSAL = Refusal("locked", "须先经领导批准", (), (Missing(MissingKind.APPROVAL, "leadership", "领导批准"),))


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the caller's number is 13800002016")


def late(request: HttpRequest) -> HttpResponse:
    raise NotNow("step_refused", data={"refusals": (REFUSAL,)})


def overtaken(request: HttpRequest) -> HttpResponse:
    raise Overtaken("case_moved", data={"seen": 1, "now": 2})


def empty(request: HttpRequest) -> HttpResponse:
    raise Unacceptable("text_missing", data={"fields": {}, "refusals": ()})


urlpatterns = [
    *real,
    path("broken", broken),
    path("late", late),
    path("overtaken", overtaken),
    path("empty", empty),
]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def test_it_says_every_reason_of_a_refusal() -> None:
    page = Client().get("/late")

    assert page.status_code == 409
    assert "须先经领导批准" in page.content.decode()
    assert "领导批准还没有通过" in page.content.decode()


def test_it_answers_htmx_with_the_fragment_alone() -> None:
    whole, part = Client().get("/overtaken"), Client().get("/overtaken", headers={"HX-Request": "true"})

    assert whole.status_code == part.status_code == 409
    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()
    assert "别人已经改动了这件" in part.content.decode()


@pytest.mark.parametrize("address", ["/nothing", "/cases/01900000-0000-7000-8000-000000000000"])
def test_it_never_answers_a_part_of_a_page_with_a_whole_one(address: str) -> None:
    """The part stays as it is; the sentence comes with an event that the page turns into a toast."""
    desk.opened()
    part = desk.client_of("zhouyining").get(address, headers={"HX-Request": "true"})

    assert part.status_code == 404
    assert "<" not in part.content.decode()
    said = json.loads(part.headers["HX-Trigger"])["kesu:refused"]["said"]
    assert said == part.content.decode() == "没有这个页面，或您看不到它"


def test_it_says_what_is_wrong_with_an_input() -> None:
    page = Client().get("/empty")

    assert page.status_code == 422
    assert "还没有写内容" in page.content.decode()


def test_it_gives_a_failure_of_ours_a_number_that_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    client = Client(raise_request_exception=False)

    with caplog.at_level(logging.ERROR, logger="kesu.web"):
        page = client.get("/broken").content.decode()

    number = re.search(r"E-\d{4}-\d{4}", page)
    assert number is not None
    assert any(number[0] in record.getMessage() for record in caplog.records if record.name == "kesu.web")
    assert "13800002016" not in page


def test_it_answers_unknown_addresses_alike() -> None:
    desk.opened()
    client = desk.client_of("zhouyining")

    unknown = client.get("/nothing")
    hidden = client.get("/cases/01900000-0000-7000-8000-000000000000")

    assert unknown.status_code == hidden.status_code == 404
    assert unknown.content == hidden.content


def test_it_explains_a_form_that_has_expired() -> None:
    page = Client(enforce_csrf_checks=True).post("/sign-in", {"username": "x", "password": "y"})

    assert page.status_code == 403
    assert "这张表打开得太久" in page.content.decode()
