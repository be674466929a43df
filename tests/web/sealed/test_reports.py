"""Reports under seal: from outside by form and code, from inside for those on the list."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from kesu.store.models import Case, SealedCase, SubmittedForm
from kesu.store.sealed_reader import SYSTEM, read_as
from tests import desk
from tests.access.sample import REPORT

pytestmark = pytest.mark.django_db
ANSWERS = {code: {"是": "yes", "否": "no"}.get(text, text) for code, text in REPORT.items()}


@pytest.fixture
def form() -> str:
    world, _ = desk.opened()
    return f"/report/{world.units['qingtang']}/whistle_report"


def code_of(page: str) -> str:
    found = re.search(r'id="receipt-code">([^<]+)<', page)
    assert found, page
    return found[1]


def address_of_the_case() -> str:
    read_as(SYSTEM)
    address = f"/sealed/{SealedCase.objects.get().pk}"
    read_as("")
    return address


def test_it_says_who_will_see_the_report(form: str) -> None:
    page = Client().get(form).content.decode()

    assert "纪检监察部门" in page
    assert 'name="channel"' not in page
    assert 'name="accused"' not in page, "nobody outside is given a list of colleagues"


def test_it_shows_the_code_once_and_keeps_it_out_of_every_address(form: str) -> None:
    client = Client()

    answer = client.post(form, ANSWERS)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert re.fullmatch(r"(\w{4}-){3}\w{4}", code_of(page))
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert Case.objects.count() == SubmittedForm.objects.count() == 0
    assert "kesu_session" not in client.cookies
    assert "sessionid" not in client.cookies


def test_it_says_what_a_report_still_lacks_and_keeps_what_was_typed(form: str) -> None:
    answer = Client().post(form, {**ANSWERS, "truthful": "no", "summary": ""})

    page = answer.content.decode()
    assert answer.status_code in {409, 422}
    assert "还没有填事由" in page
    assert "举报人须对内容真实负责" in page
    assert "验收单事后补签" in page


def test_it_does_not_tell_off_who_has_answered_nothing_yet(form: str) -> None:
    page = Client().post(form, {}).content.decode()

    assert "还缺几项，没有提交" in page
    assert "还没有填事由" in page
    assert "不得代他人举报" not in page


def test_it_shows_the_progress_for_the_code_however_it_is_written(form: str) -> None:
    code = code_of(Client().post(form, ANSWERS).content.decode())

    for written in (code, code.lower(), code.replace("-", " ")):
        answer = Client().post("/report/status", {"code": written})
        assert answer.status_code == 200
        assert "已收到" in answer.content.decode()
        assert "材料验收走过场" not in answer.content.decode(), "the text is not shown again over a shoulder"


def test_it_tells_nothing_for_a_wrong_code(form: str) -> None:
    Client().post(form, ANSWERS)

    answer = Client().post("/report/status", {"code": "AAAA-BBBB-CCCC-DDDD"})

    assert answer.status_code == 422
    assert "没有这个回执码" in answer.content.decode()


def test_it_takes_what_the_reporter_adds_and_shows_it_to_the_list(form: str) -> None:
    code = code_of(Client().post(form, ANSWERS).content.decode())

    added = Client().post("/report/add/supplement", {"code": code, "circumstances": "还有两张签字单"})

    assert "已提交：补充材料" in added.content.decode()
    seen = desk.client_of("qiubai").get(address_of_the_case()).content.decode()
    assert "还有两张签字单" in seen
    assert "材料验收走过场" in seen
    assert "举报人" in seen


def test_it_lists_sealed_cases_for_those_on_their_list_only(form: str) -> None:
    Client().post(form, ANSWERS)
    address = address_of_the_case()

    assert address in desk.client_of("qiubai").get("/sealed").content.decode()
    assert address not in desk.client_of("tangshu").get("/sealed").content.decode()
    assert desk.client_of("tangshu").get(address).status_code == 404


def test_it_gives_outsiders_the_very_page_of_an_address_that_never_was(form: str) -> None:
    Client().post(form, ANSWERS)
    client = desk.client_of("zhouyining")

    never = client.get("/nothing-here").content
    assert client.get(address_of_the_case()).content == never
    assert client.get("/sealed").content == never


def test_it_shows_the_entry_to_holders_of_the_slot_whether_or_not_there_is_a_case(form: str) -> None:
    entry = 'href="/sealed"'

    assert entry in desk.client_of("qiubai").get("/work").content.decode()
    assert entry in desk.client_of("tangshu").get("/work").content.decode()
    assert entry not in desk.client_of("zhouyining").get("/work").content.decode()
    assert entry not in desk.client_of("admin").get("/work").content.decode()


def test_it_routes_and_concludes_on_the_desk(form: str) -> None:
    Client().post(form, ANSWERS)
    client, address = desk.client_of("qiubai"), address_of_the_case()

    refused = client.post(f"{address}/steps/route", {"seen_version": "1", "screening_note": ""})
    routed = client.post(
        f"{address}/steps/route", {"seen_version": "1", "screening_note": "属实可能大", "important": "no"}, follow=True
    )
    stale = client.post(
        f"{address}/steps/conclude", {"seen_version": "1", "outcome": "属实", "conclusion_text": "查实并整改"}
    )

    assert refused.status_code == 422
    assert "已转办" in routed.content.decode()
    assert stale.status_code == 409
    assert "查实并整改" in stale.content.decode(), "what was typed is still there"
