"""Reports by letter, visit or telephone: taken in by whom the policy names, and gone for him when he has handed them
in."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.core import clock
from kesu.store.models import Case, CaseSearch, NumberSeries, OutboxMessage, SealedCase, SealedEvent, SubmittedForm
from kesu.store.sealed_reader import SYSTEM, read_as
from kesu.web import when
from tests import desk, world
from tests.own_packs import changed
from tests.web.sealed.test_reports import ANSWERS, address_of_the_case, code_of
from tests.world import World, calendar

pytestmark = pytest.mark.django_db

TAKER = "wutong"
FORM = "/sealed/new"
SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}


@pytest.fixture
def here() -> World:
    world, _ = desk.opened()
    return world


def given(here: World, **changes: Any) -> dict[str, Any]:
    where = {"unit": here.units["qingtang"].hex, "kind": "whistle_report", "token": "a token of this test"}
    return {**where, **ANSWERS, "channel": "来信", **changes}


def reports() -> int:
    with transaction.atomic():
        read_as(SYSTEM)
        count = SealedCase.objects.count()
        read_as("")
    return count


def test_the_page_is_there_for_whom_the_policy_names_and_for_nobody_else(here: World) -> None:
    page = desk.client_of(TAKER).get(FORM).content.decode()
    assert 'name="channel"' in page
    assert 'name="evidence"' in page
    assert "data-draft" not in page, "nothing of a report stays in a browser"

    for login in ("zhouyining", "gulan", "admin"):
        client = desk.client_of(login)
        never = client.get("/nothing-here").content
        assert client.get(FORM).content == never
        assert client.post(FORM, given(here)).status_code == 404
    assert reports() == 0


def test_the_taker_gets_the_code_once_and_sees_the_report_no_longer(here: World) -> None:
    client = desk.client_of(TAKER)

    answer = client.post(FORM, given(here, evidence=[SimpleUploadedFile("来信.txt", "三页".encode())]))

    code = code_of(answer.content.decode())
    address = address_of_the_case()
    assert answer.status_code == 200
    assert "材料验收走过场" not in answer.content.decode()
    assert client.get(address).content == client.get("/nothing-here").content
    for page in ("/cases", "/work", "/cases?text=材料验收", FORM):
        assert "材料验收走过场" not in client.get(page).content.decode()
    assert "已收到" in Client().post("/report/status", {"code": code}).content.decode(), "it is the reporter's now"
    seen = desk.client_of("qiubai").get(address).content.decode()
    assert "材料验收走过场" in seen
    assert "来信.txt" in seen
    assert "吴桐" in seen, "those on the list see who took it in"


def test_it_leaves_no_trace_among_ordinary_cases(here: World) -> None:
    desk.client_of(TAKER).post(FORM, given(here))

    assert not Case.objects.exists()
    assert not SubmittedForm.objects.exists()
    assert not NumberSeries.objects.exists()
    assert not CaseSearch.objects.exists()
    assert all(message.payload == {} for message in OutboxMessage.objects.all())


def test_a_form_sent_twice_makes_one_report_and_one_code(here: World) -> None:
    codes = {code_of(desk.client_of(TAKER).post(FORM, given(here)).content.decode()) for _ in range(2)}

    assert (len(codes), reports()) == (1, 1)


def test_an_old_form_written_anew_is_another_report_with_a_code_of_its_own(here: World) -> None:
    """Browsers that go back show the form as it was, token and all, and the next letter is typed over it."""
    letters = ("材料验收走过场", "招标文件提前给了一家")
    codes = [code_of(desk.client_of(TAKER).post(FORM, given(here, summary=one)).content.decode()) for one in letters]

    assert (len(set(codes)), reports()) == (2, 2)


def test_the_reporter_adds_to_it_and_his_form_sent_again_adds_once(here: World) -> None:
    code = code_of(desk.client_of(TAKER).post(FORM, given(here)).content.decode())
    page = Client().post("/report/status", {"code": code}).content.decode()
    said = re.search(r'name="said" value="(\d+)"', page)
    assert said
    for _ in range(2):
        more = {"code": code, "said": said[1], "circumstances": "还有两张签字单"}
        assert "已提交：补充材料" in Client().post("/report/add/supplement", more).content.decode()

    with transaction.atomic():
        read_as(SYSTEM)
        assert SealedEvent.objects.filter(step="supplement").count() == 1
        read_as("")


def test_it_goes_past_the_office_that_takes_it_in_where_the_policy_says_so(here: World) -> None:
    client = desk.client_of("qiubai")
    client.post(FORM, given(here, accused_is_executive="yes"))
    address = address_of_the_case()

    assert client.get(address).status_code == 404
    assert desk.client_of("tangshu").get(address).status_code == 200


def test_it_says_what_is_missing_with_its_clause_and_keeps_what_was_typed(here: World) -> None:
    answer = desk.client_of(TAKER).post(FORM, given(here, summary="", truthful="no"))

    page = answer.content.decode()
    assert answer.status_code in {409, 422}
    assert "举报人须对内容真实负责" in page
    assert "第六条" in page
    assert "验收单事后补签" in page
    assert reports() == 0


def test_it_is_dated_when_it_reached_the_house_as_far_back_as_the_policy_lets_it(here: World) -> None:
    client, now = desk.client_of(TAKER), clock.now()
    early, late = (f"{when.local(now - timedelta(days=days)):%Y-%m-%dT%H:%M}" for days in (9, 1))

    assert client.post(FORM, given(here, happened_at=early)).status_code in {409, 422}
    assert client.post(FORM, given(here, happened_at="gestern")).status_code == 422
    assert client.post(FORM, given(here, happened_at=late)).status_code == 200

    with transaction.atomic():
        read_as(SYSTEM)
        event = SealedEvent.objects.get(seq=1)
        read_as("")
    assert event.recorded_at - event.at > timedelta(hours=23)
    assert event.role == "reception"


def test_a_letter_from_before_the_policy_is_not_lost() -> None:
    here = world.build(clock.now() - timedelta(days=1))
    early = f"{when.local(clock.now() - timedelta(days=2)):%Y-%m-%dT%H:%M}"

    answer = desk.client_of(TAKER).post(FORM, given(here, happened_at=early))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "那时这里还没有施行管它的制度" in page
    assert "验收单事后补签" in page
    assert reports() == 0


def test_the_rail_leads_each_to_what_is_his(here: World) -> None:
    entries = {
        login: re.findall(r'href="(/sealed[^"]*)"', desk.client_of(login).get("/work").content.decode())
        for login in (TAKER, "qiubai", "zhouyining")
    }

    assert set(entries[TAKER]) == {FORM}
    assert set(entries["qiubai"]) == {"/sealed"}
    assert entries["zhouyining"] == []
    assert f'href="{FORM}"' in desk.client_of("qiubai").get("/sealed").content.decode()


def test_it_offers_no_other_case_and_takes_in_what_the_policy_may_ask_of_one_without_it(here: World) -> None:
    asking = changed(
        "whistle",
        "whistle_report.yaml",
        ("facts:\n", "facts:\n  earlier: {name: 以前的举报, type: case, data: sealed, clause: 5a}\n"),
        ("no_retaliation], may: [reporter_kind,", "no_retaliation], may: [earlier, reporter_kind,"),
    )
    now = clock.now()
    adopt_pack(actor=None, at=now, unit_id=here.units["group"], pack=asking, calendar=calendar(), signatures=SIGNED)
    client = desk.client_of(TAKER)
    assert "以前的举报" not in client.get(FORM).content.decode()
    code_of(client.post(FORM, given(here, **{"earlier.number": "TS-26-0001"})).content.decode())
    assert reports() == 1
