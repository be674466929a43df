"""An internal note, or words sent to the customer: he reads them behind his follow link, and in the mail that answers
his own."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.cases import case_for
from kesu.access.permissions import Permission
from kesu.casefile import notes, reply_lock, tokens, writing
from kesu.casefile.addresses import ways_of_answer
from kesu.casefile.books import calendar_of
from kesu.casefile.outgoing import to_customer
from kesu.core.errors import Overtaken, Unacceptable
from kesu.policy.model.writing import Writing
from kesu.store.bell import ring_bell
from kesu.store.inserting import insert

_FURTHEST: Final = timedelta(days=366)
"""A promise beyond is a slip of the pen."""


@transaction.atomic
def add_note(
    *,
    actor: Actor,
    at: datetime,
    case_id: UUID,
    text: str,
    visibility: Literal["internal", "sent"],
    token: str = "",
    is_interim: bool = False,
    answer_by: date | None = None,
    seen_at: datetime | None = None,
) -> None:
    """`token` is the form's one-time token: the same form sent twice is kept, and reaches the customer, once.
    `is_interim`: whoever writes says that the words tell nothing of what still waits for approval; `answer_by`: the day
    until which they promise the customer an answer. `seen_at`: when the page was drawn on which he wrote. Raises
    `NotFound`, `Forbidden` (writing to the customer is a right of its own), `Unacceptable`, `Overtaken` where a
    colleague has written to the customer since, and `NotNow` for words to the customer that the policy holds back (see
    `casefile.reply_lock`) and where it lets nothing be written any more."""
    needs = Permission.CASE_REPLY if visibility == notes.SENT else Permission.CASE_NOTE
    case = case_for(actor, case_id, needs, lock=True)
    said = f"{visibility}/{text}" if answer_by is None else f"{visibility}/{text}/{answer_by}"
    if not tokens.is_again(token, case, said, at):
        plain, by = notes.readable(text), actor.account_id
        _ask_day(answer_by, calendar_of(case.calendar_version_id).local(at).date())
        if visibility == notes.SENT and seen_at is not None and notes.colleague_wrote(case, by, seen_at):
            raise Overtaken("colleague_wrote")
        writing.ask(case, Writing.MESSAGE if visibility == notes.SENT else Writing.NOTE, at)
        promised = answer_by if visibility == notes.SENT else None
        is_locked = visibility == notes.SENT and reply_lock.ask(case, plain, at, is_interim=is_interim)
        note = notes.add(
            case, text=plain, visibility=visibility, author=by, at=at, is_interim=is_locked, answer_by=promised
        )
        ways = ways_of_answer(case) if visibility == notes.SENT else ()
        if ways:
            insert([to_customer(case, f"note/{note.pk.hex}", note, ways, at)])
            ring_bell()


def _ask_day(answer_by: date | None, today: date) -> None:
    if answer_by is not None and not today <= answer_by <= today + _FURTHEST:
        raise Unacceptable("answer_by_wrong", data={"fields": {}, "refusals": ()})
