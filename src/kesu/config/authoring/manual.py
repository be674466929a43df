"""`kesu policy manual`: the reference of the pack language, from the readers, the models and the library itself."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kesu.config.authoring import finding, grammar
from kesu.config.authoring.grammar import Key, Takes
from kesu.config.authoring.introductions import DERIVATION, DURATION, INTRODUCTIONS, TABLE, WINDOW

if TYPE_CHECKING:
    from kesu.policy.calendar import Duration, Unit

_TAKES: Final = {
    Takes.TEXT: "一句话或一个词", Takes.TEXTS: "一句，或几句的列表", Takes.FLAG: "是、否", Takes.CODE: "代码",
    Takes.CODES: "代码，或代码的列表", Takes.RULE: "表", Takes.RULES: "表，或表的列表", Takes.ANY: "见例",
}  # fmt: skip
_PLAIN: Final = re.compile(r"[^\s{}\[\],:#&*!|>'\"%@`-][^{}\[\],:#'\"]*")
_NUMBER: Final = re.compile(r"[\d.]+")
_LONGEST: Final = 150
_CONDITIONS: Final = {
    "all": "几项都成立", "any": "有一项成立", "not": "不成立", "happened": "发生过什么（可写几次、从何时起）",
    "elapsed": "过了多久", "start_in": "是不是在工作时间里", "level": "级别", "stage": "阶段",
    "same_person": "两边是不是同一个人",
}  # fmt: skip
_MOMENTS: Final = (
    ("case.received", "这件事发生：步骤的 event，或外部事件"),
    ("{event: talk.held, where: {agreed: 是}}", "这件事发生，而且那一刻条件成立，同一步填的也算"),
    ("level.hot、level.raised、level.lowered", "定为这一级；升级（由规则或由人）；降级"),
    ("stage.planning、stage.planning.left", "进入、离开这个阶段；案件开立时就在的不算进入"),
    ("duty.answer.met、duty.answer.due、duty.answer.overdue、duty.answer.lapsed", "义务办完；到期；逾期；不再要办"),
    ("approval.plan.opened、approval.plan.granted、approval.plan.refused", "审批开始；批准；退回"),
    ("notice.result.sent", "告知已发出"),
    ("link.problem.opened、link.problem.closed、link.problem.reopened", "另一件开立；结束；又重新办理"),
    ("draw.checked.made、draw.checked.done", "抽样抽出；抽中的都查过"),
    ("fact.hearing_on", "事实里写的那一天、那一刻"),
)
"""Each way to write a moment, and what it is."""
_SPARE: Final = {
    "pauses": "[{while: {waiting: 是}, limit: 10天}]", "while": "{waiting: 是}", "limit": "10天",
    "slower": "[{name: 台风红色预警期间, while: {alert: 是}, factor: 2}]", "factor": "2",
    "extension": "{event: extension.asked, approval: longer, length: 5个工作日, times: 1}", "length": "5个工作日",
    "cap": "30天", "after": "24小时", "time": '"18:00"', "trial": "{review_after: 12个月}",
    "effective": "{from: 2026-01-01, until: 2027-12-31}", "keeps": '{facts.person: "1"}',
    "nobody": "next", "authors": "[drafting_team]", "same_person": "skip",
    "allows": "{pass_on: {to: [chief]}, ask: 是}", "pass_on": "{to: [chief]}", "add_before": "是", "add_after": "是",
    "ask": "是", "send_back": "{stages: [planning]}", "take_back": "{stage: planning}", "urge": "{every: 4工作小时}",
    "stages": "[planning]",
    "yields_to": '{packs: 全部, clause: "6.2"}', "prevails_over": '{packs: [s08], clause: "9"}',
}  # fmt: skip
"""Examples of what no policy of the library writes."""
_COMPARED: Final = ("at_least", "at_most", "above", "below", "has")
_WHERE: Final = frozenset({"when", "unless", "while", "where"})


def add_parser(actions: Any) -> None:
    one = actions.add_parser("manual", help="制度语言的参考手册（Markdown）")
    one.add_argument("--into", type=Path, metavar="文件", help="写进这个文件（不写就印出来）")


def run(arguments: argparse.Namespace) -> int:
    if arguments.into is None:
        sys.stdout.write(manual())
    else:
        arguments.into.write_text(manual(), "utf-8")
    return 0


def manual() -> str:
    """The whole manual. It changes with the language and with the library: both are quoted."""
    library = finding.library()
    trees = {code: json.loads(finding.loaded(code).canonical) for code in library.codes}
    lines = [
        *_head(),
        *_files(trees, [texts["pack.yaml"] for texts in library.texts.values()]),
        *_sections(trees),
        *_conditions(trees),
        *_moments(),
        *_common_events(),
        *_durations(),
        *_scenarios(),
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def _head() -> Iterator[str]:
    yield "# 制度语言参考"
    yield ""
    yield "由 `./kesu policy manual --into docs/reference/policy-language.md` 从读入程序、模型的说明和制度库写成；"
    yield "不要手改，改了语言或制度库，重新写一遍。"
    yield "怎样着手见[怎样写一份制度](../how-to/write-a-policy.md)。编辑器可用 `./kesu policy schema kind`。"
    yield ""
    yield "表里“必写”的，继承来的规则用 `change` 改动时不必写。例子取自制度库里最短的一处。"


def _files(trees: Mapping[str, Any], packs: Iterable[str]) -> Iterator[str]:
    import yaml

    yield from _title("pack.yaml")
    # As text: YAML reads the key `on` of a revision as a truth value, and its day as a date.
    yield from _table(grammar.pack_keys(), [yaml.load(text, Loader=yaml.BaseLoader) for text in packs])  # noqa: S506  texts only
    yield from _title("parameters：公司自己定的", 3)
    parameters = [one for tree in trees.values() for one in tree["pack"].get("parameters", {}).values()]
    yield from _table(grammar.parameter_keys(), parameters)
    yield from _title("clauses.yaml")
    clauses = [one for tree in trees.values() for one in tree.get("clauses", {}).values()]
    yield from _table(grammar.clause_keys(), clauses)
    yield from _title("一种案件的文件")
    yield "文件名是案件种类的代码，列在 `pack.yaml` 的 `kinds` 里。"
    yield ""
    named = {section.name for section in grammar.sections()}
    yield from _table([key for key in grammar.kind_keys() if key.name not in named], list(_kinds(trees)))
    yield from _title("继承和改动", 3)
    placed, beside = "、".join(map(_code, grammar.placing_keys())), "、".join(map(_code, grammar.beside_change()))
    yield f"上级制度已有的规则：`{{change: …}}` 只写要改的键，旁边可以写 {beside}；`{{drop: 为什么不要}}` 删去；"
    yield f"`keeps: {{代码: 条款}}` 一字不改、只补上条款。新的规则可以用 {placed} 排在某一条的前后。"


def _kinds(trees: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for tree in trees.values():
        yield from tree["kinds"].values()


def _sections(trees: Mapping[str, Any]) -> Iterator[str]:
    for section in grammar.sections():
        yield from _title(f"{section.name}：{_label(section.name)}")
        yield from (INTRODUCTIONS[section.name], "")
        written = [kind[section.name] for kind in _kinds(trees) if section.name in kind]
        rules = [rule for table in written for rule in table.values()] if section.is_map else written
        named = [(code, rule) for table in written for code, rule in table.items()] if section.is_map else []
        if named:
            code, rule = min(named, key=lambda one: (len(flow(one[1])), one[0]))
            yield from ("```yaml", f"{section.name}:", f"  {code}: {flow(rule)}", "```", "")
        elif rules:
            yield from ("```yaml", f"{section.name}: {flow(min(rules, key=lambda one: len(flow(one))))}", "```", "")
        yield from _table(section.keys, rules)
        yield from _inner(section.keys, rules)


def _inner(keys: Iterable[Key], rules: list[Any]) -> Iterator[str]:
    """The keys of what stands inside a rule, where the reader takes one shape only."""
    for key in keys:
        if key.keys:
            yield from _title(f"{key.name}（{_label(key.name)}）里面", 4)
            inside = [part for rule in rules if key.name in rule for part in _parts(rule[key.name])]
            yield from _table(key.keys, inside)


def _parts(value: Any) -> list[Any]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def _table(keys: Iterable[Key], written: list[Any]) -> Iterator[str]:
    yield "| 键 | 意思 | 必写 | 写什么 | 例 |"
    yield "|---|---|---|---|---|"
    for key in keys:
        takes = _taken(key)
        values = [rule[key.name] for rule in written if isinstance(rule, dict) and key.name in rule]
        example = _cell(_shortest(values)) if values else _SPARE.get(key.name, "")
        takes = takes if example or key.takes is not Takes.ANY or key.choices else ""
        example = _code(example) if example else ""
        yield f"| `{key.name}` | {_label(key.name)} | {'是' if key.is_needed else ''} | {takes} | {example} |"
    yield ""


def _taken(key: Key) -> str:
    words = "、".join(map(_code, key.choices))
    if key.takes is Takes.CHOICES:
        return f"{words}，或几个的列表"
    return words or _TAKES[key.takes]


def _shortest(values: Iterable[Any]) -> str:
    return min(map(flow, values), key=lambda text: (len(text), text))


def _cell(text: str) -> str:
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return short.replace("|", "\\|").replace("`", "'")


def _conditions(trees: Mapping[str, Any]) -> Iterator[str]:
    found: dict[str, list[Any]] = {}
    for kind in _kinds(trees):
        for condition in _walk(kind):
            for key, value in condition.items():
                found.setdefault(key if key in _CONDITIONS else _comparison(value), []).append({key: value})
    yield from _title("条件")
    yield "写在 `when`、`unless`、`while`、`where` 里；几个键写在一起，都要成立。"
    yield ""
    yield "| 写法 | 意思 | 例 |"
    yield "|---|---|---|"
    words = _CONDITIONS | {f"事实：{{{name}: …}}": _label(name) for name in _COMPARED} | {
        "事实：值": "等于它；值写 已填、未填 问填没填", "事实：[值, 值]": "是其中之一",
    }  # fmt: skip
    for key, said in words.items():
        if key in found:
            yield f"| {_code(key)} | {said} | {_code(_cell(_shortest(found[key])))} |"
    yield ""
    yield from (f"- {said}" for said in (TABLE, WINDOW, DERIVATION))


def _moments() -> Iterator[str]:
    yield from _title("时刻")
    yield "写在 `starts`、`met_by`、`of`、`since`、`until`、`happened` 里；几个都算的写成列表。"
    yield ""
    yield "| 写法 | 意思 |"
    yield "|---|---|"
    for written, said in _MOMENTS:
        yield f"| {'、'.join(map(_code, written.split('、')))} | {said} |"


def _common_events() -> Iterator[str]:
    """The codes that a policy which takes over the common steps names its moments by."""
    from kesu.policy.language.names import ENGINE_EVENTS

    yield from _title("通用步骤的事件")
    yield "继承 `base` 的制度用这些代码写时刻；删去、改动了那一步的，跟着没有、跟着变。"
    yield ""
    yield "| 事件 | 意思 | 从哪里来 |"
    yield "|---|---|---|"
    for kind in finding.loaded("base").kinds.values():
        for step in (one for one in kind.steps.values() if one.approval is None):
            yield f"| {_code(step.event)} | {step.name} | {kind.code} 的步骤 {_code(step.code)} |"
        for event in kind.events.values():
            yield f"| {_code(event.kind)} | {event.name} | {kind.code}，由程序陈述 |"
    for code, said in ENGINE_EVENTS.items():
        yield f"| {_code(code)} | {said} | 每一种案件，由程序写入 |"


def _comparison(value: Any) -> str:
    if isinstance(value, dict):
        return f"事实：{{{next(iter(value))}: …}}"
    return "事实：[值, 值]" if isinstance(value, list) else "事实：值"


def _walk(node: Any) -> Iterator[dict[str, Any]]:
    """Every condition below, those inside conditions too."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in _WHERE | {"not"} and isinstance(value, dict):
                yield value
            if key in {"any", "all"} and isinstance(value, list):
                yield from (one for one in value if isinstance(one, dict))
            yield from _walk(value)
    elif isinstance(node, list):
        for one in node:
            yield from _walk(one)


