"""我签过的, and going on to the next one: a signer never loses his place."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kesu.store.models import CaseCard
from tests import desk
from tests.web.work.test_sign_many import send, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases() -> list[UUID]:
    world, now = desk.opened()
    return [world.planned(now - timedelta(hours=hours)) for hours in (7, 6, 5)]


def numbers(cases: list[UUID]) -> list[str]:
    return [CaseCard.objects.get(pk=case).number for case in cases]


def test_what_one_has_signed_stands_in_a_list_with_where_it_is_now(cases: list[UUID]) -> None:
    client = desk.client_of("chenmuzhi")
    assert "还没有签过" in client.get("/approvals/signed").content.decode()
    send(client, shown(client), opinion="照办")

    page = client.get("/approvals/signed").content.decode()

    assert [number for number in numbers(cases) if number in page] == numbers(cases)
    assert page.count("同意") >= len(cases)
    assert numbers(cases)[0] not in desk.client_of("zhouyining").get("/approvals/signed").content.decode()


def test_its_queries_do_not_grow_with_what_was_signed(cases: list[UUID]) -> None:
    client = desk.client_of("chenmuzhi")

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get("/approvals/signed")
        return len(caught)

    asked()
    page = shown(client)
    send(client, page, ticked=re.findall(r'name="ticked" value="([^"]+)"', page)[:1])
    one = asked()
    send(client, shown(client))
    assert asked() == one


def test_a_signature_names_those_before_and_after_it_and_the_next_one_when_it_is_given(cases: list[UUID]) -> None:
    client = desk.client_of("chenmuzhi")
    steps = re.findall(r'name="ticked" value="([^/]+)/([^/]+)/', shown(client))
    addresses = [reverse("case-step", args=[case, step]) for case, step in steps]

    middle = client.get(addresses[1]).content.decode()
    assert "等您签 3 件" in middle
    assert f'href="{addresses[0]}">上一件' in middle
    assert f'href="{addresses[2]}">下一件' in middle

    token = re.findall(r'name="form_token" value="([^"]+)"', middle)[0]
    version = re.findall(r'name="seen_version" value="([^"]+)"', middle)[0]
    sent = {"verdict": "同意", "form_token": token, "seen_version": version, "opinion": ""}
    told = client.post(addresses[1], sent, follow=True).content.decode()
    assert "还有 2 件等您签" in told
    assert f'href="{addresses[0]}"' in told
