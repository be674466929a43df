"""When a step may be taken, and where it takes the case."""

from __future__ import annotations

from dataclasses import dataclass

from kesu.policy.calendar import Duration
from kesu.policy.model.conditions import Moment


@dataclass(frozen=True, slots=True)
class Opening:
    """A window in which a step may be taken: not before a wait `after` a moment, `within` a length of it, so often,
    and what if it is late."""

    since: Moment
    within: Duration | None = None
    times: int | None = None
    late_by: str | None = None  # role that may still take it late; None: refused
    after: Duration | None = None


@dataclass(frozen=True, slots=True)
class Handover:
    """The case moves to the unit that the fact `to` names. Whoever took part keeps sight of it, unless `keeps_sight` is
    False: then only those keep it who have a part in it where it lies now."""

    to: str
    keeps_sight: bool = True


@dataclass(frozen=True, slots=True)
class Credential:
    """What the step states is a credential of whoever takes it: its `kind` as the house calls it in its records, and
    the facts that hold its number and the last day on which it is good."""

    kind: str
    number: str
    until: str


@dataclass(frozen=True, slots=True)
class Issue:
    """A paper that the step issues, in the register `name`: the facts that hold its number and its mark. It takes the
    place of the one before, first of the paper from outside of this case whose number `replaces` holds; the event
    `recalled_by` takes the last one back. `file`: the fact that holds the paper itself where it is kept with the case,
    `replaced_file` the one that holds the paper from outside: whoever looks at one that is void sees that it is.
    `stands`: each stands for itself, and none takes the place of the one before."""

    name: str
    number: str
    mark: str | None = None
    replaces: str | None = None
    recalled_by: str | None = None
    file: str | None = None
    replaced_file: str | None = None
    stands: bool = False