def _durations() -> Iterator[str]:
    from kesu.policy.calendar import Unit

    yield from _title("时长")
    yield DURATION
    yield ""
    yield f"数字加单位，数字用阿拉伯数字：{'、'.join(_code(str(_length(unit))) for unit in Unit)}。"


def _length(unit: Unit) -> Duration:
    """Two of it, or one where there is only one."""
    from kesu.policy.calendar import Duration

    try:
        return Duration(2, unit)
    except ValueError:
        return Duration(1, unit)


def _scenarios() -> Iterator[str]:
    yield from _title("场景的文件")
    yield "写法和例子见[怎样写一份制度](../how-to/write-a-policy.md)的“一个场景”。"
    yield ""
    names = {
        "file": "文件", "scenario": "一个场景", "variant": "variants 的一项", "act": "given 的一项",
        "claim": "expect 的一项",
    }  # fmt: skip
    for part, keys in grammar.scenario_keys().items():
        yield f"- {names[part]}：{'、'.join(map(_code, keys))}"


def _title(text: str, depth: int = 2) -> tuple[str, str, str]:
    return "", f"{'#' * depth} {text}", ""


def _code(text: str) -> str:
    return f"`{text}`"


def _label(key: str) -> str:
    from kesu.policy.language.labels import KEY_LABELS

    return KEY_LABELS.get(key, "")


def flow(value: Any) -> str:
    """As somebody would write it on one line of YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(str(key))}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return flow(value[0]) if len(value) == 1 and isinstance(value[0], str) else f"[{', '.join(map(flow, value))}]"
    return _scalar(str(value))


def _scalar(text: str) -> str:
    """In quotes where YAML would read something else."""
    if _NUMBER.fullmatch(text) and "." in text:
        return json.dumps(text)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
