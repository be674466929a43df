"""等我签的: the list of signatures, and several of them given at once with one opinion."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kesu.commands.cases.sign_many import Outcome, Result, Ticked, sign_many
from kesu.core import clock
from kesu.policy.model.rules import VERDICT_GRANTED, VERDICT_REFUSED
from kesu.queries.policies.proposal_list import policies_to_sign
from kesu.queries.work.signed import signed
from kesu.queries.work.workbench import approvals
from kesu.web.forms import figure
from kesu.web.joining import listed
from kesu.web.links import step_url
from kesu.web.policies.proposals import proposal_parts
from kesu.web.public.answers import FORM_TOKEN
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken
from kesu.web.work.lines import owed_part, tick_of
from kesu.web.work.lists import tabs

_MOST: Final = 200
GRANTED: Final = "granted"
_SAID: Final = {
    Outcome.SIGNED: ngettext_lazy("%(n)s 件已签", "%(n)s 件已签", "n"),
    Outcome.MOVED: ngettext_lazy("%(n)s 件已变，请再看", "%(n)s 件已变，请再看", "n"),
    Outcome.ALONE: ngettext_lazy("%(n)s 件须逐件签", "%(n)s 件须逐件签", "n"),
    Outcome.REFUSED: ngettext_lazy("%(n)s 件现在不能签", "%(n)s 件现在不能签", "n"),
}
_WHY: Final = {
    Outcome.MOVED: gettext_lazy("列表打开以后有人办过"),
    Outcome.ALONE: gettext_lazy("须打开来单独签"),
    Outcome.REFUSED: gettext_lazy("不再轮到您签，或制度现在不许"),
}


@dataclass(frozen=True, slots=True)
class Left:
    """One that was not signed, and why."""

    number: str
    url: str
    why: str


def approvals_shown(
    request: HttpRequest,
    now: datetime,
    *,
    ticked: Collection[str] = (),
    typed: str = "",
    error: str = "",
    results: Sequence[Result] = (),
) -> dict[str, object]:
    """What stands on the page; `ticked`, `typed`, `error`: of a form that was refused, `results`: of one that was
    taken."""
    waiting = spoken(approvals(actor=actor(request), at=now))
    policies = spoken(policies_to_sign(actor=actor(request)))
    ticks = [tick_of(line) for line in waiting]
    may_tick = sum(bool(tick) for tick in ticks) > 1
    lines = tuple(
        owed_part(line, now, is_primary=i == 0, tick=tick if may_tick else "", is_ticked=tick in ticked)
        for i, (line, tick) in enumerate(zip(waiting, ticks, strict=True))
    )
    return {
        "now": now,
        "lines": lines,
        "parts": proposal_parts(policies),
        "may_tick": may_tick,
        "verdicts": (VERDICT_GRANTED, VERDICT_REFUSED),
        "typed": typed,
        "error": error,
        "told": _told(results),
        "left": tuple(
            Left(one.number, step_url(one.ticked.case_id, one.ticked.step), str(_WHY[one.outcome]))
            for one in results
            if one.outcome is not Outcome.SIGNED
        ),
    }


def _told(results: Sequence[Result]) -> str:
    counts = {outcome: sum(one.outcome is outcome for one in results) for outcome in Outcome}
    return listed(str(_SAID[outcome] % {"n": count}) for outcome, count in counts.items() if count)


@signed_in
@require_safe
def signed_view(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    page = spoken(signed(actor=actor(request), older_than=figure(request.GET.get("before", ""), 0) or None))
    shown = {
        "frame": frame(request, "/approvals", at),
        "now": at,
        "page": page,
        "granted": GRANTED,
        **tabs(request, "signed"),
    }
    return render(request, "work/signed.html", shown)


@signed_in
@require_POST
def sign_many_view(request: HttpRequest) -> HttpResponse:
    at, sent = clock.now(), request.POST.getlist("ticked")[:_MOST]
    verdict, opinion = request.POST.get("verdict", ""), request.POST.get("opinion", "").strip()
    ticked = [one for one in map(_ticked, sent) if one is not None]
    error = ""
    if not ticked:
        error = _("还没有勾选")
    elif verdict not in {VERDICT_GRANTED, VERDICT_REFUSED}:
        error = _("请选同意或退回")
    elif verdict == VERDICT_REFUSED and not opinion:
        error = _("退回要写意见")
    if error:
        return _page(request, at, 422, {"ticked": set(sent), "typed": opinion, "error": error})
    results = sign_many(
        actor=actor(request),
        at=at,
        ticked=ticked,
        verdict=verdict,
        opinion=opinion,
        token=request.POST.get(FORM_TOKEN, ""),
    )
    is_left = any(one.outcome is not Outcome.SIGNED for one in results)
    return _page(request, at, 200, {"results": results, "typed": opinion if is_left else ""})


def _page(request: HttpRequest, at: datetime, status: int, more: Mapping[str, Any]) -> HttpResponse:
    shown = {**approvals_shown(request, at, **more), **tabs(request, "")}
    return render(request, "work/approvals.html", {"frame": frame(request, "/approvals", at), **shown}, status=status)


def _ticked(sent: str) -> Ticked | None:
    """What a box of the list sends; None for what no list has drawn."""
    case, _slash, rest = sent.partition("/")
    step, _slash, version = rest.partition("/")
    try:
        return Ticked(UUID(case), step, int(version))
    except ValueError:
        return None
