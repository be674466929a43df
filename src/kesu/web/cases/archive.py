"""归档清单: the page that the archivist goes through before a case is filed away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from kesu.access.sight.archive import PaperLine, PaperState
from kesu.core import clock
from kesu.policy.standing.results import ApprovalStatus
from kesu.queries.cases.archive_list import ArchiveList, archive_list
from kesu.web import parts, when
from kesu.web.cases.drawing import refs, refused_part, step_address
from kesu.web.cases.page import LIST
from kesu.web.marks import ClauseRef
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken

STATES: Final = {
    PaperState.THERE: gettext_lazy("有"),
    PaperState.LACKING: gettext_lazy("缺"),
    PaperState.UNUSED: gettext_lazy("没有用到"),
}
STATUSES: Final = {
    ApprovalStatus.OPEN: gettext_lazy("还在审批"),
    ApprovalStatus.GRANTED: gettext_lazy("已批准"),
    ApprovalStatus.REFUSED: gettext_lazy("已退回"),
    ApprovalStatus.VOID: gettext_lazy("已作废"),
}


@dataclass(frozen=True, slots=True)
class PaperRow:
    line: PaperLine
    state: str
    icon: str
    notes: tuple[str, ...]
    clauses: tuple[ClauseRef, ...]
    url: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step that ends the case: with its address where the reader may take it now, else with what it waits for."""

    name: str
    url: str
    who: str
    refused: parts.RefusedStep | None


@signed_in
@require_safe
def archive_view(request: HttpRequest, case_id: UUID) -> HttpResponse:
    at = clock.now()
    found = spoken(archive_list(actor=actor(request), at=at, case_id=case_id))
    contents = found.contents
    context = {
        "frame": frame(request, LIST, at),
        "found": found,
        "papers": tuple(_row(found, line, at) for line in contents.papers),
        "lacking": sum(line.state is PaperState.LACKING for line in contents.papers),
        "approvals": tuple((one.name, STATUSES[one.status], when.when(one.since, at)) for one in contents.approvals),
        "steps": tuple(_steps(found)),
    }
    return render(request, "cases/archive.html", context)


def _row(found: ArchiveList, line: PaperLine, now: datetime) -> PaperRow:
    icons = {PaperState.THERE: "circle-check", PaperState.LACKING: "alert-circle", PaperState.UNUSED: "circle-minus"}
    url = reverse("case-document", args=[found.case_id, line.code])
    cited = refs(found.policy_hash, line.demanded or line.clauses)
    return PaperRow(line, str(STATES[line.state]), icons[line.state], notes_of(line, now), cited, url)


def notes_of(line: PaperLine, now: datetime) -> tuple[str, ...]:
    """When it was filled, who has to sign it and has not on the screen, whether the customer was given it."""
    said = []
    if line.filled_at is not None:
        said.append(_("%(at)s %(by)s 填") % {"at": when.when(line.filled_at, now), "by": line.filled_by})
    for one in line.signers:
        if one.at is not None:
            said.append(_("%(who)s 已签：%(by)s") % {"who": one.label, "by": one.by})
        else:
            said.append(_("%(who)s 在纸上签") % {"who": one.label})
    if line.handed_at is not None:
        said.append(_("%(at)s 交给客户") % {"at": when.when(line.handed_at, now)})
    elif line.state is PaperState.LACKING and line.filled_at is not None:
        said.append(_("写好了，还没有登记交给客户"))
    return tuple(said)


def _steps(found: ArchiveList) -> tuple[StepRow, ...]:
    rows = []
    for step in found.contents.steps:
        url = reverse("case-step", args=[found.case_id, step.code]) if step.is_mine and step.is_allowed else ""
        address = step_address(found.case_id)
        why = refused_part(found.policy_hash, step.name, step.refusals, address) if step.refusals else None
        rows.append(StepRow(step.name, url, step.who, why))
    return tuple(rows)
