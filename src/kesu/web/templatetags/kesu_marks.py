"""Tags that print the marks of the pages: `{% load kesu_marks %}`.

They only print what `kesu.web.marks` and `kesu.web.when` computed, so that they are cheap inside table rows; whole
rows are in `kesu_rows`. Instants are aware; `now` is always handed in by the view.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from django import template
from django.conf import settings
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kesu.core import clock
from kesu.core.policy_words import SourceWord
from kesu.core.searching import spans
from kesu.web import marks, when
from kesu.web.html import html, joined
from kesu.web.joining import listed, strung
from kesu.web.words import say

register = template.Library()
register.filter(listed)
register.filter(strung)


@register.simple_tag
def icon(name: str, size: str = "", extra: str = "") -> SafeString:
    """One icon of the sprite; `size` is "", "14", "20" or "22"."""
    return _icon(name, size, extra)


@register.simple_tag
def moved_clock() -> SafeString:
    """That the time on the page is not the real one: "" where nothing can move the clock."""
    ahead = clock.moved_by()
    if ahead is None:
        return mark_safe("")
    text = _("试用时钟 %(time)s，比真实时间快 %(span)s") % {
        "time": when.stamp(clock.now()),
        "span": when.span_text(ahead),
    }
    return html('<p class="moved-clock" role="note">{}</p>', text)


# The same few marks stand on every row of every page: each is drawn once a process, in each language.


@lru_cache(maxsize=512)
def _icon(name: str, size: str, extra: str) -> SafeString:
    classes = " ".join(part for part in ("i", f"i-{size}" if size else "", extra) if part)
    return html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, static("icons.svg"), name)


@register.simple_tag
def clause(policy_hash: str, clause_id: str, printed: str = "") -> SafeString:
    """The clause tag §5.2: a link to the sentence, unfolded in place where scripts run."""
    return _clause(policy_hash, clause_id, printed, get_language() or "")


@lru_cache(maxsize=1024)
def _clause(policy_hash: str, clause_id: str, printed: str, _language: str) -> SafeString:
    label = say(printed or clause_id)
    if not label:
        return mark_safe("")
    if not policy_hash:
        return html('<span class="cl">§{}</span>', label)
    return html(
        '<a class="cl" href="/policies/{0}/clauses/{1}" hx-get="/policies/{0}/clauses/{1}" hx-target="#clause-sheet"'
        ' hx-swap="innerHTML" hx-push-url="false" title="{2}">§{3}</a>',
        policy_hash,
        clause_id,
        _("展开条款原文"),
        label,
    )


@register.simple_tag
def clauses(refs: Iterable[marks.ClauseRef]) -> SafeString:
    """Several clause tags, in the order given."""
    return joined((clause(ref.policy, ref.id, ref.printed) for ref in refs or ()), " ")


@register.filter
def named(word: str) -> SafeString:
    """A word of the policy, marked as Chinese where it has no text in the language of the page."""
    return html('<span lang="zh-Hans">{}</span>' if isinstance(word, SourceWord) else "{}", word)


@register.simple_tag
def level_mark(name: str, index: int | None, of: int) -> SafeString:
    """A level: square, bars, word. `index` counts from 1 (lowest); None prints 未定级."""
    return _level(name, index, of, get_language() or "")


@lru_cache(maxsize=256)
def _level(name: str, index: int | None, of: int, _language: str) -> SafeString:
    mark = marks.level(name, index, of)
    bars = joined(
        html(
            '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
            "on" if b.is_on else "off",
            b.x,
            b.y,
            b.width,
            b.height,
        )
        for b in mark.bars
    )
    return html(
        '<span class="lv lv-{}"><svg viewBox="0 0 13.5 12" aria-hidden="true">{}</svg>{}</span>',
        mark.tone,
        bars,
        mark.name,
    )


@register.simple_tag
def clock_pill(
    due_at: datetime | None,
    now: datetime,
    met_at: datetime | None = None,
    paused_since: datetime | None = None,
    waiting_for: str = "",
    provisional: bool = False,
    warn_at: datetime | None = None,
    starts_at: datetime | None = None,
    calendar: marks.WorkingCalendar | None = None,
) -> SafeString:
    """The clock of one obligation; see `marks.clock` for the words."""
    timing = marks.Timing(
        due_at=due_at,
        met_at=met_at,
        starts_at=starts_at,
        paused_since=paused_since,
        waiting_for=waiting_for,
        warn_at=warn_at,
        provisional=provisional,
    )
    return clock_mark(marks.clock(timing, now, calendar))


@register.simple_tag
def clock_mark(clock: marks.Clock) -> SafeString:
    """A clock pill that a view has already computed."""
    return _clock(clock, get_language() or "")


@lru_cache(maxsize=1024)
def _clock(clock: marks.Clock, _language: str) -> SafeString:
    late = html(' <span class="over-t b">{}</span>', _("迟")) if clock.state == "met" and clock.is_late else ""
    due = html('<span class="vh">{}</span>', _("，到期 %(due)s") % {"due": clock.due_text})
    return html(
        '<span class="ck ck-{}">{}{}{}{}</span>',
        clock.state,
        icon(clock.icon),
        clock.words,
        late,
        due if clock.due_text else "",
    )


@register.simple_tag
def level_change(before: str, before_index: int | None, after: str, after_index: int | None, of: int) -> SafeString:
    """Old level → new level."""
    return html(
        '<span class="rise">{}{}<span class="vh">{}</span>{}</span>',
        level_mark(before, before_index, of),
        icon("arrow-right", "14"),
        _("变为"),
        level_mark(after, after_index, of),
    )


@register.simple_tag
def filter_field(name: str, label: str, every: str, value: str, choices: Iterable[marks.Choice]) -> SafeString:
    """A choice above a list that sends the form at once; `every` is the word for no choice."""
    chosen = mark_safe(" selected")
    options = joined(
        html('<option value="{}"{}>{}</option>', one.value, chosen if one.value == value else "", one.label)
        for one in choices
    )
    return html(
        '<label class="fld{}"><span>{}</span><select name="{}" data-send-on-change><option value="">{}</option>{}'
        "</select></label>",
        " set" if value else "",
        label,
        name,
        every,
        options,
    )


@register.simple_tag(takes_context=True)
def sort_link(context: Context, label: str, key: str, param: str = "sort") -> SafeString:
    """Link of a table head: sorts by `key`, a second time the other way round (`-key`); keeps the other filters."""
    query = context["request"].GET.copy()
    now = query.get(param, "")
    query[param] = f"-{key}" if now == key else key
    query.pop("page", None)
    arrow = {key: icon("arrow-up"), f"-{key}": icon("arrow-down")}.get(now, "")
    return html('<a href="?{}">{}{}</a>', query.urlencode(), label, arrow)


@register.simple_tag(takes_context=True)
def sort_state(context: Context, key: str, param: str = "sort") -> SafeString:
    """The aria-sort attribute of a <th>, empty when the table is not sorted by it."""
    state = {key: "ascending", f"-{key}": "descending"}.get(context["request"].GET.get(param, ""))
    return html(' aria-sort="{}"', state) if state else mark_safe("")


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: object) -> str:
    """The present address's query with some values replaced; None takes one away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def without(context: Context, name: str) -> str:
    """The present address's query without one of its values."""
    query = context["request"].GET.copy()
    query.pop(name, None)
    query.pop("page", None)
    return f"?{query.urlencode()}"


