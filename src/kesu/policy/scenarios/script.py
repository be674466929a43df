"""What a scenario says: acts in time order and what must be seen at a moment, and how it is told that an act failed.
Texts only; nothing is evaluated here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from kesu.policy.standing import Refusal

Stated = str | tuple[str, ...]
"""A value as it stands in the text: one word or a list of words."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that happens: a step taken by somebody, or an event that the world states.

    `at` is aware (the calendar's zone). `without` names facts that are left out although the step asks for them;
    `refused` the clauses (or the engine's own codes: stage, role, value …) that must refuse it, `warned` those that
    speak against it while it is taken. `ends`, `reopens`: the rule of a linked case of which one has ended (in `stage`,
    with the `facts` of that case), or is taken up again; or the fact in which a case was named. `matter`: who
    else complains of the same matter, each with a case of his own. `writes`: what is written without a step. `place`,
    `through`: in which kind of unit a case is
    opened, and by which door: the public one, or the desk (None). `staffed`: the approval of which the program has
    found who can sign: `found` (nobody, own, signed, somebody) at `sign_place`, by itself the first that waits.
    `take_back`: the step of which the last is taken back. `since`: the day from which a schedule with a term runs at
    the place; None: this very day.
    """

    line: int
    at: datetime
    step: str | None = None
    world: str | None = None
    facts: Mapping[str, Stated] = field(default_factory=dict)
    role: str | None = None
    by: str | None = None
    people: int = 1
    without: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()
    recorded_at: datetime | None = None
    ends: str | None = None
    reopens: str | None = None
    stage: str | None = None
    place: str | None = None
    through: str | None = None
    staffed: str | None = None
    found: str | None = None
    sign_place: str | None = None
    matter: tuple[str, ...] = ()
    take_back: str | None = None
    writes: str | None = None
    since: datetime | None = None

    @property
    def name(self) -> str | None:
        """What happens, by its code."""
        doers = (self.step, self.world, self.ends, self.reopens, self.staffed, self.take_back, self.writes)
        return next((one for one in doers if one), "matter")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must be seen at `at` (None: right after the last act). `claims` are the keys of the text."""

    line: int
    at: datetime | None
    claims: Mapping[str, Stated]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One course of events. `opened_at` is when the path to `start_stage` was walked (None: just before the acts)."""

    file: str
    line: int
    name: str
    variant: int  # from 1; 0 where the scenario has no variants
    kind: str | None
    clauses: tuple[str, ...]
    start_stage: str | None
    opened_at: datetime | None
    facts: Mapping[str, Stated]
    defaults: Mapping[str, Stated]
    acts: tuple[Act, ...]
    expectations: tuple[Expectation, ...]
    balances: Mapping[str, Decimal] = field(default_factory=dict)  # of accounts before anything happens, in yuan
    found: Mapping[str, Decimal] = field(default_factory=dict)  # out of how many a sample is drawn; measured facts

    @property
    def title(self) -> str:
        return f"{self.name}（{self.variant}）" if self.variant else self.name


class Impossible(Exception):
    """An act that cannot even be tried: unknown step, unknown fact, a value that cannot be read."""


def refusal_words(refusals: Iterable[Refusal]) -> str:
    """The refusals in one line, for the report of a failed scenario."""
    parts = []
    for refusal in refusals:
        words = [f"{refusal.code} {refusal.says}".rstrip()]
        if refusal.missing:
            words.append("缺 " + "、".join(f"{item.code}（{item.name}）" for item in refusal.missing))
        if refusal.clauses:
            words.append("§" + "、".join(refusal.clauses))
        parts.append(" ".join(words))
    return "；".join(parts)
