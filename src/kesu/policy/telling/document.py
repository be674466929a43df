"""The whole pack as a document: clause by clause what the program does for it, then its figures and its signatures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kesu.policy.model.pack import Clause, Enforcement, Pack
from kesu.policy.ruleset import rules_of
from kesu.policy.telling.charter import told_charter, told_demands
from kesu.policy.telling.rules import told_rules

_ENFORCED = {
    Enforcement.AUTOMATIC: "自动", Enforcement.GUARD: "关卡", Enforcement.REMINDER: "提醒", Enforcement.RECORD: "记录",
    Enforcement.MANUAL: "规范",
}  # fmt: skip
_SIGNATURES = {"compiled_by": "编制", "reviewed_by": "审核", "approved_by": "批准"}


def pack_lines(pack: Pack) -> Iterator[str]:
    """Markdown: a heading, the clauses in the order of the document with a sentence for each rule, the rules that no
    clause asks for, the figures that a company may set, and where to sign."""
    number = f"，文件编号 {pack.document_number}" if pack.document_number else ""
    yield f"# {pack.title}"
    yield ""
    yield f"{pack.version} 版{number}。指纹 {pack.hash[:12]}。"
    if pack.scope_text:
        yield ""
        yield pack.scope_text
    yield from told_charter(pack)
    rules = _by_clause(pack)
    for clause in pack.clauses.values():
        yield ""
        yield f"## {clause.printed}　{clause.text}"
        yield ""
        yield from _clause(pack, clause, rules)
    if not pack.charter.is_overlay:  # the common steps are those of whatever policy it lies on
        yield from _generic(pack)
    yield from _figures(pack)
    yield from _signatures(pack)


def _by_clause(pack: Pack) -> dict[str, list[str]]:
    """Clause → the sentences of its rules, each with the kind that it is a rule of where there are several."""
    found: dict[str, list[str]] = {}
    for kind in pack.kinds.values():
        told = told_rules(kind)
        of = f"【{kind.name}】" if len(pack.kinds) > 1 else ""
        for rule in rules_of(kind):
            for clause in rule.clauses:
                found.setdefault(clause, []).append(f"- {of}{told[rule.address]}")
    for clause, said in told_demands(pack):
        found.setdefault(clause, []).append(said)
    return found


def _clause(pack: Pack, clause: Clause, rules: Mapping[str, list[str]]) -> Iterator[str]:
    for reasons, said in ((pack.provided, "由程序本身保证"), (pack.lost, "原文缺失"), (pack.later, "本版还没有规则")):
        if clause.id in reasons:
            yield f"- {said}{'' if reasons is pack.provided else f'：{reasons[clause.id]}'}。"
    yield from dict.fromkeys(rules.get(clause.id, ()))
    figures = (one for one in pack.parameters.values() if clause.id in one.clauses)
    for one in figures:
        yield f"- {one.name}：{_value(one.shown)}{f'（{one.unclear}）' if one.unclear else ''}。"
    yield f"- 落实方式：{_ENFORCED[clause.enforce]}。"


def _generic(pack: Pack) -> Iterator[str]:
    yield ""
    yield "## 通用做法（原文没有写到的）"
    yield ""
    for kind in pack.kinds.values():
        told = told_rules(kind)
        of = f"【{kind.name}】" if len(pack.kinds) > 1 else ""
        for rule in rules_of(kind):
            if not set(rule.clauses) & pack.clauses.keys():
                yield f"- {of}{told[rule.address]}"


def _figures(pack: Pack) -> Iterator[str]:
    if not pack.parameters:
        return
    yield ""
    yield "## 公司自己定的"
    yield ""
    for one in pack.parameters.values():
        clauses = "、".join(pack.clauses[clause].printed for clause in one.clauses if clause in pack.clauses)
        yield f"- {one.name}：{_value(one.shown)}（{clauses}）"


def _value(value: object) -> str:
    if value is None:
        return "由公司填写"
    return "、".join(value) if isinstance(value, tuple) else str(value)


def _signatures(pack: Pack) -> Iterator[str]:
    if not pack.signatures:
        return
    yield ""
    yield "## 签名"
    yield ""
    for slot in pack.signatures:
        yield f"{_SIGNATURES.get(slot, slot)}：＿＿＿＿＿＿　　日期：＿＿＿＿＿＿"
