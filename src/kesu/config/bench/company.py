"""The company of the benchmark: the demonstration group with more projects, and who acts where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any, Final
from uuid import UUID

import yaml

from kesu.casefile.library import read_library
from kesu.config.organisation_file import bring_in, read
from kesu.policy.calendar import Calendar
from kesu.policy.calendar.official import build as build_calendar

PASSWORD: Final = "kesu-bench"  # noqa: S105  of invented people in a database that the benchmark makes for itself
AGENT: Final = "linsheng"
"""Sees the cases of ten of thirteen projects and has work on most that are open."""
HEAD: Final = "duheng"
"""The head of a department: has as much on his desk as one person can work off."""
REGISTRAR: Final = "zhouyining"
"""Takes calls at one project."""

REACH: Final = timedelta(days=760)
"""How long the company has used the program."""

_MORE: Final = {
    "east_co": ("春晓苑", "听澜里", "云栖台", "松间院", "映湖庭", "禾风里", "知语轩", "南柯居"),
    "west_co": ("沙洲里", "月牙台"),
}
_MODEL: Final = {"east_co": "qingtang", "west_co": "wangting"}


@dataclass(frozen=True, slots=True)
class Company:
    """Ids by code and login; `actors` by project and part, as in the stories of the demonstration."""

    calendar: Calendar
    units: Mapping[str, UUID]
    people: Mapping[str, UUID]
    actors: Mapping[str, Mapping[str, str]]
    dept_heads: Mapping[str, str]
    ways: Mapping[str, Any]


def found(at: datetime) -> Company:
    """Founds the company in an empty installation, as it stands `REACH` before `at` (aware, UTC)."""
    began = at - REACH
    calendar, file = calendar_at(at), read(_organisation(), lambda: PASSWORD)
    loaded = bring_in(
        file, load=read_library().load, calendar=calendar, on=began.date(), at=began, is_demonstration=False
    )
    return company_of(at, loaded.units, loaded.people)


def found_neighbours(at: datetime) -> None:
    """Puts companies beside it whose policies know emergencies and other clocks; on the same day."""
    began = at - REACH
    text = (files("kesu.config.demonstration") / "neighbours" / "property.yaml").read_text(encoding="utf-8")
    file = read(text, lambda: PASSWORD)
    load = read_library().load
    bring_in(file, load=load, calendar=calendar_at(at), on=began.date(), at=began, is_demonstration=False)


def company_of(at: datetime, units: Mapping[str, UUID], people: Mapping[str, UUID]) -> Company:
    """The company that stands in the database already."""
    book = _demonstration("stories.yaml")
    return Company(calendar_at(at), units, people, _actors(book), book["dept_heads"], book["ways"])


def calendar_at(at: datetime) -> Calendar:
    return build_calendar("中国大陆工作日历", range(at.year - 3, at.year + 2), periods=("09:00-18:00",))


def projects(company: str) -> tuple[str, ...]:
    """Codes of the projects that were added to a company."""
    return tuple(f"{company}_{nth}" for nth in range(1, len(_MORE[company]) + 1))


def _demonstration(name: str) -> Any:
    return yaml.safe_load((files("kesu.config.demonstration") / name).read_text(encoding="utf-8"))


def _organisation() -> str:
    """Every new project has a specialist of its own and the other posts of the one that it is modelled on."""
    raw = _demonstration("organisation.yaml")
    raw["posts"].append({"unit": "west_leaders", "role": "legal_counsel", "name": "法律顾问", "people": ["zhengyiran"]})
    for company, names in _MORE.items():
        model = [post for post in raw["posts"] if post["unit"] == _MODEL[company]]
        for code, name in zip(projects(company), names, strict=True):
            specialist = f"{code}_specialist"
            raw["units"].append({"code": code, "inside": company, "kind": "project", "name": name, "is_public": True})
            raw["people"].append({"login": specialist, "name": f"{name}专员"})
            for post in model:
                own = post["role"] in {"cs_specialist", "suggestion_clerk"}
                raw["posts"].append({**post, "unit": code, "people": [specialist] if own else post["people"]})
    return yaml.safe_dump(raw, allow_unicode=True)


def _actors(book: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    actors = {code: dict(parts) for code, parts in book["actors"].items()}
    for company, model in _MODEL.items():
        for code in projects(company):
            own = f"{code}_specialist"
            actors[code] = {**actors[model], "specialist": own, "clerk": own}
            if actors[model]["first"] == actors[model]["specialist"]:
                actors[code]["first"] = own
    return actors
