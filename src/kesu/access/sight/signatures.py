"""The signatures under an approval, by name, with what each signer said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kesu.access.sight.reading import CaseRead
from kesu.access.sight.texts import Texts
from kesu.casefile import confidants
from kesu.casefile.signers import may_know, who_works_blind
from kesu.policy.asking import FieldView, Option
from kesu.policy.events import COPY_TO, COPY_WITH, NAMED_SIGNER, RETURN_TO
from kesu.policy.model.approving import SignAct, Staffing
from kesu.policy.model.approving import allowed as allowed_act
from kesu.policy.model.facts import FactType
from kesu.policy.model.rules import Step
from kesu.policy.model.separations import Part
from kesu.policy.standing import set_aside
from kesu.policy.standing.acts import link_named
from kesu.policy.standing.facts import person_of, role_of
from kesu.policy.standing.results import ApprovalState, Signature


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature of a chain; `verdict` None: still waiting, unless nobody needs to sign there (`is_left_out`).
    `staffing`: whom the program found for it."""

    who: str
    verdict: str | None
    at: datetime | None
    opinion: str
    staffing: Staffing = Staffing.SOMEBODY
    is_left_out: bool = False
    passed_by: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignLink:
    mode: str
    is_current: bool
    is_done: bool
    signatures: tuple[Signed, ...]


def chain(read: CaseRead, texts: Texts, state: ApprovalState) -> tuple[SignLink, ...]:
    return tuple(
        SignLink(
            link.mode,
            link.is_current,
            link.is_done,
            tuple(_signed(read, texts, signature) for signature in link.signatures),
        )
        for link in state.links
    )


def _signed(read: CaseRead, texts: Texts, signature: Signature) -> Signed:
    said_by = texts.by_seq.get(signature.seq or 0, {})
    opinion = " ".join(str(text) for text in said_by.values() if isinstance(text, str))
    return Signed(
        read.person(signature.by) or read.who(signature.who),
        signature.verdict,
        signature.at,
        opinion,
        signature.staffing,
        signature.is_left_out,
        tuple(read.person(one) for one in signature.passed_by),
        tuple(read.who(one) for one in signature.asked),
    )


def with_signers(read: CaseRead, rule: Step, fields: Sequence[FieldView]) -> tuple[FieldView, ...]:
    """Of an act on an approval: the one person who may be named, in a role that the policy allows and neither his own
    turn nor his own work; the links before the present one, and the stages."""
    on = rule.acts_on
    fields = [_without_strangers(read, one) if one.code.startswith((COPY_TO, COPY_WITH)) else one for one in fields]
    state = next((one for one in reversed(read.current.approvals) if on and one.code == on.approval), None)
    if on is None or state is None or state.current is None:
        return tuple(fields)
    allowed = allowed_act(read.kind.approvals[on.approval].allows, on.act)
    kept = {who.person for who in state.waiting_for} | {read.taker.by}
    kept |= set() if on.act is SignAct.ASK else set(state.authors)
    kept |= set_aside(read.kind, read.current.facts, Part.SIGNERS)
    before = state.current.index
    there = {one.index for one in state.links}

    def drawn(field: FieldView) -> FieldView:
        if field.code == NAMED_SIGNER and allowed is not None:
            roles = [one for one in field.options if not allowed.to or role_of(one.value) in allowed.to]
            roles = _let_in(read, roles)
            able = {person_of(one.value): one for one in reversed(roles) if person_of(one.value) not in kept}
            return replace(field, type=FactType.CHOICE, options=tuple(able.values())[::-1])
        if field.code == f"{RETURN_TO}{on.approval}":
            links = ((one, link_named(one.value)) for one in field.options)
            earlier = (one for one, index in links if index is None or (index < before and index in there))
            return replace(field, options=tuple(earlier))
        return field

    return tuple(drawn(field) for field in fields)


def _without_strangers(read: CaseRead, field: FieldView) -> FieldView:
    """Whom a signer may copy: not those who have no part in the case, nor those who may not know of it."""
    aside = set_aside(read.kind, read.current.facts, Part.SIGNERS)
    able = {person_of(one.value): one for one in reversed(_let_in(read, list(field.options)))}
    return replace(field, options=tuple(one for person, one in able.items() if person not in aside)[::-1])


def _let_in(read: CaseRead, options: list[Option]) -> list[Option]:
    """Of the people whom a form would offer, those who may read the case."""
    blind = who_works_blind(read.kind, read.people, read.current.facts)
    options = [one for one in options if person_of(one.value) not in blind]
    if read.current.only_for is None:
        return options
    told = confidants.told(read.case, read.kind, read.log, read.current, read.people) or ()
    able = may_know({person_of(one.value) for one in options}, read.people, told)
    return [one for one in options if person_of(one.value) in able]
