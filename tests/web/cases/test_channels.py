"""Registering by channel: a form that asks more or less by what is chosen, mails handed in, and whoever calls."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kesu.casefile import files
from kesu.store.models import Case, CaseCard, CaseEvent, StoredFile
from tests import desk
from tests.commands.test_overlays import adopt
from tests.world import COMPLAINT, World

pytestmark = pytest.mark.django_db

NEW, PREVIEW = "case-new", "case-new-preview"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU"
    b"\x00\x00\x00\nIDATx\x9cc`\x00\x00\x00\x02\x00\x01H\xaf\xa4q\x00\x00\x00\x00IEND\xaeB`\x82"
)


def opened(*overlays: str) -> tuple[World, Client]:
    world, now = desk.opened()
    for overlay in overlays:
        adopt(world, overlay, at=now - timedelta(days=20))
    return world, desk.client_of("wutong")


def said(world: World, channel: str, **more: Any) -> dict[str, Any]:
    local = datetime.now(UTC) + timedelta(hours=8)
    return {
        "unit": world.units["qingtang"].hex,
        "kind": "complaint",
        "token": f"t-{channel}",
        "channel": channel,
        "person.name": "周女士",
        "person.phone": "13912345678",
        "title": "电梯又停了",
        "content": "停在五楼二十分钟",
        "promised_feedback_at": (local + timedelta(hours=24)).strftime("%Y-%m-%dT%H:%M"),
        "happened_at": (local - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"),
        **more,
    }


def posted(client: Client, view: str, form: Mapping[str, Any]) -> tuple[int, str]:
    answer = client.post(reverse(view), form, follow=view == NEW)
    return answer.status_code, answer.content.decode()


def test_a_form_asks_by_what_is_chosen_with_a_script_and_without() -> None:
    world, client = opened("channels")
    page = client.get(reverse(NEW)).content.decode()
    assert 'id="depending"' in page
    assert 'name="visit_place"' not in page

    part = posted(client, PREVIEW, said(world, "来访", part="fields"))[1]
    assert 'name="visit_place"' in part
    assert 'name="letter_scan"' not in part
    assert 'name="title"' not in part

    status, page = posted(client, NEW, said(world, "来信", part="fields"))
    assert status == 200
    assert 'name="letter_scan"' in page
    assert 'value="电梯又停了"' in page
    assert not Case.objects.exists()


def test_what_is_not_asked_is_neither_wanted_nor_kept() -> None:
    world, client = opened("channels")
    status, page = posted(client, NEW, said(world, "400热线"))
    assert status == 422
    assert "还没有填通话要点" in page

    heard = (datetime.now(UTC) + timedelta(hours=6)).strftime("%Y-%m-%dT%H:%M")
    form = said(world, "400热线", call_note="五楼停梯", call_began=heard, visit_place="一号接待室", one_reporter="yes")
    assert posted(client, NEW, form)[0] == 200
    facts = CaseEvent.objects.get(seq=1).facts
    assert facts["call_note"] == "已填"
    assert not facts.keys() & {"visit_place", "one_reporter", "letter_number"}


def test_a_mail_is_read_into_the_form_and_its_attachments_are_kept_beside_it() -> None:
    world, client = opened("channels")
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Date"] = "龚先生 <a@b.example>", "车位", "Mon, 06 Jul 2026 10:00:00 +0800"
    mail.set_content("车位划小了")
    mail.add_attachment(PNG, maintype="image", subtype="png", filename="车位.png")
    mail.add_attachment(b"MZ\x90\x00", maintype="application", subtype="octet-stream", filename="run.exe")
    content = mail.as_bytes()

    def file() -> SimpleUploadedFile:
        return SimpleUploadedFile("来信.eml", content)

    blank = {"person.name": "", "title": "", "content": ""}
    part = posted(client, PREVIEW, said(world, "邮件", part="mail", mail_original=file()))[1]
    for text in ("龚先生", "车位划小了", "2026-07-06T10:00", "车位.png、run.exe", 'data-fills="f-title"'):
        assert text in part
    other = posted(client, PREVIEW, said(world, "邮件", part="mail", mail_original=SimpleUploadedFile("x.eml", b"no")))[
        1
    ]
    assert "读不出是邮件" in other

    page = posted(client, NEW, said(world, "邮件", part="mail", mail_original=file(), **blank))[1]
    assert 'value="龚先生"' in page
    assert "车位划小了</textarea>" in page
    carried = dict(re.findall(r'name="(mail_name|mail_kept)" value="([^"]*)"', page))
    assert carried["mail_name"] == "来信.eml", "nobody chooses it twice"
    assert base64.b64decode(carried["mail_kept"]) == content
    kept = posted(client, NEW, said(world, "邮件", part="mail", mail_original=file()))[1]
    assert 'value="电梯又停了"' in kept  # what somebody typed is not written over

    assert posted(client, NEW, said(world, "邮件", **carried))[0] == 200
    stored = {(one.fact, one.name): files.content(one) for one in StoredFile.objects.all()}
    assert stored == {("mail_original", "来信.eml"): content, ("mail_attachments", "车位.png"): PNG}

    case = Case.objects.get()
    form = {"seen_version": case.version, "evidence": file(), "form_token": "later"}
    assert desk.client_of("linsheng").post(f"/cases/{case.pk}/steps/add_evidence", form).status_code == 302
    later = set(StoredFile.objects.filter(fact="evidence").values_list("name", flat=True))
    assert later == {"来信.eml", "车位.png"}, "what hangs on a mail that comes later is evidence, too"


def test_whoever_calls_is_shown_with_his_cases_and_nobody_else_sees_them() -> None:
    world, client = opened()
    now = datetime.now(UTC)
    case_id = world.register("wutong", at=now - timedelta(hours=2), promised_feedback_at=desk.PROMISED)
    number = Case.objects.get(pk=case_id).number
    phone = COMPLAINT["person__phone"]

    page = client.get(f"{reverse(NEW)}?phone={phone}").content.decode()
    assert f'name="person.phone" value="{phone}"' in page

    clerk = desk.client_of("zhouyining")
    form = said(world, "电话") | {"person.phone": phone}
    card = posted(clerk, PREVIEW, form)[1]
    assert "正在办" in card
    assert number in card
    CaseCard.objects.filter(pk=case_id).update(is_final=True)
    assert "办完的" in posted(clerk, PREVIEW, form)[1]
    assert number not in posted(clerk, PREVIEW, said(world, "电话") | {"person.phone": phone[:-2]})[1]
    assert number not in posted(desk.client_of("zhengyiran"), PREVIEW, form)[1]


def test_a_list_shows_the_outer_clock_beside_the_inner_one_and_the_earlier_first() -> None:
    world, client = opened("channels", "hotline")
    local = datetime.now(UTC) + timedelta(hours=8)
    for name, hours in (("早", -0.5), ("晚", 24 * 9)):
        due = (local + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")
        form = said(world, "12345转办", outer_number=f"GD-{name}", outer_due=due, title=f"{name}到期")
        form |= {"token": name, "looked": "-"}  # what is alike was shown while he typed
        assert posted(client, NEW, form)[0] == 200
    clerk = desk.client_of("zhouyining")
    rows = clerk.get(reverse("case-list")).context["rows"]
    shown = {part.row.title: part for part in rows}
    assert (shown["早到期"].row.is_outer, shown["早到期"].beside[:2]) == (True, "内部")
    assert (shown["晚到期"].row.is_outer, shown["晚到期"].beside[:2]) == (False, "外部")
    page = clerk.get(reverse("case-page", args=[shown["晚到期"].row.id])).content.decode()
    assert "外部时限" in page
    assert "政务热线转办件办理办法 第二条1" in page
