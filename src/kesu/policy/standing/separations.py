"""Who is kept from which part of a case, as its facts stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kesu.policy.events import COPY_TO, COPY_WITH, NAMED_SIGNER
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Step
from kesu.policy.model.separations import Part, Separation
from kesu.policy.standing.facts import members_of
from kesu.policy.standing.naming import missing
from kesu.policy.standing.results import MissingKind, Refusal
from kesu.policy.standing.takers import Taker


def set_aside(kind: Kind, facts: Mapping[str, Value], part: Part) -> frozenset[str]:
    """The persons to whom this part of the case must not fall."""
    return frozenset(person for one in kind.separations.values() if part in one.apart for person in _people(one, facts))


def apart_from(kind: Kind, step: Step, facts: Mapping[str, Value]) -> Mapping[str, Separation]:
    """The persons who may not take the step, each with what keeps him from it. `facts` as for `separation_refusals`."""
    keeping = [one for one in kind.separations.values() if one.keeps_from(step)]
    return {person: one for one in reversed(keeping) for person in _people(one, facts)}


def separation_refusals(kind: Kind, step: Step, taker: Taker, facts: Mapping[str, Value]) -> Iterator[Refusal]:
    """Why this person may not take the step, whatever his slot. `facts` as they stand before it; of the step that opens
    the case, as they are stated with it: what is refused there is what was stated, and may be mended."""
    if taker.by is None:
        return
    for one in kind.separations.values():
        code = next((code for code in one.of if taker.by in members_of(facts.get(code))), None)
        if code is not None and one.keeps_from(step):
            reason = one.code if step.starts_case else "role"
            yield Refusal(reason, one.says, one.clauses, (missing(kind, MissingKind.APART, code),))


def naming_refusals(
    kind: Kind, step: Step, stated: Mapping[str, Value], facts: Mapping[str, Value]
) -> Iterator[Refusal]:
    """Why somebody may not be named: who has no part in what is signed does not sign it, nor is he asked or copied; who
    is kept from holding the case is not put in charge of it."""
    signing = NAMED_SIGNER if step.acts_on is not None else f"{COPY_TO}{step.signs}"
    code_named, part = (signing, Part.SIGNERS) if step.approval is not None else (kind.in_charge or "", Part.HOLDER)
    copied = next((code for code in stated if code.startswith(COPY_WITH)), "")
    if copied:
        code_named, part = copied, Part.SIGNERS
    named = members_of(stated.get(code_named))
    for one in kind.separations.values() if named else ():
        code = next((code for code in one.of if not named.isdisjoint(members_of(facts.get(code)))), None)
        if code is not None and part in one.apart:
            yield Refusal(one.code, one.says, one.clauses, (missing(kind, MissingKind.APART, code),))


def _people(one: Separation, facts: Mapping[str, Value]) -> Iterator[str]:
    for code in one.of:
        yield from members_of(facts.get(code))
