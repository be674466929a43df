"""What follows step by step where something that is owed is not done: who is told when, and who in their place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from kesu.policy.standing.results import Effect, EffectKind, Standing
from kesu.policy.standing.signing import signings

_TELLING: Final = frozenset({EffectKind.REMINDER, EffectKind.ESCALATION})


def rungs(current: Standing, keys: Collection[str]) -> Mapping[str, tuple[Effect, ...]]:
    """The reminders and escalations of these obligations that are still to come, in their order; of signatures as
    well."""
    walk = current.walk
    found: dict[str, list[Effect]] = {}
    for alarm in (*walk.duties.alarms(), *(signing.alarms() for signing in signings(walk))):
        if alarm.key in keys:
            coming = (one for one in alarm.to_come(current.now) if one.kind in _TELLING)
            found.setdefault(alarm.key, []).extend(coming)
    return {key: tuple(sorted(some, key=lambda one: one.at)) for key, some in found.items()}
