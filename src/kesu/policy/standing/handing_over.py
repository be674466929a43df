"""Documents that the customer is given: which ones, whether they may be, and whether somebody recorded it."""

from __future__ import annotations

from collections.abc import Iterator

from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Document, Step
from kesu.policy.standing.conditions import View
from kesu.policy.standing.naming import missing
from kesu.policy.standing.results import MissingKind, Refusal
from kesu.policy.standing.said import approvals_of, locking
from kesu.policy.standing.walk import Walk


def handed_over(kind: Kind, step: Step, value: Value | None) -> Document | None:
    """The document that the step says the customer was given, by the value of its fact."""
    return next((one for one in kind.documents.values() if step.hands_over and one.name == value), None)


def handing_over_refusals(step: Step, walk: Walk, view: View) -> Iterator[Refusal]:
    """A document that nobody has filled is not given to anybody; one that may tell more than progress waits for what
    locks the reply, with the clauses of the lock."""
    kind = walk.kind
    document = handed_over(kind, step, view.facts.get(step.hands_over or ""))
    if document is None:
        return
    if document.code not in {*walk.ledger.documents, *step.forms}:
        yield Refusal("value", "", step.clauses, (missing(kind, MissingKind.FORM, document.code),))
    for guard in () if document.letter and document.letter.interim else locking(walk, view):
        waits = tuple(missing(kind, MissingKind.APPROVAL, code) for code in approvals_of(guard))
        yield Refusal(guard.code, guard.says, guard.clauses, waits)
