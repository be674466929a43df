"""What those on the list and the reporter write to each other: by his code alone, and no address of his is kept."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from kesu.store.models import OutboxMessage, SealedEvent
from kesu.store.sealed_reader import SYSTEM, read_as
from tests import desk
from tests.web.sealed.test_reports import ANSWERS, address_of_the_case, code_of

pytestmark = pytest.mark.django_db

ASKED = "验收单是哪一天签的？"


@pytest.fixture
def code() -> str:
    world, _ = desk.opened()
    form = f"/report/{world.units['qingtang']}/whistle_report"
    return code_of(Client().post(form, ANSWERS).content.decode())


def status(code: str) -> str:
    return Client().post("/report/status", {"code": code}).content.decode()


def ask(text: str = ASKED) -> None:
    client, step = desk.client_of("qiubai"), f"{address_of_the_case()}/steps/write_to_reporter"
    version = re.search(r'name="seen_version" value="(\d+)"', client.get(step).content.decode())
    assert version
    assert client.post(step, {"seen_version": version[1], "note_to_reporter": text}).status_code == 302


def answer(code: str, text: str) -> str:
    said = re.search(r'name="said" value="(\d+)"', status(code))
    assert said
    sent = {"code": code, "said": said[1], "reporter_reply": text}
    files = {"evidence": [SimpleUploadedFile("单.txt", "六月".encode())]}
    return Client().post("/report/add/reply_to_handler", sent | files).content.decode()


def test_the_reporter_reads_with_his_code_what_was_written_to_him_and_by_no_name(code: str) -> None:
    assert "与承办人的往来" not in status(code)

    ask()

    page = status(code)
    assert ASKED in page
    assert "承办人" in page
    assert "邱白" not in page
    assert "材料验收走过场" not in page, "what he reported himself is not shown again over a shoulder"


def test_he_answers_with_a_file_and_those_on_the_list_read_it_and_are_told(code: str) -> None:
    ask()
    OutboxMessage.objects.all().delete()

    page = answer(code, "六月二十日补签的")

    assert "已提交：答复承办人" in page
    assert page.index("六月二十日补签的") < page.index(ASKED), "the newest first"
    assert "附 1 个文件" in page
    seen = desk.client_of("qiubai").get(address_of_the_case()).content.decode()
    assert "六月二十日补签的" in seen
    assert "单.txt" in seen
    message = OutboxMessage.objects.get()
    assert (message.account.login, message.case_id, message.payload) == ("qiubai", None, {})


def test_each_message_is_an_event_of_a_step_and_no_word_of_it_stands_in_the_log(code: str) -> None:
    ask()
    answer(code, "六月二十日补签的")

    with transaction.atomic():
        read_as(SYSTEM)
        events = {row.step: row.facts for row in SealedEvent.objects.exclude(step="")}
        read_as("")
    assert events["write_to_reporter"] == {"note_to_reporter": "已填"}
    assert events["reply_to_handler"]["reporter_reply"] == "已填"


def test_he_cannot_answer_before_anybody_has_written(code: str) -> None:
    assert "/report/add/reply_to_handler" not in status(code)

    refused = Client().post("/report/add/reply_to_handler", {"code": code, "said": "1", "reporter_reply": "在"})

    assert refused.status_code == 404


def test_nobody_off_the_list_writes_and_no_other_code_reads(code: str) -> None:
    step = f"{address_of_the_case()}/steps/write_to_reporter"
    ask()

    for login in ("zhouyining", "wutong", "tangshu"):
        client = desk.client_of(login)
        assert client.post(step, {"seen_version": "1", "note_to_reporter": "在吗"}).status_code == 404
    assert ASKED not in Client().post("/report/status", {"code": "AAAA-BBBB-CCCC-DDDD"}).content.decode()


def test_he_is_told_that_he_must_come_back_by_himself() -> None:
    world, _ = desk.opened()
    page = Client().post(f"/report/{world.units['qingtang']}/whistle_report", ANSWERS).content.decode()

    assert "没有别的办法找到您" in page
