"""What differs between two packs, in sentences: for whoever has to decide whether to put the newer one in force."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Final

from kesu.policy.model.pack import Clause, Enforcement, Kind, Pack, Parameter
from kesu.policy.model.rules import GENERIC, Who
from kesu.policy.ruleset import Rule, row_of, rules_of
from kesu.policy.telling.aspects import Aspects, Said, aspects_of
from kesu.policy.telling.rules import told_rules
from kesu.policy.telling.words import PEOPLE, WAYS, Words

ENFORCED: Final = {
    Enforcement.AUTOMATIC: "自动", Enforcement.GUARD: "关卡", Enforcement.REMINDER: "提醒", Enforcement.RECORD: "记录",
    Enforcement.MANUAL: "规范",
}  # fmt: skip
PART_NAMES: Final = {
    "policy": "制度", "clauses": "条款", "parameters": "公司自己定的", "levels": "级别", "stages": "阶段",
    "steps": "步骤", "duties": "义务", "approvals": "审批", "guards": "关卡", "separations": "回避",
    "notices": "告知", "opens": "关联立案", "roles": "角色", "facts": "事实", "documents": "文书",
    "ledgers": "台账", "measures": "指标", "samples": "抽样", "publishes": "公示", "schedule": "定期开立",
    "secrecy": "保密", "wording": "用语", "guidance": "提示", "promises": "承诺", "events": "外部事件",
}  # fmt: skip
"""The parts of a policy in the order in which a reader asks for them."""
_NUMBER: Final = re.compile(r"\d+(\.\d+)*")


@dataclass(frozen=True, slots=True)
class Change:
    """One sentence. `part` is a key of `PART_NAMES`, `kind` the name of the kind of case, empty where it is none's."""

    part: str
    kind: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True, slots=True)
class RoleChange:
    """What a role of the policy has to do from now on, and what no longer: “步骤“登记”” and so on."""

    role: str
    gains: tuple[str, ...]
    loses: tuple[str, ...]


def changes(old: Pack, new: Pack) -> tuple[Change, ...]:
    """From `old` to `new`, in the order of `PART_NAMES`; empty where both mean the same. Rules are paired by address,
    and where that is gone, by name."""
    found = [*_of_pack(old, new), *_of_clauses(old, new), *_of_parameters(old, new)]
    for code in dict.fromkeys((*old.kinds, *new.kinds)):
        before, after = old.kinds.get(code), new.kinds.get(code)
        if before is not None and after is not None:
            found += _of_kind(old, new, before, after)
        elif after is not None:
            found.append(Change("policy", after.name, f"新管一种案件：{after.name}。"))
        elif before is not None:
            found.append(Change("policy", before.name, f"不再管一种案件：{before.name}。"))
    order = list(PART_NAMES)
    return tuple(sorted(found, key=lambda change: order.index(change.part)))


def role_changes(old: Pack, new: Pack) -> tuple[RoleChange, ...]:
    """Who gains and who loses something to do, by the name that the role has now; roles without a change are left
    out."""
    before, after = _work(old), _work(new)
    names = _role_names(old) | _role_names(new)
    found = []
    for role in dict.fromkeys((*before, *after)):
        mine, theirs = before.get(role, {}), after.get(role, {})
        gains = tuple(what for what in theirs if what not in mine)
        loses = tuple(what for what in mine if what not in theirs)
        if gains or loses:
            found.append(RoleChange(names[role], gains, loses))
    return tuple(found)


def _of_pack(old: Pack, new: Pack) -> Iterator[Change]:
    pairs: dict[str, tuple[Said, Said]] = {
        "名称": (old.title, new.title),
        "文件编号": (old.document_number, new.document_number),
        "版本": (old.version, new.version),
        "适用范围": (old.scope_text, new.scope_text),
        "签名栏": (old.signatures, new.signatures),
    }
    before, after = ({name: pair[side] for name, pair in pairs.items()} for side in (0, 1))
    for sentence in _aspect_sentences("制度的", before, after):
        yield Change("policy", "", f"{sentence}。")


