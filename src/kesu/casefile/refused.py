"""What an edge is told when the policy refuses a step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kesu.core.errors import Forbidden, NotNow, Refused, Unacceptable
from kesu.policy.standing.results import Refusal

_INPUT_CODES: Final = frozenset({"value"})


def refusal(refusals: Sequence[Refusal], *, is_opening: bool) -> Refused:
    """The HTTP meaning of a refusal: not his (403), his input (422), or not at this moment (409). What opens a case
    meets nothing but what is stated in it."""
    clauses = [clause for refusal in refusals for clause in refusal.clauses]
    data: Mapping[str, Any] = {"refusals": tuple(refusals)}
    codes = {refusal.code for refusal in refusals}
    if "role" in codes:
        return Forbidden("step_not_yours", clauses=clauses, data=data)
    if codes <= _INPUT_CODES:
        return Unacceptable("step_incomplete", clauses=clauses, data=data)
    refused = Unacceptable if is_opening else NotNow
    return refused("step_refused", clauses=clauses, data=data)
