"""What pages show of samples and measures, to whom it belongs."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from kesu.casefile.library import offered
from kesu.core import clock
from kesu.policy.occurrences import occurrences
from kesu.store.models import Case, CaseCard
from tests import desk
from tests.samples.house import ALWAYS, SUPERVISOR, Played, reviewing, rewarding
from tests.security.walking import form_at

pytestmark = pytest.mark.django_db

MANAGER = "mengshuyan"


def said(html: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", html).split())


def measures_said(html: str) -> str:
    """What the page says below the heading of the measures: rates of duties above it move with the hour."""
    return said(html).partition("制度的指标")[2]


def raw(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def reviewed(closed: int) -> tuple[Played, UUID]:
    """A review of this very quarter: pages take the time themselves."""
    kind = offered()["p06"].kinds["handling_review"]
    assert kind.schedule is not None
    now = clock.now()
    *_, last = occurrences(kind.schedule, now - timedelta(days=200), now, ALWAYS)
    played = reviewing(last.opens_at)
    for _ in range(closed):
        played.case("complaint", "closed")
    return played, played.came_round("handling_review", last.opens_at)


def test_a_review_goes_from_its_draw_to_its_end_on_the_pages(db: None) -> None:
    played, review = reviewed(closed=12)
    client = desk.client_of(SUPERVISOR)
    page = said(raw(client, f"/cases/{review}"))
    assert "抽查办结的投诉" in page
    assert "12 件里抽签抽出" in page
    assert "抽出 2 件，还有 2 件没有查" in page
    assert "已抽签抽出：抽查办结的投诉" in page
    for case in played.drawn(review).left:
        address = f"/cases/{review}/steps/look_at"
        form = form_at(client, address)
        offered_cases = form.inputs["checked_case"].values
        assert case in offered_cases
        hidden = {one.name: one.value for one in form.inputs.values() if one.kind == "hidden"}
        typed = {"checked_case": case, "at_fault": "no", "check_note": "都做了"}
        assert client.post(address, {**hidden, **typed}).status_code == 302
    page = said(raw(client, f"/cases/{review}"))
    assert "抽出 2 件，还有 0 件没有查" in page
    address = f"/cases/{review}/steps/complete"
    form = form_at(client, address)
    hidden = {one.name: one.value for one in form.inputs.values() if one.kind == "hidden"}
    assert client.post(address, {**hidden, "summary": "都做了", "improvement": "每月自查"}).status_code == 302
    assert CaseCard.objects.get(pk=review).stage == "done"


def test_what_stands_in_the_way_leads_to_the_step_that_looks_at_a_case(db: None) -> None:
    _, review = reviewed(closed=1)
    page = said(raw(desk.client_of(SUPERVISOR), f"/cases/{review}"))
    assert "抽查办结的投诉：还没有抽，或抽中的没有查完" in page


def test_a_case_out_of_sight_is_only_counted(db: None) -> None:
    played, review = reviewed(closed=1)
    (drawn,) = played.drawn(review).left
    number = Case.objects.get(pk=drawn).number
    client = desk.client_of(SUPERVISOR)
    assert number in raw(client, f"/cases/{review}")
    CaseCard.objects.filter(pk=drawn).update(confidential=True)
    page = raw(client, f"/cases/{review}")
    assert number not in page
    assert "有 1 件您看不到" in said(page)


def test_a_measure_stands_among_the_numbers_and_each_number_opens_its_list(db: None) -> None:
    played = rewarding(clock.now())
    rated = [
        played.case("work_order", "signed_off", unit, quality_score=score)
        for score, unit in (("好", "xiling_site"), ("很好", "xiling_hill"), ("差", "xiling_site"))
    ]
    played.case("work_order", "reported")
    client = desk.client_of(MANAGER)
    days = f"from={played.at - timedelta(days=40):%Y-%m-%d}&to={played.at + timedelta(days=1):%Y-%m-%d}"
    html = raw(client, f"/numbers?{days}&pack=s16&kind=work_order")
    page = said(html)
    assert "制度的指标" in page
    assert "评价为好的占比" in page
    assert "66.7%" in page
    links = measured_links(html)
    whole = {name_of(link): len(cases_on(client, link)) for link in links if "unit=" not in link}
    of_quality = {"rated": len(rated), "good_share": 3, "good_share that meet": 2, "poor": 1}
    assert whole == {**of_quality, "reported": 4, "unfinished": 1}
    poor = next(link for link in links if "poor" in link)
    assert "计入“评价为差的工单”" in said(raw(client, poor))


def measured_links(html: str) -> list[str]:
    return [link.replace("&amp;", "&") for link in re.findall(r'href="(/cases\?[^"]*measure=[^"]*)"', html)]


def name_of(link: str) -> str:
    return link.partition("measure=work_order.")[2].partition("&")[0] + (" that meet" if "meets=" in link else "")


def cases_on(client: Client, link: str) -> set[UUID]:
    return {UUID(found) for found in re.findall(r'href="/cases/([0-9a-f-]{36})"', raw(client, link))}


def test_numbers_and_lists_are_those_of_the_readers_own_cases(db: None) -> None:
    played = rewarding(clock.now())
    own, hidden = (
        played.case("work_order", "signed_off", "xiling_site", quality_score=score) for score in ("差", "好")
    )
    days = f"from={played.at - timedelta(days=40):%Y-%m-%d}&to={played.at + timedelta(days=1):%Y-%m-%d}"
    address = f"/numbers?{days}&pack=s16&kind=work_order"
    client = desk.client_of("xiahouping")
    assert "50.0%" in measures_said(raw(client, address))
    CaseCard.objects.filter(pk=hidden).update(confidential=True)
    html = raw(client, address)
    assert "50.0%" not in measures_said(html)
    links = measured_links(html)
    assert {name_of(link): cases_on(client, link) for link in links} == {
        "rated": {own},
        "good_share": {own},
        "good_share that meet": set(),
        "poor": {own},
        "reported": {own},
        "unfinished": set(),
    }


def test_the_file_of_the_numbers_has_a_sheet_of_the_measures(db: None) -> None:
    played = rewarding(clock.now())
    for score in ("好", "差"):
        played.case("work_order", "signed_off", quality_score=score)
    days = f"from={played.at - timedelta(days=40):%Y-%m-%d}&to={played.at + timedelta(days=1):%Y-%m-%d}"
    answer = desk.client_of("mengshuyan").get(f"/numbers.xlsx?{days}")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    rows = book.get_sheet_by_name("维修工单 指标").to_python()
    assert ["评价为好的占比", "合计", 0.5, 2.0, 1.0] in rows
    assert ["有评价的工单", "合计", 2.0, 2.0] in [row[:4] for row in rows]
