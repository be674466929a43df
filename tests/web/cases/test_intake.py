"""Registering what somebody heard on the telephone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from kesu.store.models import Case, CaseEvent
from tests.world import COMPLAINT, World

SignIn = Callable[[str], Client]
HOUR = timedelta(hours=1)


def form(here: World, **changes: str) -> dict[str, Any]:
    """What the form would send: a report of an hour ago, with the answer promised for tomorrow."""
    local = datetime.now(UTC) + 8 * HOUR
    told = {name.replace("__", "."): text for name, text in COMPLAINT.items()}
    promised = {"promised_feedback_at": (local + 24 * HOUR).strftime("%Y-%m-%dT%H:%M")}
    place = {"unit": here.units["qingtang"].hex, "kind": "complaint", "token": "t-1"}
    return told | promised | place | {"happened_at": (local - HOUR).strftime("%Y-%m-%dT%H:%M")} | changes


def test_it_registers_and_shows_the_promise_of_the_policy(here: World, sign_in: SignIn) -> None:
    answer = sign_in("zhouyining").post(reverse("case-new"), form(here), follow=True)
    text = answer.content.decode()
    case = Case.objects.get()
    assert f"已登记，编号 {case.number}" in text
    assert "请告诉客户：客服专管员最迟" in text
    assert timedelta(minutes=59) <= datetime.now(UTC) - CaseEvent.objects.get(seq=1).at <= timedelta(minutes=62)


def test_it_makes_one_case_of_a_form_sent_twice(here: World, sign_in: SignIn) -> None:
    client = sign_in("zhouyining")
    first = client.post(reverse("case-new"), form(here))
    second = client.post(reverse("case-new"), form(here))
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_it_names_what_is_missing_and_keeps_what_was_typed(here: World, sign_in: SignIn) -> None:
    answer = sign_in("zhouyining").post(reverse("case-new"), form(here, title="", content="电梯又停了"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "还没有填主题" in text
    assert "电梯又停了</textarea>" in text
    assert Case.objects.count() == 0


def test_it_takes_nothing_from_further_back_than_the_policy_allows(here: World, sign_in: SignIn) -> None:
    long_ago = (datetime.now(UTC) - timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")
    answer = sign_in("zhouyining").post(reverse("case-new"), form(here, happened_at=long_ago))
    assert answer.status_code == 422
    assert "可以补录" in answer.content.decode()
    assert Case.objects.count() == 0


def test_it_shows_level_missing_things_and_duties_while_typing(here: World, sign_in: SignIn) -> None:
    answer = sign_in("zhouyining").post(reverse("case-new-preview"), form(here, title=""))
    text = answer.content.decode()
    assert "等级预判" in text
    assert "还没有填主题" in text
    assert "知会客服专管员" in text


def test_it_draws_another_kind_from_its_own_policy(here: World, sign_in: SignIn) -> None:
    address = f"{reverse('case-new')}?unit={here.units['qingtang'].hex}&kind=suggestion"
    answer = sign_in("zhouyining").get(address)
    assert answer.status_code == 200
    assert "建议" in answer.content.decode()


def test_it_is_closed_to_those_who_register_nothing(here: World, sign_in: SignIn) -> None:
    assert sign_in("admin").get(reverse("case-new")).status_code == 403
    assert Client().get(reverse("case-new")).status_code == 302
