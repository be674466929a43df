"""Whoever had no answer sends the same form again: it is taken once, and he is answered as if it were the first time.
A form that was corrected is another one, and is never swallowed."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client

from kesu.commands.sealed.submit_report import submit_report
from kesu.commands.sealed.take_sealed_step import take_sealed_step
from kesu.core.errors import Overtaken
from kesu.store.models import Case, CaseEvent, Note, SealedCase, SealedEvent
from kesu.store.sealed_reader import SYSTEM, read_as
from tests import desk, world
from tests.access.sample import REPORT
from tests.world import World

pytestmark = pytest.mark.django_db


def field_of(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


@pytest.fixture
def here() -> World:
    return desk.opened()[0]


def registered(here: World) -> UUID:
    found = desk.world_again()[1]
    return here.register("wutong", at=found - timedelta(minutes=5))


def test_it_keeps_a_note_once_however_often_its_form_is_sent(here: World) -> None:
    case, client = registered(here), desk.client_of("zhouyining")
    token = field_of(client.get(f"/cases/{case}").content.decode(), "form_token")
    for _ in range(3):
        answer = client.post(f"/cases/{case}/notes", {"text": "约好明天上门", "form_token": token})
        assert answer.status_code == 302
    assert Note.objects.filter(case_id=case, visibility="internal").count() == 1

    client.post(f"/cases/{case}/notes", {"text": "约好后天上门", "form_token": token})
    client.post(f"/cases/{case}/messages", {"text": "约好后天上门", "form_token": token})
    assert Note.objects.filter(case_id=case, author__login="zhouyining").count() == 3


def test_it_takes_a_step_once_and_overtakes_nobody_by_himself(here: World) -> None:
    case, client = registered(here), desk.client_of("zhouyining")
    page = client.get(f"/cases/{case}/steps/take_note").content.decode()
    sent = {name: field_of(page, name) for name in ("form_token", "seen_version")}
    sent |= {"note": "邻居也来问"}
    for _ in range(2):
        assert client.post(f"/cases/{case}/steps/take_note", sent).status_code == 302
    assert CaseEvent.objects.filter(case_id=case, step="take_note").count() == 1

    corrected = client.post(f"/cases/{case}/steps/take_note", sent | {"note": "另一位邻居来问"})
    assert corrected.status_code == 409
    assert "另一位邻居来问" in corrected.content.decode()


def test_it_takes_what_a_customer_sends_twice_once(here: World) -> None:
    secret = here.submit(at=desk.world_again()[1]).secret
    client = Client()
    words = {"text": "同意", "form_token": field_of(client.get(f"/follow/{secret}").content.decode(), "form_token")}
    for _ in range(2):
        assert client.post(f"/follow/{secret}/words", words).status_code == 302
    assert Note.objects.filter(visibility="received").count() == 1


def test_it_adds_to_a_report_once_and_leaves_no_token_of_it(here: World) -> None:
    client = Client()
    form = f"/report/{here.units['qingtang']}/whistle_report"
    said = {name: {"是": "yes", "否": "no"}.get(text, text) for name, text in REPORT.items()}
    told = client.post(form, said).content.decode()
    code = re.search(r"\b[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}\b", told)
    assert code
    page = client.post("/report/status", {"code": code[0]}).content.decode()
    more = {"code": code[0], "said": field_of(page, "said"), "circumstances": "还有两张签字单"}
    for _ in range(2):
        assert "已提交：补充材料" in client.post("/report/add/supplement", more).content.decode()
    assert _events("supplement") == 1

    client.post("/report/add/supplement", more | {"circumstances": "还有三张"})
    fresh = client.post("/report/status", {"code": code[0]}).content.decode()
    client.post("/report/add/supplement", more | {"said": field_of(fresh, "said")})
    assert _events("supplement") == 3


def test_it_takes_a_step_under_seal_once(here: World) -> None:
    given, unit, at = world.said(**REPORT), here.units["qingtang"], desk.world_again()[1]
    submit_report(at=at, unit_id=unit, kind="whistle_report", given=given, token="a token of this test")
    with transaction.atomic():
        read_as(SYSTEM)
        case = SealedCase.objects.get()
        read_as("")
    said = world.said(screening_note="线索具体", important="否")
    for _ in range(2):
        take_sealed_step(
            actor=desk.actor("qiubai"), at=at, case_id=case.pk, step="route", seen_version=case.version, given=said
        )
    assert _events("route") == 1
    with pytest.raises(Overtaken):
        take_sealed_step(
            actor=desk.actor("qiubai"),
            at=at,
            case_id=case.pk,
            step="route",
            seen_version=case.version,
            given=world.said(screening_note="线索不具体", important="否"),
        )
    assert not Case.objects.exists()


def _events(step: str) -> int:
    with transaction.atomic():
        read_as(SYSTEM)
        count = SealedEvent.objects.filter(step=step).count()
        read_as("")
    return count
