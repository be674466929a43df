"""A case under any policy, taken to a stage by the shortest legal way, in the words that the policy's own scenarios
use: what nobody has to write down for each policy."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from kesu.casefile.library import read_library
from kesu.core.signatures import Signed, SignedBy, digest_of
from kesu.core.uploads import Upload
from kesu.policy.calendar import Calendar
from kesu.policy.model.facts import Fact, FactType, Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Step
from kesu.policy.scenarios.acting import STAFF, Course
from kesu.policy.scenarios.paths import walk_to
from kesu.policy.scenarios.reading import read_scenarios
from kesu.policy.scenarios.script import Stated

Given = dict[str, tuple[str, ...]]

_WRITTEN: Final = "已写明"
"""A text for which the scenarios of the policy have no example."""

_GREY: Final = (
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAwCAAAAACEICPDAAAAKElEQVR42u3MMREAAAgEoNf+4YxkCDcPAlCTm45AIBAIBAKBQCB4Giw8FAEwmM5lGQAA"
    "AABJRU5ErkJggg=="
)
"""A small grey picture."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who and what is meant at one place. `slots`: logins by slot, of whom the first acts for it; `unit`: the
    department that facts name; `person`: name and telephone of the customer. `played`: whom the members of groups
    have become, by the names that the scenarios give them."""

    slots: Mapping[str, tuple[str, ...]]
    unit: UUID
    people: Mapping[str, UUID]
    person: tuple[str, str]
    played: dict[str, str] = field(default_factory=dict)

    def login(self, by: str | None, step: Step) -> str:
        """Whoever acted in the engine; where that is nobody of the house, another who may take the step."""
        played = next((login for name, login in self.played.items() if name.partition(":")[2] == by), None)
        if played is not None and by not in self.slots:
            return played
        meant = [by or STAFF, *(who.role for row in step.by.rows for who in row.use)]
        return next((self.slots[role][0] for role in meant if role in self.slots), self.slots[STAFF][0])

    def others(self, step: Step) -> tuple[str, ...]:
        """Whoever else may take it, by one row of the policy or another."""
        roles = (who.role for row in step.by.rows for who in row.use)
        return tuple(dict.fromkeys(self.slots[role][0] for role in roles if role in self.slots))

    def member(self, name: str) -> str:
        """A member of a group as forms send it. Two names of one slot are two people while it has enough of them."""
        slot = name.partition(":")[0]
        if name not in self.played:
            taken = set(self.played.values())
            free = (login for login in self.slots[slot] if login not in taken)
            self.played[name] = next(free, self.slots[slot][0])
        return f"{slot}:{self.people[self.played[name]].hex}"


@dataclass(frozen=True, slots=True)
class Move:
    """One step as somebody takes it: `given` as forms send it. `others`: who may take it in place of him, where the
    policy asks for another in such a case."""

    step: str
    login: str
    given: Given
    uploads: tuple[Upload, ...]
    others: tuple[str, ...] = ()


def defaults_of(pack: str, zone: ZoneInfo) -> Mapping[str, Stated]:
    """What the scenarios of a policy state where they have nothing particular to say."""
    scenarios = read_scenarios(read_library().scenarios(pack), zone)
    return scenarios[0].defaults if scenarios else {}


def moves_to(
    stage: str, kind: Kind, words: Mapping[str, Stated], chosen: Mapping[str, Stated], cast: Cast, at: datetime,
    calendar: Calendar,
) -> Iterator[Move]:  # fmt: skip
    """From the opening on. `words` answer what is asked, `chosen` is stated even where it is only allowed. Raises
    `NoWay` where no legal way leads there while time stands still."""
    texts = dict.fromkeys((fact.code for fact in kind.facts.values() if fact.type is FactType.TEXT), _WRITTEN)
    words = {**texts, **words}
    course = Course(kind, calendar, words, chosen, kinds={})
    acts = walk_to(course, stage, at)
    taken = [event for event in course.log if event.step]  # not what the program did of itself: opening linked cases
    for act, event in zip(acts, taken, strict=True):
        step = kind.steps[str(act.step)]
        stated = {*kind.asked(step), *step.may_state}
        facts = {code: value for code, value in event.facts.items() if code in stated}
        files = tuple(_file(kind.facts[code]) for code in facts if kind.facts[code].type is FactType.FILE)
        given = _given(facts, kind, {**words, **chosen, **act.facts}, cast)
        yield Move(step.code, cast.login(event.by, step), given, files, cast.others(step))


def _given(facts: Mapping[str, Value], kind: Kind, stated: Mapping[str, Stated], cast: Cast) -> Given:
    found: Given = {}
    for code, value in facts.items():
        fact = kind.facts[code]
        if fact.type is FactType.PERSON:
            found |= {f"{code}.name": (cast.person[0],), f"{code}.phone": (cast.person[1],)}
        elif fact.type is not FactType.FILE and not fact.drawn:  # what the program draws, no form asks
            found[code] = tuple(_texts(fact, value, stated.get(code, _WRITTEN), cast))
    return found


def _texts(fact: Fact, value: Value, stated: Stated, cast: Cast) -> Iterator[str]:
    """As it was stated; units and people are those of the cast."""
    if fact.type in {FactType.UNIT, FactType.UNITS}:
        yield cast.unit.hex
    elif fact.type is FactType.GROUP and isinstance(value, tuple):
        for member in value:
            yield cast.member(str(member))
    elif isinstance(stated, tuple):
        yield from stated
    else:
        yield stated


def _file(fact: Fact) -> Upload:
    if fact.by_hand:
        return Upload(fact.code, "签名.txt", "示例".encode(), Signed(SignedBy.TYPED, digest_of(())))
    return Upload(fact.code, "照片.png", b64decode(_GREY))
