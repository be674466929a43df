"""What is published, as pages print it: no word of it depends on the moment at which it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kesu.access.publications import PublicationLine, PublicationPage
from kesu.access.sight.lines import ClauseLine
from kesu.access.sight.publications import PublishedLine, ToPublish
from kesu.policy.model.publications import Audience
from kesu.policy.standing.publications import Shown
from kesu.web import marks, when
from kesu.web.cases.drawing import refs, text_of
from kesu.web.links import board_url, publication_url

AUDIENCES: Final = {
    Audience.PUBLIC: gettext_lazy("公众"),
    Audience.RESIDENTS: gettext_lazy("这里和下级各处的客户"),
    Audience.STAFF: gettext_lazy("员工"),
}


@dataclass(frozen=True, slots=True)
class LinePart:
    """One of a list. `about`: who published it when, and when it was corrected."""

    url: str
    title: str
    about: str


@dataclass(frozen=True, slots=True)
class TextPart:
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class NoticePart:
    """`gone`: why there is nothing to read any more; empty while there is."""

    title: str
    name: str
    about: str
    until: str
    gone: str
    texts: tuple[TextPart, ...]
    policy_title: str
    clauses: tuple[ClauseLine, ...]


@dataclass(frozen=True, slots=True)
class PublishedPart:
    """What a case shows, on its own page. `url` is empty once it is shown no longer."""

    url: str
    name: str
    state: str
    about: str
    clauses: tuple[marks.ClauseRef, ...]


def line_parts(rows: Iterable[PublicationLine], address: Callable[[UUID], str]) -> tuple[LinePart, ...]:
    return tuple(
        LinePart(address(one.id), one.title or one.name, _about(one.publisher, one.posted_at, one.corrected_at))
        for one in rows
    )


def notice_part(page: PublicationPage) -> NoticePart:
    gone = ""
    if page.state is Shown.TAKEN_BACK and page.taken_back_at is not None:
        gone = _("这份公示已于 %(at)s 撤下") % {"at": when.stamp(page.taken_back_at)}
    elif page.state is Shown.OVER and page.until is not None:
        gone = _("公示期到 %(day)s 为止，已经结束") % {"day": when.last_date(page.until).isoformat()}
    return NoticePart(
        title=page.title or page.name,
        name=page.name if page.title else "",
        about=_about(page.publisher, page.posted_at, page.corrected_at),
        until=_("公示到 %(day)s") % {"day": when.last_date(page.until).isoformat()} if page.until and not gone else "",
        gone=gone,
        texts=tuple(TextPart(line.name, text_of(line)) for line in page.lines),
        policy_title=page.policy_title,
        clauses=tuple(one for one in page.clauses if one.id),
    )


def _about(publisher: str, posted_at: datetime, corrected_at: datetime | None) -> str:
    parts = [publisher, _("%(at)s 公示") % {"at": when.stamp(posted_at)}]
    if corrected_at is not None:
        parts.append(_("%(at)s 更正") % {"at": when.stamp(corrected_at)})
    return " · ".join(parts)


def published_parts(policy_hash: str, lines: Iterable[PublishedLine]) -> tuple[PublishedPart, ...]:
    return tuple(
        PublishedPart(
            url=_url(one),
            name=one.name,
            state=_state(one),
            about=_about(
                _("给%(audience)s看") % {"audience": AUDIENCES[one.audience]}, one.posted_at, one.corrected_at
            ),
            clauses=refs(policy_hash, one.clauses),
        )
        for one in lines
    )


def _url(one: PublishedLine) -> str:
    if one.state is not Shown.UP:
        return ""
    return publication_url(one.id) if one.audience is Audience.PUBLIC else board_url(one.id)


def _state(one: PublishedLine) -> str:
    if one.taken_back_at is not None:
        return _("%(at)s 撤下") % {"at": when.stamp(one.taken_back_at)}
    if one.until is None:
        return _("在公示")
    day = when.last_date(one.until).isoformat()
    return (
        _("在公示，到 %(day)s") % {"day": day} if one.state is Shown.UP else _("公示到 %(day)s，已结束") % {"day": day}
    )


def to_publish_line(one: ToPublish) -> str:
    """What the step would show, and to whom; or that it would show it no longer."""
    if one.is_end:
        return _("撤下")
    audience = AUDIENCES[one.audience]
    if one.until is None:
        return _("给%(audience)s看") % {"audience": audience}
    day = when.last_date(one.until).isoformat()
    return _("给%(audience)s看，到 %(day)s") % {"audience": audience, "day": day}
