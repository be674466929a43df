"""What somebody is given of himself."""

from __future__ import annotations

import io

import pytest
from python_calamine import CalamineWorkbook

from kesu.store.models import ExportRecord
from kesu.web import when
from tests import desk
from tests.access import house_samples

pytestmark = pytest.mark.django_db


def test_he_can_read_what_is_kept_of_him() -> None:
    world, now = desk.opened()
    _room, customer = house_samples.family(world, now)
    client = desk.client_of("zhouyining")
    client.post(f"/customers/{customer}/purchases", {"bought_on": "2024-05-01", "place": "售楼处"})
    file = client.post(f"/customers/{customer}/export")
    assert file.status_code == 200
    assert ".xlsx" in file.headers["Content-Disposition"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(file.content))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    assert list(sheets) == ["资料", "房产", "购买", "同意", "诉件", "改动记录", "查看记录"]
    about = {str(row[0]): row[1] for row in sheets["资料"] if len(row) > 1}
    assert about["电话"] == "13800002016"
    assert about["职业"] == "教师"
    assert about["类别"] == "业主"
    assert sheets["房产"][1][2] == "业主"
    assert sheets["购买"][1][:2] == ["2024-05-01", "售楼处"]
    assert sheets["同意"][1][0] == "给承包单位联系方式"
    first = sheets["改动记录"][1]
    assert first[2] == "新建"
    assert first[0] == when.stamp(now)
    assert sheets["查看记录"][1][2] == "导出个人资料"
    assert ExportRecord.objects.get().what == "customer"
