"""等签的制度: who signs reads it and signs or refuses, each for himself; who may adopt names others and withdraws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kesu.commands.policies.name_signer import name_signer
from kesu.commands.policies.refuse_policy import refuse_policy
from kesu.commands.policies.sign_policy import sign_policy
from kesu.commands.policies.withdraw_proposal import withdraw_proposal
from kesu.core import clock
from kesu.core.errors import NotNow, Unacceptable
from kesu.queries.policies.proposal_list import ProposalLine, proposal_list
from kesu.queries.policies.proposal_page import ProposalPage, SignerLine, proposal_page
from kesu.web import sentences, when
from kesu.web.fields import Choice, Field, FieldKind
from kesu.web.joining import listed
from kesu.web.marks import ClauseRef
from kesu.web.people.confirm import confirmed
from kesu.web.policies.in_force import said_in_force
from kesu.web.policies.lacking import lacks
from kesu.web.policies.reading import reading_parts, slot_name
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken

_ENDED: Final = {
    "": gettext_lazy("等签"),
    "in_force": gettext_lazy("已签完"),
    "refused": gettext_lazy("被拒签"),
    "withdrawn": gettext_lazy("已撤回"),
}
_TAKEN_BACK: Final = gettext_lazy("已签完，施行前撤回")


@dataclass(frozen=True, slots=True)
class ProposalPart:
    """`state`: what it waits for, or how it ended."""

    line: ProposalLine
    state: str


@dataclass(frozen=True, slots=True)
class SignerPart:
    slot: str
    name: str
    state: str
    note: str


def proposal_parts(lines: tuple[ProposalLine, ...]) -> tuple[ProposalPart, ...]:
    return tuple(ProposalPart(line, _state(line)) for line in lines)


def _state(line: ProposalLine) -> str:
    if line.how or not line.waits_for:
        return _ended(line.how, is_taken_back=line.is_taken_back)
    return _("等您签") if line.is_mine else _("等%(name)s签") % {"name": line.waits_for}


def _ended(how: str, *, is_taken_back: bool) -> str:
    return str(_TAKEN_BACK if is_taken_back else _ENDED[how])


@require_safe
@signed_in
def proposals(request: HttpRequest) -> HttpResponse:
    lines = spoken(proposal_list(actor=actor(request)))
    return render(
        request, "policies/proposals.html", {"frame": frame(request, "/policies"), "parts": proposal_parts(lines)}
    )


@require_safe
@signed_in
def proposal(request: HttpRequest, proposal: UUID) -> HttpResponse:
    return _draw(request, proposal)


@require_POST
@signed_in
@confirmed
def signed(request: HttpRequest, proposal: UUID) -> HttpResponse:
    at = clock.now()
    on, read = when.local(at).date(), request.POST.get("policy_hash", "")
    try:
        is_in_force = sign_policy(actor=actor(request), at=at, on=on, proposal_id=proposal, policy_hash=read)
    except (Unacceptable, NotNow) as refused:
        return _draw(request, proposal, refused)
    if is_in_force:
        page = proposal_page(actor=actor(request), on=on, proposal_id=proposal)
        since = page.since.isoformat() if page.since else ""
        named = f"{page.title} {page.version}"
        said = said_in_force(named, page.unit, page.subject, since, at, has_table=page.may_read)
        messages.success(request, said)
    else:
        messages.success(request, _("您已签，轮到下一位签"))
    return redirect("proposal", proposal)


@require_POST
@signed_in
@confirmed
def refused(request: HttpRequest, proposal: UUID) -> HttpResponse:
    reason = request.POST.get("reason", "")
    try:
        refuse_policy(actor=actor(request), at=clock.now(), proposal_id=proposal, reason=reason)
    except (Unacceptable, NotNow) as fault:
        return _draw(request, proposal, fault)
    messages.success(request, _("已拒签，提出的人会看到理由"))
    return redirect("proposal", proposal)


@require_POST
@signed_in
@confirmed
def withdrawn(request: HttpRequest, proposal: UUID) -> HttpResponse:
    try:
        withdraw_proposal(actor=actor(request), at=clock.now(), proposal_id=proposal)
    except NotNow as fault:
        return _draw(request, proposal, fault)
    messages.success(request, _("已撤回"))
    return redirect("proposal", proposal)


@require_POST
@signed_in
@confirmed
def signer_named(request: HttpRequest, proposal: UUID) -> HttpResponse:
    at, slot = clock.now(), request.POST.get("slot", "")
    who, on = actor(request), when.local(at).date()
    try:
        chosen = UUID(request.POST.get("account", ""))
    except ValueError:
        chosen = None
    try:
        name_signer(actor=who, at=at, on=on, proposal_id=proposal, slot=slot, account_id=chosen)
    except (Unacceptable, NotNow) as fault:
        return _draw(request, proposal, fault)
    messages.success(request, _("已改"))
    return redirect("proposal", proposal)


def _draw(request: HttpRequest, proposal: UUID, fault: Unacceptable | NotNow | None = None) -> HttpResponse:
    at = clock.now()
    page = spoken(proposal_page(actor=actor(request), on=when.local(at).date(), proposal_id=proposal))
    errors, ended = sentences.field_errors(fault) if fault else {}, page.ended
    typed = request.POST if request.method == "POST" else {}
    context: dict[str, Any] = {
        "frame": frame(request, "/policies", at),
        "page": page,
        "state": _ended(ended.how, is_taken_back=ended.is_taken_back) if ended else str(_ENDED[""]),
        "signers": tuple(_signer(one) for one in page.signers),
        "workdays": listed(when.weekday_name(day) for day in page.workdays),
        "periods": " ".join(page.periods),
        "reason": Field(
            "reason",
            _("拒签的理由"),
            FieldKind.TEXTAREA,
            typed.get("reason", ""),
            is_required=True,
            error=errors.get("reason", ""),
        ),
        "others": tuple(_others(page, typed.get("slot", ""))) if page.may_lead else (),
        "refused": sentences.reason(fault) if fault else "",
        "lacks": tuple(lacks(fault, _clauses_by_name(page))) if isinstance(fault, Unacceptable) else (),
        **reading_parts(page.reading),
    }
    return render(request, "policies/proposal.html", context, status=fault.status if fault else 200)


def _signer(one: SignerLine) -> SignerPart:
    if one.signed_at is not None:
        return SignerPart(slot_name(one.slot), one.name, _("%(at)s 签") % {"at": when.stamp(one.signed_at)}, "")
    state = _("未签")
    if one.is_turn:
        state = _("等您签") if one.is_reader else _("轮到他签")
    note = _("账号已停用，请另选一人") if not one.is_there else ""
    if one.deputy and one.is_there:
        note = _("今天请假，由%(name)s代理；代理人不能代签") % {"name": one.deputy}
    return SignerPart(slot_name(one.slot), one.name, state, note)


def _others(page: ProposalPage, slot: str) -> Iterator[Field]:
    """The slots that are not signed yet, and the people of the house."""
    unsigned = [one.slot for one in page.signers if one.signed_at is None]
    chosen = slot if slot in unsigned else next(iter(unsigned), "")
    slots = tuple(Choice(one, slot_name(one), one == chosen) for one in unsigned)
    yield Field("slot", _("哪一处"), FieldKind.CHOICE, choices=slots)
    people = tuple(Choice(one.id.hex, f"{one.name}（{one.login}）", sought=one.pinyin) for one in page.people)
    yield Field("account", _("改由谁签"), FieldKind.CHOICE, choices=people)


def _clauses_by_name(page: ProposalPage) -> dict[str, tuple[ClauseRef, ...]]:
    cited = [(one.name, one.citations) for one in page.reading.slots]
    cited += [(one.name, one.citations) for one in page.reading.parameters]
    return {name: tuple(ClauseRef("", one.id, one.printed) for one in found) for name, found in cited}
