"""Sealed cases for those on their allow lists. For everybody else these addresses are like any that never were."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from kesu.commands.sealed.take_out_file import take_out_file
from kesu.commands.sealed.take_sealed_step import take_sealed_step
from kesu.core import clock
from kesu.core.errors import Forbidden, NotFound, NotNow, Overtaken, Refused, Unacceptable
from kesu.queries.sealed.sealed_list import sealed_list
from kesu.queries.sealed.sealed_page import (
    SealedEventLine,
    SealedFileLine,
    SealedObligation,
    SealedPage,
    SealedStep,
    SealedStepForm,
    sealed_page,
    sealed_step_form,
)
from kesu.web import marks, sentences
from kesu.web.cases.drawing import refs_by_id
from kesu.web.cases.linked import link_parts
from kesu.web.downloads import handed_out
from kesu.web.forms import Given, draw, figure, read_form
from kesu.web.joining import strung
from kesu.web.marks import Timing
from kesu.web.parts import EventPart, FactRow, FilePart, MissingLine, ObligationPart, RefusedStep, StagePart
from kesu.web.public.told import refusal_lines
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken
from kesu.web.work.lines import refs

_VERSION: Final = "seen_version"


@require_safe
@signed_in
def sealed_cases(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    rows = spoken(sealed_list(actor=actor(request), at=now))
    context = {
        "frame": frame(request, "/sealed", now),
        "now": now,
        "rows": [(row, marks.clock(Timing(due_at=row.due_at), now, row.calendar)) for row in rows],
    }
    return render(request, "sealed/list.html", context)


@require_safe
@signed_in
def sealed_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    now = clock.now()
    page = spoken(sealed_page(actor=actor(request), at=now, case_id=case_id))
    context = {
        "frame": frame(request, "/sealed", now),
        "page": page,
        "stages": tuple(StagePart(name, state) for name, state in page.stages),
        "events": tuple(_event(page.id, line) for line in page.events),
        "allowed": tuple(step for step in page.steps if step.is_allowed),
        "refused": tuple(_refused(step) for step in page.steps if not step.is_allowed),
        "obligations": tuple(_obligation(page, one, now) for one in page.obligations),
        "links": tuple(link_parts(page.links, now, "sealed-case")),
    }
    return render(request, "sealed/case.html", context)


def _event(case_id: UUID, line: SealedEventLine) -> tuple[EventPart, tuple[FactRow, ...], tuple[FilePart, ...]]:
    who = _("举报人") if line.by_reporter else line.who or _("系统")
    facts = tuple(FactRow(one.name, one.text or sentences.value(one.value)) for one in line.facts if not one.files)
    files = tuple(_file(case_id, file) for one in line.facts for file in one.files)
    name = line.name
    if line.is_recount or line.is_reruled:
        name = _("时限改按新日历计算") if line.is_recount else _("改按现行制度办理")
    return EventPart("event", name, line.at, who=who), facts, files


def _file(case_id: UUID, file: SealedFileLine) -> FilePart:
    return FilePart(reverse("sealed-file", args=[case_id, file.id]), file.name, note=filesizeformat(file.size))


def _refused(step: SealedStep) -> RefusedStep:
    says = strung(sentences.refusal(one.code, one.says) for one in step.refusals)
    missing = tuple(
        MissingLine(sentences.missing(lack.kind, lack.name)) for one in step.refusals for lack in one.missing
    )
    return RefusedStep(step.name, refs(step.citations), says, missing)


def _obligation(page: SealedPage, one: SealedObligation, now: datetime) -> ObligationPart:
    timing = Timing(
        one.due_at,
        met_at=one.met_at,
        starts_at=one.starts_at,
        paused_since=one.paused_since,
        provisional=one.is_provisional,
    )
    return ObligationPart(
        id=one.key.replace("@", "-").replace("/", "-"),
        name=one.name,
        clock=marks.clock(timing, now, page.calendar),
        due_line=sentences.due_line(one.due_at, now, is_open=one.is_open, provisional=one.is_provisional),
        clauses=refs(one.citations),
    )


@require_GET
@signed_in
def sealed_file(request: HttpRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    file = take_out_file(actor=actor(request), at=clock.now(), case_id=case_id, file_id=file_id)
    return handed_out(file.name, file.media_type, file.content)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def sealed_step(request: HttpRequest, case_id: UUID, step: str) -> HttpResponse:
    now = clock.now()
    form = spoken(sealed_step_form(actor=actor(request), at=now, case_id=case_id, step=step))
    if request.method != "POST":
        return _step_page(request, form, {}, None)
    read = read_form(request, form.fields)
    seen = request.POST.get(_VERSION, "")
    try:
        take_sealed_step(
            actor=actor(request),
            at=now,
            case_id=case_id,
            step=step,
            seen_version=figure(seen),
            given=read.given,
            uploads=read.uploads,
        )
    except (Forbidden, NotNow, Overtaken, Unacceptable) as refused:
        fresh = spoken(sealed_step_form(actor=actor(request), at=now, case_id=case_id, step=step))
        return _step_page(request, fresh, read.typed, refused)
    messages.success(request, _("已办：%(step)s") % {"step": form.name})
    return _shown(request, case_id, now)


def _shown(request: HttpRequest, case_id: UUID, now: datetime) -> HttpResponse:
    """Back to the case; to the list where the step took its taker off that of the case."""
    try:
        listed = {row.id for row in sealed_list(actor=actor(request), at=now)}
    except NotFound:
        listed, there = set(), "work"
    else:
        there = "sealed-list"
    if case_id in listed:
        return redirect("sealed-case", case_id)
    messages.success(request, _("这一件现在由别人办，您不再看得到"))
    return redirect(there)


def _step_page(request: HttpRequest, form: SealedStepForm, typed: Given, refused: Refused | None) -> HttpResponse:
    errors = sentences.field_errors(refused) if refused else {}

    context = {
        "frame": frame(request, "/sealed"),
        "form": form,
        "fields": draw(form.fields, typed, errors, refs_by_id(form.policy_hash, form.clause_names)),
        "clauses": refs(form.citations),
        "refused": sentences.reason(refused) if refused else "",
        "reasons": refusal_lines(refused, set(errors)) if refused else (),
    }
    return render(request, "sealed/step.html", context, status=refused.status if refused else 200)
