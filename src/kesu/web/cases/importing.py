"""批量登记: a file with many reports is checked, and registered whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kesu.access.openings import IntakePage, OpeningForm
from kesu.commands.cases.import_cases import MOST, import_cases
from kesu.core import clock
from kesu.core.errors import NotFound, Refused, Unacceptable
from kesu.queries.cases.find_case import find_case
from kesu.queries.cases.intake import intake_page
from kesu.web import sentences, subjects, when
from kesu.web.cases.reported_lines import (
    AskedForm,
    WrongCell,
    error_book,
    lacks_files,
    read_lines,
    template,
    wrong_cells,
)
from kesu.web.forms import figure
from kesu.web.openings import chosen
from kesu.web.session import actor, frame, signed_in
from kesu.web.sheets import answer
from kesu.web.words import spoken

_SHOWN: Final = 200
_MOST_ERRORS: Final = 5_000
_LONGEST: Final = 400


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def import_view(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    page = _page(request, at)
    if request.method != "POST" or page.form is None:
        return _draw(request, page, at, {})
    try:
        asked = _asked(page.form)
        lines, wrong = read_lines(request.FILES.get("file"), asked, at, lambda text: _case(request, text))
        if not wrong:
            return _draw(request, page, at, {"registered": len(_register(request, page.form, at, lines))})
        refused = Unacceptable("lines_wrong")
    except Unacceptable as fault:
        refused, wrong = fault, list(wrong_cells(_asked(page.form), fault.data.get("lines", ())))
    return _draw(request, page, at, told(refused, wrong), refused.status)


@signed_in
@require_safe
def template_view(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    form = _page(request, at).form
    if form is None or lacks_files(form.fields):
        raise NotFound
    return answer(
        template(at, _asked(form)), _("%(kind)s登记模板") % {"kind": form.kind_name}, when.local(at).date().isoformat()
    )


@signed_in
@require_POST
def errors_view(request: HttpRequest) -> HttpResponse:
    """The list that a page has just shown, as a file: whoever sent it has it, and nothing of it is kept."""
    at = clock.now()
    return answer(error_book(at, _sent_back(request)), _("错误清单"), when.local(at).date().isoformat())


def _page(request: HttpRequest, at: datetime) -> IntakePage:
    return spoken(intake_page(actor=actor(request), at=at, **{**chosen(request), "is_sent": False}))


def _asked(form: OpeningForm) -> AskedForm:
    about = (
        _("依据：%(policy)s") % {"policy": form.policy_title},
        _("带 * 的列必填。一行登记一件，一次最多 %(most)s 行。") % {"most": MOST},
        _("全部检查通过才登记；有一处不对，就一件也不登记，并逐行说明。同样的内容不会登记两次。"),
        _("接报时间空着，按导入的时间算。"),
    )
    return AskedForm(form.kind_name, about, form.fields, form.clause_names, _("接报时间"), MOST)


def _case(request: HttpRequest, number: str) -> str:
    return find_case(actor=actor(request), number=number)


def _register(request: HttpRequest, form: OpeningForm, at: datetime, lines: Sequence[Any]) -> Sequence[Any]:
    return import_cases(
        actor=actor(request),
        at=at,
        unit_id=form.unit_id,
        kind=form.kind,
        subject=form.subject if form.says_subject else None,
        lines=lines,
    )


def told(refused: Refused, wrong: Sequence[WrongCell]) -> Mapping[str, Any]:
    kept = [[one.line, one.column, one.says[:_LONGEST]] for one in wrong[:_MOST_ERRORS]]
    return {
        "refused": sentences.reason(refused),
        "earlier": refused.data.get("number", ""),
        "wrong": wrong[:_SHOWN],
        "count": len(wrong),
        "rows": len({one.line for one in wrong}),
        "more": max(0, len(wrong) - _SHOWN),
        "kept": json.dumps(kept, ensure_ascii=False),
    }


def _sent_back(request: HttpRequest) -> list[WrongCell]:
    try:
        rows = json.loads(request.POST.get("lines", ""))
        found = [(figure(str(line), 0), str(column), str(says)) for line, column, says in rows[:_MOST_ERRORS]]
    except (ValueError, TypeError, KeyError):
        raise NotFound from None
    return [WrongCell(line, column[:_LONGEST], says[:_LONGEST]) for line, column, says in found]


def _draw(
    request: HttpRequest, page: IntakePage, at: datetime, told: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    form = page.form
    asked = form.subject if form and not form.subjects else None
    context = {
        "frame": frame(request, "/cases", at),
        "intake": page,
        "form": form,
        "subjects": tuple(subjects.choices(page.subjects, asked)),
        "subject_name": subjects.NAME,
        "subject_said": subjects.written(form.subject) if form and form.says_subject else "",
        "lacks": lacks_files(form.fields) if form else (),
        "most": MOST,
        **told,
    }
    return render(request, "cases/import.html", context, status=status)
