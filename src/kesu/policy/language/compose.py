"""Composition: the files of a pack and of those it extends become one tree in which every rule stands in full.

A child adds new codes freely; what the parent has, it must `change` or `drop` in words. A rule says which clause it
comes from; only a pack that calls itself generic may be silent, and its rules are marked so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kesu.policy.errors import Problem, nearest
from kesu.policy.language.footing import without_idle_notices
from kesu.policy.language.labels import labelled
from kesu.policy.language.nodes import Entry, Map, Node, Seq, Spot, Text
from kesu.policy.language.overlaying import OVERLAY, lay
from kesu.policy.language.source import read_yaml
from kesu.policy.language.takers import with_takers
from kesu.policy.language.trees import TREE
from kesu.policy.model.rules import GENERIC

PACK_FILE: Final = "pack.yaml"
CLAUSES_FILE: Final = "clauses.yaml"
SECTIONS: Final = (
    "stages", "facts", "roles", "events", "steps", "guards", "separations", "wording", "approvals", "duties", "notices",
    "documents", "guidance", "promises", "opens", "ledgers", "measures", "samples", "publishes", "tables",
)  # fmt: skip
_BLOCKS: Final = ("secrecy", "schedule")
_UNCITED: Final = frozenset(
    {"events", "tables"}
)  # what the world states, and rows that rules take under their own clauses
_BESIDE_CHANGE: Final = ("change", "clause", "unclear", "reading", "note")
_PLACED: Final = ("insert_after", "insert_before")
_ADOPTION: Final = "采用表"
_LISTED: Final = re.compile(r"\s*[、，,;；\n]\s*")


@dataclass(frozen=True, slots=True)
class Source:
    """One pack as it is written: its own files, nothing inherited."""

    code: str
    pack: Map
    clauses: Map
    kinds: Mapping[str, Map]

    @property
    def is_generic(self) -> bool:
        return self.pack.text("generic") == "是"

    @property
    def is_overlay(self) -> bool:
        return "over" in self.pack.entries

    def tree(self) -> Map:
        """Its own files as `lay` puts them over another pack."""
        kinds = Map(self.pack.spot, {name: _entry(kind) for name, kind in self.kinds.items()})
        parts = {"pack": self.pack, "clauses": self.clauses, "kinds": kinds}
        return Map(self.pack.spot, {name: _entry(part) for name, part in parts.items()})


def resolve_pack(
    files: Mapping[str, Mapping[str, str]], code: str, settings: Mapping[str, str], problems: list[Problem]
) -> Map | None:
    """The tree `{pack, clauses, kinds}` of the pack `code`; None where a file cannot be read at all. That of an overlay
    is the pack over which it was written with the overlay laid on it, and its own files beside as `overlay`."""
    sources = _chain(files, code, problems)
    if sources is None:
        return None
    tree: Map | None = None
    for source in sources:
        if not source.is_overlay:
            tree = _Merge(source, tree, problems).tree()
    if tree is None:
        return None
    if not sources[-1].is_overlay:
        return with_takers(_with_settings(tree, settings, problems), problems, laid=False)
    layer = _with_settings(sources[-1].tree(), settings, problems)
    laid = lay(tree, [layer], problems, alone=True)
    return laid.with_entries({OVERLAY: _entry(layer)})


def _chain(files: Mapping[str, Mapping[str, str]], code: str, problems: list[Problem]) -> list[Source] | None:
    """The pack and its ancestors, the eldest first."""
    found: list[Source] = []
    wanted: Text | None = Text(code, Spot(f"packs/{code}"))
    while wanted is not None:
        if wanted.value in {source.code for source in found}:
            problems.append(_problem(wanted.spot, "extends（上级制度）", f"{wanted.value} 绕了一圈又成了自己的上级。"))
            return None
        if wanted.value not in files:
            near = nearest(wanted.value, files)
            problems.append(_problem(wanted.spot, "extends（上级制度）", f"没有制度 {wanted.value}。", near=near))
            return None
        source = _read_source(wanted.value, files[wanted.value], problems)
        if source is None:
            return None
        found.append(source)
        if source.is_overlay and len(found) > 1:
            problems.append(_problem(wanted.spot, "over（写在谁之上）", f"{source.code} 自己也是叠加的制度。"))
            return None
        node = source.pack.get("over" if source.is_overlay else "extends")
        wanted = node if isinstance(node, Text) else None
    return found[::-1]


def _read_source(code: str, files: Mapping[str, str], problems: list[Problem]) -> Source | None:
    pack = _read(code, PACK_FILE, files, problems)
    empty = Map(Spot(f"packs/{code}/{CLAUSES_FILE}"))
    clauses = _read(code, CLAUSES_FILE, files, problems) if CLAUSES_FILE in files else empty
    if pack is None:
        return None
    if pack.text("pack") != code:
        spot = pack.entries["pack"].spot if "pack" in pack.entries else pack.spot
        problems.append(_problem(spot, "pack（制度代码）", f"制度代码应与文件夹同名：{code}。"))
    _refuse_unlisted(code, pack, files, problems)
    names = [name for name in pack.texts("kinds") if f"{name}.yaml" in files]
    kinds = {name: _read(code, f"{name}.yaml", files, problems) for name in names}
    if clauses is None or None in kinds.values():
        return None
    return Source(code, pack, clauses, {name: kind for name, kind in kinds.items() if kind is not None})


def _refuse_unlisted(code: str, pack: Map, files: Mapping[str, str], problems: list[Problem]) -> None:
    """A file of rules that `kinds` forgets would be left out without a word."""
    listed = {PACK_FILE, CLAUSES_FILE, *(f"{name}.yaml" for name in pack.texts("kinds"))}
    for path, text in files.items():
        if path not in listed and "/" not in path and path.endswith(".yaml") and text.lstrip().startswith("kind:"):
            spot = Spot(f"packs/{code}/{path}", 1, 1)
            problems.append(_problem(spot, "kind（类别）", f"这个文件没有列进 {PACK_FILE} 的 kinds（案件种类）。"))


def _read(code: str, path: str, files: Mapping[str, str], problems: list[Problem]) -> Map | None:
    shown = f"packs/{code}/{path}"
    if path not in files:
        problems.append(Problem(shown, 0, 0, path, "缺少这个文件。"))
        return None
    return read_yaml(shown, files[path], problems)


class _Merge:
    """One source laid over the tree of its parent."""

    def __init__(self, source: Source, parent: Map | None, problems: list[Problem]) -> None:
        self._source = source
        self._parent = parent
        self._problems = problems

    def tree(self) -> Map:
        pack, parent = self._source.pack, self._parent
        inherited = parent.map("pack").map("parameters") if parent else Map(pack.spot)
        own = pack.map("parameters")
        if "parameters" in pack.entries or inherited.entries:
            pack = pack.with_entries({"parameters": _entry(self._section("parameters", inherited, own))})
        return Map(
            pack.spot,
            {
                "pack": _entry(pack.without("extends")),
                "clauses": _entry(self._clauses()),
                "kinds": _entry(self._kinds()),
            },
        )

    def _clauses(self) -> Map:
        """Clauses belong to their document; rules that are inherited from another document keep citing it."""
        if self._parent is None or self._parent.map("pack").text("generic") == "是":
            return self._source.clauses
        inherited = self._parent.map("clauses")
        return Map(self._source.clauses.spot, {**inherited.entries, **self._source.clauses.entries})

    def _kinds(self) -> Map:
        inherited = self._parent.map("kinds") if self._parent else Map(self._source.pack.spot)
        listed = self._source.pack.texts("kinds")
        found: dict[str, Entry] = {}
        for name in listed:
            own = self._source.kinds.get(name)
            if own is None and name not in inherited.entries:
                node = self._source.pack.get("kinds")
                spot = node.spot if node else self._source.pack.spot
                self._report(spot, "kinds（案件种类）", f"没有 {name}.yaml 这个文件，上级制度也没有这种案件。")
                continue
            own = own or Map(self._source.pack.spot)
            found[name] = _entry(self._kind(name, self._pattern(name, own, inherited), own))
        if not found:
            message = "制度里一种案件也没有。"
            self._report(self._source.pack.spot, "kinds（案件种类）", message, "请写 kinds: [案件文件名]。")
        return Map(self._source.pack.spot, found)

    def _pattern(self, name: str, own: Map, inherited: Map) -> Map:
        """The parent's kind that this one changes: the one of its name, or the one that it says it is like."""
        like = own.text("like")
        if like is None:
            return inherited.map(name)
        if like not in inherited.entries:
            near = nearest(like, inherited.entries)
            self._report(own.entries["like"].spot, "like（仿照）", f"上级制度没有 {like} 这种案件。", near=near)
        return inherited.map(like)

    def _kind(self, name: str, parent: Map, own: Map) -> Map:
        if own.entries and own.text("kind") != name:
            spot = own.entries["kind"].spot if "kind" in own.entries else own.spot
            self._report(spot, "kind（类别）", f"kind 应与文件同名：{name}。")
        merged = dict(parent.entries)
        for key, entry in own.entries.items():
            if key not in SECTIONS:
                merged[key] = entry
        for section in SECTIONS:
            node = own.get(section)
            if node is not None and not isinstance(node, Map):
                merged[section] = own.entries[section]  # refused by the compiler, with the same words for all sections
            elif node is not None or section in parent.entries:
                merged[section] = _entry(self._section(section, parent.map(section), own.map(section)))
        kind = Map(own.spot if own.entries else parent.spot, merged)
        kind = kind if self._source.is_generic else without_idle_notices(kind, parent)
        kind = self._with_keeps(kind, own.map("keeps"))
        for key in ("levels", *_BLOCKS):
            if key in own.entries and isinstance(kind.get(key), Map):
                kind = kind.with_entries({key: _entry(self._cited_block(key, kind.map(key)))})
        return kind.without("keeps", "like")

    def _section(self, section: str, parent: Map, own: Map) -> Map:
        entries = dict(parent.entries)
        for code, entry in own.entries.items():
            address = f"{section}.{code}"
            rule = entry.node
            if not isinstance(rule, Map):
                entries.setdefault(code, entry)
            elif "change" in rule.entries:
                self._change(address, code, entry, rule, entries)
            elif "drop" in rule.entries:
                self._drop(address, code, entry, rule, entries)
            elif code in parent.entries:
                first = parent.entries[code].spot
                self._report(
                    entry.spot, address, f"上级制度已有 {code}（{first.file} 第 {first.line} 行）。",
                    "要改请写 change:，要去掉请写 drop:。",
                )  # fmt: skip
            else:
                cited = rule if section in _UNCITED else self._cited(address, rule, entry.spot)
                entries = self._inserted(address, code, Entry(cited.without(*_PLACED), entry.spot), rule, entries)
        return Map(own.spot if own.entries else parent.spot, entries)

    def _change(self, address: str, code: str, entry: Entry, rule: Map, entries: dict[str, Entry]) -> None:
        self._refuse_beside(address, rule, _BESIDE_CHANGE)
        change = rule.get("change")
        old = entries[code].node if code in entries else None
        if not isinstance(old, Map):
            self._report(
                entry.spot, address, f"上级制度没有 {code}，不能 change（改动）。", near=nearest(code, entries)
            )  # fmt: skip
            return
        if not isinstance(change, Map):
            self._report(rule.entries["change"].spot, address, "change（改动）里应是要改的「键: 值」。")
            return
        beside = {key: value for key, value in rule.without("change").entries.items() if key in _BESIDE_CHANGE}
        if "clause" not in beside and "clause" in change.entries:
            beside["clause"] = change.entries["clause"]
        self._cited(address, Map(rule.spot, beside), entry.spot)
        entries[code] = Entry(Map(rule.spot, {**old.entries, **change.entries, **beside}), entry.spot)

    def _drop(self, address: str, code: str, entry: Entry, rule: Map, entries: dict[str, Entry]) -> None:
        self._refuse_beside(address, rule, ("drop", "clause"))
        if code not in entries:
            self._report(entry.spot, address, f"上级制度没有 {code}，不能 drop（删去）。", near=nearest(code, entries))
            return
        del entries[code]

    def _refuse_beside(self, address: str, rule: Map, allowed: tuple[str, ...]) -> None:
        for key, entry in rule.entries.items():
            if key not in allowed:
                word = labelled(allowed[0])
                self._report(
                    entry.spot, address, f"{labelled(key)} 不能写在 {word} 旁边。", f"可用：{' '.join(allowed)}"
                )

    def _inserted(
        self, address: str, code: str, entry: Entry, rule: Map, entries: dict[str, Entry]
    ) -> dict[str, Entry]:
        """The entries with a new one at its place; order is what people see."""
        for key in _PLACED:
            target = rule.text(key)
            if target is None:
                continue
            if target not in entries:
                spot = rule.entries[key].node.spot
                self._report(spot, f"{address}.{labelled(key)}", f"没有 {target}。", near=nearest(target, entries))
                continue
            codes = list(entries)
            codes.insert(codes.index(target) + (key == "insert_after"), code)
            return {each: entry if each == code else entries[each] for each in codes}
        return {**entries, code: entry}

    def _with_keeps(self, kind: Map, keeps: Map) -> Map:
        """`keeps: {archive: "6"}`: an inherited step for which the document does have a clause."""
        for word, entry in keeps.entries.items():
            # The name of an event has a dot itself.
            section, _, code = word.partition(".") if "." in word else ("steps", "", word)
            rules = kind.map(section)
            rule = rules.get(code)
            if not isinstance(rule, Map):
                near = nearest(code, rules.entries)
                self._report(entry.spot, f"keeps.{word}", f"上级制度没有 {section}.{code}。", near=near)
                continue
            own = tuple(item for item in _texts(rule.get("clause")) if item.value != GENERIC)
            clause = Seq((*own, *_texts(entry.node)), entry.node.spot)
            kept = rules.with_entries({code: Entry(rule.with_entries({"clause": _entry(clause)}), rule.spot)})
            kind = kind.with_entries({section: _entry(kept)})
        return kind

    def _cited_block(self, key: str, block: Map) -> Map:
        """Levels cite a clause at each rule, the other blocks once."""
        if key in _BLOCKS:
            return self._cited(key, block, block.spot)
        rules = block.get("rules")
        if not isinstance(rules, Seq):
            return block
        items = tuple(
            self._cited(f"levels.rules[{number}]", rule, rule.spot) if isinstance(rule, Map) else rule
            for number, rule in enumerate(rules.items, start=1)
        )
        return block.with_entries({"rules": _entry(Seq(items, rules.spot))})

    def _cited(self, address: str, rule: Map, spot: Spot) -> Map:
        if "clause" not in rule.entries:
            if not self._source.is_generic:
                self._report(spot, address, "缺少 clause（条款）。", "每条规则都要写明出自哪一条。")
            return rule.with_entries({"clause": _entry(Text(GENERIC, spot))})
        cited = rule.texts("clause")
        if not self._source.is_generic and GENERIC in cited and (len(cited) > 1 or not rule.text("unclear")):
            place = rule.entries["clause"].node.spot
            self._report(
                place, f"{address}.{labelled('clause')}", "规则要写明出自哪一条。",
                "原文到这里中断、由公司补齐的，写 clause: generic，并用 unclear 说明断在哪里。",
            )  # fmt: skip
        return rule

    def _report(self, spot: Spot, address: str, message: str, expected: str = "", near: str = "") -> None:
        self._problems.append(_problem(spot, address, message, expected, near))


