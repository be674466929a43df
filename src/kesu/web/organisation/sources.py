"""外部系统: programs that hand in reports or tell of calls; their secrets are shown once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kesu.commands.arrivals.change_source import SourceState, change_source
from kesu.commands.arrivals.end_earlier_secret import end_earlier_secret
from kesu.commands.arrivals.make_source import Made, make_source
from kesu.commands.arrivals.renew_secret import renew_secret
from kesu.commands.arrivals.set_source_open import set_source_open
from kesu.core import clock
from kesu.core.errors import Unacceptable
from kesu.policy.asking import FieldView
from kesu.policy.model.facts import FactType
from kesu.queries.arrivals.source_list import SourceList, source_list
from kesu.queries.arrivals.source_page import DeliveryLine, SourcePage, source_page
from kesu.web import sentences
from kesu.web.fields import Choice, Field, FieldKind
from kesu.web.forms import identifier
from kesu.web.joining import listed
from kesu.web.people.confirm import confirmed
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken

DELIVERS: Final = {"reports": gettext_lazy("诉件"), "calls": gettext_lazy("来电")}
_FIXED: Final = "fixed."
_OPEN: Final = "open"
_END: Final = "end"
KEEPS: Final = {"": timedelta(0), "hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
"""How long the secret before is good beside the new one."""
_KEEPS_SAID: Final = {
    "": gettext_lazy("立刻作废"),
    "hour": gettext_lazy("再用一小时"),
    "day": gettext_lazy("再用一天"),
    "week": gettext_lazy("再用七天"),
}


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def sources(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    typed = {name: request.POST.get(name, "") for name in ("name", "delivers", "unit", "kind")}
    refused: Unacceptable | None = None
    if request.method == "POST":
        try:
            made = make_source(
                actor=actor(request),
                at=at,
                name=typed["name"],
                delivers=typed["delivers"],
                unit_id=identifier(typed["unit"]),
                kind=typed["kind"],
            )
            return _page(request, made.source_id, made=made)
        except Unacceptable as fault:
            refused = fault
    found = spoken(source_list(actor=actor(request), at=at))
    errors = sentences.field_errors(refused) if refused else {}
    context = {
        "frame": frame(request, "/organisation", at),
        "rows": tuple((one, str(DELIVERS[one.delivers])) for one in found.rows),
        "fields": tuple(_new(found, typed, errors)),
        "refused": sentences.reason(refused) if refused else "",
    }
    return render(request, "organisation/sources.html", context, status=refused.status if refused else 200)


def _new(found: SourceList, typed: Mapping[str, str], errors: Mapping[str, str]) -> Iterator[Field]:
    choice = FieldKind.CHOICE
    named = _("在记录和诉件上这样称呼它，例如“市热线平台”")
    yield Field(
        "name", _("名称"), FieldKind.TEXT, typed["name"], is_required=True, help=named, error=_at(errors, "name")
    )
    what = tuple(Choice(code, str(name), typed["delivers"] == code) for code, name in DELIVERS.items())
    yield Field("delivers", _("送来什么"), choice, choices=what, is_required=True, error=_at(errors, "delivers"))
    units = tuple(Choice(code, name, typed["unit"] == code) for code, name in found.units)
    where = _("送来的诉件都在这个单位和它下面")
    yield Field("unit", _("单位"), choice, choices=units, is_required=True, help=where, error=_at(errors, "unit"))
    kinds = tuple(Choice(code, name, typed["kind"] == code) for code, name in found.kinds)
    yield Field("kind", _("登记成哪一种"), choice, choices=kinds, help=_("只送来电的不用选"), error=_at(errors, "kind"))


def _at(errors: Mapping[str, str], name: str) -> str:
    return errors.get(name, "")


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def source(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """A form sent here says what it may state."""
    if request.method != "POST":
        return _page(request, source_id)
    try:
        change_source(actor=actor(request), at=clock.now(), source_id=source_id, wanted=_wanted(request))
    except Unacceptable as refused:
        return _page(request, source_id, refused=refused)
    messages.success(request, _("已保存"))
    return redirect("source", source_id)


@never_cache
@require_POST
@signed_in
@confirmed
def renewed(request: HttpRequest, source_id: UUID) -> HttpResponse:
    if request.POST.get("to") == _END:
        end_earlier_secret(actor=actor(request), at=clock.now(), source_id=source_id)
        messages.success(request, _("旧密钥已作废"))
        return redirect("source", source_id)
    keeps = KEEPS.get(request.POST.get("keeps", ""), timedelta(0))
    secret = renew_secret(actor=actor(request), at=clock.now(), source_id=source_id, keeps=keeps)
    return _page(request, source_id, made=Made(source_id, secret))


@require_POST
@signed_in
@confirmed
def opened(request: HttpRequest, source_id: UUID) -> HttpResponse:
    is_open = request.POST.get("to") == _OPEN
    set_source_open(actor=actor(request), at=clock.now(), source_id=source_id, is_open=is_open)
    messages.success(request, _("已启用") if is_open else _("已停用"))
    return redirect("source", source_id)


def _wanted(request: HttpRequest) -> SourceState:
    sent = request.POST
    fixed = {name.removeprefix(_FIXED): str(sent[name]) for name in sent if name.startswith(_FIXED)}
    return SourceState(
        sent.get("name", ""), sent.getlist("facts"), fixed, sent.get("number_fact", ""), sent.get("gives_link") == "yes"
    )


def _page(
    request: HttpRequest, source_id: UUID, *, made: Made | None = None, refused: Unacceptable | None = None
) -> HttpResponse:
    at = clock.now()
    page = spoken(source_page(actor=actor(request), at=at, source_id=source_id))
    errors = sentences.field_errors(refused) if refused else {}
    wanted = _wanted(request) if refused else None
    names = {one.code: one.name for one in page.asked}
    context = {
        "frame": frame(request, "/organisation", at),
        "page": page,
        "delivers": str(DELIVERS[page.delivers]),
        "address": request.build_absolute_uri(f"/api/v1/{page.delivers}?source={page.id.hex}"),
        "secret": made.secret if made else "",
        "keeps": tuple(_KEEPS_SAID.items()),
        "fields": tuple(_fields(page, wanted, errors)),
        "refused": sentences.reason(refused) if refused else "",
        "rows": [(one, _outcome(one), _about(one.lacking, names)) for one in page.deliveries],
    }
    return render(request, "organisation/source.html", context, status=refused.status if refused else 200)


def _outcome(one: DeliveryLine) -> str:
    if one.number:
        said = _("登记为 %(number)s") if one.is_new else _("已有 %(number)s")
        return said % {"number": one.number}
    return sentences.reason(Unacceptable(one.reason)) if one.reason else _("收到")


def _about(lacking: tuple[str, ...], names: Mapping[str, str]) -> str:
    return listed(names.get(code, code) for code in lacking)


def _fields(page: SourcePage, wanted: SourceState | None, errors: Mapping[str, str]) -> Iterator[Field]:
    name = wanted.name if wanted else page.name
    yield Field("name", _("名称"), FieldKind.TEXT, name, is_required=True, error=_at(errors, "name"))
    if page.asked:
        yield from _of_reports(page, wanted, errors)


def _of_reports(page: SourcePage, wanted: SourceState | None, errors: Mapping[str, str]) -> Iterator[Field]:
    facts = set(wanted.facts) if wanted else page.facts
    fixed = dict(wanted.fixed or {}) if wanted else page.fixed
    number = wanted.number_fact if wanted else page.number_fact
    ticks = tuple(Choice(one.code, _label(one), one.code in facts) for one in page.asked)
    yield Field("facts", _("它可以填哪些"), FieldKind.CHOICES, choices=ticks, error=_at(errors, "facts"))
    for one in (one for one in page.asked if one.type is FactType.CHOICE):
        said_by_it = Choice("", _("由它填"), not fixed.get(one.code))
        values = (said_by_it, *(Choice(o.value, o.label, fixed.get(one.code) == o.value) for o in one.options))
        label = _("%(name)s一律填") % {"name": one.name}
        yield Field(f"{_FIXED}{one.code}", label, FieldKind.CHOICE, choices=values, error=_at(errors, "fixed"))
    ours = (Choice(one.code, one.name, number == one.code) for one in page.asked if one.type is FactType.TEXT)
    texts = (Choice("", _("没有"), not number), *ours)
    told = _("对方的编号写在这一项里：同一个编号再送来，答复已有的那一件，不再登记")
    wrong = _at(errors, "number_fact")
    yield Field("number_fact", _("对方的编号"), FieldKind.CHOICE, choices=texts, help=told, error=wrong)
    gives = wanted.gives_link if wanted else page.gives_link
    link = _("客户的办理链接只给能转交客户的系统：有链接的人看得到进度，也能代客户办步骤")
    said = (Choice("yes", _("把客户的办理链接告诉它"), gives),)
    yield Field("gives_link", _("办理链接"), FieldKind.CHOICES, choices=said, help=link)


def _label(one: FieldView) -> str:
    return _("%(name)s（%(code)s）") % {"name": one.name, "code": one.code}
