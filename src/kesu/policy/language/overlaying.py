"""Laying overlays on a pack: rules on one subject (how staff speak, what customers must agree to) that serve beside
whatever document rules the cases.

An overlay adds. What makes a case run otherwise (deadlines, levels, approvals, stages, anything changed or dropped) it
may touch only if its `changes` say so under a clause. Codes that the pack below does not have are left out: an overlay
is written once, over the common steps, and no document has all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from kesu.policy.errors import Problem
from kesu.policy.language.hanging import without_hanging
from kesu.policy.language.labels import labelled
from kesu.policy.language.nodes import Entry, Map, Node, Seq, Spot, Text, plain
from kesu.policy.language.precedence import Rank, ranked
from kesu.policy.language.renumbering import MERGED, entry_of, items_of, renumbered
from kesu.policy.language.takers import with_takers
from kesu.policy.language.trees import grown, is_tree
from kesu.policy.model.rules import GENERIC

OVERLAY: Final = "overlay"
"""Where the tree of an overlay keeps its own files."""
_VALUES: Final = "values"

_FREE: Final = (
    "facts", "roles", "events", "steps", "guards", "separations", "wording", "notices", "documents", "guidance",
    "promises", "opens", "ledgers", "measures", "samples", "publishes", "tables",
)  # fmt: skip
_NAMED: Final = ("stages", "approvals", "duties")
_OF_THE_FILE: Final = frozenset({"kind", "name", "note"})
_OF_A_CHILD: Final = frozenset({"keeps", "like"})
_MARKS: Final = {("facts", "proposed")}
"""(section, key) of marks that an overlay may add to a rule: nothing runs otherwise by them."""
_COLUMNS: Final = "list"
"""What lists show of a case: an overlay adds its own behind, and takes none away."""
_UNCITED: Final = frozenset({"events", "tables"})
_LISTS: Final[Mapping[tuple[str, str], str]] = {
    ("guidance", "at"): "steps", ("guards", "steps"): "steps", ("guards", "notices"): "notices",
    ("separations", "steps"): "steps", ("separations", "of"): "facts", ("wording", "facts"): "facts",
    ("steps", "from"): "stages",
}  # fmt: skip
"""(section, key) of the lists from which codes that the pack below lacks are left out → the section of these codes."""


def lay(tree: Map, layers: Sequence[Map], problems: list[Problem], *, alone: bool = False) -> Map:
    """`tree` with every layer on it; each is `{pack, clauses, kinds}` as its files say. `alone`: over the pack for
    which it was written; every code must be there, and its clauses keep their own numbers. Otherwise they are named
    ``<pack>-<clause>``, because the pack below numbers its own."""
    ordered = sorted(layers, key=_code)
    laid: list[Entry] = []
    touched: dict[str, Map] = {}
    below = tree
    for layer in ordered:
        on = _Laying(layer, below, touched, problems, alone=alone)
        if on.shares_a_kind:
            tree = below = on.tree()
            laid.append(entry_of(on.told()))
    pack = tree.map("pack")
    if alone:
        pack = _as_own(pack, ordered[0].map("pack"))
    elif laid:
        held = pack.get("overlays")
        before = held.items if isinstance(held, Seq) else ()
        nodes = (*before, *(entry.node for entry in laid))
        pack = pack.with_entries({"overlays": entry_of(Seq(nodes, pack.spot))})
    return with_takers(tree.with_entries({"pack": entry_of(pack)}), problems, laid=not alone)


def _with_columns(below: Node | None, own: Seq) -> Seq:
    shown = items_of(below)
    known = {item.value for item in shown if isinstance(item, Text)}
    return Seq((*shown, *(one for one in own.items if not (isinstance(one, Text) and one.value in known))), own.spot)


def _as_own(below: Map, own: Map) -> Map:
    """What the overlay says of itself, with the figures of the pack below."""
    kept = {key: entry for key, entry in below.entries.items() if key == "parameters"}
    return Map(own.spot, {**own.entries, **kept})


def _code(layer: Map) -> str:
    return layer.map("pack").text("pack") or ""


class _Laying:
    """One overlay on what lies below it. `touched`: address → the layer that put it there."""

    def __init__(
        self, layer: Map, below: Map, touched: dict[str, Map], problems: list[Problem], *, alone: bool
    ) -> None:
        self._pack = layer.map("pack")
        self._code = _code(layer)
        self._layer = layer if alone else renumbered(layer, self._code)
        self._below = below
        self._touched = touched
        self._problems = problems
        self._alone = alone
        self._changes = self._layer.map("pack").map("changes")
        self._used: set[str] = set()
        self._left_out: list[str] = []

    @property
    def shares_a_kind(self) -> bool:
        return not self._layer.map("kinds").entries.keys().isdisjoint(self._below.map("kinds").entries)

    def tree(self) -> Map:
        below, layer = self._below, self._layer
        kinds = below.map("kinds")
        laid = {
            code: entry_of(self._kind(code, entry.node, kinds.map(code)))
            for code, entry in layer.map("kinds").entries.items()
            if code in kinds.entries and isinstance(entry.node, Map)
        }
        if self._alone:
            self._refuse_idle_changes()
            clauses, kinds = layer.map("clauses"), Map(kinds.spot)  # of the pack below only what it lies on
        else:
            clauses = below.map("clauses").with_entries(layer.map("clauses").entries)
        return below.with_entries(
            {
                "pack": entry_of(self._merged_pack()),
                "clauses": entry_of(clauses),
                "kinds": entry_of(kinds.with_entries(laid)),
            }
        )

    def told(self) -> Map:
        """What the composed pack says of this layer: who it is, what it changes, what found nothing to lie on."""
        own = self._layer.map("pack")
        changes = {address: entry for address, entry in self._changes.entries.items() if address in self._used}
        document = own.map("document").get("number")
        told: dict[str, Node | None] = {
            **{key: own.get(key) for key in ("pack", "title", "version")},
            "number": document,
            "changes": Map(own.spot, changes) if changes else None,
            "left_out": Seq(tuple(Text(each, own.spot) for each in self._left_out), own.spot)
            if self._left_out
            else None,
        }
        return Map(own.spot, {key: entry_of(node) for key, node in told.items() if node is not None})

    def _merged_pack(self) -> Map:
        below, own = self._below.map("pack"), self._layer.map("pack")
        changed: dict[str, Entry] = {}
        for part in ("parameters", *MERGED):
            mine, theirs = own.map(part), below.map(part)
            for code in mine.entries.keys() & theirs.entries.keys():
                if part == "parameters" and plain(mine.entries[code].node) != plain(theirs.entries[code].node):
                    self._report(mine.entries[code].spot, f"parameters.{code}", f"下面的制度已有参数 {code}。", _RENAME)
            if mine.entries and not (self._alone and part in MERGED):
                changed[part] = entry_of(Map(theirs.spot, {**theirs.entries, **mine.entries}))
        return below.with_entries(changed)

    def _kind(self, code: str, own: Map, below: Map) -> Map:
        merged = dict(below.entries)
        for key, entry in own.entries.items():
            if key in _OF_THE_FILE:
                continue
            if key in _OF_A_CHILD:
                self._report(entry.spot, labelled(key), "叠加的制度不写这个键。", "补充写 add:，改动写 change:。")
                continue
            if key in (*_FREE, *_NAMED) and isinstance(entry.node, Map):
                merged[key] = entry_of(self._section(code, key, entry.node, below))
            elif key == _COLUMNS and isinstance(entry.node, Seq):
                merged[key] = entry_of(_with_columns(below.get(key), entry.node))
            elif self._may(f"{code}.{key}", entry, needs_word=True):
                merged[key] = entry
        whole = Map(below.spot, merged)
        if self._alone:
            return whole
        sections = own.entries.keys() & {*_FREE, *_NAMED}
        brought = {one: own.map(one).entries.keys() - below.map(one).entries.keys() for one in sections}
        whole, hanging = without_hanging(whole, brought)
        self._left_out += [f"{code}.{section}.{each}" for section, each in hanging]
        return whole

    def _section(self, kind: str, section: str, own: Map, below: Map) -> Map:
        rules = below.map(section)
        entries = dict(rules.entries)
        for code, entry in own.entries.items():
            rule, address = entry.node, f"{kind}.{section}.{code}"
            if not isinstance(rule, Map):
                self._report(entry.spot, address, "这里应是「键: 值」的表。")
            elif "add" in rule.entries:
                self._add(address, section, code, entry, entries)
            elif "change" in rule.entries or "drop" in rule.entries:
                self._change(address, section, code, entry, entries)
            else:
                self._new(address, section, Entry(self._trimmed(section, rule, below), entry.spot), entries)
        return Map(rules.spot if rules.entries else own.spot, entries)

    def _new(self, address: str, section: str, entry: Entry, entries: dict[str, Entry]) -> None:
        rule, code = entry.node, address.rpartition(".")[2]
        assert isinstance(rule, Map)
        emptied = next((key for (of, key) in _LISTS if of == section and _is_empty(rule.get(key))), None)
        if emptied is not None and rule.text("messages") == "是":
            entry = Entry(rule.without(emptied), entry.spot)  # it still looks at what is written freely
        elif emptied is not None:
            self._left_out.append(address)
            return
        moves = section == "steps" and ("to" in rule.entries or "start" in rule.texts("from"))
        if not self._may(address, entry, needs_word=section in _NAMED or moves):
            return
        if section not in _UNCITED and not self._is_cited(address, rule, entry.spot):
            return
        old = entries[code].node if code in entries else None
        if isinstance(old, Map) and plain(old.without("clause")) == plain(rule.without("clause")):
            entries[code] = Entry(_cited_too(old, rule), entries[code].spot)  # both documents say so
            return
        if old is not None and not self._wins(address, entry, entries[code].spot):
            return
        entries[code] = entry
        self._touched[address] = self._layer

    def _add(self, address: str, section: str, code: str, entry: Entry, entries: dict[str, Entry]) -> None:
        """`{add: {asks: […]}, clause: …}`: the lists grow, marks are set, everything else stays as
        it is."""
        rule = entry.node
        assert isinstance(rule, Map)
        old = entries[code].node if code in entries else None
        if not isinstance(old, Map):
            self._lacks(address, entry)
            return
        if not self._may(address, entry, needs_word=section in _NAMED) or not self._is_cited(address, rule, entry.spot):
            return
        cited = items_of(rule.get("clause"))[:1]
        grown = {
            key: more
            if (section, key) in _MARKS
            else entry_of(_grown(old.get(key), more.node, cited) if key == _VALUES else _lengthened(old.get(key), more))
            for key, more in rule.map("add").entries.items()
        }
        entries[code] = Entry(_cited_too(old.with_entries(grown), rule), entries[code].spot)

    def _change(self, address: str, section: str, code: str, entry: Entry, entries: dict[str, Entry]) -> None:
        rule = entry.node
        assert isinstance(rule, Map)
        old = entries[code].node if code in entries else None
        if not isinstance(old, Map):
            self._lacks(address, entry)
            return
        if not self._may(address, entry, needs_word=True) or not self._wins(address, entry):
            return
        if "drop" in rule.entries:
            del entries[code]
        elif self._is_cited(address, rule, entry.spot):
            change = self._trimmed(section, rule.map("change"), self._below)
            beside = {key: each for key, each in rule.entries.items() if key != "change"}
            entries[code] = Entry(Map(rule.spot, {**old.entries, **change.entries, **beside}), entry.spot)
        self._touched[address] = self._layer

    def _lacks(self, address: str, entry: Entry) -> None:
        if self._alone:
            self._report(entry.spot, address, "下面的制度没有这条规则，不能改也不能补。")
        else:
            self._left_out.append(address)

    def _trimmed(self, section: str, rule: Map, below: Map) -> Map:
        if self._alone:
            return rule
        changed: dict[str, Entry] = {}
        for (of, key), named in _LISTS.items():
            entry = rule.entries.get(key) if of == section else None
            if entry is not None:
                known = {*below.map(named).entries, *self._own_codes(named), "start"}
                kept = tuple(item for item in items_of(entry.node) if isinstance(item, Text) and item.value in known)
                changed[key] = Entry(Seq(kept, entry.node.spot), entry.spot)
        return rule.with_entries(changed)

    def _own_codes(self, section: str) -> set[str]:
        kinds = self._layer.map("kinds")
        return {
            code
            for name in kinds.entries
            for code, entry in kinds.map(name).map(section).entries.items()
            if isinstance(entry.node, Map) and not entry.node.entries.keys() & {"add", "change", "drop"}
        }

    def _may(self, address: str, entry: Entry, *, needs_word: bool) -> bool:
        """Whether it may touch this: freely, or because its `changes` say so."""
        if not needs_word:
            return True
        self._used.add(address)
        if address in self._changes.entries:
            return True
        self._report(
            entry.spot, address, f"叠加的制度 {self._code} 改动办法，却没有写明。",
            f"请在 pack.yaml 的 {labelled('changes')} 里写 {address}：改了什么、出自哪一条。",
        )  # fmt: skip
        return False

    def _wins(self, address: str, entry: Entry, first: Spot | None = None) -> bool:
        """Who rules an address that two documents rule. `first`: where the other one does, for a new code."""
        other = self._touched.get(address)
        if other is None and first is None:
            if ranked(self._pack, self._below.map("pack")) is Rank.YIELDS:
                self._left_out.append(address)
                return False
            return True
        below = (other or self._below).map("pack")
        match ranked(self._pack, below):
            case Rank.PREVAILS:
                return True
            case Rank.YIELDS:
                self._left_out.append(address)
            case Rank.CONTRARY:
                self._report(entry.spot, address, f"{self._code} 和 {below.text('pack')} 都说自己优先。", _RANK)
            case Rank.NONE:
                place = f"（{first.file} 第 {first.line} 行）" if first and first.line else ""
                said = f"{self._code} 和 {below.text('pack')}{place} 规定不同，没有写哪一个优先。"
                self._report(entry.spot, address, said, _RANK)
        return False

    def _is_cited(self, address: str, rule: Map, spot: Spot) -> bool:
        if "clause" in rule.entries:
            return True
        self._report(spot, address, "缺少 clause（条款）。", "每条规则都要写明出自哪一条。")
        return False

    def _refuse_idle_changes(self) -> None:
        for address, entry in self._changes.entries.items():
            if address not in self._used:
                self._report(entry.spot, f"changes.{address}", "写明要改，却没有规则改它。")

    def _report(self, spot: Spot, address: str, message: str, expected: str = "") -> None:
        self._problems.append(Problem(spot.file, spot.line, spot.column, address, message, expected))


_RANK: Final = f"请在 pack.yaml 写 {labelled('yields_to')} 或 {labelled('prevails_over')}，连同条款。"
_RENAME: Final = "请另取代码。"


def _cited_too(rule: Map, other: Map) -> Map:
    """The rule under the clauses of both; what a clause asks for is no longer a common step."""
    cited = [item for item in items_of(rule.get("clause")) if not (isinstance(item, Text) and item.value == GENERIC)]
    return rule.with_entries({"clause": entry_of(Seq((*cited, *items_of(other.get("clause"))), rule.spot))})


def _lengthened(old: Node | None, more: Entry) -> Seq:
    return Seq((*items_of(old), *items_of(more.node)), more.spot)


def _grown(old: Node | None, more: Node, cited: Sequence[Node]) -> Node:
    """More values to choose, each once. Where those below stand under clauses of their own, the new ones stand under
    the clause of the overlay."""
    if isinstance(old, Map) and (is_tree(old) or is_tree(more)):
        return grown(old, more)
    if not isinstance(old, Map):
        had = {item.value for item in items_of(old) if isinstance(item, Text)}
        new = [item for item in items_of(more) if not (isinstance(item, Text) and item.value in had)]
        return Seq((*items_of(old), *new), more.spot)
    values = {item.value: entry_of(cited[0]) for item in items_of(more) if isinstance(item, Text)}
    return Map(old.spot, {**old.entries, **{value: one for value, one in values.items() if value not in old.entries}})


def _is_empty(node: Node | None) -> bool:
    return isinstance(node, Seq) and not node.items
