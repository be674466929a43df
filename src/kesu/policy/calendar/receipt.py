"""The receipt of a deadline: every step of its arithmetic as data, without sentences."""

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from kesu.policy.calendar.duration import Duration, parse_duration
from kesu.policy.lasting import lasting


class LineCode(StrEnum):
    """What a line of a receipt says. Lines stand in the order of the arithmetic.

    start         the moment that set the clock going (from_at; from_on its local date)
    factor        without dates: the whole length times `label`. With dates or instants: the clock was slowed because of
                  `label`; count as in counted or worked
    extended      the length grew by `label` (a duration text)
    starts_later  working time could only begin at to_at
    counted       days from_on to to_on; count is the number of the last of them. In natural minutes or hours: from_at
                  to to_at, count minutes
    worked        working time from from_at to to_at, count minutes; one working period, or a run of whole days
    skipped       days from_on to to_on not counted because of `label`; count days
    paused        the clock stood still because of `label`: days (from_on, to_on, count days) or minutes (from_at,
                  to_at, count minutes of the clock lost)
    moved         the holiday rule moved the end from from_at to to_at because of `label`
    share         the length is count per cent of the limit of the duty `label`
    stated        the day or the instant that somebody stated under the name `label` (to_on or to_at)
    ahead         `label` before the stated day from_on or the stated instant from_at
    chosen        of several limits the one that counts: `label`, under `clauses`
    passed_over   another limit, `label` under `clauses`, that would have ended at to_at
    cap           the end from_at lies beyond the cap `label`, so that to_at holds
    due           the result: to_at; to_on is the day it belongs to (24:00 of a day belongs to that day)
    """

    START = "start"
    FACTOR = "factor"
    EXTENDED = "extended"
    STARTS_LATER = "starts_later"
    COUNTED = "counted"
    WORKED = "worked"
    SKIPPED = "skipped"
    PAUSED = "paused"
    MOVED = "moved"
    SHARE = "share"
    STATED = "stated"
    AHEAD = "ahead"
    CHOSEN = "chosen"
    PASSED_OVER = "passed_over"
    CAP = "cap"
    DUE = "due"


@lasting
class ReceiptLine:
    """One line. Dates are local to the calendar's zone and inclusive; instants are UTC."""

    code: LineCode
    from_on: date | None = None
    from_at: datetime | None = None
    to_on: date | None = None
    to_at: datetime | None = None
    count: int | None = None
    label: str = ""
    clauses: tuple[str, ...] = ()

    def to_document(self) -> dict[str, Any]:
        """JSON-able; what is not said is left out."""
        written: dict[str, Any] = {"code": self.code.value}
        for key in ("from_on", "from_at", "to_on", "to_at"):
            value = getattr(self, key)
            if value is not None:
                written[key] = value.isoformat()
        if self.count is not None:
            written["count"] = self.count
        if self.label:
            written["label"] = self.label
        if self.clauses:
            written["clauses"] = list(self.clauses)
        return written

    @classmethod
    def from_document(cls, data: Mapping[str, Any]) -> "ReceiptLine":
        """The inverse of `to_document`."""
        return cls(
            code=LineCode(data["code"]),
            from_on=_optional_date(data.get("from_on")),
            from_at=_optional_instant(data.get("from_at")),
            to_on=_optional_date(data.get("to_on")),
            to_at=_optional_instant(data.get("to_at")),
            count=data.get("count"),
            label=data.get("label", ""),
            clauses=tuple(data.get("clauses", ())),
        )


@lasting
class Receipt:
    """How a due instant came about. `provisional`: it read a year whose holidays are not yet official.
    `duration`: None where the end is a stated date. `unfold` writes the lines: an end is asked for at every turn of a
    case, its arithmetic only by those who read it."""

    starts_at: datetime
    duration: Duration | None
    due_at: datetime
    calendar_version: str
    provisional: bool
    unfold: Callable[[], tuple[ReceiptLine, ...]] = field(repr=False)

    @property
    def lines(self) -> tuple[ReceiptLine, ...]:
        """The arithmetic, in its order."""
        return self.unfold()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Receipt) and self.to_document() == other.to_document()

    def __hash__(self) -> int:
        return hash((self.starts_at, self.duration, self.due_at, self.calendar_version, self.provisional))

    def to_document(self) -> dict[str, Any]:
        """JSON-able; `from_document` gives an equal receipt back."""
        return {
            "starts_at": self.starts_at.isoformat(),
            "duration": None if self.duration is None else str(self.duration),
            "due_at": self.due_at.isoformat(),
            "calendar_version": self.calendar_version,
            "provisional": self.provisional,
            "lines": [line.to_document() for line in self.lines],
        }

    @classmethod
    def from_document(cls, data: Mapping[str, Any]) -> "Receipt":
        """The inverse of `to_document`. Raises KeyError or ValueError for a document that is not one."""
        lines = tuple(ReceiptLine.from_document(line) for line in data["lines"])
        return cls(
            starts_at=datetime.fromisoformat(data["starts_at"]),
            duration=None if data["duration"] is None else parse_duration(data["duration"]),
            due_at=datetime.fromisoformat(data["due_at"]),
            calendar_version=data["calendar_version"],
            provisional=data["provisional"],
            unfold=lambda: lines,
        )


def _optional_date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _optional_instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
