"""Deliveries of programs outside: each key is taken once, and a number that is known outside names one case."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from kesu.casefile import tokens
from kesu.casefile.statement import Given
from kesu.store.models import Case, InboundDelivery, InboundSource

KEPT_REFUSED: Final = 100
"""Of the deliveries of one source that were refused, so many are remembered."""
_TAKE: Final = """
INSERT INTO store_inbounddelivery (source_id, key, digest, at, case_id, is_new, reason, lacking)
VALUES (%s, %s, %s, %s, %s, %s, '', '{}') ON CONFLICT (source_id, key) WHERE reason = '' DO NOTHING
"""


def take(source: InboundSource, key: str, digest: str, case_id: UUID | None, now: datetime) -> InboundDelivery | None:
    """Takes the key for the case that is about to be opened, or for a call; the delivery that took it before, if one
    did. Who comes second waits here until the first is done."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [source.pk, key, digest, now, case_id, case_id is not None])
        is_first = cursor.rowcount == 1
    if is_first:
        return None
    return InboundDelivery.objects.select_related("case").get(source=source, key=key, reason="")


def case_of_number(source: InboundSource, number: str, case_id: UUID, now: datetime) -> Case | None:
    """The case that is known outside under this number, within the place of the source; from now on it is `case_id`,
    if there was none. However the number is spaced and in figures of either width."""
    token = _token(source, number)
    return tokens.claim(token, case_id, now) if token else None


def _token(source: InboundSource, number: str) -> str:
    """What stands for the number, empty for none."""
    plain = "".join(unicodedata.normalize("NFKC", number).split()).casefold()
    return f"outer {source.unit_id.hex}/{source.kind}/{source.number_fact}/{plain}" if plain else ""


def claim_numbers(sources: Iterable[InboundSource], given: Given, case_id: UUID, now: datetime) -> None:
    """What was taken down at the desk is known by its number from now on, unless another case is already."""
    for source in sources:
        case_of_number(source, " ".join(given.get(source.number_fact, ())), case_id, now)


def cases_of_numbers(sources: Iterable[InboundSource], given: Given) -> dict[str, UUID]:
    """By each number as it was typed, the case that has it. One query where any was typed."""
    typed = {_token(source, text): text for source in sources if (text := " ".join(given.get(source.number_fact, ())))}
    found = tokens.cases_of([token for token in typed if token])
    return {typed[token]: case_id for token, case_id in found.items()}


def note_known(source: InboundSource, key: str, case: Case) -> None:
    InboundDelivery.objects.filter(source=source, key=key, reason="").update(case=case, is_new=False)
