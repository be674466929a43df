"""带出记录: who took names and rooms out of the house as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from kesu.access.measures import UNSET
from kesu.core import clock
from kesu.queries.organisation.exports import ExportLine, export_log
from kesu.web import when
from kesu.web.organisation.changes import sought
from kesu.web.paging import pager, whole
from kesu.web.session import actor, frame, signed_in
from kesu.web.slices import FACT
from kesu.web.words import spoken

_FILES: Final = {"case-list": gettext_lazy("诉件列表"), "customer": gettext_lazy("客户个人资料")}
_FILTERS: Final = {
    "kind": gettext_lazy("种类"),
    "state": gettext_lazy("办理"),
    "stage": gettext_lazy("阶段"),
    "level": gettext_lazy("等级"),
    "due": gettext_lazy("时限"),
    "holder": gettext_lazy("经办人"),
    "unit": gettext_lazy("单位"),
    "pack": gettext_lazy("制度包"),
    "received": gettext_lazy("受理"),
    "closed": gettext_lazy("办结"),
    "in_time": gettext_lazy("按时办结"),
    "left": gettext_lazy("当日结束时在办"),
    "customer": gettext_lazy("客户"),
}
_VALUES: Final = {
    "open": gettext_lazy("在办"),
    "closed": gettext_lazy("已办结"),
    "overdue": gettext_lazy("已逾期"),
    "today": gettext_lazy("今天到期"),
    "yes": gettext_lazy("是"),
    UNSET: gettext_lazy("未填"),
}


@dataclass(frozen=True, slots=True)
class ExportPart:
    line: ExportLine
    at: str
    what: str
    size: str
    narrowed: str


@require_safe
@signed_in
def exports(request: HttpRequest) -> HttpResponse:
    text = sought(request)
    found = spoken(export_log(actor=actor(request), text=text, page=whole(request.GET.get("page", ""), 1)))
    total = _("共 %(count)s 条") % {"count": f"{found.total:,}"}
    context = {
        "frame": frame(request, "/organisation", clock.now()),
        "parts": tuple(_part(line) for line in found.lines),
        "text": text,
        "total_text": total,
        "pager": pager(total, found.page, found.pages),
    }
    return render(request, "organisation/exports.html", context)


def _part(line: ExportLine) -> ExportPart:
    return ExportPart(
        line=line,
        at=when.stamp(line.at),
        what=str(_FILES.get(line.what, line.what)),
        size=_("%(rows)s 行，%(clear)s 行有个人信息") % {"rows": f"{line.rows:,}", "clear": f"{line.clear:,}"},
        narrowed="；".join(_said(line.filters)) or _("未加条件"),
    )


def _said(filters: Mapping[str, str]) -> Iterator[str]:
    for code in (*(code for code in _FILTERS if code in filters), *sorted(filters.keys() - _FILTERS.keys())):
        value = filters[code]
        if value:
            yield f"{_FILTERS.get(code, code.removeprefix(FACT))} {_VALUES.get(value, value)}"
