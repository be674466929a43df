"""Deadlines that moved, in the rows of a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from kesu.access.moves import MoveLeaf, MoveLine
from kesu.web import when
from kesu.web.marks import ClauseRef
from kesu.web.paging import pager
from kesu.web.parts import PagerPart
from kesu.web.work.lines import refs


@dataclass(frozen=True, slots=True)
class MovePart:
    line: MoveLine
    before: str
    after: str
    clauses: tuple[ClauseRef, ...]


@dataclass(frozen=True, slots=True)
class MovesPart:
    lines: tuple[MovePart, ...]
    total: str
    pager: PagerPart


def moves_part(moves: MoveLeaf) -> MovesPart:
    total = _("%(count)s 个时限变了") % {"count": f"{moves.total:,}"}
    return MovesPart(tuple(map(_part, moves.lines)), total, pager(total, moves.page, moves.pages))


def _part(one: MoveLine) -> MovePart:
    before = due_text(one.due_before, is_provisional=one.was_provisional)
    after = due_text(one.due_after, is_provisional=one.is_provisional)
    return MovePart(one, before, after, refs(one.citations))


def due_text(at: datetime, *, is_provisional: bool) -> str:
    text = when.stamp(at)
    return _("%(day)s（暂定）") % {"day": text} if is_provisional else text
