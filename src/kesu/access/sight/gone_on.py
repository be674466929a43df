"""Of a merged case: what its customer may know of the one in which his goes on. It is somebody else's case, so only the
public words of its stages, and those messages of its policy that carry nothing which anybody has written there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kesu.access.sight.stage_line import public_words
from kesu.casefile.books import calendar_of, kind_of
from kesu.casefile.log import read_log
from kesu.casefile.merging import goes_on_in
from kesu.policy.events import NOTICE_SENT
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT, Notice
from kesu.policy.standing import standing
from kesu.policy.standing.corrections import standing_events
from kesu.policy.standing.results import Standing
from kesu.store.models import Case

_PLAIN: Final = frozenset({"case", "title", "stage"})
"""What may stand in such a message: the number, his own subject, the public stage."""
_PLACES: Final = re.compile(r"\{([^}]*)\}")


@dataclass(frozen=True, slots=True)
class GoneOnLine:
    """`said`: words of its policy to the customer; else the public word of a stage that it came to."""

    at: datetime
    text: str
    said: bool


@dataclass(frozen=True, slots=True)
class GoesOnThere:
    """In which case his own goes on, in the plain words of its policy; `stage` and `lines` are empty where that is
    confidential. Newest lines first, none from before his came to it."""

    number: str
    stage: str
    lines: tuple[GoneOnLine, ...] = ()


def gone_on(case: Case, current: Standing, title: str, at: datetime) -> GoesOnThere | None:
    """The last one, where the one that he was told of was merged as well. `current`: his own case; `title`: what he
    called it."""
    found = goes_on_in(case.card)
    if found is None:
        return None
    if found.confidential:
        return GoesOnThere(found.case.number, "")
    there = found.case
    kind, since = kind_of(there.policy_version_id, there.kind), current.stage_changes[-1].at
    log = read_log(there, kind)
    words, now = public_words(kind), standing(kind, log, at, calendar_of(there.calendar_version_id))
    lines = [*_stages(now, words, since)]
    for event in standing_events(log):
        notice = kind.notices.get(str(event.facts.get("notice", ""))) if event.kind == NOTICE_SENT else None
        if notice is not None and since <= event.at <= at and _is_for_all(notice, kind):
            stage = next((one.after for one in reversed(now.stage_changes) if one.at <= event.at), kind.start_stage)
            values = {"case": there.number, "title": title, "stage": words[stage]}
            lines.append(GoneOnLine(event.at, _filled(notice.text, values), said=True))
    return GoesOnThere(there.number, words[found.stage], tuple(sorted(lines, key=lambda one: one.at))[::-1])


def _stages(now: Standing, words: dict[str, str], since: datetime) -> Iterator[GoneOnLine]:
    for change in now.stage_changes:
        if change.at >= since and words[change.after] != words[change.before]:
            yield GoneOnLine(change.at, words[change.after], said=False)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACES.sub(lambda place: values[place[1]], text)


def _is_for_all(notice: Notice, kind: Kind) -> bool:
    """Whether it is for the customer and would read the same to any other: no fact of the case stands in it."""
    is_plain = set(notice.says) <= {kind.title_fact} and set(_PLACES.findall(notice.text)) <= _PLAIN
    return is_plain and bool(notice.text) and notice.may_reach(COMPLAINANT)
