"""A paper that was recalled is shown and handed out under its stamp; who looks at a whole file is written down."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader, PdfWriter

from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.store.models import Note, StoredFile
from tests import confidential, desk
from tests.commands.test_registers import LINES
from tests.own_packs import changed
from tests.web.cases.test_signatures import form_of
from tests.world import calendar

pytestmark = pytest.mark.django_db

(FACTS, WITH_FACTS), (STEPS, WITH_STEPS) = LINES
FILES = """  old_file: {name: 原鉴定书, type: file, clause: D1c}
  new_file: {name: 新鉴定书, type: file, clause: D1c}
"""
KEPT = WITH_STEPS
for bare, with_files in (
    ("asks: [old_no]", "asks: [old_no], may: [old_file]"),
    ("may: [stamp]", "may: [stamp, new_file]"),
    ("recalled_by: paper.recalled}", "recalled_by: paper.recalled, file: new_file, replaced_file: old_file}"),
):
    KEPT = KEPT.replace(bare, with_files)


def pdf(pages: int) -> bytes:
    out, writer = io.BytesIO(), PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    writer.write(out)
    return out.getvalue()


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (800, 600), (255, 255, 255)).save(out, "PNG")
    return out.getvalue()


def under_registers() -> tuple[UUID, Client]:
    world, now = desk.opened()
    place = {"unit_id": world.units["qingtang"], "calendar": calendar(), "signatures": confidential.SIGNED}
    pack = changed("p10", "complaint.yaml", (FACTS, WITH_FACTS + FILES), (STEPS, KEPT))
    adopt_pack(actor=None, at=now - timedelta(days=20), pack=pack, **place)
    at = now - timedelta(hours=1)
    return world.register("wutong", at=at, promised_feedback_at=desk.PROMISED), desk.client_of("zhouyining")


def take(client: Client, case: UUID, step: str, **said: object) -> None:
    address = reverse("case-step", args=[case, step])
    assert client.post(address, {**form_of(client, address), **said}).status_code == 302


def file_of(case: UUID, name: str) -> list[object]:
    return [case, StoredFile.objects.get(case_id=case, name=name).pk]


def test_a_paper_that_was_recalled_is_shown_and_handed_out_under_its_stamp() -> None:
    case, client = under_registers()
    content = {"旧.pdf": pdf(3), "旧.png": picture(), "旧.txt": "鉴定结论".encode()}
    brought = [SimpleUploadedFile(name, what) for name, what in content.items()]
    take(client, case, "bring_paper", old_no="甲 08", old_file=brought)
    before = client.get(reverse("case-file", args=file_of(case, "旧.pdf")))
    assert before.content == content["旧.pdf"]
    assert "作废" not in client.get(reverse("case-evidence", args=[case])).content.decode()

    take(client, case, "recall_paper")
    take(client, case, "issue_paper", new_no="甲 08 改", stamp="改", new_file=[SimpleUploadedFile("新.pdf", pdf(1))])

    for page in (reverse("case-evidence", args=[case]), reverse("case-page", args=[case])):
        said = client.get(page).content.decode()
        assert said.count("以 甲 08 改 为准") == len(content)
    assert "更改标识 改" in client.get(reverse("case-evidence", args=[case])).content.decode()
    printed = client.get(reverse("case-document", args=[case, "evidence-list"])).content.decode()
    assert "以 甲 08 改 为准" in printed

    for address in ("case-file", "case-file-view"):
        stamped = PdfReader(io.BytesIO(client.get(reverse(address, args=file_of(case, "旧.pdf"))).content))
        assert len(stamped.pages) == 3
        assert all("作废" in one.extract_text() and "甲 08 改" in one.extract_text() for one in stamped.pages)
    assert client.get(reverse("case-file", args=file_of(case, "新.pdf"))).content == pdf(1)
    for address in ("case-file", "case-file-view", "case-file-preview"):
        answer = client.get(reverse(address, args=file_of(case, "旧.png")))
        with Image.open(io.BytesIO(answer.content)) as drawn:
            red = [colour for _, colour in drawn.getcolors(1 << 20) if colour[0] > 150 and colour[1] < 120]
        assert red, address
    text = client.get(reverse("case-file", args=file_of(case, "旧.txt")))
    assert text.content == content["旧.txt"]
    assert "filename*=utf-8''%E4%BD%9C%E5%BA%9F" in text["Content-Disposition"]

    came = client.get(reverse("case-file", args=file_of(case, "旧.pdf")), {"as": "came"}).content
    assert hashlib.sha256(came).hexdigest() == StoredFile.objects.get(case_id=case, name="旧.pdf").sha256


def test_a_broken_paper_is_handed_out_with_the_word_in_its_name() -> None:
    case, client = under_registers()
    take(client, case, "bring_paper", old_no="甲 08", old_file=[SimpleUploadedFile("旧.pdf", b"%PDF-1.4 " + bytes(99))])
    take(client, case, "recall_paper")
    answer = client.get(reverse("case-file", args=file_of(case, "旧.pdf")))
    assert answer.content == b"%PDF-1.4 " + bytes(99)
    assert "%E4%BD%9C%E5%BA%9F" in answer["Content-Disposition"]


def test_looking_at_a_whole_file_is_written_down_once_an_hour_and_stands_among_those_who_read() -> None:
    case, client = under_registers()
    brought = [SimpleUploadedFile("旧.pdf", pdf(1)), SimpleUploadedFile("旧.png", picture())]
    take(client, case, "bring_paper", old_no="甲 08", old_file=brought)
    for _ in range(2):
        client.get(reverse("case-file-view", args=file_of(case, "旧.pdf")))
        client.get(reverse("case-file-view", args=file_of(case, "旧.png")))
    assert Note.objects.filter(case=case, visibility="looked").count() == 1
    client.get(reverse("case-file", args=file_of(case, "旧.png")))

    assert "在页面里看了文件 旧.pdf" in client.get(reverse("case-page", args=[case])).content.decode()
    assert "周以宁 在页面里看" in client.get(reverse("case-evidence", args=[case])).content.decode()
    log = desk.client_of("admin").get("/organisation/readings").content.decode()
    for how in ("看文件", "下载文件", "原鉴定书"):
        assert how in log
