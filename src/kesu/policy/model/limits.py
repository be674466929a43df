"""Until when something must be done, and when it is recalled before."""

from __future__ import annotations

from dataclasses import dataclass, field

from kesu.policy.calendar import Duration
from kesu.policy.model.conditions import FactRef


@dataclass(frozen=True, slots=True)
class HolidayRule:
    when: str  # end | start_or_end
    to: str  # end_of_work | start_of_work | same_time


@dataclass(frozen=True, slots=True)
class Ahead:
    """So long before the date or time that the fact states. Before a date: the end of the day that lies so many days
    before it, for workdays the end of its work."""

    length: Duration
    of: FactRef


@dataclass(frozen=True, slots=True)
class Share:
    """So many hundredths of the limit of another duty."""

    percent: int
    duty: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A length, a date that somebody stated (`FactRef`), or a length before one; with a holiday rule where the
    document has one. `clauses`: its own, where it is one of several. `part_of`: what the length was worked out from (a
    `Share` stands for the length itself only until the duties are put together)."""

    length: Duration | FactRef | Ahead | Share
    holiday: HolidayRule | None = None
    clauses: tuple[str, ...] = ()
    part_of: Share | None = None
    stated_by: str | None = field(init=False, repr=False, compare=False)
    """The fact whose date it goes by."""
    is_even: bool = field(init=False, repr=False, compare=False)
    """Whether it is a length and nothing else, as nearly every one."""

    def __post_init__(self) -> None:
        of = self.length.of if isinstance(self.length, Ahead) else self.length
        is_even = isinstance(self.length, Duration) and self.holiday is None and self.part_of is None
        # Both are asked at every change.
        object.__setattr__(self, "stated_by", of.code if isinstance(of, FactRef) else None)
        object.__setattr__(self, "is_even", is_even)


@dataclass(frozen=True, slots=True)
class Reminder:
    """Before the due instant: a share of the whole length (percent) or a length before the end."""

    percent: int | None = None
    before: Duration | None = None
