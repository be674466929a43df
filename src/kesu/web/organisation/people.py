"""人员: who has an account, and new accounts whose first password is shown once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kesu.access.permissions import Permission
from kesu.commands.people.add_account import add_account
from kesu.core import clock
from kesu.core.errors import Unacceptable
from kesu.queries.people.account_list import account_list
from kesu.web import sentences, when
from kesu.web.fields import Field, FieldKind
from kesu.web.paging import pager, whole
from kesu.web.people.confirm import confirmed
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def people(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    typed = {name: request.POST.get(name, "") for name in ("name", "login")}
    refused: Unacceptable | None = None
    password = ""
    if request.method == "POST":
        try:
            password = add_account(actor=actor(request), at=at, **typed)
        except Unacceptable as fault:
            refused = fault
    page = whole(request.GET.get("page", ""), 1)
    found = spoken(account_list(actor=actor(request), on=when.local(at).date(), page=page))
    errors = sentences.field_errors(refused) if refused else {}
    kept = typed if refused else {"name": "", "login": ""}
    total = _("共 %(count)s 人") % {"count": f"{found.total:,}"}
    context = {
        "frame": frame(request, "/people", at),
        "found": found,
        "total_text": total,
        "pager": pager(total, found.page, found.pages),
        "fields": (
            Field("name", _("姓名"), FieldKind.TEXT, kept["name"], is_required=True, error=errors.get("name", "")),
            Field("login", _("账号"), FieldKind.TEXT, kept["login"], is_required=True, error=errors.get("login", "")),
        ),
        "refused": sentences.reason(refused) if refused else "",
        "reader": actor(request).account_id if actor(request).may(Permission.HOUSE_EDIT) else None,
        "made": typed if password else None,
        "password": password,
    }
    return render(request, "organisation/people.html", context, status=refused.status if refused else 200)
