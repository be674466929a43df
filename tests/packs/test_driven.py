"""What coverage calls running, a named test drives: the list of the library and the tests must agree."""

from __future__ import annotations

from importlib import import_module
from inspect import getsource

import pytest
import yaml

from kesu.casefile.library import Library, library_folder
from tests.packs import test_every_kind_runs as driving

EVERY = f"tests/packs/test_every_kind_runs.py::{driving.test_a_case_goes_from_its_opening_to_its_end.__name__}"


def test_every_kind_that_is_said_to_run_is_one_that_the_named_test_drives(library: Library) -> None:
    assert library.driven
    for code, kinds in library.driven.items():
        for kind, test in kinds.items():
            if test == EVERY:
                assert (code, kind) in driving.KINDS
                assert (code, kind) not in driving.CALLED_OFF
            else:
                file, _, name = test.partition("::")
                module = import_module(file.removesuffix(".py").replace("/", "."))
                assert callable(getattr(module, name))
                assert f'offered()["{code}"].kinds["{kind}"]' in getsource(module)


def test_what_a_new_house_calls_off_another_test_drives_to_its_end(library: Library) -> None:
    for code, kind in driving.CALLED_OFF:
        assert library.driven[code][kind] != EVERY


_LISTED = yaml.safe_load((library_folder() / "driven.yaml").read_text("utf-8"))
_WALKED = [(one["test"], pack, kinds) for one in _LISTED for pack, kinds in one.get("walks", {}).items()]


@pytest.mark.parametrize(("test", "pack", "kinds"), _WALKED)
def test_a_journey_that_is_said_to_walk_a_policy_does(test: str, pack: str, kinds: list[str], library: Library) -> None:
    file, _, name = test.partition("::")
    module = import_module(file.removesuffix(".py").replace("/", "."))
    if "/journeys/packs/" in file:
        assert f'houses.open("{pack}")' in getsource(getattr(module, name))
    assert set(kinds) <= set(library.load(pack).kinds)


def test_each_policy_on_complaints_is_walked_by_a_journey() -> None:
    complaints = {*(f"p{number:02}" for number in range(1, 13)), "w02", "l01"}
    assert {pack for _test, pack, _kinds in _WALKED} == {*complaints, "s16"}
