"""Values that the engine makes by the dozen for every case, and that nobody changes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar, dataclass_transform

Made = TypeVar("Made")


@dataclass_transform(frozen_default=True)
def lasting(cls: type[Made]) -> type[Made]:
    """A dataclass that the type checker keeps from being changed. A frozen one asks at each field of each value, which
    takes a sixteenth of a standing (ADR 0052)."""
    given = vars(cls)
    # What works out a part of itself when it is read keeps that part beside its fields.
    is_whole = not any(isinstance(part, cached_property) for part in given.values())
    return dataclass(slots=is_whole, unsafe_hash="__hash__" not in given)(cls)
