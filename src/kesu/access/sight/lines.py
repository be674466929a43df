"""The lines that every answer about one case is made of: level, obligations, steps, what is missing.

Codes, typed values and the pack's own names; sentences are made by the edges. Built from a standing, without rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from kesu.casefile.waiting_for import numbered
from kesu.policy.calendar import Receipt
from kesu.policy.model.approving import Staffing
from kesu.policy.model.facts import FactType, Value
from kesu.policy.model.pack import Kind, Pack
from kesu.policy.model.rules import GENERIC, GuardMode, Step, Who
from kesu.policy.standing.results import (
    LevelChange,
    Missing,
    MissingKind,
    NextRaise,
    Obligation,
    Refusal,
    Standing,
    StepState,
)

if TYPE_CHECKING:
    from kesu.access.sight.held_up import HistoryLine
    from kesu.access.sight.told_next import ToldNext

WhoNames = Callable[[Who], str]
"""The name under which a page speaks of a slot: role and persons, as far as known."""


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause as pages cite it: id, printed number, our paraphrase. `id` is empty for the generic rules."""

    id: str
    printed: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class LevelLine:
    """`index` counts from 1 (lowest), None while there is no level yet; `of` is how many the pack has."""

    name: str
    index: int | None
    of: int


@dataclass(frozen=True, slots=True)
class ValueLine:
    """A fact and its value; texts and names never stand here."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class LevelMove:
    """A change of level. `rule` is the pack's name of the rule, empty when there is none or it was done by hand; then
    `who` did it, and `why` is what he wrote."""

    at: datetime
    before: LevelLine
    after: LevelLine
    is_rise: bool
    by_hand: bool
    rule: str
    values: tuple[ValueLine, ...]
    clauses: tuple[ClauseLine, ...]
    who: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class RaiseLine:
    """What would raise the level next: `have` of `want` of a fact, or time alone at `at`."""

    level: LevelLine
    rule: str
    fact: str
    have: Value | None
    want: Value | None
    at: datetime | None
    clauses: tuple[ClauseLine, ...]


@dataclass(frozen=True, slots=True)
class KeptLine:
    """Those who owe something and are kept by the policy from the step that ends it: `who` are they, by name; `slot` is
    theirs. `is_reader`: he is one of them. `is_nobody`: there is nobody else who could take it."""

    who: str
    slot: str
    says: str
    clauses: tuple[ClauseLine, ...]
    is_reader: bool
    is_nobody: bool


@dataclass(frozen=True, slots=True)
class ObligationLine:
    """One obligation; instants are UTC. `step` is the step by which it is met, where the pack knows one. `staffing`: of
    a signature that nobody can give, why. `is_outer`: somebody outside set the limit. `cap`: what nothing passes;
    `hours`: the name of the calendar by whose hours it is counted, where a post has its own; `told_next`: who is
    reminded of it, and who hears of it where it is not done."""

    key: str
    name: str
    owner: str
    starts_at: datetime
    due_at: datetime | None
    is_open: bool
    state: str
    met_at: datetime | None
    paused_since: datetime | None
    clauses: tuple[ClauseLine, ...]
    receipt: Receipt | None
    step: str = ""
    is_mine: bool = False
    staffing: Staffing = Staffing.SOMEBODY
    is_outer: bool = False
    kept: KeptLine | None = None
    cap: str = ""
    history: HistoryLine | None = None
    hours: str = ""
    told_next: tuple[ToldNext, ...] = ()


@dataclass(frozen=True, slots=True)
class MissingLine:
    """One thing in the way; `step` is a step that supplies it (empty: none), `fact` the field in its form; `have` and
    `short` in yuan where it is a ledger."""

    kind: MissingKind
    name: str
    step: str = ""
    fact: str = ""
    have: Decimal | None = None
    short: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RefusalLine:
    code: str
    says: str
    clauses: tuple[ClauseLine, ...]
    missing: tuple[MissingLine, ...]
    mode: GuardMode


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step as it stands for the reader. `at_once`: it asks nothing, so one press takes it. `beside`: the title of the
    overlay that has it, where it neither takes the case on nor does what is owed now; empty otherwise. `kept`: why he
    may not take it in this case, who has the post for it, where the policy keeps him apart."""

    code: str
    name: str
    clauses: tuple[ClauseLine, ...]
    refusals: tuple[RefusalLine, ...]
    who: str
    in_stage: bool
    is_allowed: bool
    is_mine: bool
    is_primary: bool
    at_once: bool
    is_signature: bool
    beside: str = ""
    kept: tuple[RefusalLine, ...] = ()


