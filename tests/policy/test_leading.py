"""Which step comes first where one that is wanted belongs to a later stage."""

from __future__ import annotations

import pytest

from kesu.casefile.library import offered
from kesu.policy.leading import first_step


@pytest.mark.parametrize(
    ("code", "stage", "wanted", "first"),
    [
        ("p01", "received", "explain_result", "accept"),
        ("p01", "accepted", "explain_result", "classify"),
        ("p01", "planning", "explain_result", "submit_plan"),  # an approval opens the stage
        ("p01", "plan_ready", "explain_result", None),  # it belongs here
        ("p01", "result_notified", "tell_progress", None),  # it lies behind
        ("p01", "archived", "explain_result", None),  # nothing goes on any more
        ("p10", "registered", "report_done", "classify"),
    ],
)
def test_the_way_begins_with_the_step_that_takes_the_case_on(
    code: str, stage: str, wanted: str, first: str | None
) -> None:
    kind = offered()[code].kinds["complaint"]
    assert wanted in kind.steps

    found = first_step(kind, stage, wanted)

    assert (found.code if found else None) == first
