"""Rules that the engine executes for a clause and that no scenario proves, and figures that no scenario holds.

These lists may only get shorter: write the scenario, then take the line out.
"""

from __future__ import annotations

from typing import Final

UNPROVED_RULES: Final[dict[str, tuple[str, ...]]] = {
    "base": (),
    "p10": (),
    "p11": (),
    "suggestion": (),
    "w01": (),
    "whistle": (),
}
LOOSE_FIGURES: Final[dict[str, tuple[str, ...]]] = {
    "base": (),
    "p10": (),
    "p11": (),
    "suggestion": (),
    "w01": (),
    "whistle": (),
}
WITHOUT_RULE: Final[dict[str, tuple[str, ...]]] = {
    "base": (),
    "p10": ("0a", "0b", "0c", "0d", "0e", "1", "D1d", "2.3"),
    "p11": ("00", "8", "10.2", "10.5", "10.6a", "10.6b", "10.7b", "10.8"),
    "suggestion": ("1.2",),
    "w01": ("5c",),
    "whistle": (),
}
"""Clauses that no rule answers: each is a property of the program, lost text, or left for later with its reason."""
