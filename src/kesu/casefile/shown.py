"""Short values as lists and messages show them."""

from __future__ import annotations

from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind


def shown(kind: Kind, code: str, value: Value | None) -> str:
    """A short value as lists show it; marks of texts and names stay out."""
    fact = kind.facts.get(code)
    if value is None or fact is None or fact.type.is_marked:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(value) if isinstance(value, tuple) else str(value)
