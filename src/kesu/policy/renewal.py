"""A running case goes over to another version of its policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

from kesu.policy.lasting import lasting
from kesu.policy.model.pack import Kind


@lasting
class Renewal:
    """The rules by which a case stood and those by which it stands from then on. `stages` and `levels`: what the newer
    version calls those that it calls otherwise."""

    before: Kind
    after: Kind
    stages: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)


def renamed(pairs: Sequence[str]) -> dict[str, str]:
    """``old=new`` as a table."""
    return {old: new for old, _, new in (pair.partition("=") for pair in pairs)}


def as_pairs(renames: Mapping[str, str]) -> tuple[str, ...]:
    """A table as it is written down."""
    return tuple(f"{old}={new}" for old, new in renames.items())
