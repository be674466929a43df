"""A policy is tried on an imagined case, on the page: nothing is stored, and its clocks run as somebody turns them."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client

from kesu.store.models import Case, CaseEvent
from tests import desk

pytestmark = pytest.mark.django_db
PAGE = "/policies/offers/p10/try"


def state(page: HttpResponse) -> dict[str, str]:
    """What the page would send: its hidden state, and the fields of an open form as they are filled."""
    html = page.content.decode()
    held = {name: unescape(value) for name, value in re.findall(r'name="(acts|known|now)" value="([^"]*)"', html)}
    return {"kind": held.get("known", ""), **held}


def opening(page: HttpResponse) -> str:
    """The button of the form that stands open at first."""
    return re.findall(r'value="(take:[a-z_]+)"', page.content.decode())[0]


def press(client: Client, page: HttpResponse, do: str, **typed: str) -> HttpResponse:
    return client.post(PAGE, {**state(page), "do": do, **typed})


def test_a_case_that_is_none_goes_from_the_call_to_the_next_stage_with_its_deadlines() -> None:
    desk.opened()
    client = desk.client_of("admin")
    page = client.get(PAGE)
    assert "还没有受理" in page.content.decode()

    page = press(client, page, opening(page), now="2026-11-26T10:00", title="外墙渗水", channel="电话")
    told = page.content.decode()
    assert "这一步没有办成" not in told, re.findall(r'role="alert">(.*?)</', told, re.S)
    assert "投诉" in told
    assert "办过的步骤" in told

    late = press(client, page, "workday").content.decode()
    assert "已逾期" in late
    assert not Case.objects.exists()
    assert not CaseEvent.objects.exists()


def test_what_the_policy_refuses_is_said_with_its_clause_and_the_case_stays_where_it_was() -> None:
    desk.opened()
    client = desk.client_of("admin")
    page = client.get(PAGE)
    page = press(client, page, opening(page), now="2026-11-26T10:00", title="外墙渗水", channel="电话")
    before = state(page)["acts"]
    page = press(client, page, "take:close")
    assert "这一步没有办成" in page.content.decode()
    assert state(page)["acts"] == before


@pytest.mark.parametrize(
    "acts", ["", "[", "[[[]]]", '[{"at": 1}]', '[{"at":"2026-01-01","step":"x","given":[]}]', "9" * 99]
)
def test_a_state_that_the_page_did_not_write_begins_anew(acts: str) -> None:
    desk.opened()
    page = desk.client_of("admin").post(PAGE, {"acts": acts, "kind": "complaint", "known": "complaint", "do": "look"})
    assert page.status_code == 200
    assert "还没有受理" in page.content.decode()


def test_only_who_may_put_policies_in_force_tries_them() -> None:
    desk.opened()
    assert desk.client_of("zhouyining").get(PAGE).status_code == 403
    assert desk.client_of("admin").get("/policies/offers/nothing/try").status_code == 404
