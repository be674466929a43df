"""Houses of the demonstration whose policies look over the cases of a period."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from uuid import UUID
from zoneinfo import ZoneInfo

from kesu.access.actor import Actor, actor_of
from kesu.casefile.casefile import CaseFile
from kesu.casefile.library import offered
from kesu.commands.cases.register_case import register_case
from kesu.commands.cases.take_step import take_step
from kesu.commands.occurrences.open_occurrences import open_occurrences
from kesu.config.demonstration.courses import defaults_of, moves_to
from kesu.config.demonstration.houses import House, settle
from kesu.config.demonstration.stories import Stage
from kesu.config.organisation_file import read
from kesu.policy.calendar.official import build as build_calendar
from kesu.policy.standing.samples import Drawn
from kesu.store.models import Account, Case

OCTOBER = datetime(2026, 9, 30, 16, 10, tzinfo=UTC)
"""Ten minutes into October, where these houses are."""
ALWAYS = build_calendar("全天候", (), periods=("00:00-24:00",), workdays=range(1, 8))
SUPERVISOR, MANAGER, SERVICE = "fuyanqiu", "chushuying", "duanqiuping"


@dataclass
class Played:
    """A policy in force at a house; `at`: the moment that its cases have reached."""

    pack: str
    house: House
    stage: Stage
    at: datetime
    units: tuple[str, ...]
    opened: list[UUID] = field(default_factory=list)

    def actor(self, login: str) -> Actor:
        return actor_of(Account.objects.get(login=login), self.at.date())

    def case(self, kind: str, until: str, unit: str = "", **facts: str) -> UUID:
        """A case that has gone the shortest legal way to a stage, in the words of the policy's own scenarios."""
        place = unit or self.units[0]
        told = {"at": place, "person": "程女士", "phone": "13800005999"}
        rules = offered()[self.pack].kinds[kind]
        words = {**defaults_of(self.pack, ZoneInfo(ALWAYS.zone)), **facts}
        opening, *moves = moves_to(until, rules, words, {}, self.house.cast_at(told, self.stage), self.at, ALWAYS)
        self.at += timedelta(minutes=5)
        case_id = register_case(
            actor=self.actor(opening.login),
            at=self.at,
            happened_at=self.at,
            unit_id=self.stage.units[place],
            kind=kind,
            given=opening.given,
            uploads=opening.uploads,
            token=f"{kind}-{self.at.isoformat()}",
        )
        for move in moves:
            self.take(case_id, move.step, move.login, uploads=move.uploads, given=move.given)
        self.opened.append(case_id)
        return case_id

    def take(self, case_id: UUID, step: str, login: str, *, given=None, uploads=(), **stated: str) -> None:  # type: ignore[no-untyped-def]
        self.at += timedelta(minutes=5)
        version = Case.objects.values_list("version", flat=True).get(pk=case_id)
        given = given if given is not None else {code: (text,) for code, text in stated.items()}
        take_step(
            actor=self.actor(login), at=self.at, case_id=case_id, step=step, seen_version=version, given=given,
            uploads=uploads,
        )  # fmt: skip

    def came_round(self, kind: str, at: datetime) -> UUID:
        """What the program opens by itself when the period is over."""
        self.at = at
        open_occurrences(at=at)
        return Case.objects.filter(kind=kind).latest("received_at").pk

    def drawn(self, case_id: UUID) -> Drawn:
        return CaseFile.open(Case.objects.get(pk=case_id)).standing(self.at).walk.samples.drawn["checked"]


def reviewing(until: datetime) -> Played:
    """Complaints may be closed there from a month before `until`."""
    return _played("p06", "northern.yaml", until, ("langu_site",))


def rewarding(until: datetime) -> Played:
    """Repairs may be signed there from a month before `until`."""
    return _played("s16", "western.yaml", until, ("xiling_site", "xiling_hill"))


def _played(pack: str, file: str, until: datetime, units: tuple[str, ...]) -> Played:
    text = (files("kesu.config.demonstration") / "neighbours" / file).read_text(encoding="utf-8")
    house = House(read(text, lambda: None), ())
    stage = settle(house, until - timedelta(days=120), until, ALWAYS)
    return Played(pack, house, stage, until - timedelta(days=30), units)
