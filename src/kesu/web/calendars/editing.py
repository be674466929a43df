"""修改日历: a new version is written or brought in from a file, looked at with what it moves, and put into force."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kesu.access.redating import WouldMove
from kesu.commands.calendars.change_calendar import Draft, PostDraft, YearDraft, change_calendar
from kesu.core import clock
from kesu.core.errors import Unacceptable
from kesu.policy.calendar.files import MOST_BYTES
from kesu.policy.calendar.lines import LineUnreadable
from kesu.queries.calendars.edit_page import DraftPreview, EditPage, draft_from_file, draft_preview, edit_page
from kesu.web import when
from kesu.web.calendars.faults import fault
from kesu.web.calendars.views import text_of_day
from kesu.web.fields import Choice, Field, FieldKind
from kesu.web.joining import listed
from kesu.web.moves import due_text
from kesu.web.people.confirm import confirmed
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import say, spoken

_YEAR: Final = re.compile(r"year\.([0-9]{4})")
_IMPORTED: Final = "imported"
_POST: Final = "post."
_ALL: Final = "all"
Errors = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MovePart:
    line: WouldMove
    before: str
    after: str
    clauses: str
    why: str


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, version: str) -> HttpResponse:
    """`do` says what is sent: a file to be read in, a post that is to have hours of its own, or the whole to be looked
    at."""
    at = clock.now()
    page = edit_page(actor=actor(request), at=at, calendar_version=version)
    if request.method != "POST":
        return _draw(request, page, page.draft)
    draft = _typed(request.POST)
    if request.POST.get("do") == "file":
        return _read_in(request, page, draft)
    if request.POST.get("do") == "post":
        return _with_post(request, page, draft)
    try:
        seen = draft_preview(
            actor=actor(request),
            at=at,
            calendar_version=version,
            unit_id=_unit(request),
            draft=draft,
            kind=_kind(request),
        )
    except Unacceptable as refused:
        return _draw(request, page, draft, errors=_errors(refused), status=refused.status)
    return _draw(request, page, draft, seen=seen)


@require_POST
@signed_in
@confirmed
def save(request: HttpRequest, version: str) -> HttpResponse:
    at, draft = clock.now(), _typed(request.POST)
    try:
        made = change_calendar(
            actor=actor(request),
            at=at,
            version=version,
            unit_id=_unit(request),
            draft=draft,
            kind=_kind(request),
        )
    except Unacceptable as refused:
        page = edit_page(actor=actor(request), at=at, calendar_version=version)
        return _draw(request, page, draft, errors=_errors(refused), status=refused.status)
    messages.success(request, _("新日历从现在起使用，在办的诉件由后台逐件改算"))
    return redirect("calendar-change", made)


def _unit(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("unit", ""))
    except ValueError:
        return None


def _kind(request: HttpRequest) -> str:
    """Empty: all of them."""
    kind = request.POST.get("kind", _ALL)
    return "" if kind == _ALL else kind


def _typed(sent: QueryDict) -> Draft:
    years = {int(found[1]): name for name in sent if (found := _YEAR.fullmatch(name))}
    return Draft(
        week=tuple(sent.get(f"week.{number}", "") for number in range(1, 8)),
        regular=sent.get("regular", ""),
        years={
            number: YearDraft(sent.get(name, ""), is_official=sent.get(f"official.{number}") == "yes")
            for number, name in sorted(years.items())
        },
        closures=sent.get("closures", ""),
        reason=sent.get("reason", ""),
        posts={
            slot: PostDraft(text, keeps_holidays=sent.get(f"through.{slot}") != "yes")
            for name, text in sent.items()
            if isinstance(text, str) and (slot := name.removeprefix(_POST)) != name
        },
        source=_IMPORTED if sent.get("source") == _IMPORTED else "edited",
    )


def _read_in(request: HttpRequest, page: EditPage, draft: Draft) -> HttpResponse:
    """Into the fields, where it is looked over; nothing is changed by it yet."""
    file = request.FILES.get("file")
    if file is None:
        return _draw(request, page, draft, errors={"file": fault("no_file", 0, "")}, status=422)
    try:
        years, left_out = draft_from_file(file.read(MOST_BYTES + 1))
    except LineUnreadable as refused:
        said = fault(refused.why, refused.line, refused.said)
        return _draw(request, page, draft, errors={"file": said}, status=422)
    read = {number: YearDraft(text, is_official=True) for number, text in years.items()}
    merged = dict(sorted({**draft.years, **read}.items()))
    note = _("读入了 %(years)s 年，请核对后再用；没有保存") % {"years": listed(map(str, sorted(years)))}
    if left_out:
        note = _("%(note)s。有 %(count)d 个事件没有说休还是班，没有读入") % {"note": note, "count": left_out}
    return _draw(request, page, replace(draft, years=merged, source=_IMPORTED), note=note)


def _with_post(request: HttpRequest, page: EditPage, draft: Draft) -> HttpResponse:
    """A field more, in which its hours are written."""
    slot = request.POST.get("post", "")
    if slot not in page.slots:
        return _draw(
            request, page, draft, errors={"post": fault("no_post" if slot else "which_post", 0, "")}, status=422
        )
    posts = {slot: PostDraft("", keeps_holidays=True), **draft.posts}
    return _draw(request, page, replace(draft, posts=posts))


def _errors(refused: Unacceptable) -> dict[str, str]:
    lines = refused.data.get("lines", {})
    return {name: fault(why, *lines.get(name, (0, ""))) for name, why in refused.data["fields"].items()}


def _draw(
    request: HttpRequest,
    page: EditPage,
    draft: Draft,
    *,
    errors: Errors | None = None,
    seen: DraftPreview | None = None,
    note: str = "",
    status: int = 200,
) -> HttpResponse:
    wrong = errors or {}
    chosen = _unit(request) if request.method == "POST" else None
    context: dict[str, object] = {
        "frame": frame(request, "/calendars"),
        "page": page,
        "draft": draft,
        "note": note,
        "wrong": wrong,
        "unit": Field(
            "unit",
            _("用在哪里"),
            FieldKind.CHOICE,
            choices=tuple(Choice(str(pk), name, pk == (chosen or page.places[0][0])) for pk, name in page.places),
            help=_("和它的下级单位；别的单位用的不变"),
            error=wrong.get("unit", ""),
        ),
        "kind": _kinds(request, page, wrong),
        "week": tuple(_week(draft, wrong)),
        "posts": tuple(_posts(page, draft, wrong)),
        "post": _post(page, draft, wrong),
        "regular": Field(
            "regular",
            _("正常工作日"),
            FieldKind.TEXT,
            draft.regular,
            help=_("调休上班的日子按它上班，半天是它的一半"),
            error=wrong.get("regular", ""),
        ),
        "years": tuple(_years(draft, wrong)),
        "closures": Field(
            "closures",
            _("公司自己的休息日"),
            FieldKind.TEXTAREA,
            draft.closures,
            help=_("一行一天或一段：2027-08-08 司庆"),
            error=wrong.get("closures", ""),
        ),
        "reason": Field("reason", _("为什么改"), FieldKind.TEXT, draft.reason, error=wrong.get("reason", "")),
        "preview": _preview(spoken(seen)) if seen is not None else None,
    }
    return render(request, "calendars/edit.html", context, status=status)


def _week(draft: Draft, wrong: Errors) -> Iterator[Field]:
    for number, text in enumerate(draft.week, start=1):
        name = f"week.{number}"
        yield Field(name, when.weekday_name(number), FieldKind.TEXT, text, error=wrong.get(name, ""))


def _kinds(request: HttpRequest, page: EditPage, wrong: Errors) -> Field:
    chosen = _kind(request) or _ALL
    names = {_ALL: _("全部"), **{code: say(name) for code, name in page.kinds.items()}}
    kinds = tuple(Choice(code, name, code == chosen) for code, name in names.items())
    help_text = _("只选一类时，别的诉件用的不变")
    return Field("kind", _("哪一类诉件"), FieldKind.CHOICE, choices=kinds, help=help_text, error=wrong.get("kind", ""))


def _posts(page: EditPage, draft: Draft, wrong: Errors) -> Iterator[tuple[str, Field, bool]]:
    for slot, post in draft.posts.items():
        name = f"{_POST}{slot}"
        label = say(page.slots.get(slot, slot))
        area = Field(name, label, FieldKind.TEXTAREA, post.text, rows=3, error=wrong.get(name, ""))
        yield slot, area, not post.keeps_holidays


def _post(page: EditPage, draft: Draft, wrong: Errors) -> Field:
    """Those that have no hours of their own yet."""
    choices = tuple(Choice(slot, say(name)) for slot, name in page.slots.items() if slot not in draft.posts)
    return Field("post", _("再加一个岗位"), FieldKind.CHOICE, choices=choices, error=wrong.get("post", ""))


def _years(draft: Draft, wrong: Errors) -> Iterator[tuple[int, Field, bool]]:
    for number in sorted(draft.years, reverse=True):  # what has just been published stands on top
        year = draft.years[number]
        label = _("%(year)s 年") % {"year": number}
        name = f"year.{number}"
        area = Field(name, label, FieldKind.TEXTAREA, year.text, rows=8, error=wrong.get(name, ""))
        yield number, area, year.is_official


def _preview(seen: DraftPreview) -> dict[str, object]:
    return {
        "official": listed(str(year) for year in seen.official),
        "other_hours": seen.other_hours,
        "other_posts": listed(map(say, seen.other_posts)),
        "days": tuple(
            (when.weekday(day.date), day, text_of_day(day.before), text_of_day(day.after)) for day in seen.days
        ),
        "running": seen.running,
        "moves": tuple(_move(one) for one in seen.moves),
        "is_cut": seen.is_cut,
        "in_sight": seen.in_sight,
        "looked_at": seen.looked_at,
        "touched": seen.touched,
    }


def _move(one: WouldMove) -> MovePart:
    days = listed(f"{day.date:%m-%d} {text_of_day(day)}" for day in one.because)
    return MovePart(
        one,
        due_text(one.due_before, is_provisional=one.was_provisional),
        due_text(one.due_after, is_provisional=one.is_provisional),
        listed(f"§{clause}" for clause in one.clauses),
        _("工作时间改了") if one.hours else days,
    )
