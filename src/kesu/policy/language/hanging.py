"""Rules of an overlay that hang in the air: they speak of an event, a stage, a step that the common steps have and the
pack below has dropped. They are left out, and then whatever speaks of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from kesu.policy.language.names import ENGINE_EVENTS
from kesu.policy.language.nodes import Entry, Map, Node, Seq, Text
from kesu.policy.model.conditions import MomentNoun

_MOMENT: Final = re.compile(r"([a-z][a-z_]*)\.([a-z_]+)(?:\.[a-z_]+)?")
_SECTIONS: Final[Mapping[str, str]] = {
    MomentNoun.STAGE: "stages", MomentNoun.DUTY: "duties", MomentNoun.APPROVAL: "approvals",
    MomentNoun.NOTICE: "notices", MomentNoun.LINK: "opens", MomentNoun.DRAW: "samples",
    MomentNoun.FACT: "facts",
}  # fmt: skip
_STEPS: Final = frozenset({("guards", "steps"), ("guidance", "at"), ("separations", "steps")})


def without_hanging(kind: Map, own: Mapping[str, Collection[str]]) -> tuple[Map, list[tuple[str, str]]]:
    """`own`: section → codes that the overlay brought. The kind with what can be said of it, and (section, code) of
    what was left out."""
    gone: list[tuple[str, str]] = []
    while True:
        events, lost = set(_events(kind)), {code for section, code in gone if section == "facts"}
        kept: dict[str, Entry] = {}
        found: list[tuple[str, str]] = []
        for section, codes in own.items():
            rules = dict(kind.map(section).entries)
            for code in sorted(rules.keys() & set(codes)):
                rule = _with_known_steps(kind, section, rules[code])
                if rule is None or _hangs(kind, rule.node, events, lost):
                    found.append((section, code))
                    del rules[code]
                else:
                    rules[code] = rule
            if section in kind.entries:
                kept[section] = Entry(Map(kind.map(section).spot, rules), kind.entries[section].spot)
        kind = kind.with_entries(kept)
        if not found:
            return kind, gone
        gone += found


def _events(kind: Map) -> Iterator[str]:
    yield from kind.map("events").entries
    for section in ("steps", "opens"):
        for entry in kind.map(section).entries.values():
            if isinstance(entry.node, Map):
                yield entry.node.text("event") or ""


def _with_known_steps(kind: Map, section: str, entry: Entry) -> Entry | None:
    """None where a list of steps has none left that are there."""
    rule = entry.node
    assert isinstance(rule, Map)
    for of, key in _STEPS:
        named = rule.texts(key) if of == section else ()
        known = [one for one in named if one in kind.map("steps").entries]
        if named and not known:
            return None
        if len(known) < len(named):
            spot = rule.entries[key].spot
            kept = Seq(tuple(Text(one, spot) for one in known), spot)
            entry = Entry(rule.with_entries({key: Entry(kept, spot)}), entry.spot)
    return entry


def _hangs(kind: Map, node: Node, events: set[str], lost: set[str]) -> bool:
    if isinstance(node, Text):
        return node.value in lost or _is_missing(kind, node.value, events)
    if isinstance(node, Seq):
        return any(_hangs(kind, item, events, lost) for item in node.items)
    return any(key in lost or _hangs(kind, entry.node, events, lost) for key, entry in node.entries.items())


def _is_missing(kind: Map, text: str, events: set[str]) -> bool:
    found = _MOMENT.fullmatch(text)
    if found is None or text in events or text in ENGINE_EVENTS:
        return False
    noun, subject = found.groups()
    if noun == MomentNoun.LEVEL:
        return False
    section = _SECTIONS.get(noun)
    return section is None or subject not in kind.map(section).entries
