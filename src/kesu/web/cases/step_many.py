"""从表格加入多人: a list of people is checked, and all of them are added to a case or nobody is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kesu.commands.cases.take_step_for_many import MOST, take_step_for_many
from kesu.core import clock
from kesu.core.errors import Forbidden, NotFound, NotNow, Unacceptable
from kesu.queries.cases.find_case import find_case
from kesu.queries.cases.step_form import StepForm, step_form
from kesu.web import when
from kesu.web.cases.drawing import reasons, refs, refs_by_id
from kesu.web.cases.importing import told
from kesu.web.cases.page import page_context
from kesu.web.cases.reported_lines import AskedForm, lacks_files, read_lines, template, wrong_cells
from kesu.web.session import actor, signed_in
from kesu.web.sheets import answer
from kesu.web.words import spoken


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def step_many_view(request: HttpRequest, case_id: UUID, step: str) -> HttpResponse:
    at = clock.now()
    form = _form(request, case_id, step, at)
    if request.method != "POST":
        return _draw(request, form, at, {})
    asked = _asked(form)
    try:
        file = request.FILES.get("file")
        lines, wrong = read_lines(file, asked, at, lambda text: find_case(actor=actor(request), number=text))
        if not wrong:
            added, known = take_step_for_many(actor=actor(request), at=at, case_id=case_id, step=step, lines=lines)
            done = {"is_done": True, "added": added, "known": known}
            return _draw(request, _form(request, case_id, step, at), at, done)
        refused: Unacceptable | NotNow | Forbidden = Unacceptable("lines_wrong")
    except (Unacceptable, NotNow, Forbidden) as fault:
        refused, wrong = fault, list(wrong_cells(asked, fault.data.get("lines", ())))
    context = dict(told(refused, wrong))
    context["says"] = reasons(refused.data.get("refusals", ()), refs_by_id(form.policy_hash, form.clause_names))
    return _draw(request, form, at, context, refused.status)


@signed_in
@require_safe
def step_many_template_view(request: HttpRequest, case_id: UUID, step: str) -> HttpResponse:
    at = clock.now()
    form = _form(request, case_id, step, at)
    if lacks_files(form.fields):
        raise NotFound
    return answer(
        template(at, _asked(form)), _("%(step)s名单模板") % {"step": form.name}, when.local(at).date().isoformat()
    )


def _form(request: HttpRequest, case_id: UUID, step: str, at: datetime) -> StepForm:
    form = spoken(step_form(actor=actor(request), at=at, case_id=case_id, step=step))
    if not form.takes_many:
        raise NotFound
    return form


def _asked(form: StepForm) -> AskedForm:
    about = (
        _("带 * 的列必填。一行写一个人，一次最多 %(most)s 行。") % {"most": MOST},
        _("全部检查通过才加入；有一处不对，就一个人也不加入，并逐行说明。"),
        _("已经在这一件里的人不会再加：名单变长了，可以整份再传。有电话的按电话认，没有电话的按姓名认。"),
    )
    return AskedForm(form.name, about, form.fields, form.clause_names, "", MOST)


def _draw(
    request: HttpRequest, form: StepForm, at: datetime, said: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    context = page_context(request, form.case_id, at)
    context |= {
        "listing": form,
        "form_clauses": refs(form.policy_hash, form.clauses),
        "lacks": lacks_files(form.fields),
        "most": MOST,
        **said,
    }
    return render(request, "cases/page.html", context, status=status)
