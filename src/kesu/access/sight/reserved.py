"""Texts that a policy reserves to some roles: who reads which."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from kesu.policy.model.facts import DataClass
from kesu.policy.model.pack import Kind
from kesu.policy.standing import Taker

Bodies = Mapping[int, Mapping[str, Any]]


def reserved_for(kind: Kind, reader: Taker) -> frozenset[str]:
    """The codes of the reserved facts that one of the reader's roles on this case may read."""
    held = {role.partition("@")[0] for role in reader.roles}
    return frozenset(code for code, fact in kind.facts.items() if not held.isdisjoint(fact.seen_by))


def only_for_reader(bodies: Bodies, kind: Kind, own: Set[str]) -> Bodies:
    """The texts without those that are reserved to others."""
    hidden = {code for code, fact in kind.facts.items() if fact.data is DataClass.RESERVED} - own
    if not hidden or not own:
        return bodies  # where he may read none, none was read
    return {seq: {code: text for code, text in texts.items() if code not in hidden} for seq, texts in bodies.items()}
