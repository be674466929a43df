"""People who must not be one, and rules that make them one; guards whose turn never comes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from kesu.policy.checking.courses import stages_from
from kesu.policy.checking.findings import Finder, Finding
from kesu.policy.language.paths import sources_of
from kesu.policy.language.satisfying import facts_stated
from kesu.policy.model.conditions import All, Comparison, Condition, FactTest, Happened, MomentNoun, StageTest
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Guard, NeedKind
from kesu.policy.telling.words import Words

_WANTS_A_VALUE = frozenset(Comparison) - {Comparison.UNSTATED}


def findings_of_guards(kind: Kind, finder: Finder) -> Iterator[Finding]:
    """Everything that is found in the guards and separations of one kind."""
    yield from _both_sides(kind, finder)
    yield from _kept_from_their_own(kind, finder)
    yield from _no_turn(kind, finder)


def _both_sides(kind: Kind, finder: Finder) -> Iterator[Finding]:
    """A separation of two groups, into both of which the policy itself puts the same post."""
    words = Words(kind)
    for code, guard in kind.guards.items():
        for need in (need for need in guard.needs if need.kind is NeedKind.APART):
            for one, other in combinations(need.codes, 2):
                for role in sorted(_put_into(kind, one) & _put_into(kind, other)):
                    said = (
                        f"“{words.fact(one)}”和“{words.fact(other)}”不能是同一个人，制度却让{words.role(role)}"
                        "两边都在：只有一个人任这个岗位时，这一步永远办不了。请换其中一边的岗位。"
                    )
                    yield finder.finding("guards", code, guard.clauses, said)


def _kept_from_their_own(kind: Kind, finder: Finder) -> Iterator[Finding]:
    """A group that must have no part in a step, into which the policy itself puts the only post that takes it."""
    words = Words(kind)
    for code, rule in kind.separations.items():
        for group in rule.of:
            for step in filter(rule.keeps_from, kind.steps.values()):
                takers = {who.group or who.role for row in step.by.rows for who in row.use}
                if takers and takers <= _put_into(kind, group):
                    posts = "、".join(words.role(role) for role in sorted(takers))
                    said = (
                        f"“{words.fact(group)}”里的人不能办“{step.name}”，制度却把{posts}放进“{words.fact(group)}”，"
                        "而这一步只有这个岗位能办。请让别的岗位也能办，或不把这个岗位放进去。"
                    )
                    yield finder.finding("separations", code, rule.clauses, said)


def _put_into(kind: Kind, group: str) -> set[str]:
    """Posts that join the group by themselves or that some guard demands in it."""
    fact = kind.facts[group]
    needs = (need for guard in kind.guards.values() for need in guard.needs if need.kind is NeedKind.PEOPLE)
    return {each.role for each in fact.adds} | {role for need in needs if need.group == group for role in need.codes}


def _no_turn(kind: Kind, finder: Finder) -> Iterator[Finding]:
    for code, guard in kind.guards.items():
        why = _hindrance(kind, guard)
        if why:
            said = f"这道关卡（{guard.says}）永远轮不到：{why}"
            yield finder.finding("guards", code, guard.clauses, said)


def _hindrance(kind: Kind, guard: Guard) -> str:
    words, stages = Words(kind), _stages_of(kind, guard)
    for part in _must(guard.when):
        match part:
            case StageTest(wanted) if stages and not stages & set(wanted):
                return f"它管的步骤不会在{'或'.join(map(words.stage, wanted))}阶段办。"
            case FactTest(fact, comparison) if comparison in _WANTS_A_VALUE and fact not in facts_stated(kind):
                return f"没有步骤填写“{words.fact(fact)}”（{fact}）。"
            case Happened(moment) if moment.noun is MomentNoun.EVENT and moment.subject not in kind.events:
                yielding = [step for step in kind.steps.values() if step.event == moment.subject]
                if yielding and stages and not stages & stages_from(kind, moment):
                    return f"它要等{words.moment(moment)}，而那以后不再办它管的步骤。"
    return ""


def _stages_of(kind: Kind, guard: Guard) -> set[str]:
    """The stages in which the guarded steps are taken; none for notices, for what is written, and for a step that
    opens the case."""
    steps = [kind.steps[code] for code in guard.steps if code in kind.steps]
    if guard.notices or guard.writes or any(step.starts_case for step in steps):
        return set()
    return {stage for step in steps for stage in sources_of(kind, step)}


def _must(condition: Condition | None) -> tuple[Condition, ...]:
    if isinstance(condition, All):
        return tuple(part for whole in condition.parts for part in _must(whole))
    return (condition,) if condition is not None else ()
