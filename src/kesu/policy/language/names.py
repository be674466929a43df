"""What a pack has names for. Collected from the tree before anything is compiled, so that every rule may name every
other one wherever it stands, and a wrong name can be answered with the nearest right one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from kesu.policy.events import COPY_TO, COPY_WITH, NAMED_SIGNER, RETURN_TO
from kesu.policy.language.nodes import Map, Node, Seq, Text
from kesu.policy.language.trees import TREE, is_tree, paths_of
from kesu.policy.language.wording import UNSET, said
from kesu.policy.model.approving import SignAct
from kesu.policy.model.facts import FactType
from kesu.policy.model.trees import nodes_of

LOWER: Final = "lower_level"
RAISE: Final = "raise_level"
"""Steps by which a level is moved by hand."""
GENERATED_VERDICT: Final = "verdict"
GENERATED_OPINION: Final = "opinion"
GENERATED_LEVEL: Final = "to_level"
GENERATED_REASON: Final = "lowering_reason"
COPY_NOTICE: Final = "copies_"
COPIED_BY: Final = "copied_"
GENERATED_RISE: Final = "raised_to"
GENERATED_RISE_REASON: Final = "raising_reason"

ACT_NAMES: Final[Mapping[SignAct, str]] = {
    SignAct.PASS_ON: "转办", SignAct.ADD_BEFORE: "前加签", SignAct.ADD_AFTER: "后加签", SignAct.ASK: "征询",
    SignAct.ADVISE: "答复征询", SignAct.SEND_BACK: "退回到前面", SignAct.TAKE_BACK: "撤回", SignAct.URGE: "催办",
}  # fmt: skip

ENGINE_EVENTS: Final[dict[str, str]] = {
    "approval.signed": "签署",
    "approval.staffed": "看谁能签",
    "approval.passed_on": "转办",
    "approval.added_before": "前加签",
    "approval.added_after": "后加签",
    "approval.asked": "征询",
    "approval.advised": "答复征询",
    "approval.sent_back": "退回到前面",
    "approval.taken_back": "撤回",
    "approval.urged": "催办",
    "level.lowered": "降级",
    "level.raised_by_hand": "人工升级",
    "duty.reminded": "提醒",
    "duty.escalated": "逾期上报",
    "notice.sent": "告知已发",
    "document.filled": "文书已填",
    "link.opened": "开立了关联的案件",
    "link.closed": "关联的案件已结",
    "link.reopened": "关联的案件重新办理",
    "draw.made": "抽样",
    "measure.taken": "算出指标",
    "matter.counted": "同一事项的人数到了界限",
    "case.absorbed": "有一件并入",
    "named.closed": "点名的件已结",
    "named.reopened": "点名的件重新办理",
    "calendar.renewed": "改按新日历计时",
    "policy.renewed": "改按新版制度办理",
}
"""Event kinds that the engine itself writes, whatever the pack."""


@dataclass(frozen=True, slots=True)
class FactName:
    """As much of a fact as other rules need to know."""

    code: str
    name: str
    type: FactType
    values: tuple[str, ...] = ()
    is_derived: bool = False
    is_ordered: bool = False  # its values stand from the lowest to the highest
    nodes: tuple[str, ...] = ()  # of values in levels: every one of them, chosen or not

    @property
    def is_tree(self) -> bool:
        return bool(self.nodes)


@dataclass(frozen=True, slots=True)
class ParameterName:
    code: str
    name: str
    type: str
    node: Text | Seq | Map | None  # the value to work with: the company's, the pack's or the sample
    values: Mapping[str, str] = field(default_factory=dict)  # what can be chosen, with the name that people read

    @property
    def said(self) -> str | None:
        """The value as texts say it; None where there is none to say."""
        if isinstance(self.node, Text):
            return said(self.node.value, self.values)
        if isinstance(self.node, Seq):
            return said([item.value for item in self.node.items if isinstance(item, Text)], self.values)
        return None


@dataclass(slots=True)
class Names:
    """Code -> Chinese name, per noun; facts and parameters with a little more."""

    of: dict[str, dict[str, str]] = field(default_factory=dict)
    facts: dict[str, FactName] = field(default_factory=dict)
    parameters: Mapping[str, ParameterName] = field(default_factory=dict)
    levels: tuple[str, ...] = ()
    tables: Mapping[str, Node] = field(default_factory=dict)  # the rows that several rules share

    def known(self, noun: str) -> Mapping[str, str]:
        return self.of.get(noun, {})


_SECTIONS: Final = {
    "stage": "stages",
    "role": "roles",
    "duty": "duties",
    "approval": "approvals",
    "notice": "notices",
    "step": "steps",
    "document": "documents",
    "guard": "guards",
    "ledger": "ledgers",
    "link": "opens",
    "draw": "samples",
    "measure": "measures",
}


def collect_pack_names(clauses: Map, parameters: Map) -> Names:
    names = Names()
    names.of["clause"] = {code: _text_of(entry.node, "text") for code, entry in clauses.entries.items()}
    names.parameters = {
        code: _parameter(code, entry.node) for code, entry in parameters.entries.items() if isinstance(entry.node, Map)
    }
    names.of["parameter"] = {code: parameter.name for code, parameter in names.parameters.items()}
    return names


def collect_kind_names(pack: Names, kind: Map) -> Names:
    """The names that the rules of one kind may use: those of the pack and its own."""
    names = Names(of={noun: dict(known) for noun, known in pack.of.items()}, parameters=pack.parameters)
    for noun, section in _SECTIONS.items():
        names.of[noun] = {code: _text_of(entry.node, "name") for code, entry in kind.map(section).entries.items()}
    order = kind.map("levels").map("order")
    names.levels = tuple(order.entries)
    names.of["level"] = {
        code: entry.node.value for code, entry in order.entries.items() if isinstance(entry.node, Text)
    }
    names.facts = {code: _fact(code, entry.node, pack.parameters) for code, entry in kind.map("facts").entries.items()}
    shared = {code: _rows(entry.node) for code, entry in kind.map("tables").entries.items()}
    names.tables = {code: rows for code, rows in shared.items() if rows is not None}
    names.of["table"] = dict.fromkeys(names.tables, "")
    _add_generated(names, kind)
    names.of["fact"] = {code: fact.name for code, fact in names.facts.items()}
    names.of["event"] = _events(kind)
    return names


def _rows(table: Node) -> Node | None:
    return table.get("table") if isinstance(table, Map) else None


def _add_generated(names: Names, kind: Map) -> None:
    """Steps and facts that the compiler adds: signatures and moving a level by hand."""
    for code, name in names.of["approval"].items():
        names.of["step"][f"sign_{code}"] = name
        _add_acts(names, code, name, kind)
        _add_copies(names, code, name, kind.map("approvals").map(code))
    if names.of["approval"]:
        names.facts.setdefault(GENERATED_VERDICT, FactName(GENERATED_VERDICT, "意见结论", FactType.CHOICE))
        names.facts.setdefault(GENERATED_OPINION, FactName(GENERATED_OPINION, "审批意见", FactType.TEXT))
    if kind.map("levels").get("lowered_by") is not None:
        names.of["step"][LOWER] = "降低级别"
        level = FactName(GENERATED_LEVEL, "降到的级别", FactType.CHOICE, names.levels)
        names.facts.setdefault(GENERATED_LEVEL, level)
        names.facts.setdefault(GENERATED_REASON, FactName(GENERATED_REASON, "降级理由", FactType.TEXT))
    if kind.map("levels").get("raised_by") is not None:
        names.of["step"][RAISE] = "升高级别"
        level = FactName(GENERATED_RISE, "升到的级别", FactType.CHOICE, names.levels)
        names.facts.setdefault(GENERATED_RISE, level)
        names.facts.setdefault(GENERATED_RISE_REASON, FactName(GENERATED_RISE_REASON, "升级理由", FactType.TEXT))


def _add_copies(names: Names, code: str, name: str, approval: Map) -> None:
    """The notice by which an approval is copied to others, and the facts by which signers say to whom."""
    is_chosen = approval.get("copying") is not None
    if is_chosen:
        names.facts[f"{COPY_TO}{code}"] = FactName(f"{COPY_TO}{code}", f"抄送：{name}", FactType.GROUP)
        names.facts[f"{COPY_WITH}{code}"] = FactName(f"{COPY_WITH}{code}", f"送审时抄送：{name}", FactType.GROUP)
        copied = FactName(f"{COPIED_BY}{code}", f"抄送过的人：{name}", FactType.GROUP, is_derived=True)
        names.facts[copied.code] = copied
    if is_chosen or approval.get("copies") is not None:
        names.of["notice"][f"{COPY_NOTICE}{code}"] = f"抄送：{name}"


def _add_acts(names: Names, code: str, name: str, kind: Map) -> None:
    """The steps and facts of what else may be done to an approval."""
    for word in kind.map("approvals").map(code).map("allows").entries:
        acts = [SignAct(word)] if word in set(SignAct) else []
        for act in [*acts, *([SignAct.ADVISE] if SignAct.ASK in acts else [])]:
            names.of["step"][f"{act.value}_{code}"] = f"{ACT_NAMES[act]}：{name}"
            if act.names_somebody:
                names.facts.setdefault(NAMED_SIGNER, FactName(NAMED_SIGNER, "哪一位", FactType.GROUP))
            if act is SignAct.SEND_BACK:
                names.facts[f"{RETURN_TO}{code}"] = FactName(f"{RETURN_TO}{code}", "退回到哪里", FactType.CHOICE)


def _events(kind: Map) -> dict[str, str]:
    events = dict(ENGINE_EVENTS)
    for code, entry in kind.map("events").entries.items():
        events[code] = _text_of(entry.node, "name") or "由程序陈述"
    for code, entry in kind.map("steps").entries.items():
        event = entry.node.text("event") if isinstance(entry.node, Map) else None
        if event is not None and event not in events:
            events[event] = f"{_text_of(entry.node, 'name')}，来自步骤 {code}"
    return events


def _fact(code: str, node: object, parameters: Mapping[str, ParameterName]) -> FactName:
    if not isinstance(node, Map):
        return FactName(code, code, FactType.TEXT)
    word = node.text("type") or ""
    known = FactType(word) if word in set(FactType) else FactType.TEXT
    return FactName(
        code,
        node.text("name") or code,
        known,
        _values(node, parameters),
        any(node.get(key) is not None for key in ("derive", "measured", "counted")),
        node.text("ordered") == "是",
        nodes_of(_tree(node.get("values"), parameters, inner=True)),
    )


def _values(fact: Map, parameters: Mapping[str, ParameterName]) -> tuple[str, ...]:
    """What a choice can be: a list, a map to clauses, or the list that a parameter holds."""
    values = fact.get("values")
    in_levels = _tree(values, parameters, inner=fact.text("inner") == "是")
    if in_levels:
        return in_levels
    if not isinstance(values, Map):
        return fact.texts("values")
    held = held_by(values, parameters)
    if held is None:
        return tuple(values.entries)
    node = held.node
    return tuple(item.value for item in node.items if isinstance(item, Text)) if isinstance(node, Seq) else ()


def held_by(values: Node | None, parameters: Mapping[str, ParameterName]) -> ParameterName | None:
    """The parameter that holds the values, where `{param: …}` says so."""
    named = values.text("param") if isinstance(values, Map) and tuple(values.entries) == ("param",) else None
    if named is None:
        return None
    return parameters.get(named) or ParameterName(named, named, "", None)


def _tree(values: Node | None, parameters: Mapping[str, ParameterName], *, inner: bool) -> tuple[str, ...]:
    """The values that stand in levels; nothing where they do not."""
    held = held_by(values, parameters)
    if held is not None:
        return paths_of(held.node, inner=inner) if held.type == TREE else ()
    return paths_of(values, inner=inner) if is_tree(values) else ()


def _parameter(code: str, node: Map) -> ParameterName:
    value = node.get("value")
    if isinstance(value, Text) and value.value == UNSET:
        value = node.get("sample")
    kind, listed = node.text("type") or "", node.get("values")
    if kind in {"list", TREE} and isinstance(value, Text):
        value = Seq((value,), value.spot)
    names = (
        {key: _word(entry.node) for key, entry in listed.entries.items()}
        if isinstance(listed, Map)
        else {word: word for word in node.texts("values")}
    )
    return ParameterName(code, node.text("name") or code, kind, value, names)


def _word(node: object) -> str:
    return node.value if isinstance(node, Text) else ""


def _text_of(node: object, key: str) -> str:
    return (node.text(key) or "") if isinstance(node, Map) else ""
