"""常用语: what somebody keeps for his opinions, and how it comes into one."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kesu.commands.people.drop_phrase import drop_phrase
from kesu.commands.people.keep_phrase import LONGEST, MOST, keep_phrase
from kesu.core import clock
from kesu.core.errors import Unacceptable
from kesu.queries.people.phrases import PhraseLine, phrases
from kesu.web import sentences
from kesu.web.fields import Field, FieldKind
from kesu.web.forms import Given, figure
from kesu.web.session import actor, frame, signed_in
from kesu.web.work.lists import tabs

PHRASE: Final = "phrase:"
"""What the button of a phrase sends where nobody's script ran, with the phrase's number behind."""


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def phrases_view(request: HttpRequest) -> HttpResponse:
    text, error = request.POST.get("text", ""), ""
    if request.method == "POST":
        try:
            keep_phrase(actor=actor(request), text=text)
        except Unacceptable as refused:
            error = sentences.field_errors(refused)["text"]
        else:
            return redirect("approvals-phrases")
    help_text = _("最多 %(most)s 条，每条最多 %(longest)s 字") % {"most": MOST, "longest": LONGEST}
    field = Field("text", _("新的一条"), FieldKind.TEXT, text, is_required=True, help=help_text, error=error)
    shown = {"phrases": phrases(actor=actor(request)), "field": field, **tabs(request, "phrases")}
    whole = {"frame": frame(request, "/approvals", clock.now()), **shown}
    return render(request, "work/phrases.html", whole, status=422 if error else 200)


@signed_in
@require_POST
def phrase_drop_view(request: HttpRequest) -> HttpResponse:
    drop_phrase(actor=actor(request), phrase=figure(request.POST.get("phrase", "")))
    return redirect("approvals-phrases")


def with_phrase(typed: Given, part: str, own: tuple[PhraseLine, ...], field: str) -> Given:
    """What was typed, with the phrase whose button was pressed behind what stands in the field."""
    if not part.startswith(PHRASE):
        return typed
    number = figure(part.removeprefix(PHRASE))
    said = next((one.text for one in own if one.id == number), "")
    return {**typed, field: ("".join((*typed.get(field, ()), said)),)}
