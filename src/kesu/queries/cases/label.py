"""The label of a coded sample, for whoever coded it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.sight.label import SampleLabel, sample_label
from kesu.access.sight.reading import read_case


def case_label(*, actor: Actor, at: datetime, case_id: UUID) -> SampleLabel:
    """Raises `NotFound` outside the actor's scope, before a code is drawn, and for whoever may not read it."""
    return sample_label(read_case(actor, at, case_id))
