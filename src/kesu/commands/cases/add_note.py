"""An internal note, or words sent to the customer (he reads them behind his follow link)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.cases import case_for
from kesu.access.permissions import Permission
from kesu.casefile import notes, reply_lock, tokens, writing
from kesu.core.errors import Overtaken
from kesu.policy.model.writing import Writing


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
    seen_at: datetime | None = None,
) -> None:
    """`token` is the form's one-time token: the same form sent twice is kept, and reaches the customer, once.
    `is_interim`: whoever writes says that the words tell nothing of what still waits for approval. `seen_at`: when the
    page was drawn on which he wrote. Raises `NotFound`, `Forbidden` (writing to the customer is a right of its own),
    `Unacceptable`, `Overtaken` where a colleague has written to the customer since, and `NotNow` for words to the
    customer that the policy holds back (see `casefile.reply_lock`) and where it lets nothing be written any more."""
    needs = Permission.CASE_REPLY if visibility == notes.SENT else Permission.CASE_NOTE
    case = case_for(actor, case_id, needs, lock=True)
    if not tokens.is_again(token, case, f"{visibility}/{text}", at):
        plain, by = notes.readable(text), actor.account_id
        if visibility == notes.SENT and seen_at is not None and notes.colleague_wrote(case, by, seen_at):
            raise Overtaken("colleague_wrote")
        writing.ask(case, Writing.MESSAGE if visibility == notes.SENT else Writing.NOTE, at)
        is_locked = visibility == notes.SENT and reply_lock.ask(case, plain, at, is_interim=is_interim)
        notes.add(case, text=plain, visibility=visibility, author=by, at=at, is_interim=is_locked)
