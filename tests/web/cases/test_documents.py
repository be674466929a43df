"""The documents of a case at their addresses: a page to print, a PDF, a file for the word processor."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from kesu.store.models import Note
from kesu.web.paper import code
from tests import desk
from tests.access import sample
from tests.world import World

FORMS = ("complaint_file", "complaint_letter", "opinion", "plan", "agreement")
NAME, PHONE = "上官婉𬭎", "13800007788"


def registered() -> tuple[World, UUID]:
    world, now = desk.opened()
    customer = {"person__name": NAME, "person__phone": PHONE}
    case_id = world.register("wutong", at=now - timedelta(hours=1), promised_feedback_at=desk.PROMISED, **customer)
    desk.take(case_id, "register", "zhouyining", customer_type="业主", demand="修好并说明原因")
    return world, case_id


def words(login: str, case_id: UUID, form: str) -> dict[str, str]:
    """What each of the three drawings says."""
    client = desk.client_of(login)
    page, packed, file = (
        client.get(reverse(name, args=[case_id, form]))
        for name in ("case-document", "case-document-pdf", "case-document-docx")
    )
    assert [page.status_code, packed.status_code, file.status_code] == [200, 200, 200]
    document = Document(io.BytesIO(file.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return {
        "page": page.content.decode(),
        "pdf": "\n".join(one.extract_text() for one in PdfReader(io.BytesIO(packed.content)).pages),
        "docx": "\n".join([*cells, *(one.text for one in document.paragraphs)]),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("form", FORMS)
def test_it_hands_out_every_document_in_three_drawings(form: str) -> None:
    _, case_id = registered()

    for drawing, said in words("zhouyining", case_id, form).items():
        assert "南岑东部公司" in said, drawing
        assert "QY-KH-LC001" in said, drawing


@pytest.mark.django_db
def test_it_prints_the_customer_in_clear_and_writes_each_printing_down() -> None:
    _, case_id = registered()
    said = words("zhouyining", case_id, "complaint_letter")

    assert all(NAME in text and PHONE in text for text in said.values())
    assert Note.objects.filter(case_id=case_id, visibility="printed").count() == 3
    page = desk.client_of("zhouyining").get(reverse("case-page", args=[case_id])).content.decode()
    assert page.count("打印或下载了含个人信息的客户投诉书") == 3


@pytest.mark.django_db
def test_it_masks_the_customer_for_those_without_the_right_and_says_so() -> None:
    _, case_id = registered()
    said = words("wutong", case_id, "complaint_letter")

    for drawing, text in said.items():
        assert NAME not in text, drawing
        assert PHONE not in text, drawing
        assert "已遮住" in text, drawing
    assert not Note.objects.filter(case_id=case_id, visibility="printed").exists()


@pytest.mark.django_db
def test_it_leads_staff_back_to_the_case_and_gives_no_secret_away() -> None:
    world, now = desk.opened()
    sent = world.submit(at=now - timedelta(hours=1))
    page = desk.client_of("zhouyining").get(reverse("case-document", args=[sent.case_id, "complaint_letter"]))
    text = page.content.decode()

    assert code.svg(settings.KESU_BASE_URL + reverse("case-page", args=[sent.case_id])) in text
    assert sent.secret not in text


@pytest.mark.django_db
def test_it_keeps_the_page_within_the_content_policy() -> None:
    _, case_id = registered()
    page = desk.client_of("zhouyining").get(reverse("case-document", args=[case_id, "complaint_file"]))
    text = page.content.decode()

    assert "style-src 'self'" in page.headers["Content-Security-Policy"]
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)", text)
    assert page.headers["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_it_names_the_files_after_the_document_and_the_case() -> None:
    _, case_id = registered()
    client = desk.client_of("zhouyining")

    for name, media in (("pdf", "application/pdf"), ("docx", "wordprocessingml")):
        answer = client.get(reverse(f"case-document-{name}", args=[case_id, "complaint_letter"]))
        assert media in answer.headers["Content-Type"]
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
        assert answer.headers["Content-Disposition"].endswith(f".{name}")


@pytest.mark.django_db
def test_it_has_no_paper_for_a_sealed_case() -> None:
    """Not even for somebody on its list: its documents have no address here."""
    found = sample.build()
    _, sealed_id = sample.report(found)

    for login in ("qiubai", "zhouyining", "admin"):
        for name in ("case-document", "case-document-pdf", "case-document-docx"):
            for form in ("complaint_file", "report"):
                assert desk.client_of(login).get(reverse(name, args=[sealed_id, form])).status_code == 404


@pytest.mark.django_db
def test_it_lists_the_documents_on_the_case_page() -> None:
    _, case_id = registered()
    text = desk.client_of("zhouyining").get(reverse("case-page", args=[case_id])).content.decode()
    card = text[text.index('id="documents"') :]

    assert card.count("已填") == 2
    assert card.count("未填") == 3
    assert all(reverse("case-document", args=[case_id, form]) in card for form in FORMS)
    assert reverse("case-document-pdf", args=[case_id, "plan"]) in card
    assert reverse("case-document-docx", args=[case_id, "plan"]) in card