def clause_lines(pack: Pack, ids: Iterable[str]) -> tuple[ClauseLine, ...]:
    """Ids that the pack does not know are printed as they are; the generic mark has no id."""
    return tuple(_clause(pack, one) for one in ids)


def _clause(pack: Pack, clause_id: str) -> ClauseLine:
    if clause_id == GENERIC:
        return ClauseLine("", GENERIC)
    known = pack.clause(clause_id)
    return ClauseLine(clause_id, known.printed or clause_id, known.text) if known else ClauseLine(clause_id, clause_id)


def level_line(kind: Kind, code: str | None) -> LevelLine:
    levels = kind.levels
    if levels is None:
        return LevelLine("", None, 0)
    if code is None:
        return LevelLine("", None, len(levels.order))
    rank = levels.rank(code)
    return LevelLine(levels.order[rank].name, rank + 1, len(levels.order))


def level_moves(pack: Pack, kind: Kind, current: Standing) -> tuple[LevelMove, ...]:
    """Every change of level, oldest first."""
    return tuple(_level_move(pack, kind, change) for change in current.level_changes)


def _level_move(pack: Pack, kind: Kind, change: LevelChange) -> LevelMove:
    before, after = level_line(kind, change.before), level_line(kind, change.after)
    rule = kind.levels.rules[change.rule] if kind.levels and change.rule is not None else None
    return LevelMove(
        at=change.at,
        before=before,
        after=after,
        is_rise=(after.index or 0) > (before.index or 0),
        by_hand=change.rule is None,
        rule=(rule.name or "") if rule else "",
        values=tuple(_values(kind, change)),
        clauses=clause_lines(pack, change.clauses),
    )


_OF_ROWS: Final = {FactType.UNIT, FactType.UNITS, FactType.CASE}


def _values(kind: Kind, change: LevelChange) -> Iterator[ValueLine]:
    for code, value in change.values.items():
        fact = kind.facts.get(code)
        if fact is not None and not fact.type.is_marked and fact.type not in _OF_ROWS:
            yield ValueLine(fact.name, value)


def next_raises(
    pack: Pack, kind: Kind, current: Standing, counted: Mapping[str, int] = MappingProxyType({})
) -> tuple[RaiseLine, ...]:
    """The next level first. `counted`: figures over the matter as they are by now; the case hears of them at their
    edges only."""
    lines = (_raise_line(pack, kind, raised, counted) for raised in current.next_raises)
    return tuple(sorted(lines, key=lambda line: line.level.index or 0))


def _raise_line(pack: Pack, kind: Kind, raised: NextRaise, counted: Mapping[str, int]) -> RaiseLine:
    rules = kind.levels.rules if kind.levels else ()
    rule = next((r for r in rules if r.level == raised.level and r.clauses == raised.clauses), None)
    fact = kind.facts.get(raised.fact) if raised.fact else None
    return RaiseLine(
        level=level_line(kind, raised.level),
        rule=(rule.name or "") if rule else "",
        fact=fact.name if fact else "",
        have=counted.get(raised.fact or "", raised.have),
        want=raised.want,
        at=raised.at,
        clauses=clause_lines(pack, raised.clauses),
    )


