"""通知预览: a notice of the policy that a real case goes by, as it would be worded for that case now. Nothing is sent,
and nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.cases import cards_for, case_for
from kesu.access.choices import case_by_number
from kesu.access.permissions import Permission
from kesu.casefile.books import calendar_of, pack_of
from kesu.casefile.citing import Citation, cite_in
from kesu.casefile.effects import payload_of, words_to_complainant
from kesu.casefile.log import read_log
from kesu.casefile.outgoing import REMINDER, TO_CUSTOMER, letter_of
from kesu.casefile.tongues import Tongue
from kesu.core.letter import Letter
from kesu.core.masking import masked_numbers
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT, Notice, Who
from kesu.policy.standing import standing
from kesu.policy.standing.results import Effect, EffectKind, Standing
from kesu.store.models import Case, OutboxMessage, Recipient

ESCALATION: Final = "escalation"
_OFFERED: Final = 30
_KEY: Final = "preview"


@dataclass(frozen=True, slots=True)
class NoticePreview:
    """`cases`: the newest in the reader's sight, number and title; `notices`: code and name of what the policy of the
    case can tell of, `notice` the one that is shown. `letter` None: the reader has no case, or the case owes nothing
    of which it could be reminded. `citations`: of the notice."""

    cases: tuple[tuple[str, str], ...]
    number: str
    policy: str
    title: str
    notices: tuple[tuple[str, str], ...]
    notice: str
    citations: tuple[Citation, ...]
    to_customer: bool
    letter: Letter | None


def notice_preview(*, actor: Actor, at: datetime, number: str, notice: str, language: str) -> NoticePreview:
    """`number`: empty for the newest case; `notice`: empty for the first. A case that is out of sight is as one that
    never was: nothing is shown for it. Raises `Forbidden`."""
    actor.require(Permission.POLICY_READ)
    newest = cards_for(actor).filter(is_final=False).order_by("-received_at").values_list("number", "title")
    cases = tuple(newest[:_OFFERED])
    wanted = number.strip() or (cases[0][0] if cases else "")
    found = case_by_number(actor, wanted) if wanted else ""
    if not found:
        return NoticePreview(cases, wanted, "", "", (), "", (), to_customer=False, letter=None)
    case = case_for(actor, UUID(found))
    pack = pack_of(case.policy_version_id)
    rules = pack.kinds[case.kind]
    offered = {one.code: one.name for one in rules.notices.values()}
    chosen = notice if notice in {*offered, REMINDER, ESCALATION} else next(iter(offered), REMINDER)
    letter, clauses = _letter(case, rules, chosen, at, language)
    if letter is not None and not actor.may_at(Permission.PERSONAL_READ, case.unit.path):
        said = letter.sentence.with_values(masked_numbers) if letter.sentence is not None else None
        own = masked_numbers(letter.own_words)
        letter = replace(letter, title=masked_numbers(letter.title), own_words=own, sentence=said)
    return NoticePreview(
        cases=cases,
        number=case.number,
        policy=pack.hash,
        title=pack.title,
        notices=tuple(offered.items()),
        notice=chosen,
        citations=cite_in(pack, clauses),
        to_customer=letter is not None and letter.template == TO_CUSTOMER,
        letter=letter,
    )


def _letter(case: Case, rules: Kind, chosen: str, at: datetime, language: str) -> tuple[Letter | None, tuple[str, ...]]:
    log = read_log(case, rules)
    current = standing(rules, log, at, calendar_of(case.calendar_version_id))
    notice = rules.notices.get(chosen)
    if notice is None:
        return _of_duty(case, rules, chosen, current, at, language)
    effect = _effect(EffectKind.NOTICE, chosen, at, notice.clauses, is_urgent=notice.urgent)
    if _is_for_customer(notice):
        note, _text = words_to_complainant(case, rules, log, current, effect, at)
        message = _message(case, {"code": chosen}, effect, TO_CUSTOMER, at)
        message.note, message.recipient = note, Recipient.CUSTOMER
        return letter_of(message, language=language), notice.clauses
    message = _message(case, payload_of(case, rules, current, effect), effect, "notice", at)
    return letter_of(message, language=language), notice.clauses


def _of_duty(
    case: Case, rules: Kind, template: str, current: Standing, at: datetime, language: str
) -> tuple[Letter | None, tuple[str, ...]]:
    """A reminder of what the case owes next, or that it was not done in time."""
    owed = next((one for one in current.open_obligations if one.due_at is not None), None)
    if owed is None:
        return None, ()
    kind = EffectKind.REMINDER if template == REMINDER else EffectKind.ESCALATION
    effect = _effect(kind, owed.duty, at, owed.clauses, obligation=owed.key)
    message = _message(case, payload_of(case, rules, current, effect), effect, template, at)
    letter = letter_of(message, language=language)
    subject = Tongue(language, case.policy_version_id).word(owed.name)
    return replace(letter, subject=subject, due_at=owed.due_at), owed.clauses


def _is_for_customer(notice: Notice) -> bool:
    return any(Who(COMPLAINANT) in row.use for row in notice.to.rows)


def _effect(
    kind: EffectKind,
    code: str,
    at: datetime,
    clauses: tuple[str, ...],
    *,
    is_urgent: bool = False,
    obligation: str | None = None,
) -> Effect:
    return Effect(
        key=_KEY, kind=kind, code=code, at=at, to=(), clauses=clauses, urgent=is_urgent, obligation=obligation
    )


def _message(case: Case, payload: Mapping[str, object], effect: Effect, template: str, at: datetime) -> OutboxMessage:
    """A row that is never written."""
    return OutboxMessage(
        key=_KEY,
        lane="urgent" if effect.urgent else "normal",
        case=case,
        template=template,
        payload=payload,
        created_at=at,
        try_at=at,
    )
