"""The other houses of the demonstration: each has an organisation and policies of its own, and for each of these some
cases that went the way the policy says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import cycle
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
import yaml

from kesu.casefile.library import read_library
from kesu.commands.cases.register_case import register_case
from kesu.commands.sealed.submit_report import submit_report
from kesu.config.demonstration.courses import Cast, Move, defaults_of, moves_to
from kesu.config.demonstration.stories import Given, Stage, Told, actor_at, began, next_moment, take
from kesu.config.organisation_file import OrganisationFile, bring_in, read
from kesu.policy.calendar import Calendar
from kesu.policy.loader import compose
from kesu.policy.model.pack import Pack
from kesu.policy.scenarios.acting import STAFF
from kesu.store.models.organisation import UnitKind

log = structlog.get_logger("kesu.demonstration")

_DAYS_ON: Final = re.compile(r"(\d+)天后")
_PAUSES: Final = ("25分钟", "2小时", "50分钟", "3小时", "90分钟", "5小时")
"""Between the steps of a course, in turn."""


@dataclass(frozen=True, slots=True)
class House:
    """`cases`: what has happened there, as the file says it."""

    file: OrganisationFile
    cases: tuple[Mapping[str, Any], ...]

    def pack_at(self, case: Mapping[str, Any]) -> str:
        """The policy that rules the place of a case: that of the unit itself, or of the one that holds it."""
        above = {unit.code: unit.inside for unit in self.file.organisation.units}
        place: str | None = case["at"]
        while place is not None:
            for adopting in self.file.adoptions:
                is_overlay = _pack(adopting.pack).charter.is_overlay
                if adopting.unit == place and not is_overlay and case["kind"] in read_kinds(adopting.pack):
                    return adopting.pack
            place = above[place]
        raise LookupError(case["at"], case["kind"])

    def overlays_at(self, case: Mapping[str, Any]) -> tuple[str, ...]:
        """What is laid on that policy there."""
        places, place = [], case["at"]
        above = {unit.code: unit.inside for unit in self.file.organisation.units}
        while place is not None:
            places.append(place)
            place = above[place]
        found = (one.pack for one in self.file.adoptions if one.unit in places)
        return tuple(code for code in dict.fromkeys(found) if _pack(code).charter.is_overlay)

    def cast_at(self, case: Mapping[str, Any], stage: Stage) -> Cast:
        """The people whose posts reach the place, the nearest first; the department is the first one there."""
        near = self._near(case["at"])
        slots: dict[str, tuple[str, ...]] = {}
        for unit in near:
            for post in (post for post in self.file.organisation.posts if post.unit == unit):
                slots.setdefault(post.role, post.people)
        slots[STAFF] = slots.get("cs_specialist", next(iter(slots.values())))
        departments = [unit for unit in near if self._kind(unit) == UnitKind.DEPARTMENT]
        asked = case.get("dept") or next((d for d in departments if not d.endswith("_cs")), departments[0])
        return Cast(slots, stage.units[asked], stage.people, (case["person"], case["phone"]))

    def _near(self, place: str) -> list[str]:
        """The place, then what it lies in, each with the departments there."""
        units = self.file.organisation.units
        found: list[str] = []
        at: str | None = place
        while at is not None:
            found += [at, *(unit.code for unit in units if unit.inside == at and unit.kind == UnitKind.DEPARTMENT)]
            at = next(unit.inside for unit in units if unit.code == at)
        return found

    def _kind(self, code: str) -> str:
        return next(unit.kind for unit in self.file.organisation.units if unit.code == code)


def read_houses(password: str | None) -> Iterator[House]:
    """In the order of their files' names."""
    folder = files("kesu.config.demonstration") / "neighbours"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        text = file.read_text(encoding="utf-8")
        yield House(read(text, lambda: password), tuple(yaml.safe_load(text).get("cases", ())))


def read_kinds(pack: str) -> Mapping[str, Any]:
    """Kinds of a policy by code."""
    return _pack(pack).kinds


def settle(house: House, began_at: datetime, at: datetime, calendar: Calendar) -> Stage:
    """Brings the house in, from `began_at` on, and sets the stage for its cases."""
    loaded = bring_in(
        house.file,
        load=read_library().load,
        calendar=calendar,
        on=began_at.date(),
        at=began_at,
        is_demonstration=True,
    )
    return Stage(at=at, calendar=calendar, units=loaded.units, people=loaded.people)


def happened(house: House, stage: Stage) -> Iterator[tuple[datetime, Told]]:
    """The cases of a house with the moments at which they begin, to be told side by side with all others."""
    for case in house.cases:
        at = began(case, stage)
        yield at, _told(case, house, at, stage)


def _told(case: Mapping[str, Any], house: House, at: datetime, stage: Stage) -> Told:
    code, overlays = house.pack_at(case), house.overlays_at(case)
    kind = _composed(code, overlays).kinds[case["kind"]]
    said = [defaults_of(one, ZoneInfo(stage.calendar.zone)) for one in (*overlays, code)]
    words = {key: text for one in (*said, case.get("says", {})) for key, text in one.items()}
    cast = house.cast_at(case, stage)
    until = case.get("until", next(iter(kind.stages)))
    course = moves_to(until, kind, words, case.get("facts", {}), cast, at, stage.calendar)
    opening = next(course)
    if kind.is_sealed:
        _report(opening, case, at, stage)
        return
    case_id = _open(opening, case, at, stage)
    for move, pause in zip(course, cycle(_PAUSES), strict=False):
        at = next_moment(at, pause, stage.calendar)
        yield at
        hands = dict.fromkeys((move.login, *move.others))
        if not any(take(case_id, move.step, login, move.given, at, stage, move.uploads) for login in hands):
            log.warning("a course stops", title=case["says"]["title"], step=move.step)
            return
    for step in case.get("then", ()):
        at = next_moment(at, step["after"], stage.calendar)
        yield at
        given: Given = {code: (_stated(text, at, stage),) for code, text in step["given"].items()}
        if not take(case_id, step["step"], step["by"], given, at, stage):
            log.warning("a course stops", title=case["says"]["title"], step=step["step"])


def _stated(text: str, at: datetime, stage: Stage) -> str:
    """A day may be said as so many days on."""
    days = _DAYS_ON.fullmatch(text)
    if days is None:
        return text
    return (stage.calendar.local(at).date() + timedelta(days=int(days[1]))).isoformat()


def _report(move: Move, case: Mapping[str, Any], at: datetime, stage: Stage) -> None:
    """What comes of it is for those on its list alone to show."""
    submit_report(at=at, unit_id=stage.units[case["at"]], kind=case["kind"], given=move.given, token=_token(case))


def _token(case: Mapping[str, Any]) -> str:
    return f"demonstration-{case['phone']}"


def _open(move: Move, case: Mapping[str, Any], at: datetime, stage: Stage) -> UUID:
    return register_case(
        actor=actor_at(move.login, stage, at),
        at=at,
        happened_at=at,
        unit_id=stage.units[case["at"]],
        kind=case["kind"],
        given=move.given,
        uploads=move.uploads,
        token=_token(case),
    )


@cache
def _composed(code: str, overlays: tuple[str, ...]) -> Pack:
    return compose(_pack(code), [_pack(one) for one in overlays])


@cache
def _pack(code: str) -> Pack:
    return read_library().load(code)
