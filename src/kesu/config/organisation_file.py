"""Reads an organisation file (YAML): units, people, posts, grants, and which policies are adopted where."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import yaml

from kesu.commands.organisation.load_organisation import (
    Loaded,
    NewPerson,
    NewPost,
    NewUnit,
    Organisation,
    load_organisation,
)
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.policy.calendar import Calendar
from kesu.policy.calendar.official import WorkingHours
from kesu.policy.model.pack import Pack

Load = Callable[[str, Mapping[str, str]], Pack]
"""A policy by its code, with the figures that the company sets."""


@dataclass(frozen=True, slots=True)
class Adopting:
    """`subject`: the matters to which it is limited; empty: all others. `figures`: the company's own, by code."""

    unit: str
    pack: str
    signatures: Mapping[str, str]
    subject: str = ""
    figures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OrganisationFile:
    """`shows`: by login, one line on what this person is there to show."""

    organisation: Organisation
    adoptions: tuple[Adopting, ...]
    shows: Mapping[str, str]
    hours: WorkingHours

    def calendar(self, year: int) -> Calendar:
        """The working calendar of the file, for the year before to the year after."""
        return self.hours.calendar(year)


def read(text: str, password: Callable[[], str | None]) -> OrganisationFile:
    """`password` is asked once a person."""
    raw: dict[str, Any] = yaml.safe_load(text)
    units = [
        NewUnit(u["code"], u["kind"], u["name"], u.get("inside"), bool(u.get("is_public", False))) for u in raw["units"]
    ]
    people = [NewPerson(p["login"], p["name"], p.get("email", ""), password()) for p in raw["people"]]
    posts = [NewPost(p["unit"], p["role"], p["name"], tuple(p["people"])) for p in raw["posts"]]
    return OrganisationFile(
        Organisation(units, people, posts, raw.get("grants", {})),
        tuple(_adopting(adoption) for adoption in raw.get("adoptions", ())),
        {p["login"]: p.get("shows", "") for p in raw["people"]},
        _hours(raw.get("calendar", {})),
    )


def _adopting(raw: Mapping[str, Any]) -> Adopting:
    set_here: Mapping[str, Any] = raw.get("figures", {})
    figures = {code: "、".join(map(str, one)) if isinstance(one, list) else str(one) for code, one in set_here.items()}
    return Adopting(raw["unit"], raw["pack"], raw["signatures"], str(raw.get("subject", "")), figures)


def _hours(raw: Mapping[str, Any]) -> WorkingHours:
    usual = WorkingHours()
    return WorkingHours(
        raw.get("name", usual.name),
        tuple(raw.get("periods", usual.periods)),
        tuple(raw.get("workdays", usual.workdays)),
        bool(raw.get("public_holidays", usual.with_public_holidays)),
    )


def bring_in(
    file: OrganisationFile,
    *,
    load: Load,
    calendar: Calendar,
    on: date,
    at: datetime,
    is_demonstration: bool,
) -> Loaded:
    """Loads the organisation and puts its policies into force from `at` on."""
    loaded = load_organisation(organisation=file.organisation, on=on, is_demonstration=is_demonstration)
    for adopting in file.adoptions:
        _adopt(adopting, loaded.units[adopting.unit], load(adopting.pack, adopting.figures), calendar, at)
    return loaded


def _adopt(adopting: Adopting, unit: UUID, pack: Pack, calendar: Calendar, at: datetime) -> None:
    adopt_pack(
        actor=None,
        at=at,
        unit_id=unit,
        pack=pack,
        calendar=calendar,
        signatures=adopting.signatures,
        subject=adopting.subject,
    )


def random_password() -> str:
    return secrets.token_urlsafe(9)
