"""Who is asking: the actor of a request, the guard of staff pages, and the frame around them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kesu.access.actor import Actor, actor_of
from kesu.commands.people.note_seen import note_seen
from kesu.core import clock
from kesu.queries.work.calls import ringing
from kesu.queries.work.frame import FrameFacts, frame_facts
from kesu.queries.work.notices import MOST_COUNTED, unread
from kesu.web import marks, refusals, when
from kesu.web.frame import Frame, NavItem
from kesu.web.words import spoken

View = Callable[..., HttpResponse]

_ACTOR: Final = "kesu_actor"
_HOME: Final = "/work"
_TAKE_IN: Final = "/sealed/new"
_SIGN_IN: Final = "kesu_sign_in"
_CONFIRMED: Final = "kesu_confirmed"
_MOST_KNOWN: Final = 10_000
_SEEN: Final[dict[str, int]] = {}
"""The last hour of each session that this process has written down: one statement an hour, none a request."""


def actor(request: HttpRequest) -> Actor:
    """The acting person with the posts he holds today; looked up once a request."""
    known: Actor | None = getattr(request, _ACTOR, None)
    if known is None:
        known = actor_of(request.user, when.local(clock.now()).date())  # type: ignore[arg-type]  # signed in
        setattr(request, _ACTOR, known)
    return known


def signed_in(view: View) -> View:
    """Only for accounts; everybody else is asked to sign in and comes back. Answers are never kept by a cache."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _asked_to_sign_in(request)
        _note(request)
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return guarded


def mark_signed_in(request: HttpRequest, sign_in: UUID, at: datetime) -> None:
    request.session[_SIGN_IN] = [sign_in.hex, _hour(at)]


def sign_in_of(request: HttpRequest) -> UUID | None:
    """The row of this session; None for one that is older than such rows."""
    kept = request.session.get(_SIGN_IN)
    return UUID(kept[0]) if kept else None


def mark_confirmed(request: HttpRequest, at: datetime) -> None:
    """He has just shown who he is."""
    request.session[_CONFIRMED] = at.isoformat()


def confirmed_at(request: HttpRequest) -> datetime | None:
    kept = request.session.get(_CONFIRMED)
    return datetime.fromisoformat(kept) if kept else None


def _note(request: HttpRequest) -> None:
    """A page that asks by itself, with nobody in front of it, is not seen."""
    kept = request.session.get(_SIGN_IN)
    if not kept or request.headers.get("X-Kesu-Poll"):
        return
    name, began = kept
    at = clock.now()
    if _SEEN.get(name, began) >= _hour(at):
        return
    note_seen(sign_in=UUID(name), at=at)
    if len(_SEEN) >= _MOST_KNOWN:
        _SEEN.clear()
    _SEEN[name] = _hour(at)


def _hour(at: datetime) -> int:
    return int(at.timestamp()) // 3600


def _asked_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Whoever was signed out while he wrote comes back to the page that he wrote on: what takes a form has often no
    page of its own. A part of a page is not replaced by the page of signing in."""
    if request.headers.get("X-Kesu-Poll") or request.headers.get("HX-Request"):
        return refusals.signed_out(request)
    back = refusals.came_from(request) if request.method == "POST" else request.get_full_path()
    answer = redirect_to_login(back or _HOME, settings.LOGIN_URL)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def frame(request: HttpRequest, current: str = "", at: datetime | None = None, search_text: str = "") -> Frame:
    """`current` is the address of the rail's entry that the page belongs to. `at` is the moment the page speaks of."""
    who, now = actor(request), at or clock.now()
    facts = spoken(frame_facts(actor=who, at=now))
    has_line = bool(getattr(request.user, "line", ""))
    return Frame(
        organisation=facts.organisation,
        person_name=who.name,
        initials=marks.initial(who.name),
        nav=_nav(facts, current),
        now_text=when.now_text(now),
        is_working=bool(facts.is_working),
        post_name=facts.post,
        home_url=_HOME,
        search_text=search_text,
        new_url="/cases/new" if facts.may_register else "",
        report_url=_TAKE_IN if facts.takes_reports else "",
        self_url=f"/people/{who.account_id}",
        policies_to_sign=facts.policies_to_sign,
        has_line=has_line,
        calls=ringing(actor=who, at=now) if has_line else (),
        bell=bell_text(unread(actor=who).count),
    )


def bell_text(count: int) -> str:
    """Empty where nothing is new."""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")


def _nav(facts: FrameFacts, current: str) -> tuple[NavItem, ...]:
    items = [
        NavItem("/work", "layout-dashboard", _("工作台"), key="w"),
        NavItem("/cases", "inbox", _("诉件"), key="l"),
        *([NavItem("/coded", "qrcode", _("编号件"))] if facts.may_see_coded else []),
        *([NavItem("/cases/new", "file-plus", _("登记"))] if facts.may_register else []),
        NavItem("/approvals", "rubber-stamp", _("审批"), count=facts.approvals + facts.policies_to_sign, key="a"),
        *([NavItem("/customers", "user-search", _("客户"))] if facts.may_see_customers else []),
        *([NavItem("/rooms", "building", _("房产"))] if facts.may_see_rooms else []),
        *([NavItem("/ledgers", "receipt", _("台账"))] if facts.may_see_ledgers else []),
        *([NavItem("/registers", "file-text", _("登记簿"))] if facts.has_registers else []),
        *_reports(facts, current),
        *([NavItem("/board", "pin", _("公示栏"))] if facts.has_board else []),
        NavItem("/calendars", "calendar", _("日历")),
        *([NavItem("/policies", "book-2", _("制度"), key="p")] if facts.may_read_policies else []),
        *([NavItem("/numbers", "chart-bar", _("统计"), key="t")] if facts.may_read_numbers else []),
        *([NavItem("/organisation", "building-community", _("组织"))] if facts.may_see_house else []),
        *([NavItem("/people", "users", _("人员"))] if facts.may_see_people else []),
        *([NavItem("/health", "settings", _("运行"))] if facts.may_see_health else []),
    ]
    return tuple(_marked(item, current) for item in items)


def _reports(facts: FrameFacts, current: str) -> list[NavItem]:
    """One entry, which the form belongs to as well: who takes reports in and is on no list has the form alone."""
    if facts.sees_reports:
        return [NavItem("/sealed", "shield-lock", _("举报"), current=current == _TAKE_IN)]
    return [NavItem(_TAKE_IN, "shield-lock", _("录入举报"))] if facts.takes_reports else []


def _marked(item: NavItem, current: str) -> NavItem:
    return replace(item, current=item.current or item.url == current)
