"""A policy is tried on a case that does not exist: steps are taken in memory, clocks run as somebody turns them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.access.sight.lines import (
    LevelLine,
    LevelMove,
    ObligationLine,
    RefusalLine,
    StepLine,
    by_urgency,
    level_line,
    level_moves,
    obligation_line,
    refusal_lines,
    step_line,
)
from kesu.casefile.library import offered, read_library
from kesu.core.errors import NotFound
from kesu.policy.asking import FieldView, asked_now, fields_of, once_for_all, opening_step, with_known
from kesu.policy.calendar import Calendar
from kesu.policy.calendar.official import WorkingHours
from kesu.policy.model.facts import FactType, Value
from kesu.policy.model.pack import Kind, Pack
from kesu.policy.model.rules import Step, Who
from kesu.policy.scenarios.acting import Course
from kesu.policy.scenarios.reading import read_amount, read_scenarios
from kesu.policy.scenarios.script import Act, Impossible, Stated
from kesu.policy.standing import StepRefused
from kesu.policy.standing.links import linked_in
from kesu.policy.standing.results import Obligation, Standing

MOST_ACTS: Final = 80
_DATED: Final = {FactType.DATE, FactType.TIME}
"""What scenarios state lies about their own days, long before or after the imagined one."""
_BY_ITSELF: Final = {FactType.PERSON, FactType.FILE, FactType.UNIT, FactType.UNITS, FactType.GROUP, FactType.CASE}
"""What names rows that no imagined case has: somebody, a file, a department are made up."""


@dataclass(frozen=True, slots=True)
class TrialAct:
    """A step taken at a moment, with what was typed in its form."""

    at: datetime
    step: str
    given: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TakenLine:
    at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class OpenForm:
    """The form of one step, its fields filled with what the scenarios of the policy state."""

    step: str
    name: str
    fields: tuple[FieldView, ...]
    typed: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class HeldLine:
    """What every account of a ledger held before the imagined case: as it was typed, empty where nothing was; an
    amount that cannot be read counts for nothing."""

    ledger: str
    name: str
    text: str
    is_unreadable: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """`taken` are the acts that could be taken, `refusals` why the last one could not (`impossible`: the engine's own
    words). Nothing of it is stored. `next_at`: when time alone changes something."""

    code: str
    title: str
    kinds: tuple[tuple[str, str], ...]
    kind: str
    taken: tuple[TakenLine, ...]
    acts: tuple[TrialAct, ...]
    stage: str
    is_final: bool
    level: LevelLine
    moves: tuple[LevelMove, ...]
    duties: tuple[ObligationLine, ...]
    links: tuple[str, ...]
    held: tuple[HeldLine, ...]
    steps: tuple[StepLine, ...]
    refusals: tuple[RefusalLine, ...]
    impossible: str
    form: OpenForm | None
    next_at: datetime | None
    clause_names: Mapping[str, str]
    calendar: Calendar


def trial(
    *,
    actor: Actor,
    at: datetime,
    pack_code: str,
    kind: str = "",
    acts: Sequence[TrialAct] = (),
    step: str = "",
    held: Mapping[str, str] = MappingProxyType({}),
) -> Trial:
    """`at`: the moment of the imagined case; `acts` in their order; `step`: whose form is open; `held`: ledger → what
    each of its accounts holds before. Raises `Forbidden`, and `NotFound` for a policy, a kind or a step that there is
    not."""
    actor.require(Permission.POLICY_ADOPT)
    pack = offered().get(pack_code)
    if pack is None:
        raise NotFound
    rules = pack.kinds.get(kind) if kind else next(iter(pack.kinds.values()))
    if rules is None or (step and step not in rules.steps):
        raise NotFound
    calendar = WorkingHours().calendar(at.year)
    opening = {code: amount for code, text in held.items() if (amount := read_amount(text)) is not None}
    before = tuple(
        HeldLine(code, ledger.name, text := held.get(code, ""), bool(text) and code not in opening)
        for code, ledger in rules.ledgers.items()
    )
    course = Course(rules, calendar, _defaults(pack_code, calendar.zone), opening=opening, kinds=pack.kinds)
    taken, refused, impossible = _play(course, acts[:MOST_ACTS])
    now = course.now(max([at, *(act.at for act in taken)])) if course.log else None
    return _told(pack, rules, course, taken, now, refused, impossible, step, before)


def _play(course: Course, acts: Sequence[TrialAct]) -> tuple[list[TrialAct], StepRefused | None, str]:
    """As far as it goes: what cannot be taken ends it."""
    taken: list[TrialAct] = []
    for act in acts:
        unasked = _unasked(course, act)
        stated: dict[str, Stated] = {
            code: texts if len(texts) > 1 else texts[0]
            for code, texts in act.given.items()
            if code in course.kind.facts and texts and texts[0] and code not in unasked
        }
        before = len(course.log)
        try:
            course.take(Act(0, act.at, step=act.step, facts=stated))
        except (StepRefused, Impossible) as no:
            del course.log[before:]  # the step itself was taken where it is a linked case that cannot be opened
            return (taken, no, "") if isinstance(no, StepRefused) else (taken, None, str(no))
        taken.append(act)
    return taken, None, ""


def _unasked(course: Course, act: TrialAct) -> set[str]:
    """What the form held and does not ask by what is chosen in it."""
    depending = [one for one in fields_of(course.kind, course.kind.steps[act.step]) if one.asked]
    known = course.now(act.at).facts if depending and course.log else {}
    return {one.code for one in depending} - {one.code for one in asked_now(with_known(depending, known), act.given)}


def _told(
    pack: Pack,
    kind: Kind,
    course: Course,
    taken: Sequence[TrialAct],
    now: Standing | None,
    refused: StepRefused | None,
    impossible: str,
    step: str,
    held: tuple[HeldLine, ...],
) -> Trial:
    opening = opening_step(kind)
    return Trial(
        code=pack.code,
        title=pack.title,
        kinds=tuple((one.code, one.name) for one in pack.kinds.values()),
        kind=kind.code,
        taken=tuple(TakenLine(act.at, kind.steps[act.step].name) for act in taken),
        acts=tuple(taken),
        stage=kind.stages[now.stage].name if now else "",
        is_final=now.is_final if now else False,
        level=level_line(kind, now.level if now else None),
        moves=level_moves(pack, kind, now) if now else (),
        duties=by_urgency([obligation_line(pack, o, _owner(kind, o)) for o in now.obligations]) if now else (),
        links=tuple(kind.opens[one.code].name for one in linked_in(course.log)),
        held=held,
        steps=tuple(
            step_line(pack, kind, state, _who(kind, state.by), is_mine=True) for state in now.steps if state.in_stage
        )
        if now
        else (),
        refusals=refusal_lines(pack, kind, refused.refusals) if refused else (),
        impossible=impossible,
        form=_form(kind, course, kind.steps[step or opening.code], now.facts if now else {})
        if step or now is None
        else None,
        next_at=now.wake_at if now else None,
        clause_names={code: clause.printed for code, clause in pack.clauses.items()},
        calendar=course.calendar,
    )


def _form(kind: Kind, course: Course, step: Step, facts: Mapping[str, Value]) -> OpenForm:
    fields = tuple(one for one in once_for_all(fields_of(kind, step), facts) if one.type not in _BY_ITSELF)
    known = [one.code for one in fields if one.code in course.defaults and one.type not in _DATED]
    typed = {code: _texts(course.defaults[code]) for code in known}
    return OpenForm(step.code, step.name, fields, typed)


def _texts(stated: Stated) -> tuple[str, ...]:
    return (stated,) if isinstance(stated, str) else tuple(stated)


def _owner(kind: Kind, one: Obligation) -> str:
    return _who(kind, (one.owner,))


def _who(kind: Kind, meant: Sequence[Who]) -> str:
    names = (kind.roles[one.role].name for one in meant if one.role in kind.roles)
    return "、".join(dict.fromkeys(names))


@lru_cache(maxsize=32)
def _defaults(pack_code: str, zone: str) -> Mapping[str, Stated]:
    """What the scenarios of the policy state where they say nothing else."""
    found: dict[str, Stated] = {}
    for scenario in read_scenarios(read_library().scenarios(pack_code), ZoneInfo(zone)):
        found |= scenario.defaults
    return found
