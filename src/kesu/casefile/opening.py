"""Opens a case: the adopted policy, a data key, the first step, the number last."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kesu.casefile.books import adoption_for, calendar_of, kind_of
from kesu.casefile.casefile import CaseFile
from kesu.casefile.log import has_no_texts_yet
from kesu.casefile.numbers import next_number
from kesu.casefile.references import CasesInSight, no_cases
from kesu.casefile.statement import Given
from kesu.casefile.streams import Head
from kesu.core.errors import NotFound
from kesu.core.ids import readable_code, readable_code_of
from kesu.core.keyring import new_data_key
from kesu.core.uploads import Upload
from kesu.policy.model.pack import Kind
from kesu.policy.standing import Taker
from kesu.store.keys import ring
from kesu.store.models import Adoption, Case, SealedCase, Unit


@dataclass(frozen=True, slots=True)
class Opened:
    """`secret` is what the reporter keeps to follow the case; only its digest is stored."""

    file: CaseFile
    secret: str


def secret_digest(secret: str) -> str:
    """Receipt codes are read aloud and retyped: case and separators do not count."""
    plain = "".join(c for c in secret.upper() if c.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def secret_of(rules: Kind, token: str) -> str:
    """What the reporter keeps, derived from the one-time token of his form: who sends the same form again is given
    the same secret, and nobody else can find it."""
    if rules.is_sealed:
        return readable_code_of(ring().derive("receipt", token))
    return ring().derive("follow", token).hex()[:32]


def open_case(
    *,
    kind: str,
    unit: Unit,
    channel: str,
    taker: Taker,
    given: Given,
    at: datetime,
    now: datetime,
    token: str,
    uploads: Sequence[Upload] = (),
    sees: CasesInSight = no_cases,
) -> Opened:
    """Takes the opening step of the kind that is in force at this place. `token`: the one-time token of the form;
    `sees`: the cases that may be named in it.

    Raises `NotFound` where no policy serves this kind here, and whatever `CaseFile.take` raises. Inside the caller's
    transaction."""
    adoption = adoption_for(unit, kind, at)
    if adoption is None:
        raise NotFound
    rules = kind_of(adoption.policy_version_id, kind)
    secret = secret_of(rules, token)
    head = new_head(rules, adoption, unit, channel, at, secret)
    head.save(force_insert=True)
    file = CaseFile(head, rules, calendar_of(adoption.calendar_version_id), [])
    step = next(s.code for s in rules.steps.values() if s.starts_case)
    file.take(step, taker=taker, given=given, at=at, now=now, uploads=uploads, sees=sees)
    _number(head, rules, now, file)
    return Opened(file, secret)


def new_head(rules: Kind, adoption: Adoption, unit: Unit, channel: str, at: datetime, secret: str) -> Head:
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
    if isinstance(head, Case):
        head.number = head.pk.hex  # replaced below, when nothing can fail any more
    else:
        head.code = readable_code(groups=3)
    has_no_texts_yet(head)
    return head


def _number(head: Head, rules: Kind, now: datetime, file: CaseFile) -> None:
    if isinstance(head, Case):
        head.number = next_number(rules.numbering, head.unit, file.calendar.local(now).year)
        head.save(update_fields=["number"])
        head.card.__class__.objects.filter(pk=head.pk).update(number=head.number)
