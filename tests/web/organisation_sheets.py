"""Spreadsheets of an organisation, as somebody writes and sends them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from kesu.web.sheets import Book
from tests import desk

UNITS = ("代码", "名称", "种类", "上级代码", "对客户公开", "已停用")
PEOPLE = ("账号", "姓名", "邮箱")
POSTS = ("账号", "单位代码", "岗位代码", "岗位名称", "从", "到")

Rows = Sequence[Sequence[str | datetime]]


def workbook(units: Rows = (), people: Rows = (), posts: Rows = ()) -> bytes:
    book = Book(datetime.fromisoformat("2026-11-26T08:00:00+00:00"))
    for name, head, rows in (("单位", UNITS, units), ("人员", PEOPLE, people), ("任职", POSTS, posts)):
        sheet = book.sheet(name, [12] * len(head))
        sheet.row(head)
        for row in rows:
            sheet.row(row)
    return book.close()


def sent(content: bytes, login: str = "admin", **fields: str) -> HttpResponse:
    file = SimpleUploadedFile("组织.xlsx", content)
    return desk.client_of(login).post("/organisation/import", {"file": file, **fields})
