"""The words of a pack in other languages: `texts/<language>.yaml`. They are no part of the policy: nothing here touches
the canonical text or its digest.

A word is named by its address in the resolved pack (``complaint.stages.received.name``). In lists, where nothing has
a code, the Chinese word itself stands as the last part. What a pack inherits word for word, its parent's texts say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from kesu.policy.errors import Problem, nearest
from kesu.policy.language.nodes import Entry, Spot, Text
from kesu.policy.language.source import read_yaml
from kesu.policy.language.trees import TREE
from kesu.policy.model.trees import BELOW

LANGUAGES: Final = ("zh-Hant", "en")
"""What packs may be written in beside zh-Hans, which is binding."""

FOLDER: Final = "texts/"
_SUFFIX: Final = ".yaml"
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_PLACES: Final = re.compile(r"\{[\w:]+\}")
_KEYS: Final = ("version", "words")
_SLIPS: Final = 3
"""As many unknown addresses are slips of the pen, each told with the nearest one."""
_WORDED: Final[Mapping[str, tuple[str, ...]]] = {
    "stages": ("name", "public"),
    "facts": ("name", "help", "unclear", "reading"),
    "roles": ("name", "duty"),
    "events": ("name",),
    "steps": ("name", "help", "unclear", "reading"),
    "guards": ("says",),
    "separations": ("says",),
    "wording": ("says",),
    "approvals": ("name", "unclear", "reading"),
    "duties": ("name", "unclear", "reading"),
    "notices": ("name", "text"),
    "documents": ("name",),
    "guidance": ("text",),
    "promises": ("text",),
    "ledgers": ("name", "unclear", "reading"),
    "publishes": ("name", "unclear", "reading"),
    "opens": ("name", "unclear", "reading"),
    "measures": ("name", "unclear", "reading"),
    "samples": ("name", "unclear", "reading"),
}
"""By section of a kind: the keys under which people read words."""

Texts = Mapping[str, Mapping[str, str]]
"""Language → Chinese word → its word in that language."""


def words_of(tree: Mapping[str, Any]) -> dict[str, str]:
    """Address → Chinese word, of everything in a resolved pack that pages show."""
    found: dict[str, str] = {}
    for address, word in _words(tree):
        if isinstance(word, str) and _HAN.search(word):
            found.setdefault(address, word)
    return found


def _words(tree: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    pack = tree["pack"]
    for key in ("title", "scope"):
        yield f"pack.{key}", pack.get(key)
    for code, parameter in pack.get("parameters", {}).items():
        for key in ("name", "unclear"):
            yield f"parameters.{code}.{key}", parameter.get(key)
        values = parameter.get("values", {})
        for key, word in values.items() if isinstance(values, dict) else ((word, word) for word in values):
            yield f"parameters.{code}.values.{key}", word
    for part in ("lost", "later"):
        for clause, why in pack.get(part, {}).items():
            yield f"{part}.{clause}", why
    yield from _words_of_charter(pack)
    for clause, said in tree.get("clauses", {}).items():
        yield f"clauses.{clause}.printed", said.get("printed")
        yield f"clauses.{clause}.text", said.get("text")
    for code, kind in tree["kinds"].items():
        yield f"{code}.name", kind.get("name")
        for address, word in _words_of_kind(kind, pack.get("parameters", {})):
            yield f"{code}.{address}", word


def _words_of_charter(pack: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for address, change in pack.get("changes", {}).items():
        yield f"changes.{address}.says", change.get("says")
    for layer in pack.get("overlays", ()):
        yield f"overlays.{layer['pack']}.title", layer["title"]
        for address, change in layer.get("changes", {}).items():
            yield f"overlays.{layer['pack']}.changes.{address}.says", change.get("says")
    yield "trial.unclear", pack.get("trial", {}).get("unclear")
    for code, requirement in pack.get("requires", {}).items():
        yield f"requires.{code}.name", requirement.get("name")
    for revision in pack.get("revisions", ()):
        for key in ("change", "modified_by", "reviewed_by", "approved_by"):
            yield f"revisions.{revision.get('version')}.{key}", revision.get(key)


def _words_of_kind(kind: Mapping[str, Any], parameters: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for section, keys in _WORDED.items():
        for code, rule in kind.get(section, {}).items():
            for key in keys:
                yield f"{section}.{code}.{key}", rule.get(key)
    for code, fact in kind.get("facts", {}).items():
        for value in _values(fact.get("values", ()), parameters):
            yield f"facts.{code}.values.{value}", value
    yield from _words_of_clocks(kind)
    yield from _words_of_served(kind)
    for code, document in kind.get("documents", {}).items():
        for word in _printed(document.get("print", {})):
            yield f"documents.{code}.print.{word}", word
    yield "secrecy.says", kind.get("secrecy", {}).get("says")
    yield from _words_of_levels(kind.get("levels", {}))


def _words_of_clocks(kind: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Why the clock of a duty is held up."""
    for code, duty in kind.get("duties", {}).items():
        for part in ("pauses", "slower"):
            for name in (one.get("name") for one in duty.get(part, ())):
                yield f"duties.{code}.{part}.{name}", name


