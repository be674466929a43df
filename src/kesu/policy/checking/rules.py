"""Rules that contradict each other, wait for each other, or wait for nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations

from kesu.policy.checking.certainty import at_level, exclude_each_other
from kesu.policy.checking.courses import can_happen, stages_from, steps_of_nobody
from kesu.policy.checking.findings import Finder, Finding
from kesu.policy.language.paths import closure, dead_ends, sources_of, ways
from kesu.policy.model.approving import VacancyMode
from kesu.policy.model.conditions import Moment, MomentNoun
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT, Approval, Duty, GuardMode, NeedKind
from kesu.policy.telling.words import Words, listed


def findings_in(kind: Kind, finder: Finder, *, is_linked: bool) -> Iterator[Finding]:
    """Everything that is found in one kind of case, in the order of the checks. `is_linked`: another kind opens it."""
    nobody = steps_of_nobody(kind, is_linked=is_linked)
    yield from _two_limits(kind, finder)
    yield from _levels_of_nobody(kind, finder)
    yield from _signed_by_nobody(kind, finder)
    yield from _no_way_out(kind, finder, nobody)
    yield from _steps_of_nobody(kind, finder, nobody)
    yield from _closed_to_the_public(kind, finder)
    yield from _never_met(kind, finder, set(nobody))
    yield from _waits_in_vain(kind, finder, set(nobody))


def _two_limits(kind: Kind, finder: Finder) -> Iterator[Finding]:
    """Two duties that begin and end with the same, and give it different lengths."""
    words = Words(kind)
    for one, other in combinations(kind.duties.values(), 2):
        start = _same_moment(one.starts, other.starts)
        if start is None or one.within == other.within or _never_both(one, other, start):
            continue
        if _plain(one.met_by) != _plain(other.met_by):  # one may be met on the way to the other: telling how far it is
            continue
        limits = [words.table(duty.within, words.limits) for duty in (one, other)]
        said = (
            f"从{words.moment(start)}到{words.moments(one.met_by)}，“{one.name}”（{one.code}，"
            f"{'、'.join(finder.printed(one.clauses))}）要求{limits[0]}，这里要求{limits[1]}：同一件事有两个期限。"
            "请留一个，或写明各管什么情况（when）。"
        )
        yield finder.finding("duties", other.code, other.clauses, said)


def _same_moment(ours: Iterable[Moment], theirs: Iterable[Moment]) -> Moment | None:
    return next((one for one in ours if replace(one, where=None) in _plain(theirs)), None)


def _plain(moments: Iterable[Moment]) -> set[Moment]:
    """Without their filters."""
    return {replace(one, where=None) for one in moments}


def _never_both(one: Duty, other: Duty, start: Moment) -> bool:
    if exclude_each_other(one.when, other.when) or exclude_each_other(one.whilst, other.whilst):
        return True
    key = replace(start, where=None)
    filters = [[each.where for each in duty.starts if replace(each, where=None) == key] for duty in (one, other)]
    return all(exclude_each_other(a, b) for a in filters[0] for b in filters[1])


def _levels_of_nobody(kind: Kind, finder: Finder) -> Iterator[Finding]:
    """A level whose approval has no signer, and one above a level that is approved and is approved by nobody itself."""
    words, levels = Words(kind), [level.code for level in kind.levels.order] if kind.levels else []
    for approval in kind.approvals.values():
        for level in levels:
            if _opens(approval, level, kind) is not False and not _may_be_signed(approval, level, kind):
                said = (
                    f"{words.level(level)}件的“{approval.name}”一个签的人也没有。"
                    "请给这一级写上签的人，或用 when 写明哪些级别要批。"
                )
                yield finder.finding("approvals", approval.code, approval.clauses, said)
    for moment, approvals in _by_moment(kind).items():
        approved = [any(_opens(one, level, kind) is not False for one in approvals) for level in levels]
        lowest = approved.index(True) if True in approved else len(levels)
        for level in (level for rank, level in enumerate(levels) if rank > lowest and not approved[rank]):
            first = approvals[0]
            said = (
                f"{words.moment(moment)}以后，{words.level(levels[lowest])}件要批，更高的{words.level(level)}件却没有人批。"
                "请把这一级写进审批的 when。"
            )
            yield finder.finding("approvals", first.code, first.clauses, said)


def _signed_by_nobody(kind: Kind, finder: Finder) -> Iterator[Finding]:
    """An approval of which every link is left out when nobody can sign it: then it is granted without a signature."""
    for approval in kind.approvals.values():
        if approval.nobody.mode is VacancyMode.SKIP:
            said = (
                f"“{approval.name}”没有人可签的一环都略过（nobody: skip）：每一环都没有人时，没有人签也算批准。"
                "请写 next（由下一环签，最后一环等着），或 {role: 岗位}。"
            )
            yield finder.finding("approvals", approval.code, approval.clauses, said)


def _by_moment(kind: Kind) -> dict[Moment, list[Approval]]:
    """What is approved → its approvals; the filters of the moments do not count."""
    found: dict[Moment, list[Approval]] = {}
    for approval in kind.approvals.values():
        for moment in approval.of:
            found.setdefault(replace(moment, where=None), []).append(approval)
    return found


def _opens(approval: Approval, level: str, kind: Kind) -> bool | None:
    return at_level(approval.when, level, kind)


def _may_be_signed(approval: Approval, level: str, kind: Kind) -> bool:
    for link in approval.chain:
        for row in link.rows:
            held = at_level(row.when, level, kind)
            if held is not False and row.use is not None:
                return True
            if held is True:
                break
    return False


def _no_way_out(kind: Kind, finder: Finder, nobody: dict[str, str]) -> Iterator[Finding]:
    """Stages that are left only by steps for which nobody can be found."""
    if not nobody:
        return
    rest = replace(kind, steps={code: step for code, step in kind.steps.items() if code not in nobody})
    before = set(dead_ends(kind))
    for code in dead_ends(rest):
        if code in before:
            continue
        stage = kind.stages[code]
        ways_out = listed(
            f"“{kind.steps[one].name}”" for one in nobody if code in (kind.steps[one].from_stages or (code,))
        )
        said = f"“{stage.name}”没有出路：只剩没有人能走的步骤{ways_out}。请让办得到的人走，或补一条出路。"
        yield finder.finding("stages", code, stage.clauses, said)


def _steps_of_nobody(kind: Kind, finder: Finder, nobody: dict[str, str]) -> Iterator[Finding]:
    for code, fact in nobody.items():
        step = kind.steps[code]
        section, rule = ("approvals", step.approval) if step.approval else ("steps", code)
        if fact:
            why = f"由“{kind.facts[fact].name}”（{fact}）说明是谁，却没有步骤填它"
        else:
            why = "只能由程序走，却没有哪个期限到了让程序走它"
        yield finder.finding(section, rule, step.clauses, f"“{step.name}”没有人能走：{why}。")


def _closed_to_the_public(kind: Kind, finder: Finder) -> Iterator[Finding]:
    """The public page offers a case that a customer may not open: everyone is everyone of the house."""
    for step in (one for one in kind.steps.values() if one.starts_case and kind.portal):
        if not any(who.role == COMPLAINANT for row in step.by.rows for who in row.use):
            said = (
                f"写明公众可提交（portal: 是），可是“{step.name}”不由投诉人办，网上提交的都会被拒。"
                "请在 by 里加上 complainant，或删去 portal。"
            )
            yield finder.finding("steps", step.code, step.clauses, said)


def _never_met(kind: Kind, finder: Finder, nobody: set[str]) -> Iterator[Finding]:
    words = Words(kind)
    for code, duty in kind.duties.items():
        after = {stage for start in duty.starts for stage in stages_from(kind, start)}
        if not duty.met_by or any(can_happen(kind, moment, after, nobody) for moment in duty.met_by):
            continue
        said = (
            f"“{duty.name}”从{words.moments(duty.starts)}起算，以{words.moments(duty.met_by)}为办完，"
            "可是从那时起再也走不到这一步，永远办不完。请改 met_by，或让步骤从那以后的阶段可以走。"
        )
        if any(moment.noun is MomentNoun.EVENT and _only_by(kind, moment, nobody) for moment in duty.met_by):
            said = f"“{duty.name}”以{words.moments(duty.met_by)}为办完，可是没有人能走这一步，永远办不完。"
        yield finder.finding("duties", code, duty.clauses, said)


def _only_by(kind: Kind, moment: Moment, nobody: set[str]) -> bool:
    steps = {step.code for step in kind.steps.values() if step.event == moment.subject}
    return bool(steps) and steps <= nobody


def _waits_in_vain(kind: Kind, finder: Finder, nobody: set[str]) -> Iterator[Finding]:
    """Steps that wait for a duty in a stage from which nobody comes to what meets it without them."""
    for guard in (one for one in kind.guards.values() if one.mode is GuardMode.BLOCK):
        waited = {code for need in guard.needs if need.kind is NeedKind.MET for code in need.codes}
        steps = {code: step for code, step in kind.steps.items() if code not in guard.steps}
        ways_on = ways(replace(kind, steps=steps)) if waited else {}
        for step, stage in ((kind.steps[s], f) for s in guard.steps if waited for f in sources_of(kind, kind.steps[s])):
            after = closure(ways_on, (stage,))
            for duty in (kind.duties[code] for code in sorted(waited)):
                if any(can_happen(kind, moment, after, nobody | {*guard.steps}) for moment in duty.met_by):
                    continue
                said = (
                    f"“{step.name}”要等“{duty.name}”办完，可是到了“{kind.stages[stage].name}”就办不了"
                    f"{Words(kind).moments(duty.met_by)}，只能一直等着。请让办完它的步骤在这个阶段也可以走。"
                )
                yield finder.finding("guards", guard.code, guard.clauses, said)
