"""How the clock of an obligation was held up and its limit moved: what, who did it and who approved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from kesu.access.sight.lines import ClauseLine, clause_lines
from kesu.access.sight.reading import CaseRead
from kesu.policy.calendar import Duration
from kesu.policy.events import calendars_of
from kesu.policy.standing.grounds import Earlier, Longer, Moved, Stop
from kesu.policy.standing.results import ApprovalState, ApprovalStatus, Obligation
from kesu.policy.telling.words import Words


@dataclass(frozen=True, slots=True)
class StopLine:
    """The clock stood still, or ran at 1/`factor`. `who`: whose act began it, empty where time or the program did;
    `granted_by`: who approved, where that is needed."""

    name: str
    starts_at: datetime
    ends_at: datetime | None
    at_latest: datetime | None
    factor: Fraction | None
    who: str
    granted_by: str
    clauses: tuple[ClauseLine, ...]


@dataclass(frozen=True, slots=True)
class LongerLine:
    """By a length, or `until` an instant."""

    length: str
    until: datetime | None
    at: datetime
    who: str
    granted_by: str
    clauses: tuple[ClauseLine, ...]


@dataclass(frozen=True, slots=True)
class EarlierLine:
    """A due instant that held until something moved it."""

    due_at: datetime
    until: datetime
    why: Moved


@dataclass(frozen=True, slots=True)
class HistoryLine:
    stops: tuple[StopLine, ...]
    longer: tuple[LongerLine, ...]
    earlier: tuple[EarlierLine, ...]


def hours_name(read: CaseRead, one: Obligation) -> str:
    """By the hours of which post it is counted; empty: by those of the case."""
    version = one.receipt.calendar_version if one.receipt is not None else ""
    of_posts = (post for whole in calendars_of(read.log, read.calendar) for post in whole.with_posts()[1:])
    return next((post.name for post in of_posts if post.version == version), "")


def history_line(read: CaseRead, one: Obligation) -> HistoryLine | None:
    """Of nearly every obligation there is none: its clock simply ran."""
    history = one.history
    if history is None:
        return None
    return HistoryLine(
        tuple(_stop(read, stop) for stop in history.stops),
        tuple(_longer(read, longer) for longer in history.longer),
        tuple(_earlier(history.earlier)),
    )


def _stop(read: CaseRead, stop: Stop) -> StopLine:
    rule = stop.rule
    granted = _granted(read, rule.granted.subject, stop.starts_at) if rule.granted is not None else None
    return StopLine(
        name=rule.name or Words(read.kind).condition(rule.when),
        starts_at=stop.starts_at,
        ends_at=stop.ends_at,
        at_latest=stop.at_latest,
        factor=rule.factor,
        who=read.person(granted.submitted_by) if granted is not None else _who(read, stop.starts_at),
        granted_by=_signers(read, granted),
        clauses=clause_lines(read.pack, rule.clauses),
    )


def _longer(read: CaseRead, longer: Longer) -> LongerLine:
    rule = longer.rule
    granted = _granted(read, rule.approval, longer.at) if rule.approval is not None else None
    return LongerLine(
        length=str(longer.length) if isinstance(longer.length, Duration) else "",
        until=longer.length if isinstance(longer.length, datetime) else None,
        at=longer.at,
        who=read.person(granted.submitted_by) if granted is not None else _who(read, longer.at),
        granted_by=_signers(read, granted),
        clauses=clause_lines(read.pack, rule.clauses),
    )


def _earlier(earlier: tuple[Earlier, ...]) -> Iterator[EarlierLine]:
    for was in earlier:
        if was.grounds.due_at is not None:
            yield EarlierLine(was.grounds.due_at, was.until, was.why)


def _who(read: CaseRead, at: datetime) -> str:
    """Whose act it was at this instant."""
    acted = [event.by for event in read.log if event.at == at and event.by]
    return read.person(acted[-1]) if acted else ""


def _granted(read: CaseRead, approval: str, at: datetime) -> ApprovalState | None:
    """The round that was granted last by then."""
    rounds = [
        one
        for one in read.current.approvals
        if one.code == approval and one.status is ApprovalStatus.GRANTED and one.closed_at and one.closed_at <= at
    ]
    return rounds[-1] if rounds else None


def _signers(read: CaseRead, granted: ApprovalState | None) -> str:
    if granted is None:
        return ""
    signed = (one for link in granted.links for one in link.signatures if one.verdict is not None)
    return "、".join(dict.fromkeys(name for one in signed if (name := read.person(one.by))))
