"""`copies` of an approval: who is told how it ended and sees the case from then on, beside those who signed; `copying`:
whether those who submit and those who sign may name others. Both make one notice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from kesu.policy.events import APPROVAL_SIGNED, COPY_TO, COPY_WITH
from kesu.policy.language.labels import labelled
from kesu.policy.language.names import COPIED_BY, COPY_NOTICE
from kesu.policy.language.nodes import Map
from kesu.policy.language.people import read_people
from kesu.policy.language.reading import Flaw, Place, Scope
from kesu.policy.model.conditions import Aggregate, Derivation, Moment, MomentNoun, Table
from kesu.policy.model.facts import Fact, FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT, GENERIC, SYSTEM, WORLD, Approval, Notice, Step, Who

_ENDS: Final = ("granted", "refused")
_NOT_OF_THE_HOUSE: Final = frozenset({COMPLAINANT, SYSTEM, WORLD})


def copy_facts(approvals: Mapping[str, Approval]) -> Iterator[Fact]:
    """Whom a signer names, whom all signers of this version have named, and whom those named who submitted it."""
    for code, approval in approvals.items():
        if approval.copying:
            since = (Moment(MomentNoun.APPROVAL, code, "opened"),)
            signed = (Moment(MomentNoun.EVENT, APPROVAL_SIGNED),)
            named = Derivation(Aggregate.EACH, f"{COPY_TO}{code}", signed, since=since)
            yield Fact(f"{COPY_TO}{code}", f"抄送：{approval.name}", FactType.GROUP, approval.clauses)
            yield Fact(f"{COPY_WITH}{code}", f"送审时抄送：{approval.name}", FactType.GROUP, approval.clauses)
            yield Fact(
                f"{COPIED_BY}{code}", f"抄送过的人：{approval.name}", FactType.GROUP, approval.clauses, derive=named
            )


def with_copies(steps: dict[str, Step], approvals: Mapping[str, Approval]) -> None:
    """Whoever lays something before the signers may say who else is to be told how it ends: not in opening a case, when
    nobody knows yet who may know of it."""
    for code, approval in approvals.items():
        laid = frozenset(_laid(approval, approvals, ()))
        for step in list(steps.values()) if approval.copying else ():
            if step.event in laid and step.approval is None and not step.starts_case:
                steps[step.code] = replace(step, may_state=(*step.may_state, f"{COPY_WITH}{code}"))


def _laid(approval: Approval, approvals: Mapping[str, Approval], seen: tuple[str, ...]) -> Iterator[str]:
    """The events by which it comes before the signers, also through approvals that it passed already."""
    for moment in approval.of:
        before = approvals.get(moment.subject) if moment.noun is MomentNoun.APPROVAL else None
        if moment.noun is MomentNoun.EVENT:
            yield moment.subject
        elif before is not None and before.code not in seen:
            yield from _laid(before, approvals, (*seen, before.code))


def copy_notices(tree: Map, scope: Scope, approvals: Mapping[str, Approval]) -> Iterator[Notice]:
    """One for every approval that is copied to somebody, when it ends."""
    for code, approval in approvals.items():
        place = Place(tree, "").child("approvals").child(code, is_code=True)
        is_written = tree.map("approvals").map(code).get("copies") is not None
        people = read_people(place.child("copies"), scope) if is_written else ()
        if any(who.role in _NOT_OF_THE_HOUSE for who in people):
            scope.note(place.child("copies").flaw("抄送只给本单位的人；给客户的请写告知（notices）。"))
        groups = (f"{COPIED_BY}{code}", f"{COPY_WITH}{code}") if approval.copying else ()
        chosen = tuple(Who("", group=group) for group in groups)
        if people or chosen:
            yield Notice(
                code=f"{COPY_NOTICE}{code}",
                name=f"抄送：{approval.name}",
                clauses=approval.clauses or (GENERIC,),
                starts=tuple(Moment(MomentNoun.APPROVAL, code, end) for end in _ENDS),
                to=Table.of((*people, *chosen)),
                copies=True,
            )


def check_copies(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """Nobody is let in on a sealed case by being told of it."""
    for code, approval in kind.approvals.items():
        if kind.is_sealed and (approval.copying or f"{COPY_NOTICE}{code}" in kind.notices):
            place = Place(tree, "").child("approvals").child(code, is_code=True)
            says = f"密封的案件不能写 {labelled('copies')}、{labelled('copying')}：除了名单上的人，谁也不知道有这一件。"
            yield place.flaw(says)
