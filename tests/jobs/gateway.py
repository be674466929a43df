"""A carrier that stands for somebody outside: it keeps what it is given, and refuses what it is told to refuse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.test import override_settings

from kesu.notify import registry
from kesu.notify.carrying import NotCarried, Words


@dataclass(slots=True)
class Gateway:
    """`refuse`: what it raises before it takes a message, oldest first; `taken`: address, words and key of each."""

    refuse: list[BaseException] = field(default_factory=list)
    taken: list[tuple[str, Words, str]] = field(default_factory=list)

    def carry(self, *, to: str, words: Words, key: str) -> str:
        if self.refuse:
            raise self.refuse.pop(0)
        self.taken.append((to, words, key))
        return f"outside-{len(self.taken)}"


@contextmanager
def open_gateway(patch: pytest.MonkeyPatch, channel: str) -> Iterator[Gateway]:
    """The channel is set up, as an operator would, with a carrier of the registry."""
    gateway = Gateway()
    patch.setitem(registry.CARRIERS, channel, {"kept": lambda _settings: gateway})
    with override_settings(KESU_CHANNELS={channel: {"carrier": "kept"}}):
        yield gateway


def never(reason: str = "blocked") -> NotCarried:
    return NotCarried(reason, is_final=True)
