"""Which step comes first where one belongs to a later stage: looked for once a process, as lists ask by the line."""

from __future__ import annotations

from functools import lru_cache

from kesu.casefile.books import kind_of
from kesu.policy.leading import first_step
from kesu.policy.model.rules import Step


@lru_cache(maxsize=4096)
def leads_to(policy_hash: str, kind: str, stage: str, wanted: str) -> Step | None:
    """The step that begins the way from `stage` to the step `wanted`, None where it belongs there or none leads."""
    return first_step(kind_of(policy_hash, kind), stage, wanted)
