"""What a due instant rests on, so that it can be told and worked out again elsewhere: the limits, what was stated, what
stood still or ran slow, what made it longer. And the due instants that it had before."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from kesu.policy.calendar import Duration, Interval, Receipt
from kesu.policy.lasting import lasting
from kesu.policy.model.facts import Value
from kesu.policy.model.limits import Limit
from kesu.policy.model.stretching import Extension, Pause


class Moved(StrEnum):
    """Why a due instant is another one than before."""

    PAUSE = "pause"
    SLOWER = "slower"
    EXTENSION = "extension"
    LIMIT = "limit"  # another row of the table holds: of another level, say
    STATED = "stated"  # another date was stated
    CALENDAR = "calendar"  # another version of the calendar counts
    POLICY = "policy"  # another version of the policy counts


@lasting
class Stop:
    """A stretch in which the clock stood still, or ran slow. `ends_at` None: it is on; `at_latest`: then its limit is
    used up, None without one."""

    rule: Pause
    starts_at: datetime
    ends_at: datetime | None
    at_latest: datetime | None = None


@lasting
class Longer:
    """An extension: a length, or the instant until which it goes, given at `at`."""

    rule: Extension
    length: Duration | datetime
    at: datetime


@lasting
class Grounds:
    """`stated`: of each limit that goes by a stated date, in their order. `uncounted`: as it was reckoned with, a slow
    stretch that is on as if it went on. `floor`: a change of limits never makes it fall before this. `due_at` None: no
    date is stated yet."""

    starts_at: datetime
    limits: tuple[Limit, ...]
    stated: tuple[Value | None, ...]
    uncounted: tuple[Interval, ...]
    extensions: tuple[Duration | datetime, ...]
    cap: Duration | None
    floor: datetime | None
    receipt: Receipt | None

    @property
    def due_at(self) -> datetime | None:
        return self.receipt.due_at if self.receipt is not None else None


@lasting
class Earlier:
    """A due instant that held until something moved it. Whoever was told of it can still see it."""

    grounds: Grounds
    until: datetime
    why: Moved


@lasting
class History:
    """Beside the receipt of an obligation: how its clock was held up, what made its limit longer, and what was promised
    before."""

    stops: tuple[Stop, ...]
    longer: tuple[Longer, ...]
    earlier: tuple[Earlier, ...]