def _texts(node: Node | None) -> tuple[Text, ...]:
    items = node.items if isinstance(node, Seq) else () if node is None else (node,)
    return tuple(item for item in items if isinstance(item, Text))


def _entry(node: Node) -> Entry:
    return Entry(node, node.spot)


def _problem(spot: Spot, address: str, message: str, expected: str = "", near: str = "") -> Problem:
    return Problem(spot.file, spot.line, spot.column, address, message, expected, near)


def _with_settings(tree: Map, settings: Mapping[str, str], problems: list[Problem]) -> Map:
    """The company's own values in place of the pack's."""
    pack = tree.map("pack")
    parameters = pack.map("parameters")
    changed: dict[str, Entry] = {}
    for code, value in settings.items():
        parameter = parameters.get(code)
        if not isinstance(parameter, Map):
            near = nearest(code, parameters.entries)
            problems.append(_problem(Spot(_ADOPTION), f"set.{code}", f"制度里没有参数 {code}。", near=near))
            continue
        node: Node = Text(value, Spot(_ADOPTION))
        if parameter.text("type") in {"list", TREE}:
            node = Seq(tuple(Text(part, Spot(_ADOPTION)) for part in _LISTED.split(value) if part), Spot(_ADOPTION))
        changed[code] = Entry(parameter.with_entries({"value": _entry(node)}), parameters.entries[code].spot)
    if not changed:
        return tree
    pack = pack.with_entries({"parameters": _entry(parameters.with_entries(changed))})
    return tree.with_entries({"pack": _entry(pack)})
