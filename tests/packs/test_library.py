"""Every pack of the library compiles, proves what it says, and says honestly what it does not."""

from __future__ import annotations

import pytest

from kesu.casefile.library import Library, PackUnknown, read_library
from kesu.policy.calendar import Calendar
from kesu.policy.coverage import Depth, coverage
from kesu.policy.loader import read_canonical
from kesu.policy.scenarios import run_scenarios
from kesu.policy.scenarios.proving import loose_figures, prove
from tests.full import only_in_full
from tests.packs.unproved import WITHOUT_RULE

CODES = read_library().codes
OFTEN = ("base", "p10", "w02")
"""Proved rule by rule in every run; the others in full."""


def test_it_finds_the_shipped_packs(library: Library) -> None:
    assert library.codes == (
        "aftercare", "base", "causes", "channels", "classes", "filing", "groups", "hotline", "l01", "letters",
        "likeness", "merging", "p01", "p02", "p03", "p04", "p05", "p06", "p07", "p08", "p09", "p10", "p11", "p12",
        "records", "remedies", "repairs", "s14", "s16", "suggestion", "surveys", "talks", "tasking", "w01", "w02",
        "whistle",
    )  # fmt: skip


def test_it_takes_a_pack_name_in_any_case_and_names_the_known_ones_otherwise(library: Library) -> None:
    assert library.code_of("P10") == "p10"
    with pytest.raises(PackUnknown) as unknown:
        library.code_of("p99")
    assert unknown.value.known == library.codes


@pytest.mark.parametrize("code", CODES)
def test_it_compiles_every_pack_and_reads_the_stored_text_back_the_same(library: Library, code: str) -> None:
    pack = library.load(code)
    assert read_canonical(pack.canonical) == pack


@pytest.mark.parametrize("code", CODES)
def test_it_passes_every_scenario(library: Library, calendar: Calendar, code: str) -> None:
    results = run_scenarios(library.load(code), library.scenarios(code), calendar)
    assert [str(result) for result in results if not result.passed] == []
    assert results


@pytest.mark.parametrize("code", [one if one in OFTEN else pytest.param(one, marks=only_in_full) for one in CODES])
def test_it_proves_every_rule_and_holds_every_figure(library: Library, calendar: Calendar, code: str) -> None:
    pack, texts = library.load(code), library.scenarios(code)
    found = coverage(pack, prove(pack, texts, calendar), loose_figures(pack, texts, calendar))
    assert found.unproved == ()
    assert found.loose_figures == ()


@pytest.mark.parametrize("code", CODES)
def test_it_answers_every_clause_or_says_why_not(library: Library, code: str) -> None:
    found = coverage(library.load(code), {})
    assert found.unanswered == ()
    without = [each for each in found.clauses if each.depth is Depth.NONE]
    assert tuple(each.clause.id for each in without) == WITHOUT_RULE.get(code, ())
    assert all(each.reason for each in without)


@pytest.mark.parametrize("code", CODES)
def test_it_honours_no_clause_less_strictly_than_it_asks(library: Library, code: str) -> None:
    assert [each.clause.id for each in coverage(library.load(code), {}).clauses if each.is_weaker] == []


def test_it_carries_all_sixty_clauses_of_the_first_regime(library: Library) -> None:
    assert len(library.load("p10").clauses) == 60


@pytest.mark.parametrize("code", CODES)
def test_it_tells_the_customer_every_stage_in_a_plain_word(library: Library, code: str) -> None:
    for kind in library.load(code).kinds.values():
        if kind.schedule is not None:
            continue  # nobody outside follows a standing duty
        assert [stage.code for stage in kind.stages.values() if not stage.public] == []


@pytest.mark.parametrize("code", CODES)
def test_it_speaks_calmly(library: Library, code: str) -> None:
    text = "\n".join(library.texts[code].values())
    assert not set("!！") & set(text)
    assert not [character for character in text if ord(character) >= 0x1F000]
