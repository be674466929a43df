"""Reading one YAML text strictly: every scalar stays text, everything that YAML does behind one's back is refused.

Full-width punctuation between keys and values is the commonest mistake of people who write Chinese; it is reported
and then read as if it were right, so that the other mistakes of the file are found in the same run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import yaml

from kesu.policy.errors import Problem
from kesu.policy.language.labels import KEY_LABELS, LATER_KEYS
from kesu.policy.language.nodes import DEEPEST, Entry, Map, Node, Seq, Spot, Text

_FULL_WIDTH_COLON = re.compile(r"(?P<lead>^\s*(?:- )?|[{,，]\s*)(?P<key>[a-z][a-z0-9_]*)\s*：\s*")
_FULL_WIDTH_COMMA = re.compile(r"，\s*(?=(?P<key>[a-z][a-z0-9_]*)\s*[:：])")
_SYNTAX: Final = {
    "expected ',' or '}'": "花括号里少了逗号，或没有收尾",
    "expected ',' or ']'": "方括号里少了逗号，或没有收尾",
    "mapping values are not allowed": "多了一个冒号，含冒号的文字要加引号",
    "could not find expected ':'": "少了冒号",
    "expected <block end>": "缩进与上一行对不齐",
    "unexpected end of stream": "引号或括号没有收尾",
    "cannot start any token": "这个字符不能放在开头，请给文字加引号",
    "did not find expected": "缺少内容",
}
_QUICK: Final = getattr(yaml, "CBaseLoader", None)  # absent where PyYAML was built without libyaml
_KNOWN_KEYS = KEY_LABELS.keys() | LATER_KEYS.keys()


class Unreadable(Exception):
    """The text is no YAML at all: nothing behind this place can be trusted."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def read_yaml(file: str, text: str, problems: list[Problem]) -> Map | None:
    """The map in `text`; mistakes go to `problems`. None where the text cannot be read as one map."""
    text = _repaired(file, text, problems)
    try:
        return _Builder(file, problems).document(text)
    except Unreadable as unreadable:
        problems.append(unreadable.problem)
    except yaml.MarkedYAMLError as error:
        problems.append(_syntax_problem(file, error))
    except yaml.YAMLError as error:
        problems.append(Problem(file, 1, 1, "YAML", f"这个文件含有 YAML 不允许的字符（{error}）。"))
    return None


