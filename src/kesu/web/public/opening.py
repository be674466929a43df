"""How every form of the public opens: the place, what it is about, then one form drawn from the policy."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kesu.core import clock
from kesu.core.errors import Refused
from kesu.queries.public.opening_form import OpeningForm
from kesu.queries.public.places import places
from kesu.web import sentences
from kesu.web.forms import Given, draw_for_outsider
from kesu.web.public.told import headline, refusal_lines
from kesu.web.words import spoken


def choose_place(request: HttpRequest, *, is_sealed: bool, form: str, template: str) -> HttpResponse:
    """One question a screen; a question with one answer is not asked. `form`: the name of the form's address."""
    found = spoken(places(at=clock.now(), is_sealed=is_sealed))
    chosen = next((place for place in found if place.id.hex == request.GET.get("place")), None)
    if chosen is None and len(found) == 1:
        chosen = found[0]
    if chosen is not None and len(chosen.kinds) == 1:
        return redirect(form, chosen.id, chosen.kinds[0].code)
    return render(request, template, {"places": found, "chosen": chosen})


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
        "fields": draw_for_outsider(opening.fields, typed or {}, errors),
        "token": token,
        "refused": headline(refused) if refused else "",
        "reasons": refusal_lines(refused, set(errors)) if refused else (),
    }
    return render(request, template, context, status=refused.status if refused else 200)
