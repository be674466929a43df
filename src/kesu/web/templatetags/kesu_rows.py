"""Rows that stand on a page by the dozen, each printed in one go: `{% load kesu_rows %}`.

A template walks every node of every row; at a hundred rows that is most of what the page costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kesu.web.html import html, joined
from kesu.web.templatetags.kesu_marks import clauses, clock_mark, icon, level_mark, marked

if TYPE_CHECKING:
    from kesu.web.cases.list_cases import RowPart
    from kesu.web.parts import ObligationPart

register = template.Library()

_NOTHING = mark_safe("")


@register.simple_tag
def obligation(ob: ObligationPart) -> SafeString:
    """An obligation as a row of the workbench: the clock, what is due on which case, and the one action."""
    return html(
        '<article class="ob{}" id="ob-{}" data-item tabindex="-1">{}'
        '<a class="clk" href="{}#obligations" title="{}">{}<span class="when">{}</span></a>'
        '<div class="grow"><div class="what"><span class="ell">{}</span>{}{}{}</div><div class="of">{}'
        '<a class="ell rowlink" href="{}" data-open>{}</a><span class="mute nw no-sm">{}</span>{}{}</div></div>'
        "{}</article>",
        " ticks" if ob.tick else "",
        ob.id,
        _tick(ob),
        ob.case_url,
        _("期限怎么算的"),
        clock_mark(ob.clock),
        ob.due_line,
        ob.name,
        outer_mark() if ob.is_outer else _NOTHING,
        clauses(ob.clauses),
        _before(ob),
        level_mark(ob.level_name, ob.level_index, ob.level_of),
        ob.case_url,
        ob.case_title,
        ob.case_number,
        _quiet(ob.place),
        _quiet(ob.owner),
        _action(ob),
    )


def outer_mark() -> SafeString:
    """At a limit that somebody outside has set."""
    return html('<span class="tag out nw">{}</span>', _("外部时限"))


def _tick(ob: ObligationPart) -> SafeString:
    if not ob.tick:
        return _NOTHING
    return html(
        '<label class="tick"><input type="checkbox" name="ticked" value="{}" aria-label="{}"{}></label>',
        ob.tick,
        _("选中 %(case)s") % {"case": ob.case_title},
        mark_safe(" checked") if ob.is_ticked else _NOTHING,
    )


def _before(ob: ObligationPart) -> SafeString:
    """What has to be done first, where what is due belongs to a later stage."""
    if not ob.before:
        return _NOTHING
    return html('<span class="sec t13">{} {}</span>', ob.before, clauses(ob.before_clauses))


def _quiet(text: str) -> SafeString:
    return html('<span class="mute nw">{}</span>', text) if text else _NOTHING


def _action(ob: ObligationPart) -> SafeString:
    if not ob.action_url:
        return _NOTHING
    look = " pri" if ob.is_primary else ""
    return html('<a class="btn sm{}" href="{}" data-key="e">{}</a>', look, ob.action_url, ob.action_label)


@register.simple_tag
def case_row(part: RowPart, words: Sequence[str]) -> SafeString:
    """A case as a row of the list, on phones a card. `words`: what a search marks, folded."""
    row = part.row
    return html(
        '<tr data-item id="row-{}">'
        '<td class="lead two"><div class="tcell">{}<span class="mute t12">{}</span>{}</div></td>'
        '<td class="lead">{}</td><td class="tight num last">{}</td>'
        '<td class="t-title"><div><a class="ell rowlink b" href="{}" data-open>{}</a>{}</div>{}</td>{}'
        '<td class="tight sec"><span class="only-sm">{} </span>{}</td><td class="tight">{}</td>'
        '<td class="tight sec">{}</td><td class="tight last">{}</td><td class="tight r sec last">{}</td></tr>',
        row.id.hex,
        _closed() if row.is_final else clock_mark(part.clock),
        part.duty,
        _beside(part),
        level_mark(row.level_name, part.level_index, row.level_of) if row.level_of else "",
        marked(row.number, words),
        part.url,
        marked(row.title, words),
        _people(row.people) if row.people > 1 else "",
        _excerpt(part, words),
        joined(html('<td class="tight sec no-sm">{}</td>', cell) for cell in part.cells),
        marked(row.unit, words),
        marked(part.room, words),
        marked(row.person, words),
        row.stage,
        part.owner,
        part.age,
    )


def _beside(part: RowPart) -> SafeString:
    """The other of two clocks, where somebody outside set one of them: the earlier one stands first."""
    first = outer_mark() if part.row.is_outer else _NOTHING
    if not part.beside:
        return first
    return html('{}<span class="mute t12 nw">{}</span>', first, part.beside)


def _closed() -> SafeString:
    return html('<span class="ck ck-met">{}{}</span>', icon("circle-check"), _("已办结"))


def _people(count: int) -> SafeString:
    text = _("%(count)s 人") % {"count": count}
    return html('<span class="tag nw">{}{}</span>', icon("users"), text)


def _excerpt(part: RowPart, words: Sequence[str]) -> SafeString:
    if part.row.excerpt is None:
        return _NOTHING
    text = marked(part.row.excerpt.text, words)
    return html('<span class="hit ell"><span class="mute">{}：</span>{}</span>', part.found_in, text)
