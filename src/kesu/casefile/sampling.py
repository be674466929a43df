"""Draws a sample: the seed is made and the candidates are counted here, once, and stand in the event from then on."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

from kesu.casefile import measures
from kesu.casefile.books import pack_of
from kesu.policy.calendar import Calendar
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.policy.sampling import bounds_of, draw
from kesu.policy.standing.results import Effect
from kesu.policy.standing.samples import drawn_event
from kesu.store.models import Case

_SEED_BYTES: Final = 16


def draw_sample(head: Case, kind: Kind, calendar: Calendar, seq: int, effect: Effect, now: datetime) -> Event:
    """The event of the draw that `effect` asks for. Nobody chooses the seed, and nobody can draw again for a better
    one: the event goes into the log in this transaction, or nothing of it happened."""
    sample = kind.samples[effect.code]
    span = bounds_of(sample.period, effect.at, calendar) if sample.period is not None else None
    pack = pack_of(head.policy_version_id).code
    candidates = measures.ids_of(measures.cases_of(pack, sample.of, head.unit.path, span), but=head.pk)
    return drawn_event(seq, effect, sample, draw(sample, secrets.token_hex(_SEED_BYTES), candidates, span), now)
