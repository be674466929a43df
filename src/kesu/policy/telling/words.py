"""The small grammars in words: who, moments, conditions, lengths, tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeVar

from kesu.policy.language.names import ENGINE_EVENTS
from kesu.policy.model.conditions import (
    All,
    Always,
    AnyOf,
    Comparison,
    Condition,
    Elapsed,
    FactRef,
    FactTest,
    Happened,
    LevelTest,
    Moment,
    MomentNoun,
    Not,
    Present,
    SamePerson,
    StageTest,
    StartIn,
    Table,
    WhoTakes,
)
from kesu.policy.model.facts import STATED, FactType
from kesu.policy.model.limits import Ahead, Limit, Reminder
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import AUTHOR, COMPLAINANT, EVERYONE, FIRST_CONTACT, HOLDER, STARTER, SYSTEM, WORLD, Who
from kesu.policy.values import plain

T = TypeVar("T")
WAYS: Final = {"sms": "短信", "mail": "邮件", "paper": "纸质信件"}

PEOPLE: Final = {
    HOLDER: "承办人", FIRST_CONTACT: "首问责任人", STARTER: "发起人", COMPLAINANT: "投诉人", EVERYONE: "任何员工",
    SYSTEM: "系统", WORLD: "外部", AUTHOR: "办这一步的人",
}  # fmt: skip
"""Who are no roles of a pack."""
_BECAME: Final = {
    (MomentNoun.LEVEL, "raised"): "级别上升", (MomentNoun.LEVEL, "lowered"): "级别下降",
    (MomentNoun.DUTY, "met"): "完成", (MomentNoun.DUTY, "due"): "到期", (MomentNoun.DUTY, "overdue"): "逾期未办",
    (MomentNoun.DUTY, "lapsed"): "不再需要", (MomentNoun.APPROVAL, "opened"): "开始",
    (MomentNoun.APPROVAL, "granted"): "批准", (MomentNoun.APPROVAL, "refused"): "退回",
    (MomentNoun.NOTICE, "sent"): "发出", (MomentNoun.LINK, "opened"): "开立", (MomentNoun.LINK, "closed"): "结束",
    (MomentNoun.LINK, "reopened"): "重新办理", (MomentNoun.DRAW, "made"): "抽出", (MomentNoun.DRAW, "done"): "都查过",
}  # fmt: skip
_COMPARED: Final = {
    Comparison.AT_LEAST: "达到 {}（含）", Comparison.AT_MOST: "不超过 {}（含）", Comparison.ABOVE: "超过 {}",
    Comparison.BELOW: "不到 {}",
}  # fmt: skip
_AGAINST_NOW: Final = {
    Comparison.AT_LEAST: "不早于", Comparison.AT_MOST: "不晚于", Comparison.ABOVE: "晚于", Comparison.BELOW: "早于",
    Comparison.IS: "就是",
}  # fmt: skip


def listed(words: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(words))


@dataclass(frozen=True, slots=True)
class Words:
    """The names of one kind in place of its codes."""

    kind: Kind

    def fact(self, code: str) -> str:
        return self.kind.facts[code].name

    def facts(self, codes: Iterable[str]) -> str:
        return listed(map(self.fact, codes))

    def due(self, duty: str) -> str:
        return f"“{self.kind.duties[duty].name}”的期限"

    def stage(self, code: str) -> str:
        return f"“{self.kind.stages[code].name}”"

    def level(self, code: str) -> str:
        order = self.kind.levels.order if self.kind.levels else ()
        return next(level.name for level in order if level.code == code)

    def steps(self, codes: Iterable[str]) -> str:
        return listed(f"“{self.kind.steps[code].name}”" for code in codes)

    def who(self, who: Who) -> str:
        if who.group is not None:
            return f"{self.fact(who.group)}成员"
        if who.of is None:
            return self.role(who.role)
        any_of = "中任一" if self.kind.facts[who.of].type is FactType.UNITS and who.unit is None else ""
        return f"{self.fact(who.of)}{any_of}的{self.role(who.role)}"

    def role(self, code: str) -> str:
        role = self.kind.roles.get(code)
        return role.name if role else PEOPLE.get(code, code)

    def people(self, people: Iterable[Who]) -> str:
        return listed(map(self.who, people))

    def value(self, value: object) -> str:
        if isinstance(value, FactRef):
            return self.fact(value.code)
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, Decimal):
            return f"{value:,} 元"
        if isinstance(value, datetime):
            return f"{value:%Y-%m-%d %H:%M}"
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, tuple):
            return listed(map(self.value, value))
        levels = {level.code: level.name for level in self.kind.levels.order} if self.kind.levels else {}
        return levels.get(str(value), str(value))

    def moment(self, moment: Moment) -> str:
        said = self._moment(moment)
        return f"{said}（{self.condition(moment.where)}）" if moment.where is not None else said

    def moments(self, moments: Iterable[Moment]) -> str:
        return "或".join(dict.fromkeys(map(self.moment, moments)))

    def _moment(self, moment: Moment) -> str:
        became = _BECAME.get((moment.noun, moment.became), "")
        match moment.noun:
            case MomentNoun.EVENT:
                return self.event(moment.subject)
            case MomentNoun.LEVEL:
                return became or f"升为{self.level(moment.subject)}"
            case MomentNoun.STAGE:
                return f"{'离开' if moment.became else '进入'}{self.stage(moment.subject)}阶段"
            case MomentNoun.DUTY:
                return f"“{self.kind.duties[moment.subject].name}”{became}"
            case MomentNoun.APPROVAL:
                return f"“{self.kind.approvals[moment.subject].name}”{became}"
            case MomentNoun.NOTICE:
                return f"“{self.kind.notices[moment.subject].name}”{became}"
            case MomentNoun.DRAW:
                return f"“{self.kind.samples[moment.subject].name}”{became}"
            case MomentNoun.LINK:
                return f"“{self.kind.opens[moment.subject].name}”的那一件{became}"
            case _:
                return self.fact(moment.subject)

    def event(self, kind: str) -> str:
        if kind in self.kind.events:
            return self.kind.events[kind].name
        steps = dict.fromkeys(step.name for step in self.kind.steps.values() if step.event == kind)
        return "或".join(steps) or ENGINE_EVENTS.get(kind, kind)

    def condition(self, condition: Condition) -> str:
        match condition:
            case All(parts):
                return "，且".join(map(self._part, parts))
            case AnyOf(parts):
                return "，或".join(map(self._part, parts))
            case Not(part):
                return self._denied(part)
            case _:
                return self._leaf(condition)

    def _part(self, condition: Condition) -> str:
        said = self.condition(condition)
        return f"（{said}）" if isinstance(condition, All | AnyOf) and len(condition.parts) > 1 else said

    def _denied(self, part: Condition) -> str:
        if isinstance(part, FactTest) and part.comparison is Comparison.UNSTATED:
            return f"填了{self.fact(part.fact)}"
        if isinstance(part, Happened) and part.at_least == 1:
            return f"还没有{self.moment(part.moment)}"
        if isinstance(part, SamePerson):
            return f"{self._sides(part)}不是同一个人"
        return f"不是“{self.condition(part)}”"

    def _leaf(self, condition: Condition) -> str:
        match condition:
            case FactTest():
                return self._fact_test(condition)
            case LevelTest(comparison, levels):
                names = "或".join(map(self.level, levels))
                edge = {Comparison.AT_LEAST: "及以上", Comparison.AT_MOST: "及以下"}.get(comparison, "")
                return f"级别为{names}{edge}"
            case StageTest(stages):
                return f"在{'或'.join(map(self.stage, stages))}阶段"
            case Happened(moment, count, since):
                times = f" {count} 次" if count > 1 else ""
                return f"{f'自{self.moment(since)}以来' if since else ''}已经{self.moment(moment)}{times}"
            case Elapsed():
                return self._elapsed(condition)
            case StartIn(working_time):
                return "在工作时间" if working_time else "在非工作时间"
            case SamePerson():
                return f"{self._sides(condition)}是同一个人"
            case _:
                return "任何情况" if isinstance(condition, Always) and condition.holds else "没有这种情况"

    def _fact_test(self, test: FactTest) -> str:
        fact = self.kind.facts[test.fact]
        if test.comparison is Comparison.UNSTATED:
            return f"没有填{fact.name}"
        if test.comparison is Comparison.STATED or test.operand == STATED:
            return f"填了{fact.name}"
        if test.comparison is Comparison.HAS:
            wanted = test.operand if isinstance(test.operand, tuple) else (test.operand,)
            is_group = fact.type is FactType.GROUP  # of a group a rule asks for roles
            return f"{fact.name}有{listed(self.role(str(one)) if is_group else self.value(one) for one in wanted)}"
        if isinstance(test.operand, Present):
            return fact.name + _AGAINST_NOW[test.comparison] + ("今天" if fact.type is FactType.DATE else "此刻")
        if test.comparison in _COMPARED:
            is_number = fact.type is FactType.NUMBER and isinstance(test.operand, Decimal)
            operand = plain(Decimal(str(test.operand))) if is_number else self.value(test.operand)
            return fact.name + _COMPARED[test.comparison].format(operand)
        values = test.operand if isinstance(test.operand, tuple) else (test.operand,)
        if test.comparison is Comparison.WITHIN:
            return f"{fact.name}属于{'或'.join(map(self.value, values))}"
        if fact.type is FactType.FLAG and len(values) == 1:
            return f"{fact.name}为“{self.value(values[0])}”"
        return f"{fact.name}为{'或'.join(map(self.value, values))}"

    def _sides(self, test: SamePerson) -> str:
        return "和".join(map(self._side, test.sides))

    def _side(self, side: Moment | FactRef | WhoTakes) -> str:
        if isinstance(side, Moment):
            return f"办“{self.moment(side)}”的人"
        return self.fact(side.code) if isinstance(side, FactRef) else "办这一步的人"

    def _elapsed(self, elapsed: Elapsed) -> str:
        counted = "、".join(f"{self.fact(code)}为{self.value(value)}" for code, value in elapsed.counts)
        only = f"（只算{counted}的时间）" if counted else ""
        if elapsed.at_least is not None:
            return f"自{self.moment(elapsed.since)}起满 {elapsed.at_least}{only}"
        return f"自{self.moment(elapsed.since)}起 {elapsed.at_most} 以内{only}"

    def table(self, table: Table[T], say: Callable[[T], str]) -> str:
        """Each row with its condition; the last row is what else holds."""
        if len(table.rows) == 1:
            return say(table.rows[0].use)
        parts = []
        for row in table.rows:
            when = "其余" if isinstance(row.when, Always) else self.condition(row.when)
            parts.append(f"{when}的，{say(row.use)}")
        return "；".join(parts)

    def limits(self, limits: tuple[Limit, ...]) -> str:
        said = "，或".join(map(self.limit, limits))
        return f"{said}（取最早的）" if len(limits) > 1 else said

    def limit(self, limit: Limit) -> str:
        match limit.length:
            case FactRef(code):
                length = f"按{self.fact(code)}"
            case Ahead(before, of):
                length = f"最迟在{self.fact(of.code)}之前 {before}"
            case _ if limit.part_of is not None:
                share = limit.part_of
                length = f"在{self.due(share.duty)}的 {share.percent}%（{limit.length}）内"
            case _:
                length = f"在 {limit.length}内"
        if limit.holiday is None:
            return length
        where = "起止逢" if limit.holiday.when == "start_or_end" else "到期逢"
        to = {"end_of_work": "下班", "start_of_work": "上班", "same_time": "同一时刻"}[limit.holiday.to]
        return f"{length}（{where}非工作日的，顺延到其后首个工作日{to}）"

    def reminders(self, reminders: Iterable[Reminder]) -> str:
        return listed(f"到期前 {one.before}" if one.before else f"用去 {one.percent}% 时" for one in reminders)
