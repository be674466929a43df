"""What changed by itself and what will: level changes of the last day, and the next acts of time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.cases import cards_for, cards_of
from kesu.casefile.books import calendar_of, kind_of
from kesu.casefile.citing import Citation, cite
from kesu.casefile.log import rows_by_case, to_event
from kesu.casefile.remembered import knows, remembered
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import HOLDER, Who
from kesu.policy.standing import standing
from kesu.policy.standing.results import Effect, EffectKind, LevelChange, Standing
from kesu.store.models import CaseCard
from kesu.store.models.streams import EventRow

_DAY: Final = timedelta(days=1)
_MOVED: Final = 20
_WAKING: Final = 8
_SHOWN: Final = 6


@dataclass(frozen=True, slots=True)
class LevelName:
    """`rank` counts from 1 (lowest), None while there was no level."""

    name: str
    rank: int | None
    of: int


@dataclass(frozen=True, slots=True)
class Move:
    """A level that rose or fell. `rule` is the pack's name for why, empty when done by hand."""

    at: datetime
    case_id: UUID
    number: str
    title: str
    before: LevelName
    after: LevelName
    rule: str
    citations: tuple[Citation, ...]


class SoonKind(StrEnum):
    NOTICE = "notice"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    STEP = "step"
    LINK = "link"
    LEVEL = "level"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Soon:
    """Something that time alone will do. `to`: slots as (code, name) pairs; `level` where a level changes."""

    at: datetime
    kind: SoonKind
    case_id: UUID
    number: str
    title: str
    name: str
    to: tuple[tuple[str, str], ...]
    level: LevelName | None
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class News:
    moves: tuple[Move, ...]
    soon: tuple[Soon, ...]


def news(*, actor: Actor, at: datetime) -> News:
    """Three queries. Levels: the cases of the reader's scope that moved last. Time: the cases that he takes part in."""
    scope, mine = cards_for(actor).select_related("case"), cards_of(actor).select_related("case")
    moved = list(scope.filter(level_of__gt=0, changed_at__gte=at - _DAY).order_by("-changed_at")[:_MOVED])
    waking = list(mine.filter(wake_at__isnull=False).order_by("wake_at")[:_WAKING])
    logs = rows_by_case({card.pk for card in (*moved, *waking) if not knows(card.case.head, at)})
    moves = [move for card in moved for move in _moves(card, at, logs)]
    soon = [one for card in waking for one in _soon(card, at, logs)]
    return News(
        tuple(sorted(moves, key=lambda move: move.at, reverse=True)[:_SHOWN]),
        tuple(sorted(soon, key=lambda one: one.at)[:_SHOWN]),
    )


Logs = Mapping[UUID, Sequence[EventRow]]
"""Events by case, of the cases whose standing nobody has taken yet."""


def _kind(card: CaseCard) -> Kind:
    return kind_of(card.case.policy_version_id, card.case.kind)


def _standing(card: CaseCard, at: datetime, logs: Logs) -> Standing:
    """Asked for every quarter of a minute by everybody at work, so it is taken once."""
    return remembered(card.case.head, at, lambda: _taken(card, at, logs))


def _taken(card: CaseCard, at: datetime, logs: Logs) -> Standing:
    kind = _kind(card)
    rows = logs.get(card.pk) or rows_by_case([card.pk])[card.pk]
    return standing(kind, [to_event(row, kind) for row in rows], at, calendar_of(card.case.calendar_version_id))


def _moves(card: CaseCard, at: datetime, logs: Logs) -> Iterator[Move]:
    """The first grading of a case is no change."""
    kind = _kind(card)
    for change in _standing(card, at, logs).level_changes:
        if change.before is not None and at - _DAY <= change.at <= at:
            yield Move(
                at=change.at,
                case_id=card.pk,
                number=card.number,
                title=card.title,
                before=_level(kind, change.before),
                after=_level(kind, change.after),
                rule=_rule(kind, change),
                citations=cite(card.case.policy_version_id, change.clauses),
            )


def _level(kind: Kind, code: str | None) -> LevelName:
    levels = kind.levels
    if levels is None or code is None:
        return LevelName("", None, len(levels.order) if levels else 0)
    rank = levels.rank(code)
    return LevelName(levels.order[rank].name, rank + 1, len(levels.order))


def _rule(kind: Kind, change: LevelChange) -> str:
    if kind.levels is None or change.rule is None:
        return ""
    return kind.levels.rules[change.rule].name or ""


def _soon(card: CaseCard, at: datetime, logs: Logs) -> Iterator[Soon]:
    """What differs between now and the next instant at which time alone changes something."""
    now = _standing(card, at, logs)
    if now.wake_at is None:
        return
    kind, then = _kind(card), _standing(card, now.wake_at, logs)
    owed = {effect.key for effect in now.effects}
    for effect in then.effects:
        if effect.key not in owed:
            what = SoonKind(effect.kind.value)
            yield _line(card, then.now, what, _name(kind, effect), effect.clauses, _to(kind, effect))
    for change in then.level_changes[len(now.level_changes) :]:
        level = _level(kind, change.after)
        yield _line(card, change.at, SoonKind.LEVEL, _rule(kind, change), change.clauses, (), level)
    for one in now.open_obligations:
        if one.due_at is not None and at < one.due_at <= then.now:
            yield _line(card, one.due_at, SoonKind.DUE, one.name, one.clauses, ())


def _line(
    card: CaseCard,
    at: datetime,
    kind: SoonKind,
    name: str,
    clauses: Sequence[str],
    to: tuple[tuple[str, str], ...],
    level: LevelName | None = None,
) -> Soon:
    cited = cite(card.case.policy_version_id, clauses)
    return Soon(at, kind, card.pk, card.number, card.title, name, to, level, cited)


def _name(kind: Kind, effect: Effect) -> str:
    if effect.kind is EffectKind.NOTICE:
        notice = kind.notices.get(effect.code)
        return notice.name if notice else ""
    for known in (kind.duties, kind.approvals, kind.steps, kind.opens, kind.samples):
        if effect.code in known:
            return str(known[effect.code].name)
    return ""


def _to(kind: Kind, effect: Effect) -> tuple[tuple[str, str], ...]:
    return tuple(_slot(kind, who) for who in effect.to)


def _slot(kind: Kind, who: Who) -> tuple[str, str]:
    role = kind.roles.get(kind.holder if who.role == HOLDER else who.role)
    return who.role, role.name if role else ""
