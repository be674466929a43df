"""组织的表格: units, people and posts out to a spreadsheet, and back from one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kesu.access.house import ROOTS
from kesu.commands.organisation.import_organisation import Imported, OrganisationLines, import_organisation
from kesu.core import clock
from kesu.core.codes import half_width
from kesu.core.errors import Unacceptable
from kesu.core.importing import Fault, Line
from kesu.queries.organisation.book import OrganisationBook, organisation_book
from kesu.queries.organisation.roles import roles
from kesu.web import sentences, when
from kesu.web.joining import listed
from kesu.web.organisation.tree import KINDS
from kesu.web.people.confirm import confirmed_first
from kesu.web.session import actor, frame, signed_in
from kesu.web.sheets import Book, Value, answer
from kesu.web.sheets_in import read_book

_SHEETS: Final = {"units": gettext_lazy("单位"), "people": gettext_lazy("人员"), "posts": gettext_lazy("任职")}
_COLUMNS: Final = {
    "units": {
        "code": gettext_lazy("代码"),
        "name": gettext_lazy("名称"),
        "kind": gettext_lazy("种类"),
        "inside": gettext_lazy("上级代码"),
        "is_public": gettext_lazy("对客户公开"),
        "is_closed": gettext_lazy("已停用"),
    },
    "people": {"login": gettext_lazy("账号"), "name": gettext_lazy("姓名"), "email": gettext_lazy("邮箱")},
    "posts": {
        "login": gettext_lazy("账号"),
        "unit": gettext_lazy("单位代码"),
        "role": gettext_lazy("岗位代码"),
        "name": gettext_lazy("岗位名称"),
        "first": gettext_lazy("从"),
        "last": gettext_lazy("到"),
    },
}
_FLAGS: Final = ("is_public", "is_closed")
_YES: Final = ("yes", "y", "1", "true")
_NO: Final = ("no", "n", "0", "false")
_MOST_SHOWN: Final = 300
_WIDTHS: Final = (22, 26, 20, 26, 14, 14)


@dataclass(frozen=True, slots=True)
class FaultPart:
    where: str
    column: str
    value: str
    why: str


@require_safe
@signed_in
def book_out(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    on = when.local(at).date()
    found = organisation_book(actor=actor(request), on=on)
    book = Book(at)
    for sheet, rows in _rows(found).items():
        page = book.sheet(str(_SHEETS[sheet]), _WIDTHS[: len(_COLUMNS[sheet])], repeat=1)
        page.row([str(name) for name in _COLUMNS[sheet].values()], "head")
        for row in rows:
            page.row(row)
    return answer(book.close(), _("组织"), on.isoformat())


def _rows(found: OrganisationBook) -> dict[str, list[list[Value]]]:
    yes, no = _("是"), _("否")
    return {
        "units": [
            [u.code, u.name, str(KINDS[u.kind]), u.inside, yes if u.is_public else no, yes if u.is_closed else no]
            for u in found.units
        ],
        "people": [[one.login, one.name, one.email] for one in found.people],
        "posts": [
            [p.login, p.unit, p.role, p.name, p.first.isoformat(), p.last.isoformat() if p.last else ""]
            for p in found.posts
        ],
    }


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_first
def book_in(request: HttpRequest) -> HttpResponse:
    """Passwords of new accounts are shown once, on the page that answers."""
    at = clock.now()
    done: Imported | None = None
    refused: Unacceptable | None = None
    dry = request.POST.get("dry") == "yes"
    known = {one.code: one.post_name for one in roles(actor=actor(request))}
    if request.method == "POST":
        try:
            done = import_organisation(
                actor=actor(request),
                at=at,
                on=when.local(at).date(),
                lines=_sent(request, known),
                roles=known,
                dry=dry,
            )
        except Unacceptable as fault:
            refused = fault
    faults: Sequence[Fault] = refused.data.get("faults", ()) if refused else ()
    context = {
        "frame": frame(request, "/organisation", at),
        "done": done,
        "dry": dry,
        "faults": tuple(_faults(faults[:_MOST_SHOWN])),
        "more": max(0, len(faults) - _MOST_SHOWN),
        "refused": sentences.reason(refused) if refused else "",
        "kinds": listed(str(kind) for kind in KINDS.values()),
        "roots": listed(str(KINDS[kind]) for kind in ROOTS),
        "known": tuple(known.items()),
    }
    return render(request, "organisation/book.html", context, status=refused.status if refused else 200)


def _sent(request: HttpRequest, known: Mapping[str, str]) -> OrganisationLines:
    found = read_book(
        request.FILES.get("file"),
        {
            sheet: (_called(_SHEETS[sheet]), {code: _called(name) for code, name in columns.items()})
            for sheet, columns in _COLUMNS.items()
        },
    )
    kinds = {name: code for code, kind in KINDS.items() for name in (code, *_called(kind))}
    named = {name: code for code, name in known.items()} | {code: code for code in known}
    flags = _flags()
    words = {"kind": kinds, **dict.fromkeys(_FLAGS, flags)}
    units = [_read(line, words) for line in found["units"]]
    return OrganisationLines(units, found["people"], [_read(line, {"role": named}) for line in found["posts"]])


def _called(name: object) -> list[str]:
    """In every language, so that a file goes back whoever exported it."""
    called = []
    for language, _own in settings.LANGUAGES:
        with override(language):
            called.append(str(name))
    return called


def _read(line: Line, words: Mapping[str, Mapping[str, str]]) -> Line:
    """With the codes of chosen words; a word that is offered nowhere stays what it is, and is refused with its line."""
    cells = dict(line.cells)
    for column, codes in words.items():
        plain = half_width(cells[column])
        cells[column] = codes.get(cells[column]) or codes.get(plain.lower(), plain)
    return replace(line, cells=cells)


def _flags() -> dict[str, str]:
    yes, no = (*_YES, *_called(gettext_lazy("是"))), (*_NO, *_called(gettext_lazy("否")))
    return {word.lower(): "yes" for word in yes} | {word.lower(): "no" for word in no}


def _faults(faults: Sequence[Fault]) -> Iterator[FaultPart]:
    for fault in faults:
        where = _("“%(sheet)s”第 %(number)s 行") % {"sheet": _SHEETS[fault.sheet], "number": fault.number}
        column = str(_COLUMNS[fault.sheet][fault.column])
        yield FaultPart(where, column, fault.value, _why(fault))


def _why(fault: Fault) -> str:
    if fault.reason == "name_stands":
        return _("同一级已经有这个名称，它的代码是 %(code)s") % {"code": fault.known}
    if fault.reason == "unknown_kind":
        return _("没有这种单位。可以写：%(kinds)s") % {"kinds": listed(str(kind) for kind in KINDS.values())}
    if fault.reason == "unknown_role":
        return _("没有这个岗位。可以写的岗位列在本页“岗位代码”里")
    return sentences.why(fault.reason)
