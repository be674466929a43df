"""`GET /health`: how each part of the installation is, on one page, for those who keep it running."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kesu.access.permissions import Permission
from kesu.config import home
from kesu.config.backup import record
from kesu.config.checking.everything import everything
from kesu.core import clock
from kesu.queries.operation.vital_signs import vital_signs
from kesu.queries.proof.nightly_results import last_nightly_results
from kesu.web.operation.lines import FAILURE, WARNING, HealthLine, backup_line, live_lines, nightly_lines
from kesu.web.session import actor, frame, signed_in


@require_safe
@signed_in
def health(request: HttpRequest) -> HttpResponse:
    """Asks everything anew, so that it shows what is so now. Raises `Forbidden` without the right."""
    actor(request).require(Permission.HEALTH_READ)
    now = clock.now()
    live = tuple(live_lines(vital_signs(at=now)))
    kept = record.read(home.home())
    proofs = (
        *nightly_lines(last_nightly_results(), now),
        backup_line(kept.made_at, kept.proved_at, kept.failure, now),
    )
    checks = tuple(HealthLine("", str(finding.grade), finding.said.put(_)) for finding in everything(clock.now))
    wrong = sum(line.grade in {FAILURE, WARNING} for line in (*live, *proofs, *checks))
    context = {
        "frame": frame(request, "/health", now),
        "headline": _("有 %(count)d 处要处理") % {"count": wrong} if wrong else _("一切正常"),
        "groups": ((_("运转"), live), (_("夜里的工作"), proofs), (_("检查"), checks)),
    }
    return render(request, "operation/health.html", context)
