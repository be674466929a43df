"""What follows step by step where something that is owed is not done: who is told when, and who in their place."""

from __future__ import annotations

from kesu.policy.standing.results import Effect, EffectKind, Standing
from kesu.policy.standing.signing import signings


def rungs(current: Standing, key: str) -> tuple[Effect, ...]:
    """The escalations of one obligation that are still to come, in their order; of a signature as well."""
    walk = current.walk
    alarms = (*walk.duties.alarms(), *(signing.alarms() for signing in signings(walk)))
    found = (effect for alarm in alarms if alarm.key == key for effect in alarm.to_come(current.now))
    return tuple(sorted((one for one in found if one.kind is EffectKind.ESCALATION), key=lambda one: one.at))
