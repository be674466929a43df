"""Every pack is changed in one place after another, and its own scenarios notice it.

Some thousand changes, each played against all scenarios of its pack: only with `--full`.
"""

from __future__ import annotations

import os

import pytest

from kesu.casefile.library import Library, read_library
from kesu.policy.calendar import Calendar
from kesu.policy.scenarios.surviving import LEAST, survey

CODES = read_library().codes

pytestmark = pytest.mark.skipif(
    not os.environ.get("KESU_FULL"), reason="plays the scenarios of every pack once for each change: with --full"
)


@pytest.mark.parametrize("code", CODES)
def test_its_scenarios_notice_what_is_changed_and_it_says_why_the_rest_may_pass(
    library: Library, calendar: Calendar, code: str
) -> None:
    found = survey(library.load(code), library.texts[code], library.scenarios(code), calendar)
    made, noticed = sum(found.made.values()), sum(found.noticed.values())
    assert noticed * 100 >= LEAST * made, "\n".join(found.lines())
    assert [str(mutant) for mutant, reason in found.survivors if not reason] == []
