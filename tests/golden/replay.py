"""Reads stored rows with today's code and says what follows from them. Needs no database."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
LATER = (timedelta(days=1), timedelta(days=40))
"""Standings are also kept for so long after the last event: time alone changes them."""


@dataclass(frozen=True, slots=True)
class Golden:
    """One stored log of a release: `log` holds the head, its rows, and the standings that followed when it was made."""

    release: Path
    name: str
    log: Mapping[str, Any]


def all_logs() -> Iterator[Golden]:
    for path in sorted(FOLDER.glob("*/logs/*.json")):
        yield Golden(path.parents[1], path.stem, json.loads(path.read_text("utf-8")))


@lru_cache(maxsize=32)
def kind_in(release: Path, policy: str, kind: str) -> Any:
    from kesu.policy.loader import read_canonical

    return read_canonical((release / "policies" / f"{policy}.json").read_text("utf-8")).kinds[kind]


@lru_cache(maxsize=32)
def calendar_in(release: Path, version: str) -> Any:
    from kesu.policy.calendar import Calendar

    return Calendar.from_document(json.loads((release / "calendars" / f"{version}.json").read_text("utf-8")))


def rows_of(log: Mapping[str, Any]) -> list[Any]:
    """The stored events as rows of today's model, not saved anywhere."""
    from kesu.store.models import CaseEvent

    moments = ("at", "recorded_at")
    return [
        CaseEvent(**{name: datetime.fromisoformat(value) if name in moments else value for name, value in row.items()})
        for row in log["events"]
    ]


def standings(golden: Golden) -> list[dict[str, Any]]:
    """In outline, each time the log had come to rest, and a while after its end."""
    from kesu.casefile.log import to_event
    from kesu.policy.standing import standing

    kind = kind_in(golden.release, golden.log["policy"], golden.log["kind"])
    calendar = calendar_in(golden.release, golden.log["calendar"])
    events = [to_event(row, kind) for row in rows_of(golden.log)]
    found = []
    for count, event in enumerate(events, start=1):
        if count == len(events) or events[count].recorded_at > event.recorded_at:
            found.append(outline(count, standing(kind, events[:count], event.recorded_at, calendar)))
    end = events[-1].recorded_at
    found.extend(outline(len(events), standing(kind, events, end + later, calendar)) for later in LATER)
    return found


def outline(count: int, current: Any) -> dict[str, Any]:
    """What rows, pages and deadlines show of a standing, as JSON holds it."""
    return {
        "events": count,
        "now": _text(current.now),
        "stage": current.stage,
        "is_final": current.is_final,
        "level": current.level,
        "level_clauses": list(current.level_clauses),
        "wake_at": _text(current.wake_at),
        "obligations": [
            [o.key, o.state.value, _who(o.owner), _text(o.starts_at), _text(o.due_at), _text(o.met_at), list(o.clauses)]
            for o in current.obligations
        ],
        "approvals": [
            [a.code, a.status.value, [[_who(s.who), s.verdict, s.by] for link in a.links for s in link.signatures]]
            for a in current.approvals
        ],
        "allowed": sorted(step.code for step in current.steps if step.is_allowed),
        "owed": sorted(effect.key for effect in current.effects),
    }


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _who(who: Any) -> str:
    return "/".join(filter(None, (who.role, who.of, who.group)))
