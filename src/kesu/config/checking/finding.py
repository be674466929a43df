"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """Only a failure keeps the program from being used; a warning is something that an operator must have chosen."""

    FINE = "fine"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Finding:
    """`check` names the question for machines; `sentence` says what is so and, where it is wrong, why that is wrong
    and what to do."""

    check: str
    grade: Grade
    sentence: str


def fine(check: str, sentence: str) -> Finding:
    return Finding(check, Grade.FINE, sentence)


def warning(check: str, sentence: str) -> Finding:
    return Finding(check, Grade.WARNING, sentence)


def failure(check: str, sentence: str) -> Finding:
    return Finding(check, Grade.FAILURE, sentence)
