"""`by: [holder, {who_takes: submit_plan}]`: who takes one step takes another one, too, whoever that is in the policy at
hand. Worked out once the tree is whole, so that an overlay follows what the policy below says of its people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kesu.policy.errors import Problem, nearest
from kesu.policy.language.labels import labelled
from kesu.policy.language.nodes import Entry, Map, Node, Seq, Spot, Text, plain
from kesu.policy.language.renumbering import entry_of, items_of

WHO_TAKES: Final = "who_takes"
_BY: Final = "by"


def with_takers(tree: Map, problems: list[Problem], *, laid: bool) -> Map:
    """The tree with people in place of every `who_takes`. `laid`: overlays lie on it; a step that this policy does not
    have is left out of their lists, as every code of theirs is."""
    kinds = tree.map("kinds")
    found = {
        code: Entry(_kind(entry.node, problems, laid=laid), entry.spot)
        for code, entry in kinds.entries.items()
        if isinstance(entry.node, Map) and any(_asks(rule) for _, rule in _steps(entry.node))
    }
    return tree.with_entries({"kinds": entry_of(kinds.with_entries(found))}) if found else tree


def _steps(kind: Map) -> Iterator[tuple[str, Map]]:
    for code, entry in kind.map("steps").entries.items():
        if isinstance(entry.node, Map):
            yield code, entry.node


def _asks(rule: Map) -> bool:
    return any(_other(item) is not None for item in items_of(rule.get(_BY)))


def _other(item: Node) -> Text | None:
    """The step that an item speaks of."""
    code = item.get(WHO_TAKES) if isinstance(item, Map) and tuple(item.entries) == (WHO_TAKES,) else None
    return code if isinstance(code, Text) else None


def _kind(kind: Map, problems: list[Problem], *, laid: bool) -> Map:
    steps = kind.map("steps")
    read = {code: _people(steps, code, problems, laid=laid) for code, rule in _steps(kind) if _asks(rule)}
    changed = {}
    for code, people in read.items():
        rule, spot = steps.map(code), steps.entries[code].spot
        if not people:
            expected = "请再写上角色，例如 [holder, {who_takes: …}]。"
            _report(problems, spot, f"steps.{code}", "没有一步可以照着定人。", expected)
        changed[code] = Entry(rule.with_entries({_BY: entry_of(Seq(people, rule.entries[_BY].node.spot))}), spot)
    return kind.with_entries({"steps": Entry(steps.with_entries(changed), kind.entries["steps"].spot)})


def _people(
    steps: Map, code: str, problems: list[Problem], *, laid: bool, before: tuple[str, ...] = ()
) -> tuple[Node, ...]:
    """Each once, those of other steps in their places."""
    found: list[Node] = []
    for item in items_of(steps.map(code).get(_BY)):
        other = _other(item)
        if other is None:
            found.append(item)
            continue
        wrong = _wrong(steps, other, (*before, code), laid=laid)
        if wrong is None:
            found += _people(steps, other.value, problems, laid=laid, before=(*before, code))
        elif wrong:
            near = "" if other.value in steps.entries else nearest(other.value, steps.entries)
            _report(problems, other.spot, f"steps.{code}.{labelled(_BY)}", wrong, near=near)
    return tuple({str(plain(each)): each for each in found}.values())


def _wrong(steps: Map, other: Text, before: tuple[str, ...], *, laid: bool) -> str | None:
    """Why a step cannot be followed; empty where it is passed over without a word, None where it can be."""
    if other.value not in steps.entries:
        return "" if laid else f"没有步骤 {other.value}。"
    if other.value in before:
        return f"{other.value} 的办理人又要照着这一步定，绕成了一圈。"
    by = steps.map(other.value).get(_BY)
    if isinstance(by, Map) and "table" in by.entries:
        return f"{other.value} 的办理人随情形不同，不能照着定。"
    return None


def _report(
    problems: list[Problem], spot: Spot, address: str, message: str, expected: str = "", near: str = ""
) -> None:
    problems.append(Problem(spot.file, spot.line, spot.column, address, message, expected, near))
