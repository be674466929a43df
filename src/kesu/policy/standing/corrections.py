"""Corrections: an event that voids an earlier one. What is voided never happened; its number stays used."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from operator import attrgetter
from typing import Final

from kesu.policy.events import EVENT_VOIDED, Event

_kind_of: Final[Callable[[Event], str]] = attrgetter("kind")


def voided_seqs(log: Collection[Event]) -> frozenset[int]:
    """Numbers of the events that the log takes back. A correction may itself be taken back by a later one."""
    if EVENT_VOIDED not in map(_kind_of, log):  # as nearly every log
        return frozenset()
    voided: set[int] = set()
    corrections = [event for event in log if event.kind == EVENT_VOIDED]
    for event in sorted(corrections, key=lambda event: event.seq, reverse=True):
        if event.seq not in voided:
            seq = event.facts.get("seq")
            if isinstance(seq, int) and seq < event.seq:
                voided.add(seq)
    return frozenset(voided)


def corrected(log: Sequence[Event], voided: frozenset[int]) -> list[Event]:
    """The log without what was voided and without the corrections themselves."""
    if not voided and EVENT_VOIDED not in map(_kind_of, log):
        return list(log)
    return [event for event in log if event.seq not in voided and event.kind != EVENT_VOIDED]


def standing_events(log: Sequence[Event]) -> list[Event]:
    """What the log says and has not taken back."""
    return corrected(log, voided_seqs(log))
