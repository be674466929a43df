"""How the compiler reads a tree: a place with its address, the fields of a rule, and one mistake per wrong field.

A reader is a function from a place to a value that raises `Flaw` where it cannot make sense of it. `Fields` catches
the flaw at its own field, notes it, and goes on: so all mistakes of a pack are found in one run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from kesu.policy.errors import Problem, nearest
from kesu.policy.language.labels import LATER_KEYS, NOUNS, labelled
from kesu.policy.language.names import Names
from kesu.policy.language.nodes import Map, Node, Seq, Spot, Text
from kesu.policy.language.wording import filled

T = TypeVar("T")
D = TypeVar("D")
YES: Final = "是"
NO: Final = "否"

_CODE = re.compile(r"[a-z][a-z0-9_]*")
_EVENT = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_YAML_WORDS: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


class Flaw(Exception):
    """A mistake found while reading one field."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Place:
    """A node and its address in the kind's file, such as ``duties.inform.within``."""

    node: Node
    address: str
    key: str = ""
    key_spot: Spot | None = None
    label: str = ""  # the Chinese name of the key in brackets; empty where the last part is a code

    def flaw(self, message: str, *, near: str = "", expected: str = "", at_key: bool = False) -> Flaw:
        spot = self.key_spot if at_key and self.key_spot else self.node.spot
        return Flaw(Problem(spot.file, spot.line, spot.column, self.shown, message, expected, near))

    @property
    def shown(self) -> str:
        """The address with the label of the last key: ``duties.inform.within（时限）``."""
        return self.address + self.label

    def child(self, key: str, *, is_code: bool = False) -> Place:
        if not isinstance(self.node, Map):
            raise self.flaw(f"这里应是「键: 值」，其中有 {key}。")
        entry = self.node.entries[key]
        label = "" if is_code else labelled(key).removeprefix(key)
        return Place(entry.node, f"{self.address}.{key}" if self.address else key, key, entry.spot, label)

    def items(self) -> tuple[Place, ...]:
        """The members of a list; a single value is a list of one."""
        if not isinstance(self.node, Seq):
            return (self,)
        return tuple(
            Place(item, f"{self.address}[{number}]", self.key, item.spot, self.label)
            for number, item in enumerate(self.node.items, start=1)
        )

    def codes(self) -> tuple[Place, ...]:
        """The entries of a map keyed by codes (or by facts, in conditions)."""
        if not isinstance(self.node, Map):
            raise self.flaw("这里应是「代码: 内容」的表。")
        return tuple(self.child(key, is_code=True) for key in self.node.entries)

    def text(self) -> str:
        if not isinstance(self.node, Text):
            raise self.flaw("这里应是一个词或一句话，不是列表或表。")
        return self.node.value


@dataclass(slots=True)
class Scope:
    """What readers share: the names that rules may use, and the mistakes found so far."""

    names: Names
    problems: list[Problem] = field(default_factory=list)
    used_tables: set[str] = field(default_factory=set)

    def note(self, flaw: Flaw) -> None:
        """Once, also where several rules read the same place."""
        if flaw.problem not in self.problems:
            self.problems.append(flaw.problem)

    def attempt(self, read: Callable[[Place, Scope], T], place: Place, default: D) -> T | D:
        try:
            return read(place, self)
        except Flaw as flaw:
            self.note(flaw)
            return default

    def named(self, noun: str, place: Place, word: str | None = None, *, also: Collection[str] = ()) -> str:
        """The code that stands at `place` (or `word`), if the pack has a `noun` of that code."""
        code = place.text() if word is None else word
        known = self.names.known(noun)
        if code in known or code in also:
            return code
        raise _unknown(noun, place, code, known, also, self.names)

    def said(self) -> dict[str, str]:
        """What texts say for each parameter that has a value. A fact of the same code comes first."""
        known = ((code, one.said) for code, one in self.names.parameters.items() if code not in self.names.facts)
        return {code: word for code, word in known if word is not None}

    def worded(self, place: Place) -> str:
        """The text at `place` with the values of the parameters that it names in braces."""
        text = filled(place.text(), self.said())
        for code in self.names.parameters:
            if f"{{{code}}}" in text and code not in self.names.facts:
                raise place.flaw(
                    f"参数 {code} 还没有值。", expected=f"请写 {labelled('value')}，或给 {labelled('sample')}。"
                )
        return text

    def each(self, noun: str, place: Place) -> tuple[str, ...]:
        found = [self.attempt(lambda item, _: self.named(noun, item), item, "") for item in place.items()]
        return tuple(code for code in found if code)


