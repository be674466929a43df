"""Somebody who works blind takes a step on a sample that he knows by its code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.coded import sample_for
from kesu.access.takers import taker_for
from kesu.casefile import tokens
from kesu.casefile.casefile import CaseFile
from kesu.casefile.matters.naming import count_later
from kesu.casefile.statement import Given
from kesu.core.errors import NotFound
from kesu.core.uploads import Upload
from kesu.policy.coded import is_blind


@transaction.atomic
def take_blind_step(
    *,
    actor: Actor,
    at: datetime,
    code: str,
    step: str,
    given: Given,
    uploads: Sequence[Upload] = (),
    token: str = "",
) -> None:
    """What others do on the case meanwhile he neither sees nor must have seen. Raises `NotFound` for a code that is not
    on his bench and for a step that is not taken blind, `Forbidden`, `NotNow` and `Unacceptable` as the policy says;
    nothing is written then."""
    case = sample_for(actor, code, lock=True).case
    if tokens.is_again(token, case, tokens.said_in(f"{step}/{actor.key}", given, uploads), at):
        return
    file = CaseFile.open(case)
    rule = file.kind.steps.get(step)
    if rule is None or not is_blind(file.kind, rule):
        raise NotFound
    taker = taker_for(actor, case.unit.path, file.kind, file.log)
    event = file.take(step, taker=taker, given=given, at=at, now=at, uploads=uploads)
    if token:
        tokens.claim(tokens.under_code(token, actor.key, code), case.pk, at)
    count_later(file, event)
