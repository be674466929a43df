"""A standing as lines of Chinese text: level and why, every obligation with its arithmetic, what may be done and why
the rest may not. For the command line; screens make their own sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, tzinfo
from typing import Final

from kesu.policy.calendar import LineCode, Receipt, ReceiptLine
from kesu.policy.model.pack import Kind, Pack
from kesu.policy.model.rules import GENERIC, GuardMode
from kesu.policy.standing import (
    Effect,
    EffectKind,
    LevelChange,
    Obligation,
    ObligationState,
    Refusal,
    Standing,
    StepState,
)
from kesu.policy.standing.publications import Shown, published
from kesu.policy.telling.publications import AUDIENCES
from kesu.policy.telling.words import Words as Names

_STATES: Final = {
    ObligationState.OPEN: "进行中", ObligationState.PAUSED: "已暂停", ObligationState.MET: "已完成",
    ObligationState.LAPSED: "不再需要", ObligationState.WITHDRAWN: "已撤销",
    ObligationState.RENEWED: "已重新起算",
}  # fmt: skip
_BECAME: Final = {Shown.UP: "在公示", Shown.OVER: "已到期", Shown.TAKEN_BACK: "已撤下"}
_INDENT: Final = "  "


def explain_lines(pack: Pack, kind: Kind, seen: Standing, zone: tzinfo) -> list[str]:
    """Everything that the engine says of a case at `seen.now`, one fact a line, instants in `zone`."""
    words = Words(pack, kind, zone)
    steps = [each for each in seen.steps if not kind.steps[each.code].starts_case]
    return [
        f"制度 {pack.title} {pack.version}（{pack.document_number}），指纹 {pack.hash[:12]}",
        f"时刻 {words.instant(seen.now)}",
        f"阶段 {kind.stages[seen.stage].name}",
        *words.level(seen),
        *words.secrecy(seen),
        *([f"移交到 {seen.moved_to}"] if seen.moved_to else []),
        *([f"并入 {seen.merged_into}"] if seen.merged_into else []),
        "义务",
        *(_INDENT + line for each in seen.obligations for line in words.obligation(each, seen.now)),
        *(words.owed_link(each) for each in seen.effects if each.kind is EffectKind.LINK),
        *words.samples(seen),
        *words.published(seen),
        "现在可办",
        *(_INDENT + words.step(each) for each in steps if each.is_allowed),
        "现在不可办",
        *(_INDENT + line for each in steps if not each.is_allowed for line in words.refused(each)),
        f"下一次变化 {words.instant(seen.wake_at) if seen.wake_at else '没有'}",
    ]


class Words:
    """The words of one pack: names instead of codes, clauses as printed."""

    def __init__(self, pack: Pack, kind: Kind, zone: tzinfo) -> None:
        self.pack = pack
        self.kind = kind
        self.zone = zone
        self.names = Names(kind)

    def instant(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        return local.strftime("%Y-%m-%d %H:%M" if local.second == 0 else "%Y-%m-%d %H:%M:%S")

    def clauses(self, ids: Iterable[str]) -> str:
        printed = []
        for clause_id in ids:
            clause = self.pack.clause(clause_id)
            number = clause.printed if clause else clause_id
            numbered = f"§{number}" if number[:1].isdigit() else number
            printed.append("通用" if clause_id == GENERIC else numbered)
        return "、".join(dict.fromkeys(printed))

    def owed_link(self, effect: Effect) -> str:
        return f"应开立而未开成 {self.kind.opens[effect.code].name} {self.clauses(effect.clauses)}"

    def samples(self, seen: Standing) -> Iterator[str]:
        for code, found in seen.walk.samples.drawn.items():
            sample = self.kind.samples[code]
            left = f"，还有 {len(found.left)} 件没有查" if found.left else ""
            drawn = f"{self.instant(found.at)} 从 {found.lot.base} 件里抽出 {len(found.cases)} 件{left}"
            yield f"抽样 {sample.name} {drawn} {self.clauses(sample.clauses)}"

    def level_name(self, code: str | None) -> str:
        order = self.kind.levels.order if self.kind.levels else ()
        return next((level.name for level in order if level.code == code), "未定级")

    def level(self, seen: Standing) -> Iterator[str]:
        if self.kind.levels is None:
            return
        yield f"级别 {self.level_name(seen.level)} {self.clauses(seen.level_clauses)}"
        for change in seen.level_changes:
            yield _INDENT + self.level_change(change)
        for coming in () if seen.is_final else seen.next_raises:
            fact = self.kind.facts.get(coming.fact or "")
            reason = f"{fact.name}现为 {coming.have}，到 {coming.want}" if fact else ""
            when = f"{self.instant(coming.at)} 起" if coming.at else ""
            yield f"{_INDENT}将升 {self.level_name(coming.level)}：{reason}{when} {self.clauses(coming.clauses)}"

    def secrecy(self, seen: Standing) -> Iterator[str]:
        rule = self.kind.secrecy
        if rule is not None and seen.only_for is not None:
            kept, holder = ("密封", "") if rule.sealed else (f"保密 {rule.says}", "承办人和")
            yield f"{kept} {self.clauses(rule.clauses)}"
            yield f"{_INDENT}只开启给{holder}{self.names.people(seen.only_for)}"

    def published(self, seen: Standing) -> Iterator[str]:
        for one in published(seen.walk.view(seen.now)) if self.kind.publishes else ():
            corrected = f"，{self.instant(one.shown_at)} 更正" if one.versions > 1 else ""
            until = f"，到 {self.instant(one.until)}" if one.until else ""
            became = _BECAME[one.at(seen.now)]
            yield (
                f"公示“{one.rule.name}”{became}：给{AUDIENCES[one.rule.seen_by]}看，{self.instant(one.posted_at)} 起"
                f"{corrected}{until} {self.clauses(one.rule.clauses)}"
            )

    def _by_hand(self, change: LevelChange) -> str:
        levels = self.kind.levels
        is_rise = levels is None or change.before is None or levels.rank(change.after) > levels.rank(change.before)
        return "人工升高" if is_rise else "人工降低"

    def level_change(self, change: LevelChange) -> str:
        rules = self.kind.levels.rules if self.kind.levels else ()
        reason = self._by_hand(change) if change.rule is None else rules[change.rule].name or ""
        known = {code: value for code, value in change.values.items() if code in self.kind.facts}
        values = "，".join(f"{self.kind.facts[code].name} {_shown(value)}" for code, value in known.items())
        shown = f"（{values}）" if values else ""
        move = f"{self.level_name(change.before)} → {self.level_name(change.after)}"
        return f"{self.instant(change.at)} {move} {reason}{shown} {self.clauses(change.clauses)}"

    def obligation(self, each: Obligation, now: datetime) -> Iterator[str]:
        late = each.state is ObligationState.OPEN and each.due_at is not None and now > each.due_at
        state = "已超时" if late else _STATES[each.state]
        due = f"最迟 {self.instant(each.due_at)}" if each.due_at else "没有期限"
        yield f"{each.name}：{self.names.who(each.owner)}，{due}，{state} {self.clauses(each.clauses)}"
        if each.receipt is not None:
            yield from (_INDENT + line for line in self.receipt(each.receipt))

    def receipt(self, receipt: Receipt) -> Iterator[str]:
        """The arithmetic of a due instant, line by line."""
        if receipt.duration is not None:
            yield f"时限 {receipt.duration}"
        yield from (self.receipt_line(line) for line in receipt.lines)
        if receipt.provisional:
            yield "用到的年份放假安排未公布，公布后重算"

    def receipt_line(self, line: ReceiptLine) -> str:
        return _RECEIPT[line.code](self, line)

    def span(self, line: ReceiptLine) -> str:
        begin, end = self.moment(line.from_on, line.from_at), self.moment(line.to_on, line.to_at)
        return begin if begin == end or not end else f"{begin} 至 {end}"

    def moment(self, on: date | None, at: datetime | None) -> str:
        return self.instant(at) if at is not None else on.isoformat() if on is not None else ""

    def step(self, each: StepState) -> str:
        return f"{each.name}：{self.names.people(each.by)} {self.clauses(each.clauses)}"

    def refused(self, each: StepState) -> Iterator[str]:
        if not each.in_stage and not each.refusals:
            yield f"{each.name}：不在这个阶段"
        for refusal in each.refusals:
            yield f"{each.name}：{self.refusal(refusal)}"

    def refusal(self, refusal: Refusal) -> str:
        missing = "、".join(item.name or item.code for item in refusal.missing)
        if refusal.code == _WRONG_STAGE:
            return f"要在{missing}阶段才办 {self.clauses(refusal.clauses)}"
        says = refusal.says or _ENGINE_REFUSALS.get(refusal.code, refusal.code)
        mode = "（只提醒）" if refusal.mode is GuardMode.WARN else ""
        return f"{says}{f'，缺 {missing}' if missing else ''}{mode} {self.clauses(refusal.clauses)}".rstrip()


_WRONG_STAGE: Final = "stage"
_ENGINE_REFUSALS: Final = {
    "role": "不由这个角色办", "value": "填写不全或不对", "window": "已过可办的时间", "early": "还没到可办的时间",
    "conflict": "不能审自己写的", "time": "时间不对",
}  # fmt: skip
_RECEIPT: Final[dict[LineCode, Callable[[Words, ReceiptLine], str]]] = {
    LineCode.START: lambda words, line: f"起算 {words.span(line)}",
    LineCode.FACTOR: lambda words, line: f"因{line.label}放慢 {words.span(line)}".rstrip(),
    LineCode.EXTENDED: lambda _, line: f"延长 {line.label}",
    LineCode.STARTS_LATER: lambda words, line: f"不是上班时间，从 {words.moment(line.to_on, line.to_at)} 起走",
    LineCode.COUNTED: lambda words, line: f"计入 {words.span(line)}，到第 {line.count}",
    LineCode.WORKED: lambda words, line: f"上班 {words.span(line)}，{line.count} 分钟",
    LineCode.SKIPPED: lambda words, line: f"不计 {words.span(line)}，{line.label}",
    LineCode.PAUSED: lambda words, line: f"暂停 {words.span(line)}，{line.label}",
    LineCode.MOVED: lambda words, line: f"顺延 {words.span(line)}，{line.label}",
    LineCode.SHARE: lambda _, line: f"“{line.label}”时限的 {line.count}%",
    LineCode.STATED: lambda words, line: f"{line.label} {words.moment(line.to_on, line.to_at)}",
    LineCode.AHEAD: lambda words, line: f"{words.moment(line.from_on, line.from_at)} 之前 {line.label}",
    LineCode.CHOSEN: lambda words, line: f"取最早的：{line.label} {words.clauses(line.clauses)}".rstrip(),
    LineCode.PASSED_OVER: lambda words, line: (
        f"{line.label} {words.clauses(line.clauses)}要到 {words.moment(None, line.to_at)}，不取"
    ),
    LineCode.CAP: lambda _, line: f"不超过总期限 {line.label}",
    LineCode.DUE: lambda words, line: f"到期 {words.moment(None, line.to_at)}",
}


def _shown(value: object) -> str:
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)
