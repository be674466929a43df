"""客户: the list, and the form that adds somebody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kesu.access.permissions import Permission
from kesu.commands.customers.add_customer import add_customer
from kesu.core import clock
from kesu.core.errors import Unacceptable
from kesu.queries.customers.customer_list import CustomerFilter, CustomerList, customer_list
from kesu.queries.customers.duplicates import Duplicate, Suspect, duplicates
from kesu.queries.estate.projects import projects
from kesu.web import sentences
from kesu.web.customers.forms import person_fields, project_field, typed_person
from kesu.web.customers.labels import KINDS, NEEDS, PERSON, SERVICE, WHY
from kesu.web.estate.rooms import sought_text, total_text
from kesu.web.html import html
from kesu.web.joining import listed
from kesu.web.links import customer_url
from kesu.web.marks import Choice
from kesu.web.paging import pager, whole
from kesu.web.session import actor, frame, signed_in
from kesu.web.templatetags.kesu_marks import marked

_ROW: Final = (
    '<tr data-item><td class="tight lead two"><a class="rowlink b" href="{}" data-open>{}</a></td>'
    '<td class="tight">{}</td><td class="tight num">{}</td><td class="tight num sec">{}</td>'
    '<td class="tight sec">{}</td><td class="sec wide">{}</td></tr>'
)


@require_safe
@signed_in
def customer_list_view(request: HttpRequest) -> HttpResponse:
    chosen = CustomerFilter(
        project=request.GET.get("project", ""),
        kind=request.GET.get("kind", ""),
        group=request.GET.get("group", "").replace("\x00", ""),
        text=sought_text(request),
        page=whole(request.GET.get("page", ""), 1),
    )
    found = customer_list(actor=actor(request), customer_filter=chosen)
    total = total_text(found.total, found.most)
    context = {
        "frame": frame(request, "/customers", clock.now()),
        "found": found,
        "chosen": chosen,
        "rows": tuple(_rows(found)),
        "projects": tuple(Choice(*one) for one in found.projects),
        "kinds": tuple(Choice(code, str(label)) for code, label in KINDS.items()),
        "groups": tuple(Choice(name, name) for name in found.groups),
        "total_text": total,
        "is_filtered": bool(chosen.project or chosen.kind or chosen.group or chosen.text),
        "pager": pager(total, found.page, found.pages),
    }
    return render(request, "customers/list.html", context)


def _rows(found: CustomerList) -> Iterator[SafeString]:
    """Drawn here and not in the template: fifty of them cost it half of what the page costs."""
    kinds = {code: str(label) for code, label in KINDS.items()}
    for row in found.rows:
        yield html(
            _ROW,
            customer_url(row.id),
            _("已抹去") if row.is_erased else marked(row.name, found.marked),
            kinds[row.kind],
            marked(row.rooms, found.marked),
            marked(row.phone, found.marked),
            row.project,
            listed(row.groups),
        )


def _addressed(one: Duplicate) -> tuple[tuple[Suspect, str], ...]:
    return tuple((person, customer_url(person.id)) for person in one.people)


@require_safe
@signed_in
def duplicates_view(request: HttpRequest) -> HttpResponse:
    """Who may be one person; joined on the page of either."""
    found = duplicates(actor=actor(request))
    context = {
        "frame": frame(request, "/customers", clock.now()),
        "groups": tuple((str(WHY[one.why]), _addressed(one), one.more) for one in found),
    }
    return render(request, "customers/duplicates.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def customer_new(request: HttpRequest) -> HttpResponse:
    offered = projects(actor=actor(request), needs=Permission.CUSTOMER_EDIT)
    typed, refused = typed_person(request), None
    if request.method == "POST":
        try:
            customer_id = add_customer(actor=actor(request), at=clock.now(), given=typed)
        except Unacceptable as fault:
            refused = fault
        else:
            messages.success(request, _("已新建"))
            return redirect("customer-page", customer_id)
    errors = sentences.field_errors(refused) if refused else {}
    project = project_field(offered, typed["project"], errors, _("由哪个项目的人照管"))
    context = {
        "frame": frame(request, "/customers", clock.now()),
        "person": (project, *person_fields(tuple(PERSON), typed, errors)),
        "needs": tuple(person_fields(tuple(NEEDS), typed, errors)),
        "service": tuple(person_fields(tuple(SERVICE), typed, errors)),
        "refused": sentences.reason(refused) if refused else "",
    }
    return render(request, "customers/new.html", context, status=refused.status if refused else 200)
