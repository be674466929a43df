"""What a check found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Grade(StrEnum):
    """Only a failure keeps the program from being used; a warning is something that an operator must have chosen."""

    FINE = "fine"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence with places for its values: Chinese as it stands, in another language where `text` is translated. A
    value may be a sentence itself."""

    text: str
    values: dict[str, Any] = field(default_factory=dict)

    def put(self, translate: Callable[[str], str]) -> str:
        """`translate` gives the sentence of a catalogue for ours."""
        values = {name: one.put(translate) if isinstance(one, Said) else one for name, one in self.values.items()}
        return translate(self.text) % values if values else translate(self.text)

    def __str__(self) -> str:
        return self.put(str)


def said(text: str, **values: Any) -> Said:
    """Marks `text` for the catalogues; values stand in it as ``%(name)s``."""
    return Said(text, values)


@dataclass(frozen=True, slots=True)
class Finding:
    """`check` names the question for machines; `said` says what is so and, where it is wrong, why that is wrong and
    what to do."""

    check: str
    grade: Grade
    said: Said

    @property
    def sentence(self) -> str:
        """In Chinese, as the command line prints it."""
        return str(self.said)


def fine(check: str, sentence: Said) -> Finding:
    return Finding(check, Grade.FINE, sentence)


def warning(check: str, sentence: Said) -> Finding:
    return Finding(check, Grade.WARNING, sentence)


def failure(check: str, sentence: Said) -> Finding:
    return Finding(check, Grade.FAILURE, sentence)
