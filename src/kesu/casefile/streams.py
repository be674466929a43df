"""Where a stream keeps its rows: ordinary cases and sealed ones never share a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kesu.store.models import Case, CaseEvent, EventBody, SealedBody, SealedCase, SealedEvent

Head = Case | SealedCase


@dataclass(frozen=True, slots=True)
class Stream:
    """The managers of one family of tables (Django's managers are not generic over abstract parents)."""

    events: Any
    bodies: Any
    is_sealed: bool


_ORDINARY = Stream(CaseEvent._default_manager, EventBody._default_manager, is_sealed=False)
_SEALED = Stream(SealedEvent._default_manager, SealedBody._default_manager, is_sealed=True)


def stream_of(head: Head) -> Stream:
    return _SEALED if isinstance(head, SealedCase) else _ORDINARY