def _values(values: Any, parameters: Mapping[str, Any]) -> Iterable[str]:
    """Those of a choice; where a parameter holds them, its own."""
    if isinstance(values, dict) and tuple(values) == ("param",):
        held = parameters.get(values["param"], {})
        if held.get("type") == TREE:
            return dict.fromkeys(_names_in(next((held[key] for key in ("value", "sample") if key in held), ())))
        values = held.get("value") if isinstance(held.get("value"), list) else held.get("sample")
    if isinstance(values, dict) and any(not isinstance(below, str) for below in values.values()):
        return dict.fromkeys(_names_in(values))
    return [str(value) for value in values] if isinstance(values, list | dict) else ()


def _names_in(values: Any) -> Iterator[str]:
    """Every name of values in levels, of maps in maps or of paths: each is a word, wherever it stands."""
    for value in values if isinstance(values, list | dict) else ():
        yield from str(value).split(BELOW)
        if isinstance(values, dict):
            yield from _names_in(values[value])


def _words_of_served(kind: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What kinds of other policies are called here."""
    for section in ("facts", "opens"):
        for code, rule in kind.get(section, {}).items():
            kinds = rule.get("kind")
            for one in kinds if isinstance(kinds, list) else [kinds]:
                if isinstance(one, dict):
                    yield f"{section}.{code}.kind.{one['served']}", one.get("name")


def _words_of_levels(levels: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for code, name in levels.get("order", {}).items():
        yield f"levels.order.{code}", name
    for rule in levels.get("rules", ()):
        name = rule.get("name", "")
        yield f"levels.rules.{name}", name
        for key in ("unclear", "reading"):
            yield f"levels.rules.{name}.{key}", rule.get(key)


def _printed(layout: Mapping[str, Any]) -> Iterator[str]:
    """The headings on paper, the sentence below them, the words at the signatures."""
    for section in layout.get("sections", ()):
        yield section.get("title", "")
        for row in section.get("rows", ()):
            for cell in row if isinstance(row, list) else [row]:
                if isinstance(cell, dict):
                    yield from (cell[key] for key in ("name", "blank") if key in cell)
    yield layout.get("says", "")
    yield from layout.get("signatures", {}).values()


def read_texts(
    files: Mapping[str, str],
    code: str,
    version: str,
    words: Mapping[str, str],
    parent: tuple[Mapping[str, str], Texts],
    problems: list[Problem],
) -> Texts:
    """The texts of one pack, by language. `words`: its words by address; `parent`: those of the pack that it extends,
    and their texts. Mistakes go to `problems`; a word without a text is none."""
    found: dict[str, Mapping[str, str]] = {}
    inherited, spoken = parent
    for path in sorted(path for path in files if path.startswith(FOLDER)):
        language = path.removeprefix(FOLDER).removesuffix(_SUFFIX)
        if language not in LANGUAGES:
            problems.append(
                Problem(
                    f"packs/{code}/{path}", 0, 0, language, f"不认识语言 {language}。",
                    f"可用：{'、'.join(LANGUAGES)}。", nearest(language, LANGUAGES),
                )
            )  # fmt: skip
    for language in LANGUAGES:
        path = f"{FOLDER}{language}{_SUFFIX}"
        shown = f"packs/{code}/{path}"
        own = _own(shown, files[path], version, words, problems) if path in files else {}
        held = spoken.get(language, {})
        texts = {word: held[word] for address, word in words.items() if inherited.get(address) == word and word in held}
        texts |= _agreed(shown, own, words, problems)
        if texts:
            found[language] = texts
    return found


def _own(
    shown: str, text: str, version: str, words: Mapping[str, str], problems: list[Problem]
) -> dict[str, tuple[str, Spot]]:
    """Address → (text, place) of one file."""
    tree = read_yaml(shown, text, problems)
    if tree is None:
        return {}
    for key, entry in tree.entries.items():
        if key not in _KEYS:
            problems.append(_problem(entry.spot, key, f"没有 {key} 这个键。", f"这里只写 {' 和 '.join(_KEYS)}。"))
    if tree.text("version") != version:
        spot = tree.entries["version"].spot if "version" in tree.entries else tree.spot
        said = f"译文是照 {tree.text('version') or '（没有写）'} 版译的，制度是 {version} 版。"
        problems.append(_problem(spot, "version（版本）", said, f'请核对改动过的词句，再写 version: "{version}"。'))
    found: dict[str, tuple[str, Spot]] = {}
    entries = tree.map("words").entries
    gone = {address: entry.spot for address, entry in entries.items() if address not in words}
    _gone(gone, words, problems)
    for address, entry in entries.items():
        said = _text(address, entry, words, problems) if address not in gone else ""
        if said:
            found[address] = (said, entry.node.spot)
    return found


def _gone(gone: Mapping[str, Spot], words: Mapping[str, str], problems: list[Problem]) -> None:
    """Addresses of no word. Many at once are no slips: the rules were rewritten, and one message says which lines are
    over."""
    if len(gone) > _SLIPS:
        lines = "、".join(str(spot.line) for spot in gone.values())
        said = f"{len(gone)} 处词句制度里已经没有了，在第 {lines} 行。"
        asked = "请删去这些行；只是改了代码的，换成新的地址。还缺的见 kesu policy words --missing。"
        first, spot = next(iter(gone.items()))
        problems.append(_problem(spot, first, said, asked))
        return
    for address, spot in gone.items():
        near = nearest(address, words)
        shown = f"{near}（{words[near]}）" if near else ""
        problems.append(_problem(spot, address, "制度里没有这个词句。", "地址见 kesu policy words。", shown))


def _text(address: str, entry: Entry, words: Mapping[str, str], problems: list[Problem]) -> str:
    if not isinstance(entry.node, Text):
        problems.append(_problem(entry.node.spot, address, "这里应是一句译文，不是列表或表。"))
        return ""
    wanted, given = (sorted(_PLACES.findall(text)) for text in (words[address], entry.node.value))
    if wanted != given:
        listed = "、".join(wanted) or "没有"
        problems.append(_problem(entry.node.spot, address, "花括号里的代号与原文不同。", f"原文里的是：{listed}。"))
    return entry.node.value


def _agreed(
    shown: str, own: Mapping[str, tuple[str, Spot]], words: Mapping[str, str], problems: list[Problem]
) -> dict[str, str]:
    """Chinese word → text. Pages look words up by themselves, so one word has one text in a pack."""
    texts: dict[str, str] = {}
    first: dict[str, str] = {}
    for address, (text, spot) in own.items():
        word = words[address]
        if texts.setdefault(word, text) != text:
            said = f"「{word}」在 {first[word]} 译作“{texts[word]}”，这里译作“{text}”。"
            problems.append(
                Problem(shown, spot.line, spot.column, address, said, "同一个词在一部制度里只能有一个译法。")
            )
        first.setdefault(word, address)
    return texts


def _problem(spot: Spot, address: str, message: str, expected: str = "", near: str = "") -> Problem:
    return Problem(spot.file, spot.line, spot.column, address, message, expected, near)


def missing_texts(words: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, str]:
    """Address → Chinese word of what has no text."""
    return {address: word for address, word in words.items() if word not in texts}
