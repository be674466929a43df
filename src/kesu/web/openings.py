"""What the two doors to a new case have in common as pages: the register, and the desk that takes reports in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from kesu.access.openings import IntakePage, OpeningForm
from kesu.web import subjects
from kesu.web.cases.drawing import refs, refs_by_id
from kesu.web.forms import Given, Redrawn, redrawn
from kesu.web.heard import NAME as HEARD
from kesu.web.heard import drawn
from kesu.web.session import frame


def chosen(request: HttpRequest) -> dict[str, Any]:
    """Place, kind and subject, as the address or the form that was sent names them."""
    is_sent = request.method == "POST"
    asked = request.POST if is_sent else request.GET
    named = {"unit": asked.get("unit", ""), "kind": asked.get("kind", ""), "subject": subjects.read(asked)}
    return {**named, "is_sent": is_sent}


def form_token(request: HttpRequest) -> str:
    """The one-time token of the form that was sent, or a new one."""
    return request.POST.get("token", "") or secrets.token_urlsafe(24)


def drawn_fields(form: OpeningForm, typed: Given, errors: Mapping[str, str]) -> Redrawn:
    """The fields of the form, each with the clauses that ask for it."""
    return redrawn(form.fields, typed, errors, refs_by_id(form.policy_hash, form.clause_names))


def drawn_form(
    request: HttpRequest, address: str, page: IntakePage, at: datetime, typed: Given, errors: Mapping[str, str]
) -> dict[str, Any]:
    """What `cases/intake.html` and `sealed/intake.html` print alike. `address`: of the page."""
    form = page.form
    return {
        "frame": frame(request, address, at),
        "intake": page,
        "form": form,
        "subjects": tuple(subjects.choices(page.subjects, form.subject if form and not form.subjects else None)),
        "subject_field": subjects.field(form.subjects, errors.get(subjects.NAME, "")) if form else None,
        "subject_name": subjects.NAME,
        "subject_said": subjects.written(form.subject) if form and form.says_subject else "",
        **(drawn_fields(form, typed, errors).context if form else {}),
        "guidance": [(one.text, refs(form.policy_hash, one.clauses)) for one in form.guidance] if form else [],
        "token": form_token(request),
        **drawn(request, at, form.backdate_days if form else None, errors, " ".join(typed.get(HEARD, ()))),
    }
