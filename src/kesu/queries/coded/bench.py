"""What waits for whoever works blind: samples under their codes, and of each one what he is to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kesu.access.actor import Actor
from kesu.access.coded import sample_for, samples_of
from kesu.access.sight.outside import OF_THE_HOUSE, BlindStep, OutsideStep, ShownFact
from kesu.access.takers import taker_for
from kesu.casefile import tokens
from kesu.casefile.books import calendar_of, kind_of, pack_of
from kesu.casefile.log import read_log
from kesu.core.errors import NotFound
from kesu.core.signatures import digest_of
from kesu.policy.asking import fields_for, once_for_all, signed_over
from kesu.policy.coded import is_blind
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind, Pack
from kesu.policy.model.rules import Step, Who
from kesu.policy.standing import Taker, holds, kept_from, said, separation_refusals, standing
from kesu.policy.standing.results import Standing
from kesu.store.models import CodedSample

_MOST: Final = 200
"""How many the bench shows: what waits for one person, the oldest first."""


@dataclass(frozen=True, slots=True)
class SampleLine:
    """`due_at` None: no limit is his. `done_at` None: his part waits for him."""

    code: str
    facts: tuple[ShownFact, ...]
    since: datetime
    due_at: datetime | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Bench:
    waiting: tuple[SampleLine, ...]
    done: tuple[SampleLine, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class SamplePage:
    line: SampleLine
    steps: tuple[BlindStep, ...]


def is_stated(*, actor: Actor, code: str, token: str) -> bool:
    """Whether he took a step with this form (its one-time token) on a sample that need not be on his bench any more:
    whoever had no answer sends it again, and others have gone on meanwhile."""
    return bool(token) and bool(tokens.taken([tokens.under_code(token, actor.key, code)]))


def bench(*, actor: Actor) -> Bench:
    """Raises `Forbidden`. Two queries, whatever is stored, beside those for policies that are not in memory."""
    rows = list(samples_of(actor).select_related("case").order_by("due_at", "since", "pk")[: _MOST + 1])
    lines = [_line(row, kind_of(row.case.policy_version_id, row.case.kind)) for row in rows[:_MOST]]
    return Bench(
        waiting=tuple(one for one in lines if one.done_at is None),
        done=tuple(one for one in lines if one.done_at is not None),
        has_more=len(rows) > _MOST,
    )


def sample_page(*, actor: Actor, at: datetime, code: str) -> SamplePage:
    """Raises `Forbidden`, and `NotFound` for a code that is not on his bench."""
    row = sample_for(actor, code)
    case = row.case
    pack = pack_of(case.policy_version_id)
    kind, calendar = pack.kinds[case.kind], calendar_of(case.calendar_version_id)
    log = read_log(case, kind)
    current = standing(kind, log, at, calendar)
    taker = taker_for(actor, case.unit.path, kind, log)
    return SamplePage(_line(row, kind), tuple(_steps(pack, kind, log, current, taker)))


def blind_step(*, actor: Actor, at: datetime, code: str, step: str) -> BlindStep:
    """Raises as `sample_page`, and `NotFound` for a step that is not his now."""
    page = sample_page(actor=actor, at=at, code=code)
    found = next((one for one in page.steps if one.step.code == step), None)
    if found is None:
        raise NotFound
    return found


def _line(row: CodedSample, kind: Kind) -> SampleLine:
    shown = (ShownFact(kind.facts[code].name, str(text)) for code, text in row.shown.items() if code in kind.facts)
    return SampleLine(row.code, tuple(one for one in shown if one.value), row.since, row.due_at, row.done_at)


def _steps(pack: Pack, kind: Kind, log: Sequence[Event], current: Standing, taker: Taker) -> Iterator[BlindStep]:
    """What he may take blind now. Nothing that others have stated stands in the form."""
    for state in current.steps:
        rule = kind.steps[state.code]
        if not (state.is_allowed and is_blind(kind, rule) and _may_take(kind, rule, state.by, current, taker)):
            continue
        fields = once_for_all(fields_for(kind, rule, taker), current.facts)
        shown = tuple(field for field in fields if field.type not in OF_THE_HOUSE)
        signed = signed_over(shown, digest_of((rule.code, rule.name, *(field.name for field in shown))))
        spoken = said.guidance(kind, log, rule.code, current.now, current.walk.calendar)
        clauses = dict.fromkeys(pack.clauses[one].printed for one in rule.clauses if one in pack.clauses)
        step = OutsideStep(rule.code, rule.name, rule.help or "", signed)
        yield BlindStep(step, tuple(one.text for one in spoken), tuple(clauses))


def _may_take(kind: Kind, rule: Step, by: Sequence[Who], current: Standing, taker: Taker) -> bool:
    """Whether he is one of those who may, and nothing keeps him from it."""
    if any(separation_refusals(kind, rule, taker, current.facts)):
        return False
    if taker.by is not None and kept_from(current, rule, taker.by):
        return False
    return any(holds(taker, who, current.facts) for who in by)
