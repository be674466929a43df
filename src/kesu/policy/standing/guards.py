"""Guards: why a step or a notice is refused, with everything that is missing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from kesu.policy.model.conditions import Moment, MomentNoun
from kesu.policy.model.facts import FactType, Value
from kesu.policy.model.rules import Document, Guard, Need, NeedKind
from kesu.policy.standing.conditions import (
    View,
    asks_who_takes,
    earliest,
    facts_named,
    is_true,
    last_mark,
    latest_first,
    next_change,
)
from kesu.policy.standing.facts import person_of, role_of
from kesu.policy.standing.naming import missing, missing_moment
from kesu.policy.standing.results import Missing, MissingKind, ObligationState, Refusal
from kesu.policy.standing.walk import Walk


@dataclass(frozen=True, slots=True)
class Sight:
    """What a guard looks at. `own_facts` and `own_forms` are what the step itself brings: while it is only offered,
    not taken, nothing is said about them."""

    walk: Walk
    view: View
    documents: Collection[str]
    files: Mapping[str, int]
    own_facts: frozenset[str] = frozenset()
    own_forms: frozenset[str] = frozenset()


def refusal_of(guard: Guard, sight: Sight) -> Refusal | None:
    """The guard's refusal, or None when it does not apply or is satisfied."""
    if _is_own(guard, sight) or not is_true(guard.when, sight.view):
        return None
    lacking = [found for need in guard.needs for found in _lacking(need, sight)]
    if guard.unless is not None and not _unless_is_own(guard, sight) and not is_true(guard.unless, sight.view):
        codes = dict.fromkeys(facts_named(guard.unless))
        kind = sight.view.kind
        lacking.extend(missing(kind, MissingKind.CONDITION, code) for code in codes)
        if not codes:
            lacking.append(Missing(MissingKind.CONDITION, guard.code, guard.says))
    if not lacking:
        return None
    return Refusal(guard.code, guard.says, guard.clauses, tuple(lacking), guard.mode)


def guard_change(guard: Guard, sight: Sight) -> datetime | None:
    """When time alone may change the guard's answer."""
    if _is_own(guard, sight) or (not guard.needs and _unless_is_own(guard, sight)):
        return None
    unless = None if _unless_is_own(guard, sight) else next_change(guard.unless, sight.view)
    each = (next_change(need.holds, own) for need in guard.needs for own in _views_of_members(need, sight) if own)
    return earliest((next_change(guard.when, sight.view), unless, *each))


def _is_own(guard: Guard, sight: Sight) -> bool:
    """Whether the guard applies or not, or is met or not, by what the step itself will state, or by who takes it."""
    if sight.view.taker is None and (asks_who_takes(guard.when) or asks_who_takes(guard.unless)):
        return True
    if not sight.own_facts and not sight.own_forms:
        return False
    if any(code in sight.own_facts for code in facts_named(guard.when)):
        return True
    only_own_needs = all(_need_is_own(need, sight) for need in guard.needs)
    return only_own_needs and (guard.unless is None or _unless_is_own(guard, sight))


def _unless_is_own(guard: Guard, sight: Sight) -> bool:
    return any(code in sight.own_facts for code in facts_named(guard.unless))


def _need_is_own(need: Need, sight: Sight) -> bool:
    match need.kind:
        case NeedKind.FACTS:
            return set(need.codes) <= sight.own_facts
        case NeedKind.FORMS:
            return set(need.codes) <= sight.own_forms
        case NeedKind.PEOPLE:
            return need.group in sight.own_facts
        case NeedKind.APART:
            return any(code in sight.own_facts for code in need.codes)
        case NeedKind.EVIDENCE:
            return any(code in sight.own_facts for code in _file_facts(need, sight))
        case _:
            return False


def _lacking(need: Need, sight: Sight) -> Iterator[Missing]:
    if _need_is_own(need, sight):
        return
    match need.kind:
        case NeedKind.FACTS:
            yield from _unstated(need.codes, sight)
        case NeedKind.FORMS | NeedKind.EVIDENCE:
            yield from _not_filed(need, sight)
        case NeedKind.PEOPLE | NeedKind.APART:
            yield from _wrong_people(need, sight)
        case NeedKind.EACH:
            views = _views_of_members(need, sight)
            if any(own is None or not is_true(need.holds, own) for own in views):
                yield missing_moment(sight.view.kind, need.moments[0])
        case _:
            yield from _not_done(need, sight)


def _not_filed(need: Need, sight: Sight) -> Iterator[Missing]:
    """Needs about documents and files."""
    kind = sight.view.kind
    if need.kind is NeedKind.FORMS:
        for code in need.codes:
            if code not in sight.documents and code not in sight.own_forms:
                yield missing(kind, MissingKind.FORM, code)
        return
    codes = _file_facts(need, sight)
    if sum(sight.files.get(code, 0) for code in codes) < need.count:
        yield missing(kind, MissingKind.EVIDENCE, codes[0] if codes else "evidence")


