"""Everything that the house keeps of a customer, as he himself can read it: a spreadsheet with the words of the pages,
times as the clock on the wall shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from kesu.web import when
from kesu.web.customers.labels import ACTS, FIELDS, KINDS, NEEDS, PERSON, READINGS, SERVICE, moved, value
from kesu.web.joining import strung
from kesu.web.sheets import Book, Value

_STATED: Final = (*PERSON, *NEEDS, *SERVICE)
Row = Sequence[Value]


def own_book(at: datetime, told: Mapping[str, Any]) -> bytes:
    """`told`: as `export_customer` has it."""
    book = Book(at)
    page = book.sheet(_("资料"), (18, 70))
    page.row([_("客户资料")], "title")
    page.row([_("导出时间"), when.stamp(at)])
    for record in told["records"]:
        page.row([])
        for row in _record(record):
            page.row(row)
    for title, widths, head, rows in _lists(told):
        page = book.sheet(title, widths, repeat=1)
        page.row(head, "head")
        for row in rows:
            page.row(row)
    return book.close()


def _record(record: Mapping[str, Any]) -> Iterator[Row]:
    yield _("照管项目"), record["project"]
    yield _("记录开始"), _instant(record["since"])
    for name in _STATED:
        if record.get(name):
            yield str(FIELDS[name]), value(name, record[name])


def _lists(told: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[float], Sequence[str], Iterator[Row]]]:
    """Title, widths, head and rows of every list."""
    records = told["records"]
    yield (
        _("房产"),
        (24, 24, 14, 14),
        (_("项目"), _("房号"), _("与房产的关系"), _("解除日期")),
        ((one["project"], one["room"], str(KINDS.get(one["kind"], "")), one["ended_on"]) for one in told["rooms"]),
    )
    bought = ("bought_on", "place", "amount", "contract")
    purchases = (one for record in records for one in record["purchases"])
    yield (
        _("购买"),
        (14, 30, 16, 24),
        _heads(bought),
        (tuple(one.get(name, "") for name in bought) for one in purchases),
    )
    agreed = ("purpose", "how", "given_on", "withdrawn_on")
    consents = (tuple(one[name] for name in agreed) for one in told["consents"])
    yield _("同意"), (40, 20, 14, 14), _heads(agreed), consents
    cases = ((one["number"], one["title"], _instant(one["received_at"])) for one in told["cases"])
    yield _("诉件"), (20, 50, 18), (_("编号"), _("标题"), _("受理时间")), cases
    changes = (_change(one) for record in records for one in record["changes"])
    yield _("改动记录"), (18, 16, 18, 80), (_("时间"), _("谁"), _("做了什么"), _("内容")), changes
    readings = ((_instant(one["at"]), one["by"], str(READINGS.get(one["what"], ""))) for one in told["readings"])
    yield _("查看记录"), (18, 16, 24), (_("时间"), _("谁"), _("做了什么")), readings


def _heads(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(FIELDS[name]) for name in names)


def _change(one: Mapping[str, Any]) -> Row:
    what = strung(moved(name, pair) for name, pair in one["values"].items() if name != "with")
    return _instant(one["at"]), one["by"], str(ACTS.get(one["act"], "")), what


def _instant(text: str) -> str:
    return when.stamp(datetime.fromisoformat(text))