def obligation_line(pack: Pack, one: Obligation, owner: str, *, is_mine: bool = False) -> ObligationLine:
    return ObligationLine(
        key=one.key,
        name=one.name,
        owner=owner,
        starts_at=one.starts_at,
        due_at=one.due_at,
        is_open=one.is_open,
        state=one.state.value,
        met_at=one.met_at,
        paused_since=one.paused_since,
        clauses=clause_lines(pack, one.clauses),
        receipt=one.receipt,
        step=one.step or "",
        is_mine=is_mine,
        staffing=one.staffing,
        is_outer=one.outer,
        cap=str(one.grounds.cap) if one.grounds is not None and one.grounds.cap is not None else "",
    )


def refusal_lines(pack: Pack, kind: Kind, refusals: Iterable[Refusal]) -> tuple[RefusalLine, ...]:
    return tuple(
        RefusalLine(
            code=one.code,
            says=one.says,
            clauses=clause_lines(pack, one.clauses),
            missing=tuple(missing_line(kind, missing) for missing in one.missing),
            mode=one.mode,
        )
        for one in numbered(refusals)
    )


def missing_line(kind: Kind, missing: Missing) -> MissingLine:
    fact = missing.code if missing.code in kind.facts else ""
    return MissingLine(missing.kind, missing.name, supplied_by(kind, missing), fact, missing.have, missing.short)


def supplied_by(kind: Kind, missing: Missing) -> str:
    """The code of a step that supplies what is missing; empty where no step does."""
    steps = (step for step in kind.steps.values() if not step.starts_case)
    return next((step.code for step in steps if _supplies(kind, step, missing)), "")


def _supplies(kind: Kind, step: Step, missing: Missing) -> bool:
    match missing.kind:
        case MissingKind.FACT:
            return missing.code in (*kind.asked(step), *step.may_state)
        case MissingKind.FORM:
            return missing.code in step.forms
        case MissingKind.HANDING_OVER:
            return step.hands_over is not None
        case MissingKind.EVIDENCE:
            return _takes(kind, step, FactType.FILE)
        case MissingKind.PERSON:
            return _takes(kind, step, FactType.GROUP)
        case MissingKind.APPROVAL:
            return step.signs == missing.code
        case MissingKind.EVENT:
            return step.event == missing.code
        case MissingKind.SAMPLE:
            sample = kind.samples.get(missing.code)
            return sample is not None and sample.done == step.event
        case MissingKind.DUTY:
            duty = kind.duties.get(missing.code)
            return duty is not None and duty.step == step.code
        case _:
            return False


def _takes(kind: Kind, step: Step, wanted: FactType) -> bool:
    return any(code in kind.facts and kind.facts[code].type is wanted for code in (*step.asks, *step.may_state))


def step_line(pack: Pack, kind: Kind, state: StepState, who: str, *, is_mine: bool) -> StepLine:
    step = kind.steps[state.code]
    return StepLine(
        code=state.code,
        name=state.name,
        clauses=clause_lines(pack, state.clauses),
        refusals=refusal_lines(pack, kind, state.refusals),
        who=who,
        in_stage=state.in_stage,
        is_allowed=state.is_allowed,
        is_mine=is_mine,
        is_primary=state.primary,
        at_once=not (step.asks or step.may_state or step.forms),
        is_signature=step.signs is not None,
    )


def by_urgency(lines: Sequence[ObligationLine]) -> tuple[ObligationLine, ...]:
    """Open ones by due time (without a limit last), then the finished ones, newest first."""
    limited = sorted((line for line in lines if line.is_open and line.due_at), key=lambda line: (line.due_at, line.key))
    unlimited = sorted((line for line in lines if line.is_open and not line.due_at), key=lambda line: line.key)
    done = sorted((x for x in lines if not x.is_open), key=lambda line: line.met_at or line.starts_at, reverse=True)
    return (*limited, *unlimited, *done)