def _wrong_people(need: Need, sight: Sight) -> Iterator[Missing]:
    """Needs about who is in a group, and who must not be in two."""
    kind = sight.view.kind
    if need.kind is NeedKind.APART:
        if _share_somebody(need.codes, sight.view.facts):
            yield missing(kind, MissingKind.APART, need.codes[0])
        return
    members = _members(sight.view.facts.get(need.group or ""))
    if not need.codes and len({person_of(member) for member in members}) < need.count:
        yield missing(kind, MissingKind.FACT, need.group or "")
    for code in need.codes:
        if len({person_of(member) for member in members if role_of(member) == code}) < need.count:
            yield missing(kind, MissingKind.PERSON, code)


def _views_of_members(need: Need, sight: Sight) -> Iterator[View | None]:
    """The case as it is for each member of the group, with what he himself stated last; None: he has not done it."""
    if need.kind is not NeedKind.EACH:
        return
    view = sight.view
    start = last_mark(need.since, view) if need.since is not None else None
    after = start.index if start is not None else -1
    for member in _members(view.facts.get(need.group or "")):
        person = person_of(member)
        done = (mark for mark in latest_first(need.moments[0], view) if not person or mark.by == person)
        mark = next((mark for mark in done if mark.index > after), None)
        yield view.but({**view.facts, **mark.own}) if mark is not None else None


def _not_done(need: Need, sight: Sight) -> Iterator[Missing]:
    """Needs about the course of the case."""
    kind = sight.view.kind
    if need.kind is NeedKind.HAPPENED:
        for moment in need.moments:
            if next(latest_first(moment, sight.view), None) is None:
                yield missing_moment(kind, moment)
    elif need.kind is NeedKind.HANDED_OVER:
        left = (code for code in need.codes if not _is_handed_over(kind.documents[code], sight.view))
        yield from (missing(kind, MissingKind.HANDING_OVER, code) for code in left)
    else:
        yield from _not_settled(need, sight)


def _not_settled(need: Need, sight: Sight) -> Iterator[Missing]:
    """Other rules of the policy that a step waits for."""
    kind, walk = sight.view.kind, sight.walk
    for code in need.codes:
        if need.kind is NeedKind.APPROVED and not walk.approvals.is_granted(code):
            yield missing(kind, MissingKind.APPROVAL, code)
        elif need.kind is NeedKind.MET and not _is_met(code, sight):
            yield missing(kind, MissingKind.DUTY, code)
        elif need.kind is NeedKind.SENT and not walk.history.is_sent(code):
            yield missing(kind, MissingKind.NOTICE, code)
        elif need.kind is NeedKind.LINKS_CLOSED and walk.links.open_of(code, walk.history):
            yield missing(kind, MissingKind.LINK, code)
        elif need.kind is NeedKind.NAMED_CLOSED:
            yield from (Missing(MissingKind.NAMED, case, kind.facts[code].name) for case in walk.named.open_of(code))
        elif need.kind is NeedKind.SAMPLED and not walk.samples.is_done(code):
            yield missing(kind, MissingKind.SAMPLE, code)


def _is_handed_over(document: Document, view: View) -> bool:
    """Whether some step has recorded that the customer was given this document."""
    return any(
        mark.own.get(step.hands_over) == document.name
        for step in view.kind.steps.values()
        if step.hands_over
        for mark in latest_first(Moment(MomentNoun.EVENT, step.event), view)
    )


def _unstated(codes: tuple[str, ...], sight: Sight) -> Iterator[Missing]:
    for code in codes:
        if code not in sight.own_facts and sight.view.facts.get(code) in {None, ()}:
            yield missing(sight.view.kind, MissingKind.FACT, code)


def _file_facts(need: Need, sight: Sight) -> tuple[str, ...]:
    """The file facts that count as evidence: those named, or all of the kind."""
    facts = sight.view.kind.facts
    return need.codes or tuple(code for code, fact in facts.items() if fact.type is FactType.FILE)


def _is_met(duty: str, sight: Sight) -> bool:
    """Whether the duty was opened and its latest obligations are all met; those of others are not asked about where one
    value is spoken of."""
    about = sight.view.about
    found = [running for running in sight.walk.duties.all if running.duty.code == duty]
    found = [one for one in found if about is None or one.duty.per != about[0] or one.value == about[1]]
    return bool(found) and not any(running.is_open for running in found) and found[-1].state is ObligationState.MET


def _members(value: Value | None) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    return (str(value),) if value is not None else ()


def _people(value: Value | None) -> frozenset[str]:
    """The persons in a group, or the one person of a person fact."""
    if isinstance(value, tuple):
        return frozenset(person_of(member) for member in value if person_of(member))
    return frozenset({str(value)} if value is not None else ())


def _share_somebody(codes: tuple[str, ...], facts: Mapping[str, Value]) -> bool:
    seen: set[str] = set()
    for code in codes:
        people = _people(facts.get(code))
        if seen & people:
            return True
        seen |= people
    return False
