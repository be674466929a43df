"""Duties of those whom the policy keeps from the step that ends them: who they are, and who could take it instead."""

from __future__ import annotations

from collections.abc import Mapping

from kesu.access.sight.lines import KeptLine, clause_lines
from kesu.access.sight.reading import CaseRead
from kesu.policy.model.separations import Separation
from kesu.policy.standing.results import Obligation


def duty_owner(read: CaseRead, one: Obligation) -> str:
    """Those who owe it and may do it; where all of them are kept from it, whoever else may."""
    apart = _apart(read, one)
    owner = read.who(one.owner, started_seq=one.started_seq, apart=apart)
    if not apart or read.persons(one.owner, one.started_seq, apart):
        return owner
    return _others(read, one, apart) or owner


def kept_line(read: CaseRead, one: Obligation) -> KeptLine | None:
    """None where nobody who owes it is kept from it."""
    apart = _apart(read, one)
    meant = read.persons(one.owner, one.started_seq) if apart else {}
    kept = [person for person in meant if person in apart]
    if not kept:
        return None
    rule, slot = apart[kept[0]], read.slot(one.owner)
    left = read.persons(one.owner, one.started_seq, apart)
    return KeptLine(
        who="、".join(dict.fromkeys(meant[person] for person in kept)),
        slot=slot.name if slot is not None else "",
        says=rule.says,
        clauses=clause_lines(read.pack, rule.clauses),
        is_reader=read.taker.by in kept,
        is_nobody=not (left or _others(read, one, apart)),
    )


def _apart(read: CaseRead, one: Obligation) -> Mapping[str, Separation]:
    """Who signs is found anew for every signature (`casefile.signers`): nobody is named there who may not."""
    return read.apart(one.step) if one.is_open and one.approval is None else {}


def _others(read: CaseRead, one: Obligation, apart: Mapping[str, Separation]) -> str:
    """The names of those who may take the step beside its owners, as far as somebody holds their posts."""
    state = next((state for state in read.current.steps if state.code == one.step), None)
    able = (read.persons(who, one.started_seq, apart) for who in state.by) if state is not None else ()
    return "、".join(dict.fromkeys(name for persons in able for name in persons.values()))
