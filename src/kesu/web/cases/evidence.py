"""证据清单: the register of evidence of a case, one piece of it looked at closely, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kesu.commands.cases.describe_file import describe_file
from kesu.commands.cases.hand_over_original import hand_over_original
from kesu.commands.cases.mark_file import mark_file
from kesu.core import clock
from kesu.core.errors import NotNow, Refused, Unacceptable
from kesu.queries.cases.evidence import evidence_file, evidence_register
from kesu.web import sentences
from kesu.web.cases.drawing import shut_words
from kesu.web.cases.page import LIST
from kesu.web.cases.showing_evidence import PieceParts, piece_parts, register_rows
from kesu.web.fields import Field, FieldKind
from kesu.web.heard import NAME, said_at
from kesu.web.public.answers import FORM_TOKEN
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken

_SHOWS_FILES: Final = csp_update({"media-src": [SELF], "frame-src": [SELF]})


@signed_in
@require_safe
def register_view(request: HttpRequest, case_id: UUID) -> HttpResponse:
    at = clock.now()
    found = spoken(evidence_register(actor=actor(request), at=at, case_id=case_id))
    context = {"frame": frame(request, LIST, at), "found": found, "rows": register_rows(found, at)}
    return render(request, "cases/evidence.html", context)


@_SHOWS_FILES
@signed_in
@require_safe
def piece_view(request: HttpRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    return _piece(request, case_id, file_id)


@_SHOWS_FILES
@require_POST
@signed_in
def described_view(request: HttpRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    def describe() -> None:
        at = clock.now()
        shown = evidence_file(actor=actor(request), at=at, case_id=case_id, file_id=file_id).line
        known = {"source": shown.source, "kept": shown.kept, "note": shown.note}
        typed = {name: request.POST.get(name, text).strip() for name, text in known.items()}
        # What is as it was shown is not said again: numbers in it may have been masked for the reader.
        words = {name: text if text != known[name] else None for name, text in typed.items()}
        token = request.POST.get(FORM_TOKEN, "")
        describe_file(actor=actor(request), at=at, case_id=case_id, file_id=file_id, token=token, **words)

    return _done(request, case_id, file_id, describe, _("已保存"))


@_SHOWS_FILES
@require_POST
@signed_in
def handed_view(request: HttpRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    def hand_over() -> None:
        words = {name: request.POST.get(name, "") for name in ("given_by", "given_to", "place")}
        token, when = request.POST.get(FORM_TOKEN, ""), said_at(request)
        hand_over_original(
            actor=actor(request),
            at=clock.now(),
            case_id=case_id,
            file_id=file_id,
            happened_at=when,
            token=token,
            **words,
        )

    return _done(request, case_id, file_id, hand_over, _("已记下交接"))


@_SHOWS_FILES
@require_POST
@signed_in
def marked_view(request: HttpRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    def mark() -> None:
        shapes, token = request.POST.get("shapes", ""), request.POST.get(FORM_TOKEN, "")
        mark_file(actor=actor(request), at=clock.now(), case_id=case_id, file_id=file_id, shapes=shapes, token=token)

    return _done(request, case_id, file_id, mark, _("标注已保存，原图没有改动"))


def _done(request: HttpRequest, case_id: UUID, file_id: UUID, act: Callable[[], None], said: str) -> HttpResponse:
    try:
        act()
    except (NotNow, Unacceptable) as refused:
        return _piece(request, case_id, file_id, refused)
    messages.success(request, said)
    return redirect("case-evidence-file", case_id, file_id)


def _piece(request: HttpRequest, case_id: UUID, file_id: UUID, refused: Refused | None = None) -> HttpResponse:
    at = clock.now()
    found = spoken(evidence_file(actor=actor(request), at=at, case_id=case_id, file_id=file_id))
    errors = _errors(refused) if refused else {}
    shown = piece_parts(found, at)
    context = {
        "frame": frame(request, LIST, at),
        "found": found,
        "piece": shown,
        "description": _description(request, shown, errors),
        "handing": _handing(request, errors),
        "marking": {name: request.POST.get(name, "") for name in ("shapes", "text")},
        "refused": sentences.reason(refused) if refused else "",
        "shut": shut_words(found.register.shut),
    }
    return render(request, "cases/evidence_file.html", context, status=refused.status if refused else 200)


def _errors(refused: Refused) -> dict[str, str]:
    """By the names of the form."""
    return {name.removeprefix("file."): text for name, text in sentences.field_errors(refused).items()}


def _description(request: HttpRequest, piece: PieceParts, errors: Mapping[str, str]) -> tuple[Field, ...]:
    typed = request.POST if "note" in request.POST else {}
    line = piece.line

    def field(name: str, label: str, known: str, kind: FieldKind = FieldKind.TEXT, **more: Any) -> Field:
        return Field(name, label, kind, typed.get(name, known), error=errors.get(name, ""), **more)

    return (
        field("source", _("来源"), line.source, placeholder=_("谁提供、在哪里取得")),
        field("kept", _("原件存放"), line.kept, placeholder=_("哪里、谁保管")),
        field("note", _("说明"), line.note, FieldKind.TEXTAREA, placeholder=_("看得出什么，证明什么")),
    )


def _handing(request: HttpRequest, errors: Mapping[str, str]) -> tuple[Field, ...]:
    typed = request.POST if "given_to" in request.POST else {}

    def field(name: str, label: str, kind: FieldKind = FieldKind.TEXT, **more: Any) -> Field:
        return Field(name, label, kind, typed.get(name, ""), error=errors.get(name, ""), **more)

    return (
        field("given_by", _("交出人"), is_required=True),
        field("given_to", _("接收人"), is_required=True),
        field("place", _("地点"), is_required=True),
        field(NAME, _("时间"), FieldKind.DATETIME, help=_("不填就是现在")),
    )
