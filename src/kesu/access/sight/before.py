"""What has to be done first, where a step belongs to a later stage of the case."""

from __future__ import annotations

from dataclasses import dataclass

from kesu.access.sight.lines import ClauseLine, clause_lines
from kesu.access.sight.reading import CaseRead
from kesu.casefile.leading import leads_to


@dataclass(frozen=True, slots=True)
class BeforeLine:
    """The step with which the way there begins; `step` is empty where it waits for somebody else."""

    step: str
    name: str
    clauses: tuple[ClauseLine, ...]


def before(read: CaseRead, wanted: str) -> BeforeLine | None:
    """None where the step belongs to this stage, or no way leads on to it."""
    first = leads_to(read.case.policy_version_id, read.kind.code, read.current.stage, wanted)
    if first is None:
        return None
    is_his = any(state.code == first.code and read.may_take(state) for state in read.current.steps)
    return BeforeLine(first.code if is_his else "", first.name, clause_lines(read.pack, first.clauses))
