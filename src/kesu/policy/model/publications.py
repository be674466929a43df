"""What a case publishes: named facts, shown to somebody until they are taken back or their time is over."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kesu.policy.calendar import Duration
from kesu.policy.model.conditions import FactRef, Moment


class Audience(StrEnum):
    """To whom it is shown."""

    PUBLIC = "public"  # everybody, without signing in
    RESIDENTS = "residents"  # customers of the place of the case, behind their own links
    STAFF = "staff"  # whoever holds a post where the policy serves, above it or below it


@dataclass(frozen=True, slots=True)
class Publication:
    """Every moment of `starts` shows the facts `says` as they stand then, under the facts `title` (empty: its `name`).
    One that comes while they are shown already corrects them. They are shown `until` the end of a date that a fact
    holds, or so long after they were shown last (None: without an end), and never after a moment of `taken_back`: what
    was a mistake can be taken down."""

    code: str
    name: str
    clauses: tuple[str, ...]
    starts: tuple[Moment, ...]
    says: tuple[str, ...]
    seen_by: Audience
    taken_back: tuple[Moment, ...]
    title: tuple[str, ...] = ()
    until: Duration | FactRef | None = None
    unclear: str | None = None
    reading: str | None = None
