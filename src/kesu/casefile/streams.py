"""Where a stream keeps its rows: ordinary cases, sealed ones and matters never share a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection

from kesu.store.fixed import Fixed, Slot
from kesu.store.models import (
    Case,
    CaseEvent,
    ChainHead,
    EventBody,
    Matter,
    MatterEvent,
    MatterHead,
    SealedBody,
    SealedCase,
    SealedChainHead,
    SealedEvent,
)

Head = Case | SealedCase

_SAVE: Final = """
UPDATE store_case AS held SET version = given.version, head = given.head
FROM unnest(%s::uuid[], %s::int[], %s::text[]) AS given (id, version, head) WHERE held.id = given.id
"""


@dataclass(frozen=True, slots=True)
class Stream:
    """The managers of one family of tables (Django's managers are not generic over abstract parents). `listed` are the
    heads that signed nights name. `log`: the columns `RECORDED` of a case's events in order; `texts`: of a case and a
    list of data classes, the number of the event, the class and the sealed text.
    `owner`: the field of an event that names its stream."""

    heads: Any
    events: Any
    bodies: Any
    listed: Any
    is_sealed: bool
    owner: str = "case"
    log: Fixed = field(init=False)
    texts: Fixed = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "log", Fixed(self._log))
        object.__setattr__(self, "texts", Fixed(self._texts))

    def _log(self, case: Slot) -> Any:
        return self.events.filter(case=case).order_by("seq").values_list(*RECORDED)

    def _texts(self, case: Slot, data_classes: Slot) -> Any:
        found = self.bodies.filter(event__case=case, data_class__any=data_classes)
        return found.order_by("id").values_list("event__seq", "data_class", "sealed")


RECORDED: Final = ("seq", "kind", "at", "recorded_at", "actor", "role", "step", "facts", "forms")
"""What rules see of an event."""

ORDINARY = Stream(
    Case._default_manager,
    CaseEvent._default_manager,
    EventBody._default_manager,
    ChainHead._default_manager,
    is_sealed=False,
)
SEALED = Stream(
    SealedCase._default_manager,
    SealedEvent._default_manager,
    SealedBody._default_manager,
    SealedChainHead._default_manager,
    is_sealed=True,
)

MATTERS = Stream(
    Matter._default_manager,
    MatterEvent._default_manager,
    EventBody._default_manager.none(),
    MatterHead._default_manager,
    is_sealed=False,
    owner="matter",
)
"""No event of a matter has a text. It has no policy of its own, so that nothing but the proof asks for it here."""


def stream_of(head: Head) -> Stream:
    return SEALED if isinstance(head, SealedCase) else ORDINARY


def save_heads(heads: Sequence[Case]) -> None:
    """How far the logs of ordinary cases go now; the caller holds their locks. One statement."""
    given: list[Any] = [[one.pk for one in heads], [one.version for one in heads], [one.head for one in heads]]
    with connection.cursor() as cursor:
        cursor.execute(_SAVE, given)
