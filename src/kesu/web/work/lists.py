"""抄送我的 and 我发起的: what others signed that concerns the reader, and what he laid before signers himself."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kesu.commands.messages.read_copies import read_copies
from kesu.core import clock
from kesu.policy.standing.results import ApprovalStatus
from kesu.queries.work.copied import MOST_COUNTED, copied, copies_unread
from kesu.queries.work.own_approvals import OwnLine, own_approvals
from kesu.web import when
from kesu.web.forms import figure
from kesu.web.links import case_url
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken

_MOST: Final = 200
_STATES: Final = {
    ApprovalStatus.OPEN: gettext_lazy("审批中"),
    ApprovalStatus.GRANTED: gettext_lazy("已批准"),
    ApprovalStatus.REFUSED: gettext_lazy("已退回"),
    ApprovalStatus.VOID: gettext_lazy("已失效"),
}
_TONES: Final = {ApprovalStatus.OPEN: "br", ApprovalStatus.GRANTED: "ok"}


def tabs(request: HttpRequest, tab: str) -> dict[str, object]:
    """What the tabs over the lists of approvals say: which one is open, and how many copies are new."""
    unread = copies_unread(actor=actor(request))
    return {"tab": tab, "unread": f"{MOST_COUNTED}+" if unread > MOST_COUNTED else str(unread or "")}


@signed_in
@require_safe
def copied_view(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    page = spoken(copied(actor=actor(request), older_than=_older_than(request)))
    shown = {"frame": frame(request, "/approvals", at), "now": at, "page": page, **tabs(request, "copied")}
    return render(request, "work/copied.html", shown)


@signed_in
@require_POST
def copies_read_view(request: HttpRequest) -> HttpResponse:
    """One that he opens leads to its case; several stay on the list."""
    ids = [figure(one) for one in request.POST.getlist("copy")[:_MOST]]
    case = read_copies(actor=actor(request), at=clock.now(), ids=ids)
    return redirect("approvals-copied" if case is None or "open" not in request.POST else case_url(case))


@signed_in
@require_safe
def submitted_view(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    page = spoken(own_approvals(actor=actor(request), older_than=_older_than(request)))
    states = [ApprovalStatus(line.status) for line in page.lines]
    rows = zip(page.lines, states, strict=True)
    lines = [(line, str(_STATES[state]), _TONES.get(state, ""), _where(line)) for line, state in rows]
    shown = {"lines": lines, "before": page.before, **tabs(request, "submitted")}
    return render(request, "work/submitted.html", {"frame": frame(request, "/approvals", at), "now": at, **shown})


def _where(line: OwnLine) -> str:
    """Who has it now, and until when; or when it ended."""
    now = clock.now()
    if line.closed_at is not None:
        return when.when(line.closed_at, now)
    if not line.waits_for:
        return ""
    if line.due_at is None:
        return _("等 %(who)s 签") % {"who": line.waits_for}
    return _("等 %(who)s 签，应于 %(due)s") % {"who": line.waits_for, "due": when.when(line.due_at, now)}


def _older_than(request: HttpRequest) -> int | None:
    return figure(request.GET.get("before", ""), 0) or None
