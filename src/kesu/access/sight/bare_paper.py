"""Head and foot of papers that no policy names."""

from __future__ import annotations

from kesu.access.sight.paper import Paper, organisation_of
from kesu.access.sight.reading import CaseRead
from kesu.policy.events import subject_of


def bare_paper(read: CaseRead, code: str) -> Paper:
    """Head and foot of a paper of the case that is no document of its policy. One query."""
    return Paper(
        case_id=read.case.pk,
        code=code,
        name="",
        number=read.case.number,
        subject=subject_of(read.log),
        organisation=organisation_of(read),
        policy_title=read.pack.title,
        policy_version=read.pack.version,
        document_number=read.pack.document_number,
        clauses=(),
        sections=(),
        letter=None,
        says="",
        signatures=(),
        head=read.case.head,
        holds_personal=False,
        is_masked=False,
        may_read_personal=read.sees_personal,
        locks=(),
    )
