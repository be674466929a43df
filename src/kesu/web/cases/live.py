"""What would follow, as it is shown beside a form while somebody types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from kesu.queries.cases.preview import Preview
from kesu.web import marks, parts, sentences
from kesu.web.cases.drawing import field_address, level_part, missing_parts, reason_of, refs
from kesu.web.ledgers.drawing import MovePart, move_parts
from kesu.web.publications.drawing import to_publish_line


@dataclass(frozen=True, slots=True)
class MissingGroup:
    """What one clause still asks, and its sentence."""

    says: str
    clauses: tuple[marks.ClauseRef, ...]
    lines: tuple[parts.MissingLine, ...]
    is_warning: bool


@dataclass(frozen=True, slots=True)
class StartPart:
    name: str
    owner: str
    due: str
    clauses: tuple[marks.ClauseRef, ...]


@dataclass(frozen=True, slots=True)
class PublishPart:
    """What the step would show, to whom and until when; or that it would show it no longer."""

    name: str
    line: str
    clauses: tuple[marks.ClauseRef, ...]


@dataclass(frozen=True, slots=True)
class LivePart:
    """`level` and `sentence` (it with its reason in one line) where the level would change; `count` is how many things
    are missing."""

    level: parts.LevelPart | None
    sentence: str
    stage: str
    count: int
    missing: tuple[MissingGroup, ...]
    starts: tuple[StartPart, ...]
    approvals: tuple[str, ...]
    links: tuple[str, ...]
    publishes: tuple[PublishPart, ...]
    moves: tuple[MovePart, ...]


def live(found: Preview, at: datetime) -> LivePart:
    groups = tuple(_groups(found))
    move = found.move
    sentence = ""
    if move is not None and found.is_change:
        sentence = sentences.level_now(move.after.name, reason_of(move), [one.printed for one in move.clauses])
    moves = (move,) if move else ()
    return LivePart(
        level=level_part(found.policy_hash, found.level, moves, found.raises, at, _("等级预判"))
        if found.level.of and found.is_change  # a level that stays is told beside the form already
        else None,
        sentence=sentence,
        stage=found.stage,
        count=sum(len(group.lines) or 1 for group in groups if not group.is_warning),
        missing=groups,
        starts=tuple(
            StartPart(
                line.name,
                line.owner,
                sentences.due_line(line.due_at, at, is_open=True) or _("不计时"),
                refs(found.policy_hash, line.clauses),
            )
            for line in found.starts
        ),
        approvals=found.approvals,
        moves=move_parts(found.policy_hash, found.moves),
        links=found.links,
        publishes=tuple(
            PublishPart(one.name, to_publish_line(one), refs(found.policy_hash, one.clauses)) for one in found.publishes
        ),
    )


def _groups(found: Preview) -> Iterator[MissingGroup]:
    for one in found.refusals:
        lines = missing_parts([one], field_address)
        says = "" if one.code == "value" else sentences.refusal(one.code, one.says)
        yield MissingGroup(says, refs(found.policy_hash, one.clauses), lines, one.mode == "warn")
