"""The catalogues are whole: every text of the sources in every language, the same gaps to fill, nothing more."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog, Message

from kesu.config import catalogues

_GAP = re.compile(r"%\(\w+\)[sd]|%%")


@pytest.fixture(scope="module")
def wanted() -> set[object]:
    return {message.id for message in catalogues.sources() if message.id}


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_it_holds_just_the_texts_of_the_sources(language: str, wanted: set[object]) -> None:
    held = {message.id for message in catalogues.catalogue(language) if message.id}
    assert held == wanted, "run: ./kesu texts update"


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_it_has_a_translation_of_every_text(language: str) -> None:
    assert [message.id for message in catalogues.untranslated(catalogues.catalogue(language))] == []


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_it_fills_the_same_gaps(language: str) -> None:
    assert [message.id for message in catalogues.catalogue(language) if message.id and gaps(message)] == []


def test_it_leaves_no_chinese_word_in_english() -> None:
    chinese = re.compile(r"[\u3400-\u9fff]")
    kept = [m.id for m in catalogues.catalogue("en") if m.id and chinese.search("".join(strings(m)))]
    assert kept == []


def strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, list | tuple) else [str(message.string)]


def gaps(message: Message) -> bool:
    """Whether a translation lacks a gap of its text or has another one. A singular may do without its number."""
    ids = list(message.id) if isinstance(message.id, list | tuple) else [str(message.id)]
    asked = sorted(_GAP.findall(ids[-1]))
    *singulars, last = strings(message)
    return sorted(_GAP.findall(last)) != asked or any(set(_GAP.findall(one)) - set(asked) for one in singulars)


def test_it_notices_a_text_without_translation_and_one_with_another_gap() -> None:
    found = Catalog(locale="en")
    empty, odd = found.add("共 %(count)d 件", ""), found.add("%(at)s 起", "from %(when)s")
    assert empty in catalogues.untranslated(found)
    assert gaps(odd)
    assert not gaps(found.add("最迟 %(due)s", "by %(due)s"))


def test_it_finds_what_templates_hand_to_components() -> None:
    found = {message.id for message in catalogues.sources()}
    assert "事实" in found
