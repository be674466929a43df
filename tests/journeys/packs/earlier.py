"""What had been done in a house before its journey looks at it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from kesu.casefile.library import offered
from kesu.commands.cases.register_case import register_case
from kesu.config.demonstration.courses import Move, defaults_of, moves_to
from kesu.config.demonstration.stories import Stage, actor_at, take
from kesu.core import clock
from kesu.core.errors import Overtaken
from tests.journeys.packs.houses import WEEK, ZONE, Settled, house_of


def brought_to(house: Settled, pack: str, until: str, unit: str, *, kind: str = "complaint", token: str) -> None:
    """A case of a policy of this house, at this moment, by the shortest legal way from its opening to a stage."""
    at, stage = clock.now(), replace(house.stage, at=clock.now())
    story = {"at": unit, "person": "程女士", "phone": "13800005999"}
    cast = house_of(pack).cast_at(story, stage)
    rules = offered()[pack].kinds[kind]
    opening, *moves = moves_to(until, rules, defaults_of(pack, ZONE), {"photos": "1"}, cast, at, WEEK)
    case_id = register_case(
        actor=actor_at(opening.login, stage, at),
        at=at,
        happened_at=at,
        unit_id=stage.units[unit],
        kind=kind,
        given=opening.given,
        uploads=opening.uploads,
        token=token,
    )
    for move in moves:
        _take(case_id, move, at, stage)


def _take(case_id: UUID, move: Move, at: datetime, stage: Stage) -> None:
    """Again where the worker of the running program came between."""
    try:
        assert take(case_id, move.step, move.login, move.given, at, stage, move.uploads), move.step
    except Overtaken:
        _take(case_id, move, at, stage)
