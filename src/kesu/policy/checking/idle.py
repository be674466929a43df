"""Rules that can be read and never do anything: a case is not opened by them, a limit not moved, a duty not begun."""

from __future__ import annotations

from collections.abc import Iterator

from kesu.policy.checking.findings import Finder, Finding
from kesu.policy.language.paths import ways
from kesu.policy.model.conditions import FactRef, Moment, MomentNoun
from kesu.policy.model.limits import Ahead
from kesu.policy.model.pack import Kind
from kesu.policy.telling.words import Words


def findings_of_the_idle(kind: Kind, finder: Finder) -> Iterator[Finding]:
    """Everything that is found in the steps and duties of one kind."""
    yield from _opened_twice(kind, finder)
    yield from _not_extended(kind, finder)
    yield from _never_begun(kind, finder)


def _opened_twice(kind: Kind, finder: Finder) -> Iterator[Finding]:
    """A case is opened by the first step that can: no page offers another one."""
    opening = [step for step in kind.steps.values() if step.starts_case]
    for step in opening[1:]:
        said = (
            f"“{step.name}”也从 start 开立，可是登记、公众提交和试办只用第一个，"
            f"“{opening[0].name}”（{opening[0].code}），这一步永远办不到。"
            "请并进第一个：不一定要填的写 may，用关卡说明什么情况必须填。"
        )
        yield finder.finding("steps", step.code, step.clauses, said)


def _not_extended(kind: Kind, finder: Finder) -> Iterator[Finding]:
    """What is due so long before a date stays so long before it: only another date moves its end."""
    words = Words(kind)
    for code, duty in kind.duties.items():
        more = duty.extension.length if duty.extension else None
        deaf = [
            words.limits((limit,)) for row in duty.within.rows for limit in row.use if isinstance(limit.length, Ahead)
        ]
        if deaf and more is not None:
            said = (
                f"“{duty.name}”延期 {words.value(more) if isinstance(more, FactRef) else more}，对这几档不起作用："
                f"{'、'.join(dict.fromkeys(deaf))}。期限跟着那个日期走，请改那个日期，或不写 extension。"
            )
            yield finder.finding("duties", code, duty.clauses, said)


def _never_begun(kind: Kind, finder: Finder) -> Iterator[Finding]:
    """A case that opens in a stage has not come into it: nothing is told that it did."""
    words = Words(kind)
    opened = kind.opening.event if kind.opening else ""
    for code, duty in kind.duties.items():
        if duty.starts and all(_is_where_it_opens(kind, moment) for moment in duty.starts):
            said = (
                f"“{duty.name}”从{words.moments(duty.starts)}起算，可是案件一开立就在这个阶段，不算进入，永远不会开始。"
                f"请改从开立起算：starts: {opened}。"
            )
            yield finder.finding("duties", code, duty.clauses, said)


def _is_where_it_opens(kind: Kind, moment: Moment) -> bool:
    if moment.noun is not MomentNoun.STAGE or moment.became or moment.subject != kind.start_stage:
        return False
    return not any(moment.subject in targets for stage, targets in ways(kind).items() if stage != moment.subject)
