"""Letters that were sent stand in a register; a day of it is printed for the post office."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader

from kesu.store.models import Note, RegisterEntry, RoleGrant
from kesu.web import when
from tests import desk
from tests.commands.test_overlays import adopt
from tests.web.cases.test_signatures import form_of

pytestmark = pytest.mark.django_db

RECEIPT = "中国邮政 回执".encode()


def test_a_day_of_registered_letters_is_printed_with_for_whom_and_where_to() -> None:
    world, now = desk.opened()
    adopt(world, "letters", at=now - timedelta(days=20))
    case = world.register("wutong", at=now - timedelta(hours=1), promised_feedback_at=desk.PROMISED)
    clerk, step = desk.client_of("zhouyining"), reverse("case-step", args=[case, "record_sending"])
    desk.take(case, "write_interim", "zhouyining", letter_progress="正在查", letter_next_on="2030-01-02")
    for way, to in (("挂号信", "RA100200300CN"), ("挂号信", "RA100200301CN"), ("电子邮件", "su@example.invalid")):
        proof = {"sent_proof": SimpleUploadedFile("回执.txt", RECEIPT)} if way == "挂号信" else {}
        said = {**form_of(clerk, step), "sent_document": "进展告知函", "sent_way": way, "sent_to": to, **proof}
        assert clerk.post(step, said).status_code == 302
    assert RegisterEntry.objects.filter(case=case, void_at=None, replaced_by="").count() == 3  # none replaces another

    wanted = {"register": "送出的函件", "mark": "挂号信", "day": f"{when.local(now):%Y-%m-%d}"}
    page = clerk.get("/registers", wanted).content.decode()
    assert "RA100200301CN" in page
    assert "su@example.invalid" not in page
    assert "打印当日清单" in page
    assert "RA100200301CN" not in clerk.get("/registers", wanted | {"day": "2026-01-05"}).content.decode()

    paper = PdfReader(io.BytesIO(clerk.get("/registers/day.pdf", wanted).content))
    said = "".join(one.extract_text() for one in paper.pages)
    for words in ("挂号信交寄清单", "RA100200300CN", "苏女士", "3-1-1702", "收寄日戳"):
        assert words in said.replace("\n", "")
    assert "su@example" not in said
    assert Note.objects.filter(case=case, visibility="printed").count() == 1
    assert "当日清单" in clerk.get(reverse("case-page", args=[case])).content.decode()
    assert "当日清单" in desk.client_of("admin").get("/organisation/readings").content.decode()


def test_whoever_may_not_see_people_prints_no_list_of_them() -> None:
    world, now = desk.opened()
    adopt(world, "letters", at=now - timedelta(days=20))
    world.register("wutong", at=now - timedelta(hours=1), promised_feedback_at=desk.PROMISED)
    RoleGrant.objects.filter(role="project_dept", permission="case:personal:read").delete()
    wanted = {"register": "送出的函件", "day": f"{when.local(now):%Y-%m-%d}"}
    assert desk.client_of("sunyan").get("/registers/day.pdf", wanted).status_code == 403