def _of_clauses(old: Pack, new: Pack) -> Iterator[Change]:
    for clause in new.clauses.values():
        before = old.clauses.get(clause.id)
        at = _printed(clause)
        if before is None:
            yield Change("clauses", "", f"新增{at}：{clause.text}（{ENFORCED[clause.enforce]}）。")
            continue
        if before.text != clause.text:
            yield Change("clauses", "", f"{at}由“{before.text}”改为“{clause.text}”。")
        if before.enforce is not clause.enforce:
            said = f"{ENFORCED[before.enforce]}改为{ENFORCED[clause.enforce]}"
            yield Change("clauses", "", f"{at}（{clause.text}）的落实方式由{said}。")
    for clause in old.clauses.values():
        if clause.id not in new.clauses:
            yield Change("clauses", "", f"删去{_printed(clause)}：{clause.text}。")


def _of_parameters(old: Pack, new: Pack) -> Iterator[Change]:
    for code in dict.fromkeys((*old.parameters, *new.parameters)):
        before, after = old.parameters.get(code), new.parameters.get(code)
        if after is None and before is not None:
            yield Change(
                "parameters", "", f"不再定“{before.name}”（原为 {_figure(before)}）{_cited(old, before.clauses)}。"
            )
        elif before is None and after is not None:
            yield Change("parameters", "", f"新定“{after.name}”：{_figure(after)}{_cited(new, after.clauses)}。")
        elif before is not None and after is not None and before.value != after.value:
            moved = f"“{after.name}”由 {_figure(before)} 改为 {_figure(after)}"
            yield Change("parameters", "", f"{moved}{_cited(new, after.clauses)}。")


def _figure(parameter: Parameter) -> str:
    value = parameter.value
    return "由公司填写" if value is None else f"{value:,} 元" if isinstance(value, Decimal) else str(value)


def _of_kind(old: Pack, new: Pack, before: Kind, after: Kind) -> Iterator[Change]:
    yield from _of_frame(before, after)
    # A row of a table is a part of its rule, which tells the whole table.
    gone, come = ({one.address: one for one in rules_of(kind) if not row_of(one.address)} for kind in (before, after))
    known = {(_part(rule), rule.name): rule for rule in gone.values() if rule.address not in come}
    told_before, told_after = told_rules(before), told_rules(after)
    paired = set()
    for rule in come.values():
        former = gone.get(rule.address) or known.get((_part(rule), rule.name))
        if former is None:
            sentence = told_after[rule.address].removeprefix(f"“{rule.name}”").lstrip("：")
            said = f"新增{_named(rule)}{_cited(new, rule.clauses)}：{sentence}"
            yield Change(_part(rule), after.name, said)
            continue
        paired.add(former.address)
        for sentence in _rule_sentences((before, former, told_before), (after, rule, told_after)):
            yield Change(_part(rule), after.name, f"{sentence}{_cited(new, rule.clauses)}。")
    for rule in gone.values():
        if rule.address not in paired:
            yield Change(_part(rule), before.name, f"取消{_named(rule)}{_cited(old, rule.clauses)}。")


def _of_frame(before: Kind, after: Kind) -> Iterator[Change]:
    names = [tuple(level.name for level in kind.levels.order) if kind.levels else () for kind in (before, after)]
    for sentence in _aspect_sentences("", {"级别": names[0]}, {"级别": names[1]}):
        yield Change("levels", after.name, f"{sentence}。")
    holders = [Words(kind).role(kind.holder) for kind in (before, after)]
    frame = [
        {
            "名称": kind.name,
            "承办人": holder,
            "编号": kind.numbering.prefix,
            "补登期限": f"{kind.backdate_days} 天",
            "相近诉件": f"{kind.alike_days} 天",
            "算书面的": "、".join(WAYS[one] for one in kind.written_by),
        }
        for kind, holder in zip((before, after), holders, strict=True)
    ]
    for sentence in _aspect_sentences(f"{before.name}的", *frame):
        yield Change("policy", after.name, f"{sentence}。")


