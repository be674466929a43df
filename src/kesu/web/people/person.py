"""一个人: his posts and absences, what he can see and do, and his work when he leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kesu.access.permissions import Permission
from kesu.commands.people.begin_absence import begin_absence
from kesu.commands.people.end_absence import end_absence
from kesu.commands.people.hand_over_work import hand_over_work
from kesu.core import clock
from kesu.core.errors import Unacceptable
from kesu.core.importing import read_day
from kesu.queries.people.hand_over_page import hand_over_page
from kesu.queries.people.person_page import PersonPage, person_page
from kesu.queries.people.security import security
from kesu.web import sentences, when
from kesu.web.fields import Choice, Field, FieldKind
from kesu.web.joining import listed
from kesu.web.people.confirm import confirmed
from kesu.web.refusals import RIGHTS
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken


@dataclass(frozen=True, slots=True)
class AccountNews:
    """What has just become of his account: a password that is shown once, or why nothing was done. `typed` and
    `errors`: of the form about the account itself."""

    password: str = ""
    refused: str = ""
    reason: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def person(request: HttpRequest, account: UUID) -> HttpResponse:
    """A form sent here says when he is away and who stands in for him."""
    at = clock.now()
    on = when.local(at).date()
    typed = {name: request.POST.get(name, "") for name in ("deputy", "first", "last")}
    refused: Unacceptable | None = None
    if request.method == "POST":
        try:
            begin_absence(
                actor=actor(request),
                at=at,
                on=on,
                account_id=account,
                deputy_id=_id(typed["deputy"].strip(), "deputy"),
                first=_day(typed["first"].strip(), "first"),
                last=_day(typed["last"].strip(), "last"),
            )
            messages.success(request, _("请假已登记"))
            return redirect("person", account)
        except Unacceptable as fault:
            refused = fault
    news = AccountNews(status=refused.status) if refused else AccountNews()
    errors = sentences.field_errors(refused) if refused else {}
    return draw_person(request, account, news, typed, errors, sentences.reason(refused) if refused else "")


def draw_person(
    request: HttpRequest,
    account: UUID,
    news: AccountNews,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    said: str = "",
) -> HttpResponse:
    """`typed`, `errors` and `said`: of the form about his absences."""
    at = clock.now()
    who = actor(request)
    page = spoken(person_page(actor=who, at=at, on=when.local(at).date(), account_id=account))
    entry = security(actor=who, at=at, account_id=account)
    kept = typed or dict.fromkeys(("deputy", "first", "last"), "")
    context = {
        "frame": frame(request, "/people", at),
        "page": page,
        "absences": tuple(one for one in page.absences if one.until_on),
        "handed_over": tuple(one for one in page.absences if not one.until_on),
        "rights": tuple((RIGHTS[Permission(code)], listed(places)) for code, places in page.rights),
        "fields": tuple(_absence_fields(page, kept, errors or {})),
        "account_fields": tuple(_account_fields(page, news)) if who.may(Permission.PEOPLE_EDIT) else (),
        "refused": said,
        "news": news,
        "entry": entry,
        "linked": [(one.key, one.name, dict(entry.identities).get(one.key, "")) for one in settings.KESU_SIGN_ON],
        "may_manage": who.may(Permission.PEOPLE_EDIT) and not page.is_reader,
    }
    return render(request, "people/person.html", context, status=news.status)


def _absence_fields(page: PersonPage, typed: Mapping[str, str], errors: Mapping[str, str]) -> Iterator[Field]:
    people = tuple(
        Choice(o.id.hex, f"{o.name}（{o.login}）", typed["deputy"] == o.id.hex, sought=o.pinyin) for o in page.deputies
    )
    day = FieldKind.DATE
    yield Field("first", _("第一天"), day, typed["first"], is_required=True, error=errors.get("first", ""))
    yield Field("last", _("最后一天"), day, typed["last"], is_required=True, error=errors.get("last", ""))
    wrong = errors.get("deputy", "")
    yield Field("deputy", _("由谁代理"), FieldKind.CHOICE, choices=people, is_required=True, error=wrong)


def _account_fields(page: PersonPage, news: AccountNews) -> Iterator[Field]:
    said = {"name": page.name, "login": page.login, "email": page.email, "line": page.line, **news.typed}
    errors, text = news.errors, FieldKind.TEXT
    yield Field("name", _("姓名"), text, said["name"], is_required=True, error=errors.get("name", ""), form="account")
    help_text = _("登录时填的；改了以后，用新的登录")
    wrong = errors.get("login", "")
    yield Field("login", _("账号"), text, said["login"], is_required=True, help=help_text, error=wrong, form="account")
    yield Field("email", _("邮箱"), text, said["email"], error=errors.get("email", ""), form="account")
    rings, wrong = _("电话系统里的分机；来电时在他打开的页面上提示"), errors.get("line", "")
    yield Field("line", _("分机"), text, said["line"], help=rings, error=wrong, form="account")


@require_POST
@signed_in
@confirmed
def absence_ended(request: HttpRequest, absence: int) -> HttpResponse:
    at, whose = clock.now(), _id(request.POST.get("account", ""), "account")
    end_absence(actor=actor(request), at=at, on=when.local(at).date(), absence_id=absence)
    messages.success(request, _("已保存"))
    return redirect("person", whose)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def hand_over(request: HttpRequest, account: UUID) -> HttpResponse:
    at = clock.now()
    on = when.local(at).date()
    typed = request.POST.get("successor", "").strip()
    refused: Unacceptable | None = None
    if request.method == "POST":
        try:
            successor = _id(typed, "successor")
            hand_over_work(actor=actor(request), at=at, on=on, account_id=account, successor_id=successor)
            messages.success(request, _("已交接"))
            return redirect("person", account)
        except Unacceptable as fault:
            refused = fault
    page = spoken(hand_over_page(actor=actor(request), on=on, account_id=account))
    people = tuple(
        Choice(one.id.hex, f"{one.name}（{one.login}）", typed == one.id.hex, sought=one.pinyin)
        for one in page.successors
    )
    error = sentences.field_errors(refused).get("successor", "") if refused else ""
    context = {
        "frame": frame(request, "/people", at),
        "page": page,
        "total_text": _("共 %(count)s 件") % {"count": f"{page.total:,}"},
        "field": Field("successor", _("交给谁"), FieldKind.CHOICE, choices=people, is_required=True, error=error),
        "refused": sentences.reason(refused) if refused else "",
    }
    return render(request, "people/hand_over.html", context, status=refused.status if refused else 200)


def _id(text: str, name: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise _unreadable(name, "not_chosen") from None


def _day(text: str, name: str) -> date:
    on = read_day(text)
    if on is None:
        raise _unreadable(name, "day_unreadable")
    return on


def _unreadable(name: str, code: str) -> Unacceptable:
    return Unacceptable("unreadable", data={"fields": {name: code}, "refusals": ()})