def _unknown(
    noun: str,
    place: Place,
    code: str,
    known: dict[str, str] | object,
    also: Collection[str],
    names_of_all: Names,
) -> Flaw:
    names = dict(known) if isinstance(known, dict) else {}
    over_cases = over_cases_flaw(place, code, names_of_all) if noun == "fact" else None
    if over_cases is not None:
        return over_cases
    near = nearest(code, [*names, *also])
    if noun == "clause":
        closest = f"最接近的是 {near}「{names[near]}」" if near else "条款表见 clauses.yaml。"
        return place.flaw(f"本制度没有 {code} 条。", expected=closest)
    shown = f"{near}（{names[near]}）" if names.get(near) else near
    expected = "" if near else f"可用：{'、'.join([*names, *also]) or '无'}"
    return place.flaw(f"没有{NOUNS[noun]} {code}。", near=shown, expected=expected)


def over_cases_flaw(place: Place, code: str, names: Names, *, at_key: bool = False) -> Flaw | None:
    """For a ledger or a measure where a fact should stand: what many cases come to is no fact of one."""
    ledgers, measures = names.known("ledger"), names.known("measure")
    if code in ledgers:
        return balance_flaw(place, code, ledgers[code], at_key=at_key)
    if code not in measures:
        return None
    return place.flaw(
        f"{code}（{measures[code]}）是指标，由许多案件一起算，不是一件案件的事实，不能写在这里。",
        expected="请写一个 number 类型、有 measured（由指标算出）的事实，条件看那个事实。",
        at_key=at_key,
    )


def balance_flaw(place: Place, code: str, name: str, *, at_key: bool = False) -> Flaw:
    """For a ledger where a fact should stand: what an account holds is of many cases and no fact of one."""
    return place.flaw(
        f"{code}（{name}）是台账。余额由许多案件一起定，不是一件案件的事实，不能写在这里。",
        expected="要拦住不够、超过的，请用台账的 below_zero（不够时）、above_limit（超过上限时）。",
        at_key=at_key,
    )


