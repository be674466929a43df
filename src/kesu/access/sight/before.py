"""What has to be done first, where a step belongs to a later stage of the case."""

from __future__ import annotations

from dataclasses import dataclass

from kesu.access.sight.lines import ClauseLine, clause_lines
from kesu.access.sight.reading import CaseRead
from kesu.casefile.leading import leads_to


@dataclass(frozen=True, slots=True)
class BeforeLine:
    """The step with which the way there begins; `step` is empty where it is a signature, which waits for its signer."""

    step: str
    name: str
    clauses: tuple[ClauseLine, ...]


def before(read: CaseRead, wanted: str) -> BeforeLine | None:
    """None where the step belongs to this stage, or no way leads on to it."""
    first = leads_to(read.case.policy_version_id, read.kind.code, read.current.stage, wanted)
    if first is None:
        return None
    return BeforeLine("" if first.signs else first.code, first.name, clause_lines(read.pack, first.clauses))
