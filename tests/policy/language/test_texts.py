"""The words of a pack in other languages."""

from __future__ import annotations

import json

import pytest

from kesu.policy.errors import PackInvalid
from kesu.policy.loader import load_pack, pack_words

Files = dict[str, dict[str, str]]


def with_texts(files: Files, *lines: str, version: str = "", language: str = "en", of: str = "sample") -> Files:
    version = version or load_pack(files, of).version
    text = f'version: "{version}"\nwords:\n' + "".join(f"  {line}\n" for line in lines)
    return {**files, of: {**files[of], f"texts/{language}.yaml": text}}


def mistake(files: Files) -> str:
    with pytest.raises(PackInvalid) as caught:
        load_pack(files, "sample")
    return str(caught.value)


def test_texts_change_nothing_of_the_policy(files: Files) -> None:
    bare, spoken = load_pack(files, "sample"), load_pack(with_texts(files, "request.name: Request"), "sample")
    assert (spoken.hash, spoken.canonical) == (bare.hash, bare.canonical)
    assert spoken.texts["en"][spoken.kinds["request"].name] == "Request"


def test_a_pack_inherits_the_texts_of_what_it_inherits_word_for_word(files: Files) -> None:
    parent = next(code for code in files if code != "sample")
    words = pack_words(load_pack(files, "sample"))
    address = "request.stages.received.name"
    inherited = with_texts(files, f"{address}: Taken in", of=parent)
    assert load_pack(inherited, "sample").texts["en"] == {words[address]: "Taken in"}


def test_an_unknown_address_is_refused_with_the_nearest_one(files: Files) -> None:
    said = mistake(with_texts(files, "request.stages.recieved.name: Received"))
    assert "packs/sample/texts/en.yaml:3:3 request.stages.recieved.name：制度里没有这个词句。" in said
    assert "是不是 request.stages.received.name" in said


def test_texts_of_rules_that_are_gone_are_told_in_one_line(files: Files) -> None:
    gone = [f"request.facts.gone_{number}.name: Gone" for number in range(4)]
    said = mistake(with_texts(files, *gone, "request.name: Request"))
    assert "en.yaml:3:3 request.facts.gone_0.name：4 处词句制度里已经没有了，在第 3、4、5、6 行。" in said
    assert "请删去这些行" in said
    assert "gone_1" not in said


def test_an_unknown_language_is_refused_with_the_nearest_one(files: Files) -> None:
    said = mistake(with_texts(files, "request.name: 請求", language="zh-Hnt"))
    assert "不认识语言 zh-Hnt。是不是 zh-Hant？" in said


def test_texts_of_another_version_are_to_be_read_through_again(files: Files) -> None:
    assert "译文是照 0.1 版译的" in mistake(with_texts(files, "request.name: Request", version="0.1"))


def test_one_word_has_one_text(files: Files) -> None:
    pack = load_pack(files, "sample")
    by_word: dict[str, list[str]] = {}
    for address, word in pack_words(pack).items():
        by_word.setdefault(word, []).append(address)
    first, second = next(found for found in by_word.values() if len(found) > 1)[:2]
    said = mistake(with_texts(files, f"{json.dumps(first)}: One", f"{json.dumps(second)}: Other"))
    assert "译作“One”" in said
    assert "只能有一个译法" in said


def test_a_text_keeps_the_places_of_its_sentence(files: Files) -> None:
    words = pack_words(load_pack(files, "sample"))
    address = next(address for address, word in words.items() if "{" in word)
    assert "花括号里的代号与原文不同" in mistake(with_texts(files, f"{address}: Something"))
