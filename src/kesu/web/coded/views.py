"""编号件: samples under their codes, for whoever works blind. No address here holds anything but the code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kesu.access.sight.outside import BlindStep, OutsideStep
from kesu.commands.cases.take_blind_step import take_blind_step
from kesu.core import clock
from kesu.core.errors import NotFound, NotNow, Refused, Unacceptable
from kesu.queries.coded.bench import SampleLine, bench, is_stated, sample_page
from kesu.web import sentences, when
from kesu.web.fields import Field
from kesu.web.forms import Given, draw, read_form
from kesu.web.joining import listed
from kesu.web.public.answers import FORM_TOKEN
from kesu.web.public.told import refusal_lines
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken

_HERE = "/coded"


@dataclass(frozen=True, slots=True)
class SamplePart:
    code: str
    facts: tuple[tuple[str, str], ...]
    since: str
    due: str
    is_late: bool
    done: str


@dataclass(frozen=True, slots=True)
class StepPart:
    """`reasons`: why it was refused, empty where it was not."""

    code: str
    name: str
    help: str
    says: tuple[str, ...]
    clauses: str
    fields: tuple[Field, ...]
    refused: str = ""
    reasons: tuple[str, ...] = ()


@signed_in
@require_safe
def bench_view(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    found = spoken(bench(actor=actor(request)))
    context = {
        "frame": frame(request, _HERE, at),
        "waiting": tuple(_sample(one, at) for one in found.waiting),
        "done": tuple(_sample(one, at) for one in found.done),
        "has_more": found.has_more,
        "has_due": any(one.due_at for one in found.waiting),
    }
    return render(request, "coded/list.html", context)


@signed_in
@require_safe
def sample_view(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, code)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def step_view(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """The same page; a form sent here takes the step."""
    at = clock.now()
    if request.method != "POST":
        return _page(request, code, only=step)
    token = request.POST.get(FORM_TOKEN, "")
    asked = _asked(request, code, step, at)
    if asked is None:
        if is_stated(actor=actor(request), code=code, token=token):
            return redirect("coded-list")
        raise NotFound
    read = read_form(request, asked.fields)
    try:
        if read.errors:
            raise Unacceptable("unreadable", data={"fields": {}, "refusals": ()})
        take_blind_step(
            actor=actor(request),
            at=at,
            code=code,
            step=step,
            given=read.given,
            uploads=read.uploads,
            token=token,
        )
    except (NotNow, Unacceptable) as refused:
        errors = {**sentences.field_errors(refused), **read.errors}
        return _page(request, code, only=step, typed=read.typed, errors=errors, refused=refused)
    messages.success(request, _("已办：%(step)s") % {"step": asked.name})
    return redirect("coded-list")


def _asked(request: HttpRequest, code: str, step: str, at: datetime) -> OutsideStep | None:
    """The form of a step that he may take now; nothing too where the sample is not on his bench."""
    try:
        page = spoken(sample_page(actor=actor(request), at=at, code=code))
    except NotFound:
        return None
    return next((one.step for one in page.steps if one.step.code == step), None)


def _page(
    request: HttpRequest,
    code: str,
    *,
    only: str = "",
    typed: Given = MappingProxyType({}),
    errors: Mapping[str, str] = MappingProxyType({}),
    refused: Refused | None = None,
) -> HttpResponse:
    """`only`: the one step that is shown; the others have pages of their own."""
    at = clock.now()
    page = spoken(sample_page(actor=actor(request), at=at, code=code))
    steps = [one for one in page.steps if only in {"", one.step.code}]
    if only and not steps:
        raise NotFound
    context = {
        "frame": frame(request, _HERE, at),
        "sample": _sample(page.line, at),
        "steps": tuple(_step(one, typed, errors, refused) for one in steps),
        "is_refused": refused is not None,
    }
    return render(request, "coded/sample.html", context, status=refused.status if refused else 200)


def _step(one: BlindStep, typed: Given, errors: Mapping[str, str], refused: Refused | None) -> StepPart:
    return StepPart(
        one.step.code,
        one.step.name,
        one.step.help,
        one.says,
        _cited(one.clauses),
        draw(one.step.fields, typed, errors),
        sentences.reason(refused) if refused else "",
        refusal_lines(refused, set(errors)) if refused else (),
    )


def _cited(clauses: Iterable[str]) -> str:
    return listed(f"§{clause}" for clause in clauses)


def _sample(line: SampleLine, at: datetime) -> SamplePart:
    return SamplePart(
        line.code,
        tuple((one.name, one.value) for one in line.facts),
        when.when(line.since, at),
        when.when(line.due_at, at) if line.due_at else "",
        line.due_at is not None and line.due_at < at,
        when.when(line.done_at, at) if line.done_at else "",
    )
