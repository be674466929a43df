"""The customer writes on his own case, through the follow link."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kesu.access.cases import case_by_secret
from kesu.casefile import notes, tokens, writing
from kesu.policy.model.writing import Writing


@transaction.atomic
def add_words(*, at: datetime, secret: str, text: str, token: str = "") -> None:
    """`token` is the form's one-time token: the same form sent twice is kept once. Raises `NotFound` for an unknown
    link, `Unacceptable` for an empty or too long text, `NotNow` where the policy lets nothing be written any more."""
    case = case_by_secret(secret, lock=True)
    if not tokens.is_again(token, case, text, at):
        writing.ask(case, Writing.WORDS, at)
        notes.add(case, text=text, visibility=notes.RECEIVED, author=None, at=at)