def _syntax_problem(file: str, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    said = error.problem or error.context or ""
    reason = next((words for part, words in _SYNTAX.items() if part in said), said)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Problem(
        file, line, column, "YAML", f"这里不合 YAML 的写法：{reason}。",
        "请检查缩进、括号和引号；含有 {、: 或 # 的文字要放进英文引号。",
    )  # fmt: skip


def _repaired(file: str, text: str, problems: list[Problem]) -> str:
    """The text with full-width punctuation of keys and stray tabs replaced, each one reported."""
    lines = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.lstrip().startswith("#"):
            line = _without_tabs(file, number, line, problems)
            line = _with_ascii_punctuation(file, number, line, problems)
        lines.append(line)
    return "\n".join(lines) + "\n"


def _without_tabs(file: str, number: int, line: str, problems: list[Problem]) -> str:
    column = line.find("\t")
    if column < 0:
        return line
    problems.append(
        Problem(file, number, column + 1, "YAML", "这里用了制表符（Tab）。", "YAML 只能用空格缩进，请换成空格。")
    )
    return line.replace("\t", "  ")


def _with_ascii_punctuation(file: str, number: int, line: str, problems: list[Problem]) -> str:
    def comma(match: re.Match[str]) -> str:
        if match["key"] not in _KNOWN_KEYS:
            return match[0]
        problems.append(
            Problem(
                file, number, match.start() + 1, match["key"], '这里用了中文逗号"，"，YAML 要英文逗号加空格。',
                f"请写 , {match['key']}: …",
            )
        )  # fmt: skip
        return ", "

    def colon(match: re.Match[str]) -> str:
        if match["key"] not in _KNOWN_KEYS and not match["lead"].isspace() and match["lead"]:
            return match[0]
        value = line[match.end() :].split(",")[0].rstrip(" }]")
        problems.append(
            Problem(
                file, number, match.start("key") + len(match["key"]) + 1, match["key"],
                '这里用了中文冒号"："，YAML 要英文冒号加空格。', f"请写 {match['key']}: {value}".rstrip(),
            )
        )  # fmt: skip
        return f"{match['lead']}{match['key']}: "

    return _FULL_WIDTH_COLON.sub(colon, _FULL_WIDTH_COMMA.sub(comma, line))


def _events(text: str) -> Iterator[yaml.Event]:
    """The parser written in C is ten times as fast. What it refuses is read once more by the other, whose words
    `_SYNTAX` knows."""
    if _QUICK is not None:
        try:
            return iter(list(yaml.parse(text, Loader=_QUICK)))
        except yaml.YAMLError:
            pass
    return iter(yaml.parse(text, Loader=yaml.BaseLoader))


class _Builder:
    """Builds the tree from the parser's events, because PyYAML's own nodes let duplicates and anchors through."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self._file = file
        self._problems = problems
        self._events: Iterator[yaml.Event] = iter(())

    def document(self, text: str) -> Map | None:
        self._events = _events(text)
        root: Map | None = None
        count = 0
        for event in self._events:
            if not isinstance(event, yaml.DocumentStartEvent):
                continue
            count += 1
            node = self._node(next(self._events), ())
            if count == 2:
                self._report(event, "---", "一个文件里写了第二份文档（---）。", "一个文件只写一份。")
            elif count == 1 and isinstance(node, Map):
                root = node
            elif count == 1:
                self._report(event, "YAML", "文件的最外层应是「键: 值」。")
        if count == 0:
            self._problems.append(Problem(self._file, 1, 1, "YAML", "文件是空的。"))
        return root

    def _node(self, event: yaml.Event, path: tuple[str, ...]) -> Node:
        if isinstance(event, yaml.AliasEvent):
            raise Unreadable(self._problem(event, _at(path), f"这里用了别名（*{event.anchor}）。", "请把内容写全。"))
        self._refuse_magic(event, path)
        if len(path) > DEEPEST:
            raise Unreadable(self._problem(event, path[0], "一层套一层，套得太深。", f"最多 {DEEPEST} 层。"))
        if isinstance(event, yaml.ScalarEvent):
            return self._text(event, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._seq(event, path)
        return self._map(event, path)

    def _refuse_magic(self, event: yaml.Event, path: tuple[str, ...]) -> None:
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor:
            self._report(event, _at(path), f"这里用了锚点（&{anchor}）。", "制度包里不用锚点和别名，请把内容写全。")
        if tag:
            self._report(event, _at(path), f"这里用了标签（{tag}）。", "制度包里不用标签，值都按文字读。")

    def _text(self, event: yaml.ScalarEvent, path: tuple[str, ...]) -> Text:
        if not event.value.strip():
            self._report(event, _at(path), "这里没有写值。", "没有内容的键请整行删去。")
        return Text(event.value, self._spot(event))

    def _seq(self, event: yaml.SequenceStartEvent, path: tuple[str, ...]) -> Seq:
        items: list[Node] = []
        for child in iter(lambda: next(self._events), None):
            if isinstance(child, yaml.SequenceEndEvent):
                break
            node = self._node(child, (*path, f"[{len(items) + 1}]"))
            plain = isinstance(child, yaml.ScalarEvent) and child.implicit[0]
            if event.flow_style and plain and isinstance(node, Text) and "，" in node.value:
                self._report(child, _at(path), '这里用了中文逗号"，"，列表要英文逗号加空格。', "请写 [甲, 乙]。")
                items.extend(Text(part.strip(), node.spot) for part in node.value.split("，"))
            else:
                items.append(node)
        return Seq(tuple(items), self._spot(event))

    def _map(self, event: yaml.Event, path: tuple[str, ...]) -> Map:
        entries: dict[str, Entry] = {}
        for child in iter(lambda: next(self._events), None):
            if isinstance(child, yaml.MappingEndEvent):
                break
            if not isinstance(child, yaml.ScalarEvent):
                raise Unreadable(self._problem(child, _at(path), "键只能是一个词。", "含有 { 的文字要放进英文引号。"))
            self._refuse_magic(child, path)
            key = child.value
            value = self._node(next(self._events), (*path, key))
            if key == "<<":
                self._report(child, _at(path), "这里用了合并键（<<）。", "请把内容写全。")
            elif key in entries:
                first = entries[key].spot.line
                self._report(
                    child, _at(path), f"{key} 写了两次（第 {first} 行已有）。",
                    "同一个名字只能写一次；要改上级制度的规则请写 change:",
                )  # fmt: skip
            else:
                entries[key] = Entry(value, self._spot(child))
        return Map(self._spot(event), entries)

    def _spot(self, event: yaml.Event) -> Spot:
        mark = event.start_mark
        return Spot(self._file, mark.line + 1, mark.column + 1) if mark else Spot(self._file)

    def _problem(self, event: yaml.Event, address: str, message: str, expected: str = "") -> Problem:
        spot = self._spot(event)
        return Problem(spot.file, spot.line, spot.column, address, message, expected)

    def _report(self, event: yaml.Event, address: str, message: str, expected: str = "") -> None:
        self._problems.append(self._problem(event, address, message, expected))


def _at(path: tuple[str, ...]) -> str:
    return ".".join(path).replace(".[", "[") or "YAML"
