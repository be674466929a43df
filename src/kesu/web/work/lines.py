"""From what a query says of obligations, moves and coming acts to what the workbench prints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kesu.queries.work.news import LevelName, Move, Soon, SoonKind
from kesu.queries.work.workbench import Group, Owed, Urgency
from kesu.web import marks, sentences
from kesu.web.joining import listed
from kesu.web.links import case_url, step_url
from kesu.web.marks import ClauseRef, Timing
from kesu.web.parts import ObligationPart


class Cited(Protocol):
    """A clause as queries cite it."""

    @property
    def policy(self) -> str: ...

    @property
    def id(self) -> str: ...

    @property
    def printed(self) -> str: ...


@dataclass(frozen=True, slots=True)
class GroupPart:
    """A heading of the workbench; `look` is its class, `icon` its sign (empty: none)."""

    title: str
    look: str
    icon: str
    lines: tuple[ObligationPart, ...]


@dataclass(frozen=True, slots=True)
class MovePart:
    at: datetime
    case_url: str
    title: str
    before: LevelName
    after: LevelName
    why: str
    clauses: tuple[ClauseRef, ...]


@dataclass(frozen=True, slots=True)
class SoonPart:
    at: datetime
    case_url: str
    number: str
    title: str
    text: str
    level: LevelName | None
    clauses: tuple[ClauseRef, ...]


_TITLES: Final = {
    Urgency.OVERDUE: gettext_lazy("已超时"),
    Urgency.TODAY: gettext_lazy("今天到期"),
    Urgency.NEXT_WORKDAY: gettext_lazy("下一工作日"),
    Urgency.LATER: gettext_lazy("以后"),
    Urgency.PAUSED: gettext_lazy("已暂停"),
    Urgency.UNTIMED: gettext_lazy("不计时"),
}
_LOOKS: Final = {Urgency.OVERDUE: ("over", "alert-triangle"), Urgency.TODAY: ("near", "hourglass-high")}


def refs(cited: Iterable[Cited]) -> tuple[ClauseRef, ...]:
    """Generic rules have no sentence to unfold and no tag."""
    return tuple(ClauseRef(one.policy, one.id, one.printed) for one in cited if one.id)


def group_part(group: Group, now: datetime, most: int, *, is_cut: bool = False) -> GroupPart:
    """`most`: so many of it are drawn; `is_cut`: there may be more of it than were read."""
    look, icon = _LOOKS.get(group.urgency, ("", ""))
    title = f"{_TITLES[group.urgency]} {len(group.lines)}{'+' if is_cut else ''}"
    is_first = group.urgency in _LOOKS
    lines = tuple(owed_part(line, now, is_primary=is_first and i == 0) for i, line in enumerate(group.lines[:most]))
    return GroupPart(title, look, icon, lines)


def group_parts(groups: Sequence[Group], now: datetime, total: int, most: int) -> tuple[GroupPart, ...]:
    """The first `most` lines, most urgent first; whoever owes thousands sees of the rest how many they are."""
    read, left, found = sum(len(group.lines) for group in groups), most, []
    for group in groups:
        # Those that were not read are the latest with a limit, or have none.
        found.append(group_part(group, now, left, is_cut=total > read and group is groups[-1]))
        left = max(0, left - len(group.lines))
    return tuple(found)


def tick_of(line: Owed) -> str:
    """What stands for a signature of a list that may be given together with others."""
    return f"{line.case_id}/{line.step}/{line.version}" if line.is_one_of_many else ""


def owed_part(
    line: Owed, now: datetime, *, is_primary: bool = False, tick: str = "", is_ticked: bool = False
) -> ObligationPart:
    """The one action leads to the step that meets it, or to the case where the policy knows no such step. `tick`: what
    a box beside it sends, where several are signed at once."""
    timing = Timing(
        due_at=line.due_at,
        starts_at=line.starts_at,
        paused_since=line.paused_since,
        provisional=line.is_provisional,
    )
    page, first = case_url(line.case_id), line.before
    step, label = line.step if line.step_name and not line.is_early else "", line.step_name
    if first is not None:
        step, label = first.code, first.name
    return ObligationPart(
        id=str(line.id),
        name=line.name,
        clock=marks.clock(timing, now, line.calendar),
        due_line=sentences.due_line(line.due_at, now, is_open=True, provisional=line.is_provisional),
        clauses=refs(line.citations),
        level_name=line.level_name,
        level_index=line.level_rank or None,
        level_of=line.level_of,
        case_url=page,
        case_title=line.title,
        case_number=line.number,
        place=f"{line.unit} {line.room}".strip(),
        action_url=step_url(line.case_id, step) if step else page,
        action_label=label if step else _("打开"),
        is_primary=is_primary,
        tick=tick,
        is_ticked=is_ticked,
        is_outer=line.is_outer,
        before=sentences.comes_first(first.name, is_his=bool(first.code)) if first is not None else "",
        before_clauses=refs(first.citations) if first is not None else (),
    )


def move_part(move: Move) -> MovePart:
    return MovePart(
        at=move.at,
        case_url=case_url(move.case_id),
        title=move.title,
        before=move.before,
        after=move.after,
        why=sentences.level_reason(move.rule, (), by_hand=not move.rule),
        clauses=refs(move.citations),
    )


def soon_part(one: Soon) -> SoonPart:
    return SoonPart(
        at=one.at,
        case_url=case_url(one.case_id),
        number=one.number,
        title=one.title,
        text=_soon_text(one),
        level=one.level,
        clauses=refs(one.citations),
    )


_SOON: Final = {
    SoonKind.NOTICE: gettext_lazy("向%(to)s发出“%(name)s”"),
    SoonKind.REMINDER: gettext_lazy("提醒%(to)s办“%(name)s”"),
    SoonKind.ESCALATION: gettext_lazy("“%(name)s”超时，通知%(to)s"),
    SoonKind.STEP: gettext_lazy("系统办理“%(name)s”"),
    SoonKind.LINK: gettext_lazy("系统开立关联的诉件“%(name)s”"),
    SoonKind.LEVEL: gettext_lazy("%(name)s，等级变为"),
    SoonKind.DUE: gettext_lazy("“%(name)s”到期，未办即计为超时"),
}


def _soon_text(one: Soon) -> str:
    to = listed(sentences.role(code, name) for code, name in one.to) or _("经办人")
    return str(_SOON[one.kind]) % {"to": to, "name": one.name}
