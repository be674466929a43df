"""Files of reports: from whoever reported, from those on the list, and for nobody else."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from kesu.casefile.files import MAX_FILES
from kesu.core.uploads import MAX_BYTES
from kesu.store.models import Case, SealedFile, SealedReading, StoredFile
from kesu.store.sealed_reader import SYSTEM, read_as
from tests import desk
from tests.access.sample import picture
from tests.security.test_files import bomb
from tests.web.sealed.test_reports import ANSWERS, address_of_the_case, code_of

pytestmark = pytest.mark.django_db

LETTER = "供应商名单：测试甲".encode()


def of(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def form() -> str:
    world, _ = desk.opened()
    return f"/report/{world.units['qingtang']}/whistle_report"


@pytest.fixture
def code(form: str) -> str:
    """A report with one letter."""
    answer = Client().post(form, ANSWERS | {"evidence": [of("测试甲的信.txt", LETTER)]})
    return code_of(answer.content.decode())


def addresses_of_files() -> list[str]:
    page = desk.client_of("qiubai").get(address_of_the_case()).content.decode()
    return re.findall(r'href="(/sealed/[^"]+/files/[^"]+)"', page)


def kept() -> list[SealedFile]:
    with transaction.atomic():
        read_as(SYSTEM)
        rows = list(SealedFile.objects.order_by("event_seq"))
        read_as("")
    return rows


def test_both_forms_of_a_reporter_take_files(form: str, code: str) -> None:
    for page in (Client().get(form), Client().post("/report/status", {"code": code})):
        html = page.content.decode()
        assert 'name="evidence"' in html
        assert "multipart/form-data" in html
        assert "作者姓名" in html, "who wants to stay unknown is told what a file may give away"


def test_those_on_the_list_get_the_very_bytes_and_nobody_else_gets_any(code: str) -> None:
    (address,) = addresses_of_files()

    answer = desk.client_of("qiubai").get(address)

    assert answer.content == LETTER
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for login in ("zhouyining", "tangshu", "admin"):
        client = desk.client_of(login)
        refused = client.get(address)
        assert (refused.status_code, refused.content) == (404, client.get("/nothing-here").content)


def test_a_file_of_one_report_is_not_had_through_another(form: str, code: str) -> None:
    (address,) = addresses_of_files()
    first = address_of_the_case()
    Client().post(form, ANSWERS | {"summary": "另一件"})
    listed = desk.client_of("qiubai").get("/sealed").content.decode()
    (other,) = set(re.findall(r'href="(/sealed/[0-9a-f-]{36})"', listed)) - {first}

    assert desk.client_of("qiubai").get(address.replace(first, other)).status_code == 404


def test_whoever_asks_only_for_its_size_has_not_taken_it_out(code: str) -> None:
    (address,) = addresses_of_files()
    client = desk.client_of("qiubai")
    assert client.head(address).status_code == 405
    assert "谁取过文件" not in client.get(address_of_the_case()).content.decode()


def test_the_case_keeps_who_took_a_file_out(code: str) -> None:
    (address,) = addresses_of_files()
    client = desk.client_of("qiubai")
    page = client.get(address_of_the_case()).content.decode()
    assert "谁取过文件" not in page

    client.get(address)

    page = client.get(address_of_the_case()).content.decode()
    assert "谁取过文件" in page
    with transaction.atomic():
        read_as(SYSTEM)
        assert SealedReading.objects.get().account.login == "qiubai"
        read_as("")


def listing() -> set[Path]:
    return {path for path in Path(settings.KESU_FILES).rglob("*") if path.is_file()}


def test_neither_name_nor_content_stands_anywhere_in_clear(form: str) -> None:
    before = listing()
    Client().post(form, ANSWERS | {"evidence": [of("测试甲的信.txt", LETTER)]})
    (file,) = kept()

    stored = bytes(file.details) + bytes(file.content)
    assert LETTER not in stored
    assert "测试甲".encode() not in stored
    assert (Case.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert listing() == before, "a listing of the folder tells of no report"


def test_a_reporter_adds_files_with_his_code_and_a_form_sent_again_adds_them_once(code: str) -> None:
    client = Client()
    page = client.post("/report/status", {"code": code}).content.decode()
    said = re.search(r'name="said" value="(\d+)"', page)
    assert said
    for _ in range(2):
        more = {"code": code, "said": said[1], "circumstances": "还有照片", "evidence": [of("墙.jpg", picture())]}
        assert "已提交：补充材料" in client.post("/report/add/supplement", more).content.decode()
    assert len(kept()) == 2

    other = {"code": code, "said": said[1], "circumstances": "还有照片", "evidence": [of("墙.txt", LETTER)]}
    client.post("/report/add/supplement", other)
    assert len(kept()) == 3, "the same words with another file are another form"


def test_a_reporter_adds_no_more_than_a_report_may_hold_and_loses_no_word(code: str) -> None:
    fill_up(2 * MAX_BYTES)
    sent = {"code": code, "circumstances": "还有照片", "evidence": [of("墙.jpg", picture())]}
    assert "已提交：补充材料" in Client().post("/report/add/supplement", sent).content.decode()

    fill_up(8 * MAX_BYTES)
    answer = Client().post("/report/add/supplement", sent | {"evidence": [of("墙.jpg", picture())]})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "一份举报的文件最多 200 MB" in page
    assert "还有照片" in page
    assert "已提交：补充材料" in Client().post("/report/add/supplement", {**sent, "evidence": []}).content.decode()


def fill_up(size: int) -> None:
    """As if the report held one file more of so many bytes."""
    with transaction.atomic(), connection.cursor() as cursor:
        read_as(SYSTEM)
        row = SealedFile.objects.first()
        assert row is not None
        content = "convert_to(repeat('x', %s), 'UTF8')"
        columns = "INSERT INTO store_sealedfile (id, case_id, event_seq, details, content)"
        cursor.execute(f"{columns} VALUES (%s, %s, 99, ''::bytea, {content})", [uuid4(), row.case_id, size])
        read_as("")


def test_those_on_the_list_attach_files_and_a_form_sent_again_attaches_them_once(code: str) -> None:
    client, address = desk.client_of("qiubai"), f"{address_of_the_case()}/steps/supplement"
    assert "multipart/form-data" in client.get(address).content.decode()
    for _ in range(2):
        sent = {"seen_version": "1", "circumstances": "现场照片", "evidence": [of("现场.jpg", picture())]}
        assert client.post(address, sent).status_code == 302

    assert len(kept()) == 2
    assert len(addresses_of_files()) == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<!doctype html><script>alert(1)</script>"),
        ("program.pdf", b"MZ\x90" + b"\x00" * 99),
        ("bomb.png", bomb(60_000)),
        ("large.txt", b"x" * (MAX_BYTES + 1)),
        ("empty.jpg", b""),
    ],
)
def test_what_acts_or_bursts_is_refused_at_every_form(form: str, code: str, name: str, content: bytes) -> None:
    more = {"code": code, "said": "1", "circumstances": "还有"}
    step = f"{address_of_the_case()}/steps/supplement"
    desk_form = {"seen_version": "1", "circumstances": "还有"}
    taken_in = ANSWERS | {"channel": "来信", "unit": form.split("/")[2].replace("-", ""), "kind": "whistle_report"}
    for client, where, given in (
        (Client(), form, ANSWERS),
        (desk.client_of("wutong"), "/sealed/new", taken_in),
        (Client(), "/report/add/supplement", more),
        (desk.client_of("qiubai"), step, desk_form),
    ):
        answer = client.post(where, {**given, "evidence": [of(name, content)]})
        assert answer.status_code == 422, where
        assert given["circumstances"] in answer.content.decode(), "what was typed is still there"
    assert len(kept()) == 1


def test_more_files_than_are_taken_are_refused(form: str) -> None:
    many = [of(f"{number}.txt", LETTER) for number in range(MAX_FILES + 1)]

    assert Client().post(form, ANSWERS | {"evidence": many}).status_code == 422
    assert kept() == []
