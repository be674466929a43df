"""What one case has published, for whoever sees the case: read off its log, the rows of the public are not asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kesu.access.sight.lines import ClauseLine, clause_lines
from kesu.access.sight.reading import CaseRead
from kesu.casefile.publications import publication_id
from kesu.policy.model.pack import Kind, Pack
from kesu.policy.model.publications import Audience
from kesu.policy.standing.publications import Published, Shown, published
from kesu.policy.standing.results import Standing


@dataclass(frozen=True, slots=True)
class PublishedLine:
    id: UUID
    name: str
    audience: Audience
    state: Shown
    posted_at: datetime
    corrected_at: datetime | None
    until: datetime | None
    taken_back_at: datetime | None
    clauses: tuple[ClauseLine, ...]


@dataclass(frozen=True, slots=True)
class ToPublish:
    """What a step would show (or, `is_end`, would show no longer)."""

    name: str
    audience: Audience
    until: datetime | None
    is_end: bool
    clauses: tuple[ClauseLine, ...]


def publications_of(read: CaseRead) -> tuple[PublishedLine, ...]:
    """In the order of the policy. No query."""
    now = read.current.now
    return tuple(
        PublishedLine(
            id=publication_id(read.case.pk, one.rule.code),
            name=one.rule.name,
            audience=one.rule.seen_by,
            state=one.at(now),
            posted_at=one.posted_at,
            corrected_at=one.shown_at if one.versions > 1 else None,
            until=one.until,
            taken_back_at=one.taken_back_at,
            clauses=clause_lines(read.pack, one.rule.clauses),
        )
        for one in _published(read.kind, read.current)
    )


def to_publish(pack: Pack, kind: Kind, before: Standing | None, after: Standing) -> Iterator[ToPublish]:
    """What differs between two standings of a case in what it shows."""
    known = {one.rule.code: one for one in _published(kind, before)} if before is not None else {}
    for one in _published(kind, after):
        was = known.get(one.rule.code)
        is_new = was is None or (was.posted_at, was.shown_at, was.versions) != (
            one.posted_at,
            one.shown_at,
            one.versions,
        )
        is_end = was is not None and was.taken_back_at is None and one.taken_back_at is not None
        if is_new or is_end:
            clauses = clause_lines(pack, one.rule.clauses)
            yield ToPublish(one.rule.name, one.rule.seen_by, one.until, is_end and not is_new, clauses)


def _published(kind: Kind, current: Standing) -> tuple[Published, ...]:
    return published(current.walk.view(current.now)) if kind.publishes else ()
