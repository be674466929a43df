"""Checks that need a whole kind: rules that could never work although every word of them is right.

A check is left out while the sections it reads have mistakes of their own: it would only repeat them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from kesu.policy.language.allowing import check_taken_back
from kesu.policy.language.answering import check_answering
from kesu.policy.language.asked import conditions_of, facts_behind, facts_in, leaves
from kesu.policy.language.asked_when import check_asked_when
from kesu.policy.language.choosing import check_choosing
from kesu.policy.language.coded import check_blind_steps, check_coded
from kesu.policy.language.copying import check_copies
from kesu.policy.language.credentials import check_credentials
from kesu.policy.language.extensions import check_extensions
from kesu.policy.language.issuing import check_issues
from kesu.policy.language.keeping_apart import check_apart
from kesu.policy.language.lapsing import check_lapses
from kesu.policy.language.ledgers import check_ledgers
from kesu.policy.language.matters import matter_count_flaws
from kesu.policy.language.meanings import check_meanings
from kesu.policy.language.measures import check_measures
from kesu.policy.language.nodes import Map
from kesu.policy.language.notices import check_told_dues
from kesu.policy.language.paths import dead_ends, unreachable_stages
from kesu.policy.language.publications import check_publications
from kesu.policy.language.reading import Flaw, Place, Scope
from kesu.policy.language.reserved import check_reserved
from kesu.policy.language.same_person import check_same_person
from kesu.policy.language.samples import check_samples
from kesu.policy.language.satisfying import facts_stated, guards_that_always_refuse
from kesu.policy.language.secrecy import idle_secrecy
from kesu.policy.language.separations import idle_separations
from kesu.policy.language.undoing import check_merging, check_named, check_undoing
from kesu.policy.language.ways import check_ways
from kesu.policy.model.conditions import Condition, LevelTest, MomentNoun, StageTest
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import SYSTEM, Duty

Check = Callable[[Kind, Map], Iterator[Flaw]]


def check_kind(kind: Kind, tree: Map, scope: Scope) -> None:
    """Notes what is wrong with the rules taken together."""
    broken = {_section(problem.address) for problem in scope.problems}
    for check, sections in _CHECKS:
        if broken.isdisjoint(sections):
            for flaw in check(kind, tree):
                scope.note(flaw)


def _section(address: str) -> str:
    return address.partition(".")[0].partition("（")[0]


def _rule(tree: Map, section: str, code: str) -> Place:
    return Place(tree, "").child(section).child(code, is_code=True)


def _whole(tree: Map, section: str) -> Place:
    return Place(tree, "").child(section) if section in tree.entries else Place(tree, section)


def _check_opening(kind: Kind, tree: Map) -> Iterator[Flaw]:
    openings = [step for step in kind.steps.values() if step.starts_case]
    if not openings:
        yield _whole(tree, "steps").flaw("没有开立案件的步骤。", expected="请有一个步骤写 from: [start]。")
    elif not kind.start_stage:
        yield Place(tree, "start").flaw("不知道案件从哪个阶段开始。", expected="请写 start（起始阶段）。")
    for step in openings:
        if kind.title_fact and kind.title_fact not in {*kind.asked(step), *step.may_state}:
            name = kind.facts[kind.title_fact].name if kind.title_fact in kind.facts else ""
            yield _rule(tree, "steps", step.code).flaw(
                f"这一步开立案件，却不填标题 {kind.title_fact}（{name}）。", expected="请写进 asks（必填事实）。"
            )


def _check_stages(kind: Kind, tree: Map) -> Iterator[Flaw]:
    if not any(stage.final for stage in kind.stages.values()):
        yield _whole(tree, "stages").flaw("没有终结阶段，案件永远办不完。", expected="请给最后的阶段写 final: 是。")
        return
    if all(stage.aside for stage in kind.stages.values() if stage.final):
        yield _whole(tree, "stages").flaw(
            "每个终结阶段都是旁支，客户看不到办到哪里为止。", expected="请留一个终结阶段不写 aside（旁支）。"
        )
    unreachable = unreachable_stages(kind)
    for code in unreachable:
        place = _rule(tree, "stages", code)
        yield place.flaw(
            f"没有步骤能到 {code}（{kind.stages[code].name}）。", expected="请补步骤的 to，或删去这个阶段。"
        )
    for code in dead_ends(kind):
        if code not in unreachable:
            place = _rule(tree, "stages", code)
            yield place.flaw(
                f"到了 {code}（{kind.stages[code].name}）就再也走不到终结阶段。", expected="请补出路，或写 final: 是。"
            )


def _check_waiting(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """Duties that only start from each other never start."""
    waiting = dict(kind.duties)
    while True:
        free = [code for code, duty in waiting.items() if _can_start(duty, waiting)]
        if not free:
            break
        for code in free:
            del waiting[code]
    if waiting:
        codes = list(waiting)
        yield _rule(tree, "duties", codes[0]).flaw(
            f"{' 和 '.join(codes)} 互相等待，永远不会开始。",
            expected="请让其中一个从事件开始，如 case.received。",
        )


def _can_start(duty: Duty, waiting: dict[str, Duty]) -> bool:
    return any(moment.noun is not MomentNoun.DUTY or moment.subject not in waiting for moment in duty.starts)


def _check_meeting(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """A duty that only the opening of the case would meet is never met: the case opens once."""
    for code, duty in kind.duties.items():
        if duty.met_by and all(
            moment.noun is MomentNoun.EVENT and _only_opens(kind, moment.subject) for moment in duty.met_by
        ):
            events = "、".join(moment.subject for moment in duty.met_by)
            yield _rule(tree, "duties", code).flaw(
                f"没有办法完成：{events} 只在开立案件时发生一次。", expected="请改 met_by（以何为完成）。"
            )


def _only_opens(kind: Kind, event: str) -> bool:
    steps = [step for step in kind.steps.values() if step.event == event]
    return event not in kind.events and bool(steps) and all(step.starts_case for step in steps)


def _check_automatic_steps(kind: Kind, tree: Map) -> Iterator[Flaw]:
    chains = [("duties", code, duty.overdue) for code, duty in kind.duties.items()]
    chains += [("approvals", code, approval.overdue) for code, approval in kind.approvals.items()]
    for section, code, chain in chains:
        for escalation in chain:
            step = kind.steps.get(escalation.step or "")
            if step is None or SYSTEM in {who.role for row in step.by.rows for who in row.use}:
                continue
            yield (
                _rule(tree, section, code).child("overdue").flaw(f"到期由程序走的步骤 {step.code} 要写 by: system。")
            )


def _check_derived(kind: Kind, tree: Map) -> Iterator[Flaw]:
    behind = {code: set(facts_behind(fact.derive)) for code, fact in kind.facts.items() if fact.derive is not None}
    told: set[str] = set()
    for code in behind:
        if code not in told and code in _behind_all(code, behind):
            told |= _behind_all(code, behind)
            yield _rule(tree, "facts", code).flaw(f"{code} 绕一圈推算到自己。")
    for code, fact in kind.facts.items():
        for condition in conditions_of(fact.derive) if fact.derive is not None else ():
            if _reads(condition, LevelTest) or _reads(condition, StageTest):
                yield _rule(tree, "facts", code).flaw("推算的事实不能看 level（级别）或 stage（阶段）：它们是后算的。")
    for number, rule in enumerate(kind.levels.rules if kind.levels else (), start=1):
        if _reads(rule.when, StageTest):
            place = _whole(tree, "levels").child("rules").items()[number - 1]
            yield place.flaw("级别规则不能看 stage（阶段）：阶段是后算的。", expected="请用 happened（已发生）。")


def _reads(condition: Condition, kind: type[LevelTest | StageTest]) -> bool:
    return any(isinstance(leaf, kind) for leaf in leaves(condition))


def _behind_all(code: str, behind: dict[str, set[str]]) -> set[str]:
    """Everything on which the fact rests, however far behind."""
    seen: set[str] = set()
    waiting = list(behind[code])
    while waiting:
        each = waiting.pop()
        if each not in seen:
            seen.add(each)
            waiting.extend(behind.get(each, ()))
    return seen


def _check_guards(kind: Kind, tree: Map) -> Iterator[Flaw]:
    for code, why in guards_that_always_refuse(kind):
        yield _rule(tree, "guards", code).flaw(f"这道关卡永远过不去：{why}")


def _check_separations(kind: Kind, tree: Map) -> Iterator[Flaw]:
    for section, code, why, instead in idle_separations(kind, facts_stated(kind)):
        yield _rule(tree, section, code).flaw(f"这条回避永远拦不住谁：{why}", expected=instead)


def _check_ledgers(kind: Kind, tree: Map) -> Iterator[Flaw]:
    yield from check_ledgers(kind, tree, facts_stated(kind))


def _check_measures(kind: Kind, tree: Map) -> Iterator[Flaw]:
    yield from check_measures(kind, tree, facts_stated(kind))


def _check_publications(kind: Kind, tree: Map) -> Iterator[Flaw]:
    yield from check_publications(kind, tree, facts_stated(kind))


def _check_handovers(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """Where a case moves to must be said when it moves."""
    for code, step in kind.steps.items():
        if step.moves_to is None:
            continue
        place = _rule(tree, "steps", code).child("moves_to")
        if kind.is_sealed:
            yield place.flaw("密封的案件不能移交：看得到它的人写在名单上，不随单位走。", at_key=True)
        elif step.starts_case:
            yield place.flaw("开立案件的那一步不能移交：案件就开在选定的单位。", at_key=True)
        elif step.moves_to.to not in kind.asked(step):
            name = kind.facts[step.moves_to.to].name if step.moves_to.to in kind.facts else ""
            yield place.flaw(
                f"这一步不填 {step.moves_to.to}（{name}），不知道移交到哪里。", expected="请写进 asks（必填事实）。"
            )


def _check_handed_over(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """Every value of the fact names a document, and somebody states it with the step."""
    names = {document.name for document in kind.documents.values()}
    for code, step in kind.steps.items():
        if step.hands_over is None:
            continue
        place, fact = _rule(tree, "steps", code).child("hands_over"), kind.facts[step.hands_over]
        if fact.code not in kind.asked(step):
            yield place.flaw(
                f"这一步不填 {fact.code}（{fact.name}），不知道交给客户的是哪一份文书。",
                expected="请写进 asks（必填事实）。",
            )
        for value in fact.values:
            if value not in names:
                yield place.flaw(f"“{value}”不是文书的名称。", expected=f"可用：{'、'.join(sorted(names))}。")


def _check_secrecy(kind: Kind, tree: Map) -> Iterator[Flaw]:
    for why, instead in idle_secrecy(kind, facts_stated(kind)):
        yield _whole(tree, "secrecy").flaw(f"这样保密落不了实：{why}", expected=instead)


def _check_group_members(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """A level rule that reads a group which the level itself fills would chase its own tail."""
    filled = {code for code, fact in kind.facts.items() if any(_reads(each.when, LevelTest) for each in fact.adds)}
    for number, rule in enumerate(kind.levels.rules if kind.levels else (), start=1):
        if filled & set(facts_in(rule.when)):
            place = _whole(tree, "levels").child("rules").items()[number - 1]
            yield place.flaw("级别规则不能看按级别自动加人的小组：两者互相等待。")


_CHECKS: Final[tuple[tuple[Check, frozenset[str]], ...]] = (
    (_check_opening, frozenset({"steps", "title", "start", "documents"})),
    (_check_stages, frozenset({"stages", "steps", "approvals", "start"})),
    (_check_waiting, frozenset({"duties"})),
    (_check_meeting, frozenset({"duties", "steps", "events"})),
    (_check_automatic_steps, frozenset({"duties", "steps", "approvals"})),
    (_check_derived, frozenset({"facts", "levels"})),
    (_check_handed_over, frozenset({"steps", "facts", "documents"})),
    (_check_guards, frozenset({"guards", "facts", "steps", "documents", "events", "approvals"})),
    (_check_separations, frozenset({"separations", "guards", "facts", "steps", "documents", "events", "approvals"})),
    (_check_handovers, frozenset({"steps", "facts", "documents", "secrecy"})),
    (check_merging, frozenset({"steps", "stages", "facts", "documents", "secrecy"})),
    (check_named, frozenset({"guards", "facts", "secrecy"})),
    (check_answering, frozenset({"steps", "events", "facts", "documents"})),
    (check_undoing, frozenset({"steps", "ledgers", "secrecy"})),
    (_check_secrecy, frozenset({"secrecy", "facts", "steps", "documents", "events"})),
    (_check_group_members, frozenset({"facts", "levels"})),
    (_check_ledgers, frozenset({"ledgers", "facts", "steps", "documents", "events", "secrecy"})),
    (_check_measures, frozenset({"measures", "facts", "steps", "documents", "events", "secrecy"})),
    (check_samples, frozenset({"samples", "facts", "steps", "documents", "secrecy"})),
    (_check_publications, frozenset({"publishes", "facts", "roles", "steps", "documents", "events", "secrecy"})),
    (check_told_dues, frozenset({"notices", "duties", "promises", "roles"})),
    (check_extensions, frozenset({"duties", "approvals", "steps", "events"})),
    (check_taken_back, frozenset({"approvals", "steps"})),
    (check_meanings, frozenset({"facts"})),
    (check_lapses, frozenset({"facts", "steps", "documents", "events"})),
    (check_asked_when, frozenset({"facts", "steps", "events", "opens", "samples"})),
    (check_choosing, frozenset({"facts"})),
    (check_apart, frozenset({"facts", "steps"})),
    (check_ways, frozenset({"notices", "secrecy", "written_by"})),
    (check_copies, frozenset({"approvals", "secrecy", "notices"})),
    (
        matter_count_flaws,
        frozenset({"facts", "levels", "steps", "guards", "duties", "notices", "approvals", "secrecy"}),
    ),
    (check_reserved, frozenset({"facts", "steps", "documents", "notices", "opens"})),
    (check_same_person, frozenset({"facts", "steps", "guards", "events", "documents"})),
    (check_credentials, frozenset({"steps", "facts", "secrecy"})),
    (check_issues, frozenset({"steps", "facts", "documents", "secrecy"})),
    (check_coded, frozenset({"roles", "facts", "steps", "guards", "secrecy"})),
    (check_blind_steps, frozenset({"roles", "facts", "steps", "guards", "documents"})),
)
