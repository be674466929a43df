"""Where a stream keeps its rows: ordinary cases and sealed ones never share a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kesu.store.models import (
    Case,
    CaseEvent,
    ChainHead,
    EventBody,
    SealedBody,
    SealedCase,
    SealedChainHead,
    SealedEvent,
)

Head = Case | SealedCase


@dataclass(frozen=True, slots=True)
class Stream:
    """The managers of one family of tables (Django's managers are not generic over abstract parents). `listed` are the
    heads that signed nights name."""

    heads: Any
    events: Any
    bodies: Any
    listed: Any
    is_sealed: bool


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


def stream_of(head: Head) -> Stream:
    return SEALED if isinstance(head, SealedCase) else ORDINARY