class Fields:
    """The fields of one rule. Unknown keys are noted at once; `read` notes what a reader cannot make sense of."""

    def __init__(self, place: Place, scope: Scope, allowed: Iterable[str]) -> None:
        self.place = place
        self.scope = scope
        self._allowed = tuple(allowed)
        self._map = place.node if isinstance(place.node, Map) else Map(place.node.spot)
        if not isinstance(place.node, Map):
            scope.note(place.flaw("这里应是「键: 值」的表。", expected=f"可用的键：{' '.join(self._allowed)}"))
        self._meant: set[str] = set()  # keys that a misspelt one was taken for: they are not missing as well
        for key in self._map.entries:
            if key not in self._allowed:
                scope.note(self._unknown(key))

    def _unknown(self, key: str) -> Flaw:
        place = self.place.child(key)
        holder = Place(place.node, self.place.address or key, key, place.key_spot)
        if key in LATER_KEYS:
            return holder.flaw(f"{labelled(key)} 这个写法本版本还不能执行，请先去掉。", at_key=True)
        near = nearest(key, self._allowed)
        self._meant.add(near)
        expected = f"这里可用的键：{' '.join(self._allowed)}"
        return holder.flaw(f"没有 {key} 这个键。", near=labelled(near) if near else "", expected=expected, at_key=True)

    def get(self, key: str) -> Place | None:
        return self.place.child(key) if key in self._map.entries else None

    def has(self, key: str) -> bool:
        return key in self._map.entries

    def read(self, key: str, read: Callable[[Place, Scope], T], default: D) -> T | D:
        place = self.get(key)
        return default if place is None else self.scope.attempt(read, place, default)

    def need(self, key: str, read: Callable[[Place, Scope], T], default: D) -> T | D:
        if key not in self._map.entries and key not in self._meant:
            self.scope.note(self.place.flaw(f"缺少 {labelled(key)}。", at_key=True))
        return self.read(key, read, default)

    def text(self, key: str, default: str = "") -> str:
        return self.read(key, lambda place, _: place.text(), default)

    def need_text(self, key: str) -> str:
        return self.need(key, lambda place, _: place.text(), "")

    def worded(self, key: str) -> str | None:
        """A text for people, with the values of the parameters that it names in braces."""
        return self.read(key, lambda place, scope: scope.worded(place), "") or None

    def maybe_text(self, key: str) -> str | None:
        return self.text(key) or None

    def flag(self, key: str) -> bool:
        return self.read(key, read_flag, False)

    def named(self, noun: str, key: str) -> str | None:
        return self.read(key, lambda place, scope: scope.named(noun, place), "") or None

    def each(self, noun: str, key: str) -> tuple[str, ...]:
        return self.read(key, lambda place, scope: scope.each(noun, place), ())

    def clauses(self) -> tuple[str, ...]:
        """The clauses of a rule. That every rule has one was seen to when the pack was resolved."""
        return self.each("clause", "clause")


def read_flag(place: Place, _: Scope) -> bool:
    word = place.text()
    if word not in {YES, NO}:
        raise place.flaw(f'看不懂"{word}"。', expected="这里只能写 是 或 否。")
    return word == YES


def read_texts(place: Place, _: Scope) -> tuple[str, ...]:
    return tuple(item.text() for item in place.items())


def read_count(place: Place, _: Scope) -> int:
    word = place.text()
    if not re.fullmatch(r"[0-9]{1,6}", word):
        raise place.flaw(f'看不懂"{word}"。', expected="这里要一个阿拉伯数字的整数，如 3。")
    return int(word)


def one_of(choices: Collection[str]) -> Callable[[Place, Scope], str]:
    """A reader for a word of a closed list."""

    def read(place: Place, _: Scope) -> str:
        word = place.text()
        if word not in choices:
            raise place.flaw(
                f'没有"{word}"这个写法。', near=nearest(word, choices), expected=f"可用：{'、'.join(choices)}"
            )
        return word

    return read


def each_of(choices: Collection[str]) -> Callable[[Place, Scope], tuple[str, ...]]:
    """A reader for one word of a closed list, or for a list of them; a word written twice counts once."""
    one = one_of(choices)

    def read(place: Place, scope: Scope) -> tuple[str, ...]:
        found = [scope.attempt(one, item, "") for item in place.items()]
        return tuple(word for word in dict.fromkeys(found) if word)

    return read


def _is_legal(word: str, pattern: re.Pattern[str]) -> bool:
    return bool(pattern.fullmatch(word)) and not set(word.split(".")) & _YAML_WORDS


def is_event_code(word: str) -> bool:
    return _is_legal(word, _EVENT)


def note_bad_code(place: Place, scope: Scope, *, is_event: bool = False) -> None:
    """Codes are lower-case English words: they stand in addresses, logs and messages."""
    pattern, example = (_EVENT, "case.received") if is_event else (_CODE, "first_visit")
    if _is_legal(place.key, pattern):
        return
    scope.note(
        place.flaw(
            f"代码 {place.key} 不合规则。", expected=f"代码用小写英文、数字和下划线，如 {example}。", at_key=True
        )
    )
