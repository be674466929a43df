"""A running case goes over to the version of its policy that is in force where it lies: by an event of its log, with a
record of what moved and a message to whoever owes it. What stands in the way is said before anything is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from kesu.casefile import redating
from kesu.casefile.books import adoption_for, kind_of, pack_of
from kesu.casefile.casefile import CaseFile
from kesu.core.errors import Unacceptable
from kesu.policy.events import (
    LEVELS_RENAMED,
    POLICY_RENEWED,
    RULED_BEFORE,
    RULED_BY,
    STAGES_RENAMED,
    Event,
    subject_of,
)
from kesu.policy.model.facts import FactType, Value
from kesu.policy.model.pack import Kind
from kesu.policy.renewal import Renewal, as_pairs
from kesu.policy.standing import standing
from kesu.policy.standing.attempts import next_seq
from kesu.policy.standing.results import Obligation, Standing
from kesu.policy.values import fits
from kesu.store.models import PolicyChange

_CHOSEN: Final = frozenset({FactType.CHOICE, FactType.CHOICES})


class Obstacle(StrEnum):
    """Why a case cannot go over."""

    KIND = "kind"  # the newer version has no such kind of case
    SEALED = "sealed"  # it would be sealed, or no longer; or it is confidential, and would lie open
    STAGE = "stage"  # it does not know a stage in which the case was
    LEVEL = "level"  # nor a level that it had
    FACT = "fact"  # something that was stated is not asked in it, or otherwise
    FORM = "form"  # a form that was filled in is none of its own
    STEP = "step"  # a step that moved the case elsewhere, or merged it, is not there any more


@dataclass(frozen=True, slots=True)
class Hindrance:
    """`names`: what it is about, as the version says it by which the case stands."""

    why: Obstacle
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """What the newer version calls the stages and levels that it calls otherwise."""

    stages: Mapping[str, str]
    levels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a case is after it went over that it was not before. `ended`: what was owed and is no longer; `begun`: what
    is owed now. `level`: before and after."""

    moves: tuple[redating.Moved, ...]
    ended: tuple[Obligation, ...]
    begun: tuple[Obligation, ...]
    level: tuple[str | None, str | None]


def version_to_follow(file: CaseFile, now: datetime) -> str | None:
    """The version of its policy that is in force for the case where it lies, if that is another one than its own."""
    head = file.head
    try:
        serving = adoption_for(head.unit, head.kind, now, subject_of(file.log))
    except Unacceptable:
        return None
    if serving is None or serving.policy_version_id == head.policy_version_id:
        return None
    mine, other = pack_of(head.policy_version_id).code, pack_of(serving.policy_version_id).code
    return serving.policy_version_id if mine == other else None


def hindrances(file: CaseFile, after: str, names: Names, now: datetime) -> tuple[Hindrance, ...]:
    """All that stands in the way."""
    head = file.head
    new = pack_of(after).kinds.get(head.kind)
    if new is None:
        return (Hindrance(Obstacle.KIND, (file.kind.name,)),)
    if new.is_sealed != file.kind.is_sealed:
        return (Hindrance(Obstacle.SEALED, (file.kind.name,)),)
    current = file.standing(now)
    found = _unknown(file, new, names, current)
    why = tuple(Hindrance(why, tuple(dict.fromkeys(lost))) for why, lost in found if lost)
    if not why and current.only_for is not None and _standing_after(file, after, names, now).only_for is None:
        return (Hindrance(Obstacle.SEALED, (file.kind.name,)),)
    return why


def _unknown(file: CaseFile, new: Kind, names: Names, current: Standing) -> Iterator[tuple[Obstacle, list[str]]]:
    old = file.kind
    stages = [current.stage, *(one.before for one in current.stage_changes), old.start_stage]
    yield Obstacle.STAGE, [old.stages[one].name for one in stages if names.stages.get(one, one) not in new.stages]
    levels = [current.level, *(one.after for one in current.level_changes)]
    known = {level.code for level in (new.levels.order if new.levels else ())}
    yield Obstacle.LEVEL, [one for one in levels if one is not None and names.levels.get(one, one) not in known]
    yield Obstacle.FACT, list(_lost_facts(file, new))
    yield Obstacle.FORM, [old.documents[one].name for one in current.documents if one not in new.documents]
    yield Obstacle.STEP, list(_lost_steps(file, new))


def _lost_facts(file: CaseFile, new: Kind) -> Iterator[str]:
    for event in file.log:
        for code, value in event.facts.items():
            old, now = file.kind.facts.get(code), new.facts.get(code)
            if old is None:
                continue
            is_same = now is not None and (now.type, now.data) == (old.type, old.data)
            if now is None or not is_same or (now.type in _CHOSEN and fits(old, value) and not fits(now, value)):
                yield old.name  # a verdict is kept in the program's own word, which is a value of neither version


def _lost_steps(file: CaseFile, new: Kind) -> Iterator[str]:
    """Where the case went is read from the log by the codes of steps, whichever version counts."""
    for event in file.log:
        old, now = file.kind.steps.get(event.step or ""), new.steps.get(event.step or "")
        if old is None:
            continue
        is_moved = old.moves_to is None or (now is not None and now.moves_to is not None)
        is_merged = not old.merges or (now is not None and now.merges == old.merges)
        if not (is_moved and is_merged):
            yield old.name


def renewed_event(file: CaseFile, after: str, names: Names, change: str, now: datetime) -> Event:
    """The event by which a case stands by another version."""
    facts: dict[str, Value] = {RULED_BEFORE: file.head.policy_version_id, RULED_BY: after}
    if change:
        facts[redating.BY_CHANGE] = change
    if names.stages:
        facts[STAGES_RENAMED] = as_pairs(names.stages)
    if names.levels:
        facts[LEVELS_RENAMED] = as_pairs(names.levels)
    renewal = Renewal(file.kind, kind_of(after, file.head.kind), names.stages, names.levels)
    return Event(next_seq(file.log), POLICY_RENEWED, now, now, role="system", facts=facts, renewal=renewal)


def difference(file: CaseFile, event: Event, now: datetime) -> Difference:
    """What the event would make of the case. Writes nothing."""
    return _between(file.standing(now), _with(file, event, now))


def _with(file: CaseFile, event: Event, now: datetime) -> Standing:
    assert event.renewal is not None
    return standing(event.renewal.after, [*file.log, event], now, file.calendar)


def _standing_after(file: CaseFile, after: str, names: Names, now: datetime) -> Standing:
    return _with(file, renewed_event(file, after, names, "", now), now)


def _between(before: Standing, after: Standing) -> Difference:
    was = {one.key: one for one in before.open_obligations}
    now = {one.key: one for one in after.open_obligations}
    return Difference(
        redating.moves_between(before, after),
        tuple(one for key, one in was.items() if key not in now),
        tuple(one for key, one in now.items() if key not in was),
        (before.level, after.level),
    )


def go_over(file: CaseFile, change: PolicyChange, names: Names, now: datetime) -> Difference:
    """Brings a locked case over, of which nothing stands in the way. What fell due by the rules so far comes first."""
    now = max([now, *(event.recorded_at for event in file.log)])
    file.settle(now)
    before, event = file.standing(now), renewed_event(file, change.after_id, names, change.pk.hex, now)
    file.head.policy_version_id = change.after_id
    file.head.save(update_fields=["policy_version"])
    over = CaseFile.open(file.head)
    over.hear(event, now)
    found = _between(before, over.standing(now))
    redating.record(over, change, event.seq, found.moves, now)
    return found
