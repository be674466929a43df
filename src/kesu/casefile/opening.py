"""Opens a case: the adopted policy, a data key, the first step, the number last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.casefile.books import Serving, calendar_of, kind_of
from kesu.casefile.casefile import CaseFile
from kesu.casefile.desk import Desk, FirstDesk
from kesu.casefile.log import has_no_texts_yet
from kesu.casefile.numbers import next_number
from kesu.casefile.references import CasesInSight, no_cases
from kesu.casefile.statement import Given
from kesu.casefile.streams import Head
from kesu.core.codes import secret_digest
from kesu.core.ids import readable_code, readable_code_of
from kesu.core.keyring import new_data_key
from kesu.core.uploads import Upload
from kesu.policy.asking import opening_step
from kesu.policy.events import SUBJECT
from kesu.policy.model.pack import Kind
from kesu.policy.standing import Taker
from kesu.store.keys import ring
from kesu.store.models import Case, SealedCase, Unit

DESK: Final = "desk"
"""The channel of what the house takes down."""
PORTAL: Final = "portal"
"""Of what somebody sends on the public page."""
SENT_IN: Final = "sent_in"
"""Of what a program outside hands in."""
LINKED: Final = "linked"
"""Of what follows from another case."""


@dataclass(frozen=True, slots=True)
class Opened:
    """`secret` is what the reporter keeps to follow the case; only its digest is stored."""

    file: CaseFile
    secret: str


def secret_of(rules: Kind, token: str) -> str:
    """What the reporter keeps, derived from the one-time token of his form: who sends the same form again is given
    the same secret, and nobody else can find it."""
    if rules.is_sealed:
        return readable_code_of(ring().derive("receipt", token))
    return ring().derive("follow", token).hex()[:32]


def desk_token(case_id: UUID) -> str:
    """In place of a form's token for what the house itself registers: whoever has the keys finds the customer's link
    again, to give it to him."""
    return f"desk {case_id.hex}"


def open_case(
    *,
    adoption: Serving,
    unit: Unit,
    channel: str,
    taker: Taker,
    given: Given,
    at: datetime,
    now: datetime,
    token: str,
    case_id: UUID | None = None,
    uploads: Sequence[Upload] = (),
    sees: CasesInSight = no_cases,
) -> Opened:
    """Takes the opening step of the kind that the adopted policy has in force. `token`: the one-time token of the form;
    `case_id`: what the case is to be called where somebody has to know before; `sees`: the cases that may be named.

    Raises whatever `CaseFile.take` raises. Inside the caller's transaction."""
    rules = kind_of(adoption.policy_version_id, adoption.kind)
    secret = secret_of(rules, token)
    head = new_head(rules, adoption, unit, channel, at, secret)
    head.pk = case_id or head.pk
    first = FirstDesk()
    file = CaseFile(head, rules, calendar_of(adoption.calendar_version_id), [], first)
    if isinstance(head, SealedCase):
        head.save(force_insert=True)  # who may write to a sealed case is asked of its row
        file.desk = Desk()
    step = opening_step(rules).code
    also = {SUBJECT: adoption.subject} if adoption.subject else {}
    file.take(step, taker=taker, given=given, at=at, now=now, uploads=uploads, sees=sees, also=also)
    if isinstance(head, Case):
        first.finish(head, next_number(rules.numbering, unit, file.calendar.local(now).year))
        file.desk = Desk()
    return Opened(file, secret)


def new_head(rules: Kind, adoption: Serving, unit: Unit, channel: str, at: datetime, secret: str) -> Head:
    """A case before its first event, not yet written."""
    key_id, wrapped = ring().wrap(new_data_key())
    family = SealedCase if rules.is_sealed else Case
    head = family(
        kind=rules.code,
        policy_version_id=adoption.policy_version_id,
        calendar_version_id=adoption.calendar_version_id,
        unit=unit,
        channel=channel,
        received_at=at,
        key_id=key_id,
        data_key=wrapped,
        follow_digest=secret_digest(secret),
    )
    if isinstance(head, SealedCase):
        head.code = readable_code(groups=3)
    has_no_texts_yet(head)
    return head
