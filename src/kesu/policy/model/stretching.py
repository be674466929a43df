"""What makes the limit of a duty longer: its clock stands still or runs slow, or somebody gives more time."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kesu.policy.calendar import Duration
from kesu.policy.model.conditions import Condition, FactRef, Moment


@dataclass(frozen=True, slots=True)
class Pause:
    """While the condition holds the clock stands still, or runs at 1/`factor` where one is given; at most for `limit`
    in all. `name`: why, as people read it. Where an approval is needed it begins only when that is `granted` while the
    condition holds: nobody stops his own clock."""

    when: Condition
    limit: Duration | None = None
    clauses: tuple[str, ...] = ()
    name: str = ""
    granted: Moment | None = None
    factor: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """Makes a limit longer by `length`, or until the date that the event states, from the event `event` on. With an
    `approval` the event only asks for it: the limit moves when what was asked last is granted, and never where it is
    refused. What is due already is not made longer, so often at most (`times`)."""

    event: str
    length: FactRef | Duration
    times: int | None = None
    clauses: tuple[str, ...] = ()
    approval: str | None = None
