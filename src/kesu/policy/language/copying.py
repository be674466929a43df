"""`copies` of an approval: who is told how it ended and sees the case from then on, beside those who signed; `copying`:
whether signers may name others. Both make one notice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from kesu.policy.events import APPROVAL_SIGNED, COPY_TO
from kesu.policy.language.labels import labelled
from kesu.policy.language.names import COPIED_BY, COPY_NOTICE
from kesu.policy.language.nodes import Map
from kesu.policy.language.people import read_people
from kesu.policy.language.reading import Flaw, Place, Scope
from kesu.policy.model.conditions import Aggregate, Derivation, Moment, MomentNoun, Table
from kesu.policy.model.facts import Fact, FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT, GENERIC, SYSTEM, WORLD, Approval, Notice, Who

_ENDS: Final = ("granted", "refused")
_NOT_OF_THE_HOUSE: Final = frozenset({COMPLAINANT, SYSTEM, WORLD})


def copy_facts(approvals: Mapping[str, Approval]) -> Iterator[Fact]:
    """Whom a signer names, and whom all signers of this version have named."""
    for code, approval in approvals.items():
        if approval.copying:
            since = (Moment(MomentNoun.APPROVAL, code, "opened"),)
            signed = (Moment(MomentNoun.EVENT, APPROVAL_SIGNED),)
            named = Derivation(Aggregate.EACH, f"{COPY_TO}{code}", signed, since=since)
            yield Fact(f"{COPY_TO}{code}", f"抄送：{approval.name}", FactType.GROUP, approval.clauses)
            yield Fact(
                f"{COPIED_BY}{code}", f"抄送过的人：{approval.name}", FactType.GROUP, approval.clauses, derive=named
            )


def copy_notices(tree: Map, scope: Scope, approvals: Mapping[str, Approval]) -> Iterator[Notice]:
    """One for every approval that is copied to somebody, when it ends."""
    for code, approval in approvals.items():
        place = Place(tree, "").child("approvals").child(code, is_code=True)
        is_written = tree.map("approvals").map(code).get("copies") is not None
        people = read_people(place.child("copies"), scope) if is_written else ()
        if any(who.role in _NOT_OF_THE_HOUSE for who in people):
            scope.note(place.child("copies").flaw("抄送只给本单位的人；给客户的请写告知（notices）。"))
        chosen = (Who("", group=f"{COPIED_BY}{code}"),) if approval.copying else ()
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
