"""The shipped overlays lie on every shipped policy of their kinds, and change nothing of how cases run."""

from __future__ import annotations

import pytest

from kesu.casefile.library import Library, read_library
from kesu.policy.calendar import Calendar
from kesu.policy.checking import Together, look_over
from kesu.policy.loader import compose, pack_words, read_canonical
from kesu.policy.scenarios import run_scenarios

LIBRARY = read_library()
TOGETHER = Together(LIBRARY.texts)
PACKS = {code: LIBRARY.load(code) for code in LIBRARY.codes}
OVERLAYS = [code for code, pack in PACKS.items() if pack.charter.is_overlay]
COMPLAINTS = [code for code, pack in PACKS.items() if "complaint" in pack.kinds and code not in OVERLAYS]


@pytest.mark.parametrize("code", LIBRARY.codes)
def test_nothing_is_wrong_with_a_shipped_policy_as_a_whole(code: str) -> None:
    assert [str(finding) for finding in look_over(LIBRARY.texts, code)] == []


@pytest.mark.parametrize("code", COMPLAINTS)
def test_every_overlay_lies_on_every_policy(code: str) -> None:
    assert [str(one) for one in TOGETHER.look_over(code, OVERLAYS)] == []
    composed = compose(PACKS[code], [PACKS[overlay] for overlay in OVERLAYS])
    assert read_canonical(composed.canonical) == composed
    assert {one.code for one in composed.charter.overlays} == set(OVERLAYS)


@pytest.mark.parametrize("code", ["p09", "p10"])
def test_a_policy_runs_under_the_language_rules_as_it_did_without(
    library: Library, calendar: Calendar, code: str
) -> None:
    composed = compose(PACKS[code], [PACKS["s14"]])
    results = run_scenarios(composed, library.scenarios(code), calendar)
    assert [str(result) for result in results if not result.passed] == []
    assert results


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_a_composed_policy_lacks_no_text_that_its_parts_have(language: str) -> None:
    composed = compose(PACKS["p10"], [PACKS["s14"]])
    assert set(pack_words(composed).values()) - set(composed.texts[language]) == set()
