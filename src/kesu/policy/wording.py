"""What a policy says of the words in a text, while it is being written: reminders, never refusals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kesu.policy.model.pack import Kind


@dataclass(frozen=True, slots=True)
class Remark:
    """A rule on wording that a text does not keep. `lacking`: words that should stand in it; `found`: words that
    should not; `fact`: the field in which the text stands."""

    says: str
    clauses: tuple[str, ...]
    fact: str
    lacking: tuple[str, ...]
    found: tuple[str, ...]


def remarks(kind: Kind, texts: Mapping[str, str]) -> Iterator[Remark]:
    """`texts`: what is typed, by fact; an empty one is left alone."""
    for rule in kind.wording.values():
        for fact in rule.facts:
            text = texts.get(fact, "").strip()
            lacking = tuple(word for word in rule.has if word not in text)
            found = tuple(word for word in rule.lacks if word in text)
            if text and (lacking or found):
                yield Remark(rule.says, rule.clauses, fact, lacking, found)
