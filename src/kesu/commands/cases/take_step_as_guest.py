"""An outside party takes a step that the policy leaves to his role."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from kesu.access.guests import guest_by_secret, guest_taker
from kesu.casefile import tokens
from kesu.casefile.casefile import CaseFile
from kesu.casefile.matters.naming import count_later
from kesu.casefile.statement import Given
from kesu.core.uploads import Upload


@transaction.atomic
def take_step_as_guest(
    *, at: datetime, secret: str, step: str, given: Given, uploads: Sequence[Upload] = (), token: str = ""
) -> None:
    """Raises `NotFound`, `NotNow` for a link that is over, else what the policy says of the step for his role."""
    guest = guest_by_secret(secret, at, lock=True)
    if tokens.is_again(token, guest.case, f"{guest.pk.hex}/{tokens.said_in(step, given, uploads)}", at):
        return
    taker = guest_taker(guest)
    file = CaseFile.open(guest.case)
    event = file.take(step, taker=taker, given=given, at=at, now=at, uploads=uploads)
    count_later(file, event)
