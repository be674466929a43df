"""What a case has published as it stands: since when, until when, corrected how often, taken back or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kesu.policy.calendar import deadline
from kesu.policy.model.conditions import FactRef, Moment
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.publications import Publication
from kesu.policy.standing.conditions import View, earliest, latest_first
from kesu.policy.standing.facts import end_of
from kesu.policy.standing.moments import Mark


class Shown(StrEnum):
    UP = "up"
    OVER = "over"  # its time is over
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class Published:
    """What one rule shows, or showed last. `seq`: the event with which its facts stood so; `posted_at`: since when it
    is shown without a break, `shown_at`: since when as it reads now; `versions`: 1 until it is corrected. It is no
    longer shown at `until`."""

    rule: Publication
    seq: int
    posted_at: datetime
    shown_at: datetime
    facts: Mapping[str, Value]
    until: datetime | None = None
    taken_back_at: datetime | None = None
    versions: int = 1

    def at(self, now: datetime) -> Shown:
        """What has become of it at an aware `now`."""
        if self.taken_back_at is not None:
            return Shown.TAKEN_BACK
        return Shown.OVER if self.until is not None and self.until <= now else Shown.UP


def published(view: View) -> tuple[Published, ...]:
    """In the order of the policy; nothing of a rule under which nothing was ever shown."""
    found = (_of(rule, view) for rule in view.kind.publishes.values())
    return tuple(one for one in found if one is not None)


def publications_change(kind: Kind, view: View) -> datetime | None:
    """When the time of something that is shown will be over."""
    if not kind.publishes:
        return None
    return earliest(one.until for one in published(view) if one.at(view.now) is Shown.UP)


def publishes_by(kind: Kind, event: str) -> bool:
    """Whether an event of this kind may show something."""
    return any(moment.subject == event for rule in kind.publishes.values() for moment in rule.starts)


def _of(rule: Publication, view: View) -> Published | None:
    found: Published | None = None
    ends = {mark.index: mark for mark in _marks(rule.taken_back, view)}
    starts = {mark.index: mark for mark in _marks(rule.starts, view)}
    for index in sorted({*starts, *ends}):
        if index in starts:
            found = _shown(rule, starts[index], found, view)
        elif found is not None and found.taken_back_at is None:
            found = replace(found, taken_back_at=ends[index].at)
    return found


def _shown(rule: Publication, mark: Mark, before: Published | None, view: View) -> Published:
    facts = {**mark.snapshot.facts, **mark.own}
    is_correction = before is not None and before.at(mark.at) is Shown.UP
    return Published(
        rule=rule,
        seq=mark.seq,
        posted_at=before.posted_at if before is not None and is_correction else mark.at,
        shown_at=mark.at,
        facts={code: facts[code] for code in (*rule.title, *rule.says) if facts.get(code) not in {None, ()}},
        until=_until(rule, mark, facts, view),
        versions=before.versions + 1 if before is not None and is_correction else 1,
    )


def _until(rule: Publication, mark: Mark, facts: Mapping[str, Value], view: View) -> datetime | None:
    if rule.until is None:
        return None
    if isinstance(rule.until, FactRef):
        return end_of(facts.get(rule.until.code), view.calendar)
    return deadline(view.calendar, mark.at, rule.until).due_at


def _marks(moments: Sequence[Moment], view: View) -> Iterator[Mark]:
    for moment in moments:
        yield from latest_first(moment, view)
