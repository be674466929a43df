"""The engine: what a log, the rules of its pack, a calendar and one instant say together, and which step may follow.

Pure: no clock, no database, no randomness. Time is always an argument."""

from kesu.policy.standing.attempts import (
    attempt,
    attempt_warned,
    effect_event,
    next_seq,
    preview,
    void_event,
    world_event,
)
from kesu.policy.standing.checking import GUARD_REASON, StepRefused
from kesu.policy.standing.compute import standing
from kesu.policy.standing.results import (
    ApprovalState,
    ApprovalStatus,
    Effect,
    EffectKind,
    LevelChange,
    LinkState,
    Missing,
    MissingKind,
    NextRaise,
    Obligation,
    ObligationState,
    ReadTooLate,
    Refusal,
    Signature,
    StageChange,
    Standing,
    StepState,
)
from kesu.policy.standing.retelling import Retelling, retold
from kesu.policy.standing.secrecy import hidden_from, kept_secret_from
from kesu.policy.standing.separations import apart_from, separation_refusals, set_aside
from kesu.policy.standing.steps import kept_from
from kesu.policy.standing.takers import Taker, as_holder, holds, in_charge, named_in, units_of
from kesu.policy.standing.writing import writing_refusals

__all__ = [
    "GUARD_REASON",
    "ApprovalState",
    "ApprovalStatus",
    "Effect",
    "EffectKind",
    "LevelChange",
    "LinkState",
    "Missing",
    "MissingKind",
    "NextRaise",
    "Obligation",
    "ObligationState",
    "ReadTooLate",
    "Refusal",
    "Retelling",
    "Signature",
    "StageChange",
    "Standing",
    "StepRefused",
    "StepState",
    "Taker",
    "apart_from",
    "as_holder",
    "attempt",
    "attempt_warned",
    "effect_event",
    "hidden_from",
    "holds",
    "in_charge",
    "kept_from",
    "kept_secret_from",
    "named_in",
    "next_seq",
    "preview",
    "retold",
    "separation_refusals",
    "set_aside",
    "standing",
    "units_of",
    "void_event",
    "world_event",
    "writing_refusals",
]
