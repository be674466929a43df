"""The complainant takes a step himself, through the follow link that only he has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from kesu.access.cases import case_by_secret
from kesu.access.takers import complainant_taker
from kesu.casefile import tokens
from kesu.casefile.casefile import CaseFile
from kesu.casefile.matters.naming import count_later
from kesu.casefile.statement import Given
from kesu.core.uploads import Upload


@transaction.atomic
def take_public_step(
    *, at: datetime, secret: str, step: str, given: Given, uploads: Sequence[Upload] = (), token: str = ""
) -> None:
    """`token` is the form's one-time token: the same form sent twice takes one step. Raises `NotFound` for an unknown
    link, else what the policy says of the step for a complainant."""
    case = case_by_secret(secret, lock=True)
    if tokens.is_again(token, case, tokens.said_in(step, given, uploads), at):
        return
    file = CaseFile.open(case)
    event = file.take(step, taker=complainant_taker(), given=given, at=at, now=at, uploads=uploads)
    count_later(file, event)
