"""Who called has no link of his own: the house finds it again and gives it to him."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from kesu.store.models import Case
from tests import desk

pytestmark = pytest.mark.django_db


def link_on(case: Case, login: str) -> str:
    page = desk.client_of(login).get(f"/cases/{case.pk}").content.decode()
    found = re.search(r'href="(/follow/[0-9a-f]{32})"', page)
    return found[1] if found else ""


def test_the_page_of_a_case_that_was_taken_down_gives_the_link_that_the_customer_follows() -> None:
    world, now = desk.opened()
    world.register(at=now, promised_feedback_at=desk.PROMISED)
    link = link_on(Case.objects.get(), "zhouyining")
    assert Client().get(link).status_code == 200
    assert link_on(Case.objects.get(), "gulan") == "", "he may not write to customers"


def test_a_customer_who_sent_it_himself_keeps_his_link_to_himself() -> None:
    world, now = desk.opened()
    world.submit(at=now)
    assert link_on(Case.objects.get(), "zhouyining") == ""


def test_the_head_of_the_case_leads_whoever_may_answer_to_what_the_customer_wrote() -> None:
    world, now = desk.opened()
    world.submit(at=now)
    case = Case.objects.get()
    way, reader = f"/cases/{case.pk}?show=talk#words", desk.client_of("zhouyining")

    page = reader.get(f"/cases/{case.pk}").content.decode()

    assert way in page
    assert 'id="words"' in page
    assert "写来，还没有回" in page
    assert way not in desk.client_of("gulan").get(f"/cases/{case.pk}").content.decode(), "he may not answer"
    said = {"text": "收到了，明天上门看", "form_token": "m-1", "interim": "yes"}
    assert reader.post(f"/cases/{case.pk}/messages", said).status_code == 302
    answered = reader.get(f"/cases/{case.pk}").content.decode()
    assert "收到了，明天上门看" in answered
    assert "写来，还没有回" not in answered
    assert way in answered
