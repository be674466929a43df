"""What may be wrong with a pack: every mistake with its place, what was expected and the nearest legal word.

The sentences are Chinese, because the people who write packs read them; a mistake names the key and its Chinese
label, so that neither has to be guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

_NEAR_ENOUGH = 0.45


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake. `line` and `column` count from 1 (0: the place is not in a file). `address` is the rule and key."""

    file: str
    line: int
    column: int
    address: str
    message: str
    expected: str = ""
    nearest: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        question = f"是不是 {self.nearest}？" if self.nearest else ""
        return f"{place} {self.address}：{self.message}{question}{self.expected}"


class PackInvalid(Exception):
    """A pack that cannot be used. `problems` holds all its mistakes, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(_one_per_mistake(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def _one_per_mistake(problems: Iterable[Problem]) -> set[Problem]:
    """What stands at one place and is found wrong by several rules is one mistake: the first finding is kept."""
    kept: set[Problem] = set()
    address_at: dict[tuple[str, int, int], str] = {}
    for problem in problems:
        place = (problem.file, problem.line, problem.column)
        if not problem.line or address_at.setdefault(place, problem.address) == problem.address:
            kept.add(problem)
    return kept


def nearest(word: str, candidates: Iterable[str]) -> str:
    """The candidate most like `word`, or an empty text where none is like it. Equal likeness: the first one."""
    best, best_ratio = "", _NEAR_ENOUGH
    for candidate in candidates:
        ratio = SequenceMatcher(None, word, candidate).ratio()
        if ratio > best_ratio:
            best, best_ratio = candidate, ratio
    return best
