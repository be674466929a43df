"""Clauses of the shipped packs that no rule answers."""

from __future__ import annotations

from typing import Final

WITHOUT_RULE: Final[dict[str, tuple[str, ...]]] = {
    "aftercare": ("3",),
    "groups": ("2.3", "2.5"),
    "causes": ("2",),
    "classes": ("2",),
    "filing": ("2.3", "3"),
    "channels": ("9",),
    "hotline": ("5",),
    "l01": ("8",),
    "likeness": ("2",),
    "merging": ("4",),
    "p01": ("1", "3.2-2", "4.2-1"),
    "p03": ("2.7a", "2.7b", "4.1"),
    "p04": ("5c",),
    "p05": ("10b", "14b", "18b"),
    "p06": ("2", "6"),
    "p08": ("13b",),
    "p10": ("0a", "0b", "0c", "0d", "0e", "1"),
    "p11": ("00",),
    "p12": ("00", "0"),
    "remedies": ("4",),
    "s14": ("1", "2"),
    "suggestion": ("1.2",),
    "surveys": ("5",),
    "talks": ("3",),
    "tasking": ("6",),
    "w02": ("2", "3"),
}
"""Clauses that no rule answers, by pack; each has its reason there. Every rule is proved and every figure held."""
