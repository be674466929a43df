"""Runs a course: the same report, steps and passing of time, whether commands take them or a file in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from kesu.access.actor import Actor, actor_of
from kesu.casefile.people import People
from kesu.config.bench.company import Company
from kesu.config.bench.courses import ONLINE, Course, Move
from kesu.core.errors import Refused
from kesu.store.models import Account, PostHolding, Unit

Given = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Words:
    """What one case is about: the texts in which copies of a course differ."""

    person: str
    phone: str
    room: str
    title: str
    content: str


class Hands(Protocol):
    """Who carries a course out."""

    def open(self, course: Course, given: Given, at: datetime, login: str | None) -> None:
        """`login` None: the customer reports himself."""

    def take(self, step: str, login: str, given: Given, at: datetime) -> None:
        """Raises `Refused`."""

    def wait(self, until: datetime) -> None:
        """Lets time act, at each instant at which it does."""


class Cast:
    """Who is meant where: logins by part, members of groups as forms send them. Nobody ever leaves this company, so
    that who holds what is asked once."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self.calendar = company.calendar
        self._paths = dict(Unit.objects.values_list("code", "path"))
        self.holders: dict[tuple[object, ...], People] = {}
        self._units: dict[str, Unit] = {}
        self._actors: dict[str, Actor] = {}
        held = PostHolding.objects.select_related("post__unit").order_by("id")
        self._held = [(one.post.role, one.post.unit.code, one.post.unit.scope_path, one.account_id) for one in held]

    def login(self, move: Move, course: Course) -> str:
        if move.by == "dept_head":
            return self._company.dept_heads[course.facts["dept"]]
        actors = self._company.actors[course.place]
        # Nobody of the house was the first to hear of what came online.
        return actors["specialist" if move.by == "first" and course.channel == ONLINE else move.by]

    def unit(self, code: str) -> Unit:
        if code not in self._units:
            self._units[code] = Unit.objects.get(code=code)
        return self._units[code]

    def actor(self, login: str) -> Actor:
        """With the posts that he has always held."""
        if login not in self._actors:
            held = (
                PostHolding.objects.filter(account__login=login).order_by("-from_on").values_list("from_on", flat=True)
            )
            self._actors[login] = actor_of(Account.objects.get(login=login), held[0])
        return self._actors[login]

    def first(self, course: Course) -> str | None:
        return None if course.channel == ONLINE else self._company.actors[course.place]["first"]

    def specialist(self, course: Course) -> str:
        return self._company.actors[course.place]["specialist"]

    def given(self, raw: Mapping[str, Any], course: Course) -> Given:
        """`$name` stands for a fact of the course; a list for members by their slots."""
        given: Given = {}
        for code, value in raw.items():
            name = course.facts.get(code[1:], "") if code.startswith("$") else code
            meant = course.facts.get(value[1:]) if isinstance(value, str) and value.startswith("$") else value
            if not name or meant is None:
                continue
            if isinstance(meant, list):
                given[name] = tuple(self._member(role, course) for role in meant)
            else:
                given[name] = (self._company.units[meant].hex if meant in self._company.units else str(meant),)
        return given

    def _member(self, role: str, course: Course) -> str:
        """The holder nearest to the place, or the one in the department that is asked."""
        place = self._paths[course.place]
        near = [
            (unit, account) for held, unit, reach, account in self._held if held == role and place.startswith(reach)
        ]
        asked = [account for unit, account in near if unit == course.facts["dept"]]
        return f"{role}:{(asked or [account for _, account in near])[-1].hex}"


def run(course: Course, words: Words, cast: Cast, hands: Hands, until: datetime) -> None:
    """Carries the course out as far as time has come at `until`. A move that is refused is passed over where it may
    be, and ends the course elsewhere."""
    hands.open(course, opening(course, words), course.began, cast.first(course))
    at = course.began
    for nth in range(course.joiners):
        at += timedelta(minutes=40)
        neighbour: Given = {"person.name": (f"邻居{nth + 1}",), "person.phone": (f"1390000{nth:04d}",)}
        if at > until or not _taken(hands, "join", cast.specialist(course), neighbour, at):
            break
    for move in course.moves:
        at = _next(at + move.after, cast)
        if at > until:
            break
        given = cast.given(move.given, course)
        if not _taken(hands, move.step, cast.login(move, course), given, at) and not move.may_fail:
            break
    hands.wait(until)


def _taken(hands: Hands, step: str, login: str, given: Given, at: datetime) -> bool:
    hands.wait(at)
    try:
        hands.take(step, login, given, at)
    except Refused:
        return False
    return True


def _next(at: datetime, cast: Cast) -> datetime:
    calendar = cast.calendar
    return at if calendar.is_working(at) else calendar.next_work_start(at) + timedelta(minutes=20)


def opening(course: Course, words: Words) -> Given:
    """What the opening form says."""
    return {
        "channel": (course.channel,),
        "person.name": (words.person,),
        "person.phone": (words.phone,),
        "title": (words.title,),
        "topic": (words.title,),
        "content": (words.content,),
        "room": (words.room,),
    }
