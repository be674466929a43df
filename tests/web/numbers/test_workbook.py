"""统计 as a spreadsheet: the page's numbers as numbers, with what they count."""

from __future__ import annotations

import io
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests import desk
from tests.web.numbers import story
from tests.web.numbers.test_numbers import page_of, past, row_of

pytestmark = pytest.mark.django_db


def test_it_says_the_same_as_the_page_and_what_it_counts() -> None:
    now = story.told()[1]
    client = desk.client_of("linsheng")
    query = past(now)
    answer = client.get(f"/numbers.xlsx{query}")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    sheets: dict[str, list[list[Any]]] = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}

    assert list(sheets) == ["投诉", "投诉 部门", "建议", "建议 部门", "口径"]
    head, total = sheets["投诉"][3], sheets["投诉"][4]
    shown = row_of(page_of(client, f"{query}&kind=complaint&pack=p10"), "合计")
    assert head[2:6] == ["受理", "办结", "按时办结", "按时办结率"]
    assert total[2:5] == [float(text) for text in shown[:3]]
    assert f"{total[5]:.1%}" == shown[3]
    assert "林声 导出于" in sheets["投诉"][1][0]
    assert "南岑东部公司" in sheets["投诉"][1][0]
    assert ["部门", "东部工程部"] in [row[:2] for row in sheets["投诉 部门"]]
    assert any(row[0] == "按时办结" and "没有一项义务超过期限" in row[1] for row in sheets["口径"])