@register.simple_tag
def marked(text: str, words: Iterable[str]) -> SafeString:
    """The text with the words of a search marked. Texts of people are escaped like everywhere."""
    found = spans(text, tuple(words)) if words else ()
    parts, end = [], 0
    for start, stop in found:
        parts.append(html("{}<mark>{}</mark>", text[end:start], text[start:stop]))
        end = stop
    return html("{}{}", joined(parts), text[end:])


@register.simple_tag
def avatar(name: str, kind: str = "", size: str = "") -> SafeString:
    """The round initial of a person; `kind` "" staff, "ex" customer, "sys" program; `size` "", "sm", "lg"."""
    classes = " ".join(part for part in ("k-ava", kind, size) if part)
    return html('<span class="{}" aria-hidden="true">{}</span>', classes, marks.initial(name))


@register.filter
def masked_phone(number: str) -> str:
    """188****2016."""
    return marks.mask_phone(number)


@register.filter
def yuan(amount: Decimal) -> str:
    """¥18,968.00."""
    return marks.yuan(amount)


@register.filter
def when_text(at: datetime | None, now: datetime) -> str:
    """今天 10:12, 昨天 17:03, 10-08 15:20."""
    return "" if at is None else when.when(at, now)


@register.filter
def due_text(at: datetime | None, now: datetime) -> str:
    """今天 16:00, 10-10 周六 18:00."""
    return "" if at is None else when.due(at, now)


@register.filter
def day_head(at: datetime, now: datetime) -> str:
    """今天 10-09 周五, 10-08 周四."""
    return when.day_head(at, now)


@register.filter
def age_text(start: datetime, now: datetime) -> str:
    """10 天, 3 小时."""
    return when.age(start, now)


@register.filter
def hour_minute(at: datetime) -> str:
    """10:40."""
    return when.hour_minute(at)


@register.filter
def stamp(at: datetime | None) -> str:
    """2026-10-10 18:00."""
    return "" if at is None else when.stamp(at)


@register.filter
def iso(at: datetime) -> str:
    """For the datetime attribute of <time>."""
    return when.local(at).isoformat(timespec="minutes")


@register.simple_tag
def one_time_token() -> str:
    """For a hidden field: whoever sends the same form twice has sent it once."""
    return secrets.token_urlsafe(24)


@register.simple_tag
def whole_url(name: str, *parts: str) -> str:
    """An address as somebody outside is given it."""
    return f"{settings.KESU_BASE_URL}{reverse(name, args=parts)}"
