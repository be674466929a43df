"""The record of who read personal data, as its readers see it."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from kesu.commands.cases.unmask_person import unmask_person
from kesu.queries.organisation.readings import reading_log
from kesu.store.models import Case
from tests import desk

pytestmark = pytest.mark.django_db


def test_it_says_who_looked_at_whose_case_and_nothing_of_what_he_saw() -> None:
    world, now = desk.opened()
    case_id = world.register(at=now, promised_feedback_at=desk.PROMISED)
    number = Case.objects.get(pk=case_id).number
    unmask_person(actor=world.actor("zhouyining"), at=now, case_id=case_id, fact="person", seq=1)
    desk.client_of("zhouyining").get(f"/cases/{case_id}/documents/complaint_file.pdf")

    page = desk.client_of("admin").get("/organisation/readings").content.decode()
    for said in (world.actor("zhouyining").name, number, "看明文", "投诉人"):
        assert said in page
    assert "苏女士" not in page
    assert "13800002016" not in page
    assert number not in desk.client_of("admin").get("/organisation/readings?q=别人").content.decode()
    assert number in desk.client_of("admin").get(f"/organisation/readings?q={number}").content.decode()

    file = desk.client_of("admin").get("/organisation/readings?as=xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file.content)).get_sheet_by_index(0).to_python()
    assert rows[0] == ["时间", "谁", "怎么看的", "诉件或客户", "看了什么"]
    assert any(number in str(row[3]) for row in rows[1:])


def test_it_asks_as_often_for_many_as_for_one() -> None:
    world, now = desk.opened()
    case_id = world.register(at=now, promised_feedback_at=desk.PROMISED)

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            reading_log(actor=world.actor("admin"))
        return len(caught)

    counts = []
    for _ in range(6):
        unmask_person(actor=world.actor("zhouyining"), at=now, case_id=case_id, fact="person", seq=1)
        counts.append(asked())
    assert counts[-1] <= counts[0]