_Side = tuple[Kind, Rule, Mapping[str, str]]


def _rule_sentences(before: _Side, after: _Side) -> Iterator[str]:
    """Aspect by aspect; where no aspect tells the difference, the whole sentence of before and after."""
    name = f"{_named(after[1])}的"
    found = list(_aspect_sentences(name, aspects_of(*before[:2]), aspects_of(*after[:2])))
    was, now = before[2][before[1].address], after[2][after[1].address]
    if not found and was != now:
        found = [f"{_named(after[1])}由“{was.rstrip('。')}”改为“{now.rstrip('。')}”"]
    if before[1].clauses != after[1].clauses and not found and set(after[1].clauses) - {GENERIC}:
        found = [f"{_named(after[1])}改依另外的条款"]
    yield from found


def _aspect_sentences(name: str, before: Aspects, after: Aspects) -> Iterator[str]:
    for aspect in dict.fromkeys((*before, *after)):
        was, now = before.get(aspect, ""), after.get(aspect, "")
        if was != now:
            yield f"{name}{_moved(aspect, was, now)}"


def _moved(aspect: str, was: Said, now: Said) -> str:
    if isinstance(was, tuple) and isinstance(now, tuple):
        come, gone = [each for each in now if each not in was], [each for each in was if each not in now]
        if come or gone:
            parts = (f"增加{'、'.join(come)}" if come else "", f"去掉{'、'.join(gone)}" if gone else "")
            return f"{aspect}{'，'.join(filter(None, parts))}"
        return f"{aspect}的次序改为{'、'.join(now)}"
    old, new = _joined(was), _joined(now)
    if set("，；。") & {*old, *new}:
        old, new = (f"“{one}”" if one else "" for one in (old, new))
    if not old:
        return f"{aspect}定为{new}"
    return f"{aspect}由{old}改为{new}" if new else f"{aspect}不再有（原为{old}）"


def _joined(said: Said) -> str:
    return said if isinstance(said, str) else "、".join(said)


def _part(rule: Rule) -> str:
    return rule.address.partition(".")[0]


def _named(rule: Rule) -> str:
    """A rule as a reader knows it: its part, and its name or its words."""
    part = PART_NAMES[_part(rule)]
    return f"《{rule.name}》" if part == "文书" else f"{part}“{rule.name}”"


def _cited(pack: Pack, clauses: Iterable[str]) -> str:
    printed = dict.fromkeys(_printed(pack.clauses[one]) for one in clauses if one in pack.clauses)
    return f"（{'；'.join(printed)}）" if printed else ""


def _printed(clause: Clause) -> str:
    return f"第{clause.printed}条" if _NUMBER.fullmatch(clause.printed) else clause.printed


def _role_names(pack: Pack) -> dict[str, str]:
    return PEOPLE | {role.code: role.name for kind in pack.kinds.values() for role in kind.roles.values()}


def _work(pack: Pack) -> dict[str, dict[str, None]]:
    """Code of a role → what it does under the pack, in the order of the pack."""
    found: dict[str, dict[str, None]] = {}
    for kind in pack.kinds.values():
        for what, people in _works(kind):
            for who in people:
                if who.group is None:
                    found.setdefault(who.role, {}).setdefault(what)
    return found


def _works(kind: Kind) -> Iterator[tuple[str, Iterable[Who]]]:
    for step in kind.steps.values():
        if step.approval is None:
            yield f"步骤“{step.name}”", chain.from_iterable(row.use for row in step.by.rows)
    for duty in kind.duties.values():
        yield f"义务“{duty.name}”", (row.use for row in duty.owner.rows)
        yield f"“{duty.name}”逾期的报告", (who for one in duty.overdue for who in one.tell)
    for approval in kind.approvals.values():
        links = (row.use for table in approval.chain for row in table.rows)
        yield f"审批“{approval.name}”", (who for link in links if link is not None for who in link.who)
    for notice in kind.notices.values():
        yield f"告知“{notice.name}”", chain.from_iterable(row.use for row in notice.to.rows)
