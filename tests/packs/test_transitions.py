"""Every transition of the union is taken by some scenario of the library and refused by another under a clause.

The list is `transitions.yaml` beside this file; its head says how to read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
import yaml

from kesu.casefile.library import Library
from kesu.policy.calendar import Calendar
from kesu.policy.model.pack import Pack
from kesu.policy.scenarios.acting import Course
from kesu.policy.scenarios.reading import read_scenarios
from kesu.policy.scenarios.runner import Ways, play, run_scenario
from kesu.policy.scenarios.script import Scenario
from kesu.policy.standing import StepRefused, standing

LAST_ROW: Final = 38
START: Final = "start"
"""The stage before there is a case."""
GENERIC: Final = "generic"
OUT_OF_PLACE: Final = "stage"
"""What the engine says of a step that is not there in the stage at all: no refusal of the transition itself."""


@dataclass(frozen=True, slots=True)
class Taken:
    pack: str
    scenario: str
    step: str
    start: str
    to: str
    through: tuple[str, ...] = ()

    @property
    def stages(self) -> tuple[str, ...]:
        return (self.start, *self.through, self.to)


@dataclass(frozen=True, slots=True)
class Refused:
    pack: str
    scenario: str
    step: str
    start: str
    clause: str


@dataclass(frozen=True, slots=True)
class Row:
    code: str
    says: str
    taken: Taken | None
    refused: Refused | None

    @property
    def number(self) -> int:
        return int(self.code.rstrip("abc"))

    @property
    def open(self) -> tuple[str, ...]:
        sides = {"taken": self.taken, "refused": self.refused}
        return tuple(f"{self.code} {side}" for side, shown in sides.items() if shown is None)


def _taken(stated: Mapping[str, Any] | str) -> Taken | None:
    if isinstance(stated, str):
        assert stated == "none"
        return None
    values = dict(stated)
    return Taken(start=values.pop("from"), through=tuple(values.pop("through", ())), **values)


def _refused(stated: Mapping[str, Any] | str) -> Refused | None:
    if isinstance(stated, str):
        assert stated == "none"
        return None
    values = dict(stated)
    return Refused(start=values.pop("from"), **values)


def _row(stated: Mapping[str, Any]) -> Row:
    assert set(stated) == {"row", "says", "taken", "refused"}
    return Row(stated["row"], stated["says"], _taken(stated["taken"]), _refused(stated["refused"]))


LIST: Final = yaml.safe_load((Path(__file__).parent / "transitions.yaml").read_text(encoding="utf-8"))
OPEN: Final[Mapping[str, str]] = LIST["open"]
ROWS: Final = tuple(_row(stated) for stated in LIST["transitions"])
TAKEN: Final = [pytest.param(row.taken, id=row.code) for row in ROWS if row.taken is not None]
REFUSED: Final = [pytest.param(row.refused, id=row.code) for row in ROWS if row.refused is not None]


@dataclass(slots=True)
class Stage:
    """Where the scenarios of the library are played: every pack read once, every way walked once."""

    library: Library
    calendar: Calendar
    packs: dict[str, tuple[Pack, tuple[Scenario, ...], Ways]] = field(default_factory=dict)

    def pack(self, code: str) -> Pack:
        return self._read(code)[0]

    def scenario(self, code: str, title: str) -> Scenario:
        found = [each for each in self._read(code)[1] if each.title == title]
        assert len(found) == 1, f"{code} has {len(found)} scenarios that are called {title}"
        return found[0]

    def passes(self, code: str, scenario: Scenario) -> bool:
        pack, _, ways = self._read(code)
        return run_scenario(pack.kinds, scenario, self.calendar, ways).passed

    def before(self, code: str, scenario: Scenario, act: int) -> Course:
        """The course as it stands when the act of that place is tried."""
        opened_at = scenario.opened_at or scenario.acts[0].at - timedelta(minutes=1)
        return self.course(code, replace(scenario, acts=scenario.acts[:act], opened_at=opened_at))

    def course(self, code: str, scenario: Scenario) -> Course:
        pack, _, ways = self._read(code)
        return play(pack.kinds, scenario, self.calendar, ways)

    def _read(self, code: str) -> tuple[Pack, tuple[Scenario, ...], Ways]:
        if code not in self.packs:
            texts = self.library.scenarios(code)
            scenarios = read_scenarios(texts, ZoneInfo(self.calendar.zone))
            self.packs[code] = (self.library.load(code), tuple(scenarios), Ways())
        return self.packs[code]


@pytest.fixture(scope="module")
def stage(library: Library, calendar: Calendar) -> Stage:
    return Stage(library, calendar)


@dataclass(frozen=True, slots=True)
class Move:
    """What one event did: the step that yielded it (none where the program stated it), the stage before and after."""

    step: str | None
    start: str
    to: str


def walk(course: Course) -> list[Move]:
    logs = [course.log[: count + 1] for count in range(len(course.log))]
    stages = [standing(course.kind, log, log[-1].at, course.calendar).stage for log in logs]
    steps = [event.step for event in course.log]
    return [Move(step, *ends) for step, ends in zip(steps, pairwise([START, *stages]), strict=True)]


def is_made(taken: Taken, moves: list[Move]) -> bool:
    """Whether the walk goes through those stages in this order, the last move by that step. A step that leaves the
    stage as it is counts only where the row says so; elsewhere such steps are passed over."""
    wanted = list(pairwise(taken.stages))
    if taken.start != taken.to:
        moves = [move for move in moves if move.start != move.to]
    for last in range(len(wanted), len(moves) + 1):
        part = moves[last - len(wanted) : last]
        if [(move.start, move.to) for move in part] == wanted and part[-1].step == taken.step:
            return True
    return False


def test_every_row_of_the_union_stands_in_the_list_once() -> None:
    assert {row.number for row in ROWS} == set(range(1, LAST_ROW + 1))
    codes = [row.code for row in ROWS]
    assert len(codes) == len(set(codes))
    assert all(row.says for row in ROWS)


def test_the_open_rows_are_exactly_those_written_at_the_top() -> None:
    assert [side for row in ROWS for side in row.open] == list(OPEN)
    assert all(OPEN.values())


@pytest.mark.parametrize("taken", TAKEN)
def test_a_scenario_takes_the_transition(stage: Stage, taken: Taken) -> None:
    scenario = stage.scenario(taken.pack, taken.scenario)
    assert stage.passes(taken.pack, scenario)
    moves = walk(stage.course(taken.pack, scenario))
    assert is_made(taken, moves), moves


@pytest.mark.parametrize("refused", REFUSED)
def test_a_scenario_refuses_the_transition_from_its_stage_with_its_clause(stage: Stage, refused: Refused) -> None:
    assert refused.clause != GENERIC
    assert refused.clause in stage.pack(refused.pack).clauses
    scenario = stage.scenario(refused.pack, refused.scenario)
    assert stage.passes(refused.pack, scenario)  # every act was refused as it says, clause by clause
    meant = [
        place for place, act in enumerate(scenario.acts) if act.step == refused.step and refused.clause in act.refused
    ]
    assert meant
    for place in meant:
        act, course = scenario.acts[place], stage.before(refused.pack, scenario, place)
        assert (course.now(act.at).stage if course.log else START) == refused.start
        with pytest.raises(StepRefused) as found:
            course.take(act)
        assert refused.clause in {clause for refusal in found.value.refusals for clause in refusal.clauses}
        assert OUT_OF_PLACE not in {refusal.code for refusal in found.value.refusals}


@pytest.mark.parametrize(
    ("moves", "made"),
    [
        pytest.param([("plan", "a", "b"), ("send", "b", "c")], True, id="one after the other"),
        pytest.param([("plan", "a", "b"), ("note", "b", "b"), ("send", "b", "c")], True, id="a note in between"),
        pytest.param([("plan", "a", "b"), ("raise", "b", "d"), ("send", "d", "c")], False, id="another way"),
        pytest.param([("plan", "a", "b"), ("drop", "b", "c")], False, id="another step"),
        pytest.param([("send", "b", "c")], False, id="only its end"),
        pytest.param([], False, id="nothing"),
    ],
)
def test_a_walk_makes_a_transition_only_by_its_stages_and_its_step(
    moves: list[tuple[str, str, str]], made: bool
) -> None:
    taken = Taken("pack", "scenario", step="send", start="a", through=("b",), to="c")
    assert is_made(taken, [Move(*move) for move in moves]) is made


def test_a_step_that_leaves_the_stage_is_looked_for_in_that_stage() -> None:
    taken = Taken("pack", "scenario", step="extend", start="a", to="a")
    assert is_made(taken, [Move("open", START, "a"), Move("extend", "a", "a")])
    assert not is_made(taken, [Move("open", START, "a"), Move("extend", "b", "b")])
