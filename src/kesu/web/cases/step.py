"""The form of a step: drawn from what the policy asks, posted, and drawn again with everything typed when refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kesu.access.sight.lines import RefusalLine
from kesu.commands.cases.take_step import take_step
from kesu.core import clock
from kesu.core.errors import Forbidden, NotFound, NotNow, Overtaken, Refused, Unacceptable
from kesu.policy.standing.checking import OPINION
from kesu.policy.standing.results import Refusal
from kesu.queries.cases.case_page import changes_since
from kesu.queries.cases.find_case import find_case, is_taken
from kesu.queries.cases.merge_pair import MergePair
from kesu.queries.cases.preview import preview_step
from kesu.queries.cases.step_form import StepForm, step_form
from kesu.queries.people.phrases import phrases
from kesu.queries.work.workbench import approvals
from kesu.web import sentences, when
from kesu.web.cases.drawing import (
    first_part,
    is_generic,
    lacking,
    reasons,
    refs,
    refs_by_id,
    refused_part,
    step_address,
    text_of,
)
from kesu.web.cases.letters import letter_parts
from kesu.web.cases.likely import with_proposals_in
from kesu.web.cases.live import live
from kesu.web.cases.merging import pair_context, unseen_pair
from kesu.web.cases.page import page_context, shown_case
from kesu.web.cases.precedents import precedent_part, sum_parts
from kesu.web.cases.signing import signing, waiting
from kesu.web.forms import FIELDS, PART, Given, Read, figure, no_longer_offered, read_form, redrawn
from kesu.web.heard import NAME, said_at
from kesu.web.ledgers.drawing import move_parts
from kesu.web.links import step_url
from kesu.web.parts import RefusedStep
from kesu.web.public.answers import FORM_TOKEN
from kesu.web.session import actor, signed_in
from kesu.web.words import spoken
from kesu.web.work.phrases import PHRASE, with_phrase


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def step_view(request: HttpRequest, case_id: UUID, step: str) -> HttpResponse:
    at = clock.now()
    try:
        form = spoken(step_form(actor=actor(request), at=at, case_id=case_id, step=step))
    except NotFound:
        if is_taken(actor=actor(request), case_id=case_id, token=request.POST.get(FORM_TOKEN, "")):
            return shown_case(request, case_id)
        raise
    if request.method != "POST":
        return _page(request, form, at, form.typed, {}, None)
    read = _read(request, form)
    part = request.POST.get(PART, "")
    if part == FIELDS or part.startswith(PHRASE):  # nobody's script ran: the whole page
        own = phrases(actor=actor(request)) if part != FIELDS else ()
        return _page(request, form, at, with_phrase(read.typed, part, own, OPINION), {}, None)
    try:
        if read.errors:
            raise Unacceptable("unreadable")
        pair = unseen_pair(request, form, read.given)
        if pair is not None:
            return _page(request, form, at, read.typed, {}, None, pair)
        _take(request, form, read, at)
    except (Forbidden, Overtaken, NotNow, Unacceptable) as refused:
        fresh = spoken(step_form(actor=actor(request), at=at, case_id=case_id, step=step))
        gone = no_longer_offered(fresh.all_fields, read.typed)  # a colleague's step may have taken rows away
        errors = {**sentences.field_errors(refused), **gone, **read.errors}
        return _page(request, fresh, at, read.typed, errors, refused)
    messages.success(request, _("已办：%(step)s") % {"step": form.name})
    if form.to_sign:
        _tell_of_next(request, at)
    return shown_case(request, case_id)


def _tell_of_next(request: HttpRequest, at: datetime) -> None:
    """Whoever has signed goes on to what waits for him next."""
    owed = spoken(approvals(actor=actor(request), at=at))
    if owed:
        said = _("还有 %(n)s 件等您签，下一件") % {"n": len(owed)}
        following = owed[0]
        url = step_url(following.case_id, following.step)
        messages.info(request, format_html('{} <a href="{}">{}</a>', said, url, following.number))


@signed_in
@require_POST
def step_preview_view(request: HttpRequest, case_id: UUID, step: str) -> HttpResponse:
    at = clock.now()
    form = spoken(step_form(actor=actor(request), at=at, case_id=case_id, step=step))
    read = _read(request, form)
    if request.POST.get(PART) == FIELDS:
        return render(request, "cases/_depending_fields.html", step_context(form, at, read.typed, {}))
    given = _with_files(request, form, read)
    found = spoken(preview_step(actor=actor(request), at=at, case_id=case_id, step=step, given=given))
    letters = letter_parts(actor(request), at, form, given)
    return render(request, "cases/_live.html", {"live": live(found, at), "letters": letters})


def _read(request: HttpRequest, form: StepForm) -> Read:
    return read_form(request, form.all_fields, lambda number: find_case(actor=actor(request), number=number))


def _with_files(request: HttpRequest, form: StepForm, read: Read) -> Given:
    """While typing, files are not sent: their names stand for them."""
    names = {f.code: tuple(request.POST.getlist(f.code)) for f in form.fields if request.POST.getlist(f.code)}
    return {**names, **read.given}


def _take(request: HttpRequest, form: StepForm, read: Read, at: datetime) -> None:
    seen = request.POST.get("seen_version", "")
    take_step(
        actor=actor(request),
        at=at,
        case_id=form.case_id,
        step=form.step,
        seen_version=figure(seen),
        given=_newly_stated(form, read.given),
        uploads=read.uploads,
        happened_at=said_at(request),
        token=request.POST.get(FORM_TOKEN, ""),
    )


def _newly_stated(form: StepForm, given: Given) -> Given:
    """What a document only repeats is not stated again."""
    repeated = {field.code for field in form.fields if field.document and not field.is_required}

    def is_repeated(name: str) -> bool:
        same = given[name] == form.typed.get(name) or not any(given[name])
        return name.partition(".")[0] in repeated and same

    kept = {name: texts for name, texts in given.items() if not is_repeated(name)}
    # A person is one value of two parts: where one part was changed, both are stated.
    changed = {name.partition(".")[0] for name in kept if "." in name}
    return {name: texts for name, texts in given.items() if name in kept or name.partition(".")[0] in changed}


def _page(
    request: HttpRequest,
    form: StepForm,
    at: datetime,
    typed: Given,
    errors: Mapping[str, str],
    refused: Refused | None,
    pair: MergePair | None = None,
) -> HttpResponse:
    """The case page with the form in its middle column. `pair`: to be looked at before it is taken."""
    context = page_context(request, form.case_id, at)
    context |= step_context(form, at, typed, errors) | pair_context(pair, at)
    if form.to_sign:
        owed = spoken(approvals(actor=actor(request), at=at))
        context["waiting"] = waiting(owed, form.case_id, form.step)
    context |= {"happened_at": request.POST.get(NAME, ""), "happened_error": errors.get(NAME, "")}
    if any(field.code == OPINION for field in form.fields):
        own = phrases(actor=actor(request))
        context |= {"takes_phrases": True, "phrases": own, "phrases_to": f"f-{OPINION}"}
    if refused is not None:
        context |= _refused_context(request, form, at, refused)
    return render(request, "cases/page.html", context, status=refused.status if refused else 200)


def step_context(form: StepForm, at: datetime, typed: Given, errors: Mapping[str, str]) -> dict[str, Any]:
    known = {code: text_of(line) for code, line in form.known.items()}
    notes = {code: _("现在：%(value)s") % {"value": text} for code, text in known.items() if text}
    blocking = [one for one in form.refusals if one.mode == "block"]
    by_id = refs_by_id(form.policy_hash, form.clause_names)
    return {
        "form": form,
        "form_clauses": refs(form.policy_hash, form.clauses),
        "form_is_generic": is_generic(form.clauses),
        **with_proposals_in(redrawn(form.fields, typed, errors, by_id, notes), form.likely).context,
        "verdicts": form.verdict.options if form.verdict else (),
        "form_refused": _refused_now(form, blocking) if blocking else None,
        "moves": move_parts(form.policy_hash, form.moves),
        "guidance": [(one.text, refs(form.policy_hash, one.clauses)) for one in form.guidance],
        "to_sign": signing(form, at) if form.to_sign else None,
        "sums": sum_parts(form),
        "precedents": precedent_part(form),
        "preview_url": reverse("case-step-preview", args=[form.case_id, form.step]),
        "earliest": when.local(at).date(),
    }


def _refused_now(form: StepForm, blocking: Sequence[RefusalLine]) -> RefusedStep:
    part = refused_part(form.policy_hash, form.name, blocking, step_address(form.case_id))
    if form.before is None:
        return part
    return replace(part, missing=(first_part(form.policy_hash, form.before, form.case_id), *part.missing))


def _refused_context(request: HttpRequest, form: StepForm, at: datetime, refused: Refused) -> dict[str, Any]:
    """Why it was not taken: the reasons in sentences, and for somebody overtaken what others did meanwhile."""
    found: Sequence[Refusal] = refused.data.get("refusals", ())
    seen = refused.data.get("seen")
    changes = (
        spoken(changes_since(actor=actor(request), at=at, case_id=form.case_id, version=seen), form.policy_hash)
        if isinstance(seen, int)
        else ()
    )
    return {
        "is_refused": True,
        "refused_title": sentences.reason(refused),
        "refused_says": reasons(found, refs_by_id(form.policy_hash, form.clause_names)),
        "refused_lines": lacking(found),
        "changes": [(change.who, change.what, when.when(change.at, at)) for change in changes],
    }
