"""Everything that the engine says of a case, for the command line: the program's own view, nobody's in particular."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kesu.access.system import case_named
from kesu.casefile.books import calendar_of, pack_of
from kesu.casefile.log import read_log
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind, Pack
from kesu.policy.standing import standing
from kesu.policy.standing.results import Standing


@dataclass(frozen=True, slots=True)
class ExplainedCase:
    number: str
    pack: Pack
    kind: Kind
    log: tuple[Event, ...]
    standing: Standing


def explain_case(*, at: datetime, case_ref: str) -> ExplainedCase:
    """`case_ref`: a printed number or an identifier. Sealed cases are not found here. Raises `NotFound`."""
    case = case_named(case_ref)
    pack = pack_of(case.policy_version_id)
    kind = pack.kinds[case.kind]
    log = read_log(case, kind)
    return ExplainedCase(
        case.number, pack, kind, tuple(log), standing(kind, log, at, calendar_of(case.calendar_version_id))
    )
