"""The one tree of refusals. Each carries what happened, why (clauses) and what to do, as codes and typed values;
sentences are made at the edges.

    Refused
    ├── Unproven            401  nothing shows that it comes from whom it names
    ├── NotFound            404  outside the reader's scope, or not there: the two are told apart by nobody
    ├── Forbidden           403  visible, but without the right
    ├── Overtaken           409  somebody was faster; what was typed is kept
    ├── NotNow              409  the policy refuses it at this moment (stage, guard, missing approval)
    ├── Unacceptable        422  the input itself is wrong or incomplete
    ├── TooMany             429  sent too often from one place
    └── NoRoom              503  this machine cannot keep what was sent
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class Refused(Exception):
    """A command or query said no. Nothing was written."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "refused"

    def __init__(self, reason: str, *, clauses: Sequence[str] = (), data: Mapping[str, Any] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.clauses = tuple(clauses)
        self.data: Mapping[str, Any] = dict(data or {})


class Unproven(Refused):
    """A delivery without a signature that fits, or sent at another time."""

    status = 401
    code = "unproven"


class NotFound(Refused):
    status = 404
    code = "not_found"

    def __init__(self) -> None:
        super().__init__("not_found")


class Forbidden(Refused):
    """`data["permission"]` names the right that is missing."""

    status = 403
    code = "forbidden"


class Overtaken(Refused):
    """`data["seen"]` and `data["now"]` are the two versions."""

    status = 409
    code = "overtaken"


class NotNow(Refused):
    """`data["refusals"]` is the tuple of `policy.standing.Refusal`."""

    status = 409
    code = "not_now"


class TooMany(Refused):
    """Sent too often from one place; the same is welcome later."""

    status = 429
    code = "too_many"


class Unacceptable(Refused):
    """`data["fields"]` maps a field to a tuple of messages' codes, `data["refusals"]` as in `NotNow`."""

    status = 422
    code = "unacceptable"


class NoRoom(Refused):
    """The disk is full, or takes nothing."""

    status = 503
    code = "no_room"

    def __init__(self) -> None:
        super().__init__("no_room")
