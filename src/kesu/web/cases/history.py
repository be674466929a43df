"""办理记录 as the case page prints it: by day, with what one person did many times in a row in one line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from kesu.access.sight.item import Item, ItemKind
from kesu.queries.cases.case_page import CasePage
from kesu.web import marks, when
from kesu.web.cases.drawing import refs, text_of
from kesu.web.cases.items import ICONS, LOOKS, text_of_item

_ALIKE: Final = 4
"""So many steps of one kind in a row, taken by one person within a minute, stand in one line: a list was read in."""
_SHOWN_ALIKE: Final = 20
"""Of such a row so many are drawn, and all of them where the reader asks for the whole."""
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class RowPart:
    """One line of texts below a timeline item."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ItemPart:
    """One item of the timeline; `look` picks the drawing (see the event component)."""

    key: str
    look: str
    icon: str
    who: str
    role: str
    text: str
    at: datetime
    rows: tuple[RowPart, ...]
    clauses: tuple[marks.ClauseRef, ...]
    is_void: bool
    is_interim: bool = False
    beside: str = ""  # who else has what the complainant is told
    promised: str = ""  # what day it promises
    undo_url: str = ""
    before: str = ""
    before_index: int | None = None
    after: str = ""
    after_index: int | None = None
    of: int = 0
    more: tuple[ItemPart, ...] = ()  # those that followed and say the same of others
    hidden: int = 0  # so many of those are not drawn

    @property
    def times(self) -> int:
        """How often it was done after the first time."""
        return len(self.more) + self.hidden


@dataclass(frozen=True, slots=True)
class DayPart:
    head: str
    items: tuple[ItemPart, ...]


def days(page: CasePage, items: list[Item], now: datetime, *, whole: bool) -> Iterator[DayPart]:
    """`whole`: however many there are of a row of alike ones."""
    heads: dict[str, list[Item]] = {}
    for item in items:
        heads.setdefault(when.day_head(item.at, now), []).append(item)
    for head, found in heads.items():
        yield DayPart(head, tuple(_folded(page, found, None if whole else _SHOWN_ALIKE)))


def _folded(page: CasePage, items: list[Item], most: int | None) -> Iterator[ItemPart]:
    for same in _runs(items):
        first, *rest = (item_part(page, item) for item in (same if len(same) < _ALIKE else same[:most]))
        if len(same) < _ALIKE:
            yield from (first, *rest)
        else:
            yield replace(first, more=tuple(rest), hidden=len(same) - 1 - len(rest))


def _runs(items: list[Item]) -> Iterator[list[Item]]:
    run: list[Item] = []
    for item in items:
        if run and not _is_alike(run[0], item):
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def _is_alike(one: Item, other: Item) -> bool:
    told = [(item.kind, item.name, item.who, item.stage, item.is_void) for item in (one, other)]
    return one.kind is ItemKind.STEP and told[0] == told[1] and abs(other.at - one.at) < _MINUTE


def item_part(page: CasePage, item: Item) -> ItemPart:
    move = item.move
    return ItemPart(
        key=item.key,
        look=LOOKS.get(item.kind, "event"),
        icon=ICONS.get(item.kind, "clipboard-check"),
        who=_who(page, item),
        role=item.role,
        text=text_of_item(item),
        at=item.at,
        rows=(*(RowPart(line.name, text_of(line)) for line in item.lines), *_undone(item)),
        clauses=refs(page.policy_hash, item.clauses),
        is_void=item.is_void,
        is_interim=item.is_interim,
        beside=item.name if item.kind is ItemKind.SENT else "",
        promised=_("答应 %(day)s 前答复") % {"day": item.answer_by.isoformat()} if item.answer_by is not None else "",
        undo_url=reverse("case-take-back", args=[page.id, item.undo]) if item.undo else "",
        before=move.before.name if move else "",
        before_index=move.before.index if move else None,
        after=move.after.name if move else "",
        after_index=move.after.index if move else None,
        of=move.after.of if move else 0,
    )


def _undone(item: Item) -> Iterator[RowPart]:
    """Why something was taken back, and what stays sent."""
    if item.kind is ItemKind.VOIDED and item.text:
        yield RowPart(_("理由"), item.text)
    if item.sent:
        yield RowPart(_("已发出的不收回"), item.sent)


def _who(page: CasePage, item: Item) -> str:
    if item.by_complainant:
        return page.recipient or _("客户")
    return item.who
