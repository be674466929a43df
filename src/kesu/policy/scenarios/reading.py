"""Scenario texts into `Scenario`s: strict keys, every mistake with file and line, all of them at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from kesu.policy.errors import PackInvalid, Problem, nearest
from kesu.policy.language.nodes import Map, Node, Seq, Text
from kesu.policy.language.source import read_yaml
from kesu.policy.scenarios.script import Act, Expectation, Scenario, Stated
from kesu.policy.values import read_money

FILE_KEYS: Final = ("kind", "defaults", "scenarios")
SCENARIO_KEYS: Final = (
    "scenario",
    "kind",
    "clause",
    "from",
    "since",
    "facts",
    "balances",
    "found",
    "given",
    "expect",
    "variants",
)
VARIANT_KEYS: Final = ("clause", "from", "since", "facts", "balances", "found", "given", "expect")
ACT_KEYS: Final = (
    "at", "step", "world", "facts", "as", "by", "people", "without", "refused", "warned", "recorded_at",
    "ends", "reopens", "stage", "in", "through", "matter",
    "staffed", "found", "place", "take_back", "writes", "since",
)  # fmt: skip
CLAIM_KEYS: Final = (
    "at", "level", "because", "stage", "obligation", "due", "is", "owner", "notice", "to", "ways", "escalated",
    "reminded", "missing", "allowed", "not_allowed", "clause", "approval", "waiting_for", "stuck", "wake_at", "facts",
    "receipt", "next_level", "taken", "balance", "opens", "carries", "times", "opened_to", "moved_to", "merged_into",
    "sample", "drawn", "base", "left", "since", "until", "counted", "value", "alike", "measured",
    "published", "seen_by", "says", "means",
)  # fmt: skip
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2}) (\d{2}):(\d{2})(?::(\d{2}))?")


def read_scenarios(texts: Mapping[str, str], zone: ZoneInfo) -> tuple[Scenario, ...]:
    """All scenarios of a pack's texts (file name → text), in the order of the files. A file without `scenarios` may
    give `defaults` to all the others. Raises `PackInvalid` with every mistake."""
    reader = _Reader(zone)
    roots = [(file, root) for file in sorted(texts) if (root := reader.root(file, texts[file])) is not None]
    shared: dict[str, Stated] = {}
    for _, root in roots:
        if "scenarios" not in root.entries:
            shared.update(reader.values(root, "defaults"))
    found = [scenario for file, root in roots for scenario in reader.file(file, root, shared)]
    if reader.problems:
        raise PackInvalid(reader.problems)
    return tuple(found)


def read_instant(text: str, zone: ZoneInfo) -> datetime | None:
    """`2026-07-06 10:20` in `zone`; `24:00` is the midnight that ends the day. None where it is no such text."""
    match = _INSTANT.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, seconds = int(match[2]), int(match[3]), int(match[4] or 0)
    try:
        day = datetime.fromisoformat(match[1]).replace(tzinfo=zone)
    except ValueError:
        return None
    if hours > 24 or minutes > 59 or (hours == 24 and minutes + seconds):
        return None
    days, hours = divmod(hours, 24)
    return (day + timedelta(days=days)).replace(hour=hours, minute=minutes, second=seconds)


def read_amount(text: str) -> Decimal | None:
    """``8000元``, ``2万元`` or ``-500元`` in yuan; None where it is no such text."""
    plain = text.strip()
    try:
        amount = read_money(plain.removeprefix("-"))
    except ValueError:
        return None
    return -amount if plain.startswith("-") else amount


class _Reader:
    """Reads nodes and collects what is wrong with them."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self.problems: list[Problem] = []

    def root(self, file: str, text: str) -> Map | None:
        root = read_yaml(file, text, self.problems)
        if root is not None:
            self._keys(root, FILE_KEYS, "场景文件")
        return root

    def file(self, file: str, root: Map, shared: Mapping[str, Stated]) -> Iterable[Scenario]:
        defaults = {**shared, **self.values(root, "defaults")}
        for node in self._list(root, "scenarios"):
            yield from self._scenario(file, node, root.text("kind"), defaults)

    def _scenario(self, file: str, node: Map, kind: str | None, defaults: Mapping[str, Stated]) -> Iterable[Scenario]:
        self._keys(node, SCENARIO_KEYS, "场景")
        name = node.text("scenario")
        if not name:
            self._note(node, "场景", "场景要有名字，写 scenario: 一句话。")
            return
        variants = self._list(node, "variants")
        for variant in variants:
            self._keys(variant, VARIANT_KEYS, name)
        for number, layer in enumerate(variants or (Map(node.spot),), start=1):
            yield Scenario(
                file=file,
                line=layer.spot.line,
                name=name,
                variant=number if variants else 0,
                kind=node.text("kind") or kind,
                clauses=(*node.texts("clause"), *layer.texts("clause")),
                start_stage=layer.text("from") or node.text("from"),
                opened_at=self._instant(layer, "since") or self._instant(node, "since"),
                facts={**self.values(node, "facts"), **self.values(layer, "facts")},
                defaults=defaults,
                acts=_merged(self._acts(node), self._acts(layer)),
                expectations=(*self._claims(node), *self._claims(layer)),
                balances={**self._balances(node), **self._balances(layer)},
                found={**self._found(node), **self._found(layer)},
            )

    def _acts(self, node: Map) -> tuple[Act, ...]:
        return tuple(act for child in self._list(node, "given") if (act := self._act(child)) is not None)

    def _act(self, node: Map) -> Act | None:
        self._keys(node, ACT_KEYS, "given")
        at = self._instant(node, "at")
        step, world, people = node.text("step"), node.text("world"), node.text("people") or "1"
        ends, reopens, staffed = node.text("ends"), node.text("reopens"), node.text("staffed")
        matter, take_back, writes = node.texts("matter"), node.text("take_back"), node.text("writes")
        kinds = (step, world, ends, reopens, staffed, take_back, matter or None, writes)
        if sum(each is not None for each in kinds) != 1:
            said = (
                "step（谁办了什么）、world（外部事件）、ends（关联或点名的案件结束）、reopens（它重新办理）、"
                "staffed（审批找到了谁签）、take_back（撤销哪一步）、matter（还有谁为同一事项来诉）"
                "或 writes（不办步骤写的话）"
            )
            self._note(node, "given", f"这里要写 {said}，写一个。")
        if at is None and "at" not in node.entries:
            self._note(node, "given", "这里没有时间，请写 at: 2026-07-06 10:20。")
        if not people.isdecimal() or int(people) < 1:
            self._note(node, "given.people", f"看不懂“{people}”，请写人数，例如 people: 3。")
            people = "1"
        if at is None:
            return None
        return Act(
            node.spot.line, at, step, world, self.values(node, "facts"), node.text("as"), node.text("by"), int(people),
            node.texts("without"), node.texts("refused"), node.texts("warned"), self._instant(node, "recorded_at"),
            ends, reopens, node.text("stage"), node.text("in"), node.text("through"), staffed, node.text("found"),
            node.text("place"), matter, take_back, writes, self._instant(node, "since"),
        )  # fmt: skip

    def _claims(self, node: Map) -> tuple[Expectation, ...]:
        found = []
        for child in self._list(node, "expect"):
            self._keys(child, CLAIM_KEYS, "expect")
            others = {key: entry.node for key, entry in child.entries.items() if key not in ("at", "facts")}
            claims = {key: self._stated(other) for key, other in others.items()}
            claims |= {f"facts.{code}": value for code, value in self.values(child, "facts").items()}
            if not claims:
                self._note(child, "expect", "这里没有写要看到什么。")
            found.append(Expectation(child.spot.line, self._instant(child, "at"), claims))
        return tuple(found)

    def values(self, node: Map, key: str) -> dict[str, Stated]:
        return {code: self._stated(entry.node) for code, entry in node.map(key).entries.items()}

    def _balances(self, node: Map) -> dict[str, Decimal]:
        found = {}
        for code, entry in node.map("balances").entries.items():
            amount = read_amount(entry.node.value) if isinstance(entry.node, Text) else None
            if amount is None:
                self._note(entry.node, f"balances.{code}", "看不懂这个金额，请写成 8000元 或 2万元。")
            else:
                found[code] = amount
        return found

    def _found(self, node: Map) -> dict[str, Decimal]:
        found = {}
        for code, entry in node.map("found").entries.items():
            count = entry.node.value if isinstance(entry.node, Text) else ""
            if re.fullmatch(r"\d{1,9}(\.\d{1,2})?", count):
                found[code] = Decimal(count)
            else:
                self._note(entry.node, f"found.{code}", "看不懂这个数，请写成 12。")
        return found

    def _stated(self, node: Node) -> Stated:
        if isinstance(node, Text):
            return node.value
        if isinstance(node, Seq) and all(isinstance(item, Text) for item in node.items):
            return tuple(item.value for item in node.items if isinstance(item, Text))
        self._note(node, "值", "这里应是一个词或一列词。")
        return ""

    def _instant(self, node: Map, key: str) -> datetime | None:
        text = node.text(key)
        if text is None:
            return None
        at = read_instant(text, self.zone)
        if at is None:
            self._note(node, key, f"看不懂时间“{text}”，请写成 2026-07-06 10:20。")
        return at

    def _list(self, node: Map, key: str) -> tuple[Map, ...]:
        value = node.get(key)
        if value is None:
            return ()
        if not isinstance(value, Seq):
            self._note(value, key, "这里应是一列，每项以 - 开头。")
            return ()
        for item in value.items:
            if not isinstance(item, Map):
                self._note(item, key, "每一项都应是「键: 值」。")
        return tuple(item for item in value.items if isinstance(item, Map))

    def _keys(self, node: Map, allowed: tuple[str, ...], address: str) -> None:
        for key, entry in node.entries.items():
            if key not in allowed:
                words = (f"没有 {key} 这个键。", f"这里可用的键：{' '.join(allowed)}", nearest(key, allowed))
                self.problems.append(Problem(entry.spot.file, entry.spot.line, entry.spot.column, address, *words))

    def _note(self, node: Node, address: str, message: str) -> None:
        self.problems.append(Problem(node.spot.file, node.spot.line, node.spot.column, address, message))


def _merged(common: tuple[Act, ...], own: tuple[Act, ...]) -> tuple[Act, ...]:
    """A variant's acts among the common ones, in time order; one of the same step takes the common one's place."""
    left = list(own)
    acts = []
    for act in common:
        same = next((mine for mine in left if mine.step == act.step and act.step is not None), None)
        acts.append(same or act)
        if same is not None:
            left.remove(same)
    return tuple(sorted([*acts, *left], key=lambda act: act.recorded_at or act.at))
