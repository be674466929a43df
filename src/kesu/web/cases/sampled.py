"""The samples of a case as its page prints them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from kesu.access.sight.samples import Became, SampleLine
from kesu.web import marks, when
from kesu.web.cases.drawing import refs
from kesu.web.links import case_url


@dataclass(frozen=True, slots=True)
class DrawnPart:
    url: str
    label: str
    state: str


@dataclass(frozen=True, slots=True)
class SamplePart:
    """`about`: out of how many, of which period; `notes`: what is missing from the list, and why."""

    name: str
    clauses: tuple[marks.ClauseRef, ...]
    about: str
    progress: str
    drawn: tuple[DrawnPart, ...]
    notes: tuple[str, ...]
    seed: str


_STATES: Final = {
    Became.LEFT: lambda: _("还没有查"),
    Became.DONE: lambda: _("查过"),
    Became.GIVEN_UP: lambda: _("查不了"),
}


def sample_parts(policy_hash: str, lines: Sequence[SampleLine], now: datetime) -> Iterator[SamplePart]:
    for line in lines:
        yield SamplePart(
            name=line.name,
            clauses=refs(policy_hash, line.clauses),
            about=_about(line, now),
            progress=_progress(line),
            drawn=tuple(
                DrawnPart(case_url(one.id), f"{one.number} {one.title}".strip(), _STATES[one.became]())
                for one in line.lines
            ),
            notes=tuple(_notes(line)),
            seed=line.seed,
        )


def _about(line: SampleLine, now: datetime) -> str:
    if line.at is None:
        return _("还没有抽")
    said = {"when": when.when(line.at, now), "base": line.base}
    if line.since is None or line.until is None:
        return _("%(when)s从 %(base)s 件里抽签抽出") % said
    last = line.until - timedelta.resolution
    said |= {"since": when.month_day(line.since, now), "until": when.month_day(last, now)}
    return _("%(when)s从 %(since)s 至 %(until)s 的 %(base)s 件里抽签抽出") % said


def _progress(line: SampleLine) -> str:
    if line.at is None:
        return ""
    if not line.drawn:
        return _("没有可以抽的")
    return _("抽出 %(drawn)s 件，还有 %(left)s 件没有查") % {"drawn": line.drawn, "left": line.left}


def _notes(line: SampleLine) -> Iterator[str]:
    if line.short:
        yield _("有 %(count)s 件查不了，也没有可以补抽的") % {"count": line.short}
    if line.hidden:
        yield _("有 %(count)s 件您看不到") % {"count": line.hidden}
    if line.more:
        yield _("还有 %(count)s 件没有列出") % {"count": line.more}
