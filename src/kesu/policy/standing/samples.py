"""Samples: which draws are owed, what was drawn, and what has become of each of the drawn.

What was drawn is an event in the log of the case that asked for it. Everything else follows from the log: a case that
is given up is replaced by the next in the order of the draw, so that nothing is ever drawn again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from kesu.policy.events import DRAW_MADE, Event
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import SYSTEM, Step
from kesu.policy.model.samples import BASE_WORD, DRAWN_WORD, Sample
from kesu.policy.sampling import Lot
from kesu.policy.standing.conditions import View, is_true, matches
from kesu.policy.standing.moments import DRAW, DRAWS, History, Key, which
from kesu.policy.standing.naming import missing
from kesu.policy.standing.plan import Plan
from kesu.policy.standing.results import Effect, EffectKind, MissingKind, Refusal

SAMPLE: Final = "draw.sample"
"""Facts of the event `DRAW_MADE`; no pack can have one of these names. By which rule it was drawn."""
CASES: Final = "draw.cases"
RESERVE: Final = "draw.reserve"
BASE: Final = "draw.base"
SEED: Final = "draw.seed"
DIGEST: Final = "draw.digest"
SINCE: Final = "draw.since"
UNTIL: Final = "draw.until"
_MADE, _ALL_DONE = DRAWS


@dataclass(frozen=True, slots=True)
class OwedDraw:
    """A draw whose moment came: at which instant, and under which stable key."""

    key: str
    sample: Sample
    at: datetime


@dataclass(slots=True)
class Drawn:
    """A sample as it stands. `cases`: those that are to be looked at, in the order of the draw; `short`: how many were
    given up and could not be replaced. `done` and `given_up`: case → the event that says so."""

    lot: Lot
    at: datetime
    seq: int
    cases: list[str]
    reserve: list[str]
    done: dict[str, int] = field(default_factory=dict)
    given_up: dict[str, int] = field(default_factory=dict)
    short: int = 0

    @property
    def left(self) -> tuple[str, ...]:
        """Those that have still to be looked at."""
        return tuple(case for case in self.cases if case not in self.done)

    def give_up(self, case: str, seq: int) -> None:
        self.given_up[case] = seq
        at = self.cases.index(case)
        if self.reserve:
            self.cases[at] = self.reserve.pop(0)
        else:
            del self.cases[at]
            self.short += 1


class SampleBook:
    """The draws that became owed while the log was walked, whether made since or not, and what was drawn."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.owed: dict[str, OwedDraw] = {}
        self.drawn: dict[str, Drawn] = {}
        self._cursor = 0

    def take(self, event: Event) -> Iterator[Key]:
        """What an event does to the samples: the moments that it brings."""
        if event.kind == DRAW_MADE:
            code = str(event.facts.get(SAMPLE, ""))
            if code in self._plan.over.samples:
                lot = lot_of(event)
                self.drawn[code] = Drawn(lot, event.at, event.seq, list(lot.cases), list(lot.reserve))
                yield (DRAW, code, _MADE)
                if not lot.cases:
                    yield (DRAW, code, _ALL_DONE)
            return
        for sample in self._plan.over.told.get(event.kind, ()):
            found, case = self.drawn.get(sample.code), str(event.facts.get(sample.case, ""))
            if found is None or case not in found.left:
                continue
            if event.kind == sample.done:
                found.done[case] = event.seq
            else:
                found.give_up(case, event.seq)
            if not found.left:
                yield (DRAW, sample.code, _ALL_DONE)

    def take_over(self, other: SampleBook, history: History) -> None:
        """What was drawn, and is to be drawn, under other rules, as far as it is one of these."""
        samples = self._plan.over.samples
        self.drawn = {code: drawn for code, drawn in other.drawn.items() if code in samples}
        self.owed = {
            key: replace(one, sample=samples[one.sample.code])
            for key, one in other.owed.items()
            if one.sample.code in samples
        }
        self._cursor = len(history.marks)

    def settle(self, view: View, history: History) -> None:
        """The effects stratum of one instant: what each new mark makes owed. One draw is enough, unless there was
        nothing to draw from."""
        for mark in history.since(self._cursor):
            self._cursor = mark.index + 1
            for sample, moment in self._plan.over.sample_starts.get(mark.key, ()):
                key = f"draw/{sample.code}@{which(mark, history)}"
                if key in self.owed or self._is_drawn(sample.code) or not matches(mark, moment, view):
                    continue
                if is_true(sample.when, view.but(start_at=mark.at)):
                    self.owed[key] = OwedDraw(key, sample, view.now)

    def is_done(self, code: str) -> bool:
        """Whether it has been drawn and nothing of it is left."""
        found = self.drawn.get(code)
        return found is not None and not found.left

    def _is_drawn(self, code: str) -> bool:
        found = self.drawn.get(code)
        return (found is not None and bool(found.lot.cases)) or self._is_waited_for(code)

    def _is_waited_for(self, code: str) -> bool:
        """Whether a draw of it is owed that has not been made."""
        made = self.drawn.get(code)
        return any(one.sample.code == code and (made is None or one.at > made.at) for one in self.owed.values())


def draw_effect(owed: OwedDraw) -> Effect:
    """An owed draw as an effect."""
    sample = owed.sample
    return Effect(key=owed.key, kind=EffectKind.DRAW, code=sample.code, at=owed.at, to=(), clauses=sample.clauses)


def drawn_event(seq: int, effect: Effect, sample: Sample, lot: Lot, at: datetime) -> Event:
    """The event which says what was drawn, so that it is not owed again and never drawn anew."""
    facts: dict[str, Value] = {"effect": effect.key, SAMPLE: sample.code, BASE: lot.base}
    facts |= {CASES: lot.cases, RESERVE: lot.reserve, SEED: lot.seed, DIGEST: lot.digest}
    if lot.since is not None and lot.until is not None:
        facts |= {SINCE: lot.since.isoformat(), UNTIL: lot.until.isoformat()}
    counted = {DRAWN_WORD: len(lot.cases), BASE_WORD: lot.base}
    facts |= {own: counted[word] for own, word in sample.brings.items()}
    return Event(seq, DRAW_MADE, at, at, role=SYSTEM, facts=facts)


def lot_of(event: Event) -> Lot:
    """What an event of a draw says."""
    facts = event.facts
    since, until = facts.get(SINCE), facts.get(UNTIL)
    return Lot(
        cases=_codes(facts.get(CASES)),
        reserve=_codes(facts.get(RESERVE)),
        base=int(str(facts.get(BASE, 0))),
        seed=str(facts.get(SEED, "")),
        digest=str(facts.get(DIGEST, "")),
        since=datetime.fromisoformat(str(since)) if since else None,
        until=datetime.fromisoformat(str(until)) if until else None,
    )


def sample_refusals(
    step: Step, book: SampleBook, kind: Kind, stated: Mapping[str, Value] | None = None
) -> Iterator[Refusal]:
    """Why a step that looks at one of the drawn, or gives it up, may not be taken: only what was drawn is looked at,
    and each once. `stated` None: the step is only offered."""
    for sample in kind.samples.values() if kind.samples else ():
        if step.event not in {sample.done, sample.given_up}:
            continue
        found = book.drawn.get(sample.code)
        if found is None or not found.left:
            yield Refusal("sample", "", sample.clauses, (missing(kind, MissingKind.SAMPLE, sample.code),))
        elif stated is not None and stated.get(sample.case) not in {None, *found.left}:
            yield Refusal("sample", "", sample.clauses, (missing(kind, MissingKind.DRAWN, sample.code),))


def _codes(value: Value | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
