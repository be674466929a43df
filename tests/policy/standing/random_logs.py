"""Logs of a kind that uses every construct, made at random."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import strategies as st

from kesu.policy.events import (
    BY_LINK,
    LINK_CLOSED,
    LINK_OPENED,
    LINK_REOPENED,
    LINKED_CASE,
    MATTER,
    MATTER_COUNTED,
    MATTER_SEQ,
    Event,
)
from kesu.policy.model.facts import Value
from kesu.policy.standing import Standing
from kesu.policy.standing.results import PARTS
from tests.policy.standing.everything import KIND
from tests.policy.standing.kinds import at

START = at("2026-09-24 09:00")  # a month with a week of holidays and a make-up Saturday in it

_OFTEN = (  # what leads somewhere only together with others comes more often than chance would have it
    *("wait",) * 4,
    *("submit_plan", "pay", "state", "extend", "ask", "reply", "make_plan", "inform", "promise", "send_help") * 2,
    *("sign_joint_review", "sign_leadership", "sign_budget") * 4,
)
_SIGNERS = {
    "sign_joint_review": ("manager", "manager", "legal"),
    "sign_leadership": ("leader",),
    "sign_budget": ("leader", "legal", "vp"),
}
_MINUTES = 60 * 24 * 40
_STEPS = [code for code, rule in KIND.steps.items() if not rule.starts_case]


def _value(code: str, chance: random.Random) -> Value | None:
    """A value that a step may state; None: left out this time."""
    values: dict[str, Callable[[], Value]] = {
        "person": lambda: chance.choice(["p1", "p2", "p3", "p4"]),
        "delay_cause": lambda: chance.choice(["我方", "客户"]),
        "media": lambda: chance.random() < 0.2,
        "needs_help": lambda: chance.random() < 0.5,
        "waiting": lambda: chance.random() < 0.6,
        "solved": lambda: chance.random() < 0.3,
        "urgent": lambda: chance.random() < 0.6,
        "legal_support": lambda: chance.random() < 0.5,
        "promised": lambda: START + timedelta(hours=chance.randint(0, 1_000)),
        "moved_in": lambda: START.date() + timedelta(days=chance.randint(-4, 40)),
        "place": lambda: chance.choice(["u1", "u2"]),
        "area": lambda: chance.choice(["东", "西"]),
        "helper": lambda: (chance.choice(["specialist:甲", "specialist:乙"]),),
        "helped_by": lambda: START + timedelta(hours=chance.randint(0, 800)),
        "enquiry": lambda: chance.choice(["问一", "问二"]),
        "more_days": lambda: chance.randint(1, 3),
        "sum": lambda: chance.choice([99, 100, 101]),
        "team": lambda: chance.choice([("vp:丁",), ("specialist:甲", "vp:丁")]),
        "cause": lambda: "已填",
        "to_level": lambda: chance.choice(["general", "important", "hot"]),
        "sort": lambda: chance.choice(["房屋/渗漏", "房屋/渗漏/屋面", "服务"]),
        "card": lambda: "已填",
        "card_until": lambda: START.date() + timedelta(days=chance.randint(-4, 40)),
        "paper": lambda: "已填",
        "later": lambda: "件三",
        "raised_to": lambda: chance.choice(["important", "hot", "major"]),
    }
    return values[code]() if code in values and chance.random() < 0.8 else None


def _instant(chance: random.Random) -> datetime:
    """An instant in the weeks after the report, often at its own clock time: there ages become full."""
    minutes = chance.randint(0, _MINUTES)
    return START + timedelta(minutes=minutes - minutes % 1440 if chance.random() < 0.2 else minutes)


def _event(chance: random.Random) -> Event:
    """One event as a step or a signature would leave it, with some of the facts that the step may state, or what is
    heard of a linked case or of the matter."""
    kind = chance.random()
    if kind < 0.12:
        return _of_a_linked_case(chance) if kind < 0.08 else _of_the_matter(chance)
    rule = KIND.steps[chance.choice([*_STEPS, *_OFTEN])]
    stated = {code: _value(code, chance) for code in (*rule.asks, *rule.may_state)}
    facts: dict[str, Value] = {code: value for code, value in stated.items() if value is not None}
    role = "specialist"
    if rule.signs is not None:
        role = chance.choice(_SIGNERS[rule.code])
        facts = {"approval": rule.signs, "verdict": "refused" if chance.random() < 0.1 else "granted"}
    when = _instant(chance)
    return Event(0, rule.event, when, when, chance.choice(["甲", "乙"]), role, rule.code, facts, rule.forms)


def _of_a_linked_case(chance: random.Random) -> Event:
    when, kind = _instant(chance), chance.choice([LINK_OPENED, LINK_CLOSED, LINK_REOPENED])
    facts: dict[str, Value] = {BY_LINK: "crisis", LINKED_CASE: chance.choice(["件一", "件二"])}
    if kind == LINK_OPENED:
        facts["effect"] = f"opens/crisis@{chance.choice(['level.hot#1', 'level.raised#1', '3', '5'])}"
    return Event(0, kind, when, when, role="system", facts=facts)


def _of_the_matter(chance: random.Random) -> Event:
    """How many stand behind it by now, or that somebody came again."""
    when = _instant(chance)
    if chance.random() < 0.3:
        return Event(0, "case.repeated", when, when, role="world", facts={"later": "件三"})
    facts: dict[str, Value] = {"behind": chance.choice([0, 2, 3, 8]), MATTER: "事项", MATTER_SEQ: chance.randint(1, 9)}
    return Event(0, MATTER_COUNTED, when, when, role="world", facts=facts)


def make_log(seed: int, size: int) -> list[Event]:
    """A report and what followed it, numbered in the order of recording, which need not be that of happening."""
    chance = random.Random(seed)
    opening = Event(1, "case.received", START, START, "甲", "specialist", "receive", {"person": "p0"})
    events = [_event(chance) for _ in range(size)]
    if chance.random() < 0.7:
        events.sort(key=lambda event: event.at)
    return [opening, *(replace(event, seq=number) for number, event in enumerate(events, 2))]


def logs() -> st.SearchStrategy[list[Event]]:
    """Logs by seed and size: drawn event by event they would nearly all be short and alike."""
    return st.builds(make_log, st.integers(0, 2**32), st.integers(0, 24))


def instants() -> st.SearchStrategy[datetime]:
    """Instants in the same weeks."""
    return st.integers(0, 2**32).map(lambda seed: _instant(random.Random(seed)))


def content(now: Standing, *without: str) -> dict[str, object]:
    """The parts of a standing without the two instants that always differ, and `without` others."""
    return {part: getattr(now, part) for part in PARTS if part not in {"now", "wake_at", *without}}
