"""The linked cases of a case as its page prints them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from kesu.access.sight.links import LinkLine, LinkView, Way
from kesu.web import marks, sentences
from kesu.web.cases.drawing import refs


@dataclass(frozen=True, slots=True)
class LinkPart:
    """`how`: what links it with this case."""

    url: str
    label: str
    stage: str
    how: str
    due: str


@dataclass(frozen=True, slots=True)
class OwedPart:
    name: str
    clauses: tuple[marks.ClauseRef, ...]
    is_kept_back: bool


_HOW: Final = {
    Way.OPENED: lambda name: _("由本件开立：%(name)s") % {"name": name} if name else _("由本件开立"),
    Way.ORIGIN: lambda name: _("本件由它开立：%(name)s") % {"name": name} if name else _("本件由它开立"),
    Way.NAMED: lambda name: _("本件指到它：%(name)s") % {"name": name},
    Way.NAMING: lambda name: _("它指到本件：%(name)s") % {"name": name},
}


def link_parts(lines: Sequence[LinkLine], now: datetime, page: str = "case-page") -> Iterator[LinkPart]:
    """`page`: the address of a case of this family."""
    for line in lines:
        due = sentences.due_line(line.due_at, now, is_open=True) if not line.is_final else ""
        label = " ".join(part for part in (line.number, line.title) if part)
        yield LinkPart(reverse(page, args=[line.id]), label, line.stage, _HOW[line.way](line.name), due or "")


def owed_parts(policy_hash: str, view: LinkView) -> Iterator[OwedPart]:
    for one in view.owed:
        yield OwedPart(one.name, refs(policy_hash, one.clauses), one.is_kept_back)
