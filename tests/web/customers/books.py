"""Spreadsheets of rooms and customers to test with."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from xlsxwriter import Workbook

ROOM_HEAD = ("项目*", "期", "栋*", "单元", "房号*", "交付日期", "入住日期", "使用情况", "保修到期")
CUSTOMER_HEAD = ("姓名*", "电话*", "类别*", "项目*", "栋", "单元", "房号", "出生年", "分组")

Rows = Iterable[Sequence[object]]


def book(rooms: Rows = (), customers: Rows = (), name: str = "家底.xlsx") -> SimpleUploadedFile:
    out = io.BytesIO()
    with Workbook(out, {"constant_memory": True}) as written:
        day = written.add_format({"num_format": "yyyy-mm-dd"})
        for title, head, rows in (("房产", ROOM_HEAD, rooms), ("客户", CUSTOMER_HEAD, customers)):
            sheet = written.add_worksheet(title)
            sheet.write_row(0, 0, head)
            for number, row in enumerate(rows, start=1):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(number, column, value, day)
                    else:
                        sheet.write(number, column, value)
    return SimpleUploadedFile(name, out.getvalue())


def many(rooms: int, customers: int, project: str = "青棠湾一期") -> SimpleUploadedFile:
    """Rooms, and customers who own them in turn."""
    addresses = [
        (f"{1 + n // 200}栋", f"{1 + n % 2}单元", f"{1 + n % 200 // 4:02d}{1 + n % 4:02d}") for n in range(rooms)
    ]
    flats = (
        (project, "一期", *address, date(2025, 6, 30), "", "自住", "防水 2030-06-30；门窗 2027-06-30")
        for address in addresses
    )
    people = (
        (f"业主{n}", f"139{n:08d}", "业主", project, *addresses[n % rooms], 1960 + n % 40, "老人" if n % 9 == 0 else "")
        for n in range(customers)
    )
    return book(flats, people, "二万人.xlsx")
