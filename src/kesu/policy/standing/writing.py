"""What is written into a case without a step, and the guards that hold it back."""

from __future__ import annotations

from kesu.policy.model.writing import Writing
from kesu.policy.standing.guards import Sight, refusal_of
from kesu.policy.standing.results import Refusal, Standing


def writing_refusals(current: Standing, writing: Writing) -> tuple[Refusal, ...]:
    """Why this may not be written now; nothing: it may."""
    walk, view = current.walk, current.view
    sight = Sight(walk, view, walk.ledger.documents, walk.ledger.files)
    guards = (guard for guard in walk.kind.guards.values() if writing in guard.writes)
    return tuple(refusal for guard in guards if (refusal := refusal_of(guard, sight)) is not None)
