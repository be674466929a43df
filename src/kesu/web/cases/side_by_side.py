"""先后对照: what was stated several times, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kesu.core import clock
from kesu.queries.cases.side_by_side import Table, side_by_side
from kesu.web import when
from kesu.web.cases.drawing import text_of
from kesu.web.cases.page import LIST
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken


@dataclass(frozen=True, slots=True)
class TablePart:
    """`times`: heading and line below it; `rows`: name, and the words of each time with whether they are new."""

    name: str
    times: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[tuple[str, bool], ...]], ...]
    earlier: int


@signed_in
@require_safe
def side_by_side_view(request: HttpRequest, case_id: UUID) -> HttpResponse:
    at = clock.now()
    found = spoken(side_by_side(actor=actor(request), at=at, case_id=case_id))

    def drawn() -> Iterator[TablePart]:
        for table in found.tables:
            yield TablePart(table.name, tuple(_headings(table)), tuple(_rows(table)), table.earlier)

    def _headings(table: Table) -> Iterator[tuple[str, str]]:
        for number, one in enumerate(table.times, start=table.earlier + 1):
            step = f" {one.step}" if len({time.step for time in table.times}) > 1 else ""
            yield _("第 %(n)s 次") % {"n": number} + step, f"{when.when(one.at, at)} {one.by}".strip()

    context = {"frame": frame(request, LIST, at), "found": found, "tables": tuple(drawn())}
    return render(request, "cases/side_by_side.html", context)


def _rows(table: Table) -> Iterator[tuple[str, tuple[tuple[str, bool], ...]]]:
    for row in table.rows:
        yield row.name, tuple((text_of(line) if line is not None else "", is_new) for line, is_new in row.cells)
