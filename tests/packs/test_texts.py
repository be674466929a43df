"""The shipped packs in every language of the pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from kesu.casefile import library as library_module
from kesu.casefile.library import Library, read_library
from kesu.config.cli import main
from kesu.policy.language.texts import LANGUAGES, missing_texts
from kesu.policy.loader import pack_words

PACKS = read_library().codes


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", PACKS)
def test_every_word_of_a_shipped_pack_has_a_text(library: Library, code: str, language: str) -> None:
    pack = library.load(code)
    assert missing_texts(pack_words(pack), pack.texts.get(language, {})) == {}


def test_all_shipped_packs_are_looked_at(library: Library) -> None:
    assert library.codes == PACKS


@pytest.mark.parametrize("language", LANGUAGES)
def test_shipped_packs_agree_so_that_lists_of_several_can_be_read(library: Library, language: str) -> None:
    common: dict[str, str] = {}
    for code in PACKS:
        for word, text in library.load(code).texts[language].items():
            assert common.setdefault(word, text) == text, word


@pytest.fixture
def half_translated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.policy.test_scenarios_running import CLAUSES, KIND, PACK

    folder = tmp_path / "kiosk"
    (folder / "texts").mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK, "utf-8")
    (folder / "clauses.yaml").write_text(CLAUSES, "utf-8")
    (folder / "wish.yaml").write_text(KIND, "utf-8")
    version = next(line for line in PACK.splitlines() if line.startswith("version"))
    (folder / "texts" / "en.yaml").write_text(f"{version}\nwords: {{wish.name: Wish}}\n", "utf-8")
    monkeypatch.setattr(library_module, "_CHECKOUT", tmp_path)


@pytest.mark.usefixtures("half_translated")
def test_the_check_tells_what_is_missing_and_does_not_fail_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "check"]) == 0
    said = capsys.readouterr().out
    assert "kiosk：en 还缺" in said
    assert "kesu policy words kiosk --missing en" in said


@pytest.mark.usefixtures("half_translated")
def test_it_lists_what_is_missing_as_a_file_of_texts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "words", "kiosk", "--missing", "en"]) == 0
    said = capsys.readouterr().out
    assert '  "pack.title": ' in said
    assert "wish.name" not in said


def test_it_names_the_languages_for_an_unknown_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "words", "p10", "--missing", "zh-hant"]) == 1
    assert "zh-Hant" in capsys.readouterr().err
