"""Whether something may be written into a case beside its steps: the policy may hold it back, as in an archived one."""

from __future__ import annotations

from datetime import datetime

from kesu.casefile.books import kind_of
from kesu.casefile.casefile import CaseFile
from kesu.core.errors import NotNow
from kesu.policy.model.writing import Writing
from kesu.policy.standing import writing_refusals
from kesu.store.models import Case


def ask(case: Case, writing: Writing, now: datetime) -> None:
    """Raises `NotNow` with what the policy says instead, and its clauses. `case` is locked."""
    kind = kind_of(case.policy_version_id, case.kind)
    if not any(writing in guard.writes for guard in kind.guards.values()):
        return
    refusals = writing_refusals(CaseFile.open(case).standing(now), writing)
    if refusals:
        clauses = tuple(dict.fromkeys(clause for one in refusals for clause in one.clauses))
        raise NotNow("written_no_more", clauses=clauses, data={"refusals": refusals})
