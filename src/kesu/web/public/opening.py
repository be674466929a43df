"""How every form of the public opens: the place, what it is about, then one form drawn from the policy."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kesu.core import clock
from kesu.core.errors import Refused
from kesu.policy.asking import FieldView
from kesu.queries.public.opening_form import OpeningForm
from kesu.queries.public.places import places
from kesu.web import sentences, subjects
from kesu.web.forms import Given, draw_for_outsider
from kesu.web.public.told import headline, refusal_lines
from kesu.web.words import spoken


def choose_place(
    request: HttpRequest, *, is_sealed: bool, form: str, template: str, is_chat: bool = False
) -> HttpResponse:
    """One question a screen; a question with one answer is not asked. `form`: the name of the form's address."""
    found = spoken(places(at=clock.now(), is_sealed=is_sealed, is_chat=is_chat))
    chosen = next((place for place in found if place.id.hex == request.GET.get("place")), None)
    if chosen is None and len(found) == 1:
        chosen = found[0]
    kinds = chosen.kinds if chosen else ()
    kind = next((one for one in kinds if len(kinds) == 1 or one.code == request.GET.get("kind")), None)
    if chosen is not None and kind is not None and len(kind.subjects) <= 1:
        return redirect(form, chosen.id, kind.code)
    context = {
        "places": found,
        "chosen": chosen,
        "kind": kind,
        "subjects": tuple(subjects.choices(kind.subjects, None)) if kind else (),
        "subject_name": subjects.NAME,
        "form": form,
        "again": request.path,
    }
    return render(request, template, context)


def asks_subject(opening: OpeningForm, choose: str) -> HttpResponse | None:
    """To where the subject is chosen, for whoever opens a form that needs one. `choose`: the name of that address."""
    if not opening.subjects:
        return None
    return redirect(f"{reverse(choose)}?{urlencode({'place': opening.unit_id.hex, 'kind': opening.kind})}")


def form_page(
    request: HttpRequest,
    template: str,
    opening: OpeningForm,
    token: str,
    typed: Given | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    """The form; a refused one with what was typed and why."""
    errors = sentences.field_errors(refused) if refused else {}
    context = {
        "opening": opening,
        "fields": draw_for_outsider(_own(opening, behalf=False), typed or {}, errors),
        "on_behalf": draw_for_outsider(_own(opening, behalf=True), typed or {}, errors),
        "speaks_for": any(
            name.partition(".")[0] in opening.on_behalf and any(said) for name, said in (typed or {}).items()
        ),
        "token": token,
        "subject_name": subjects.NAME,
        "subject_field": subjects.field(opening.subjects, errors.get(subjects.NAME, "")),
        "subject_said": subjects.written(opening.subject) if opening.says_subject else "",
        "subject": opening.subject if opening.says_subject and not opening.subjects else "",
        "refused": headline(refused) if refused else "",
        "reasons": refusal_lines(refused, set(errors)) if refused else (),
    }
    return render(request, template, context, status=refused.status if refused else 200)


def _own(opening: OpeningForm, *, behalf: bool) -> tuple[FieldView, ...]:
    return tuple(one for one in opening.fields if (one.code in opening.on_behalf) is behalf)
