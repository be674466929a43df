"""What coverage calls running, a named test drives: the list of the library and the test must agree."""

from __future__ import annotations

from pathlib import Path

from kesu.casefile.library import Library
from tests.packs import test_every_kind_runs as driving

ROOT = Path(__file__).parents[2]


def test_every_kind_that_is_said_to_run_is_one_that_the_named_test_drives(library: Library) -> None:
    assert library.driven
    place = (
        f"{Path(driving.__file__).relative_to(ROOT)}::{driving.test_a_case_goes_from_its_opening_to_its_end.__name__}"
    )
    for code, kinds in library.driven.items():
        for kind, test in kinds.items():
            assert (code, kind) in driving.KINDS
            assert test == place
