"""What a policy says of the words in a text, while it is being written: reminders, never refusals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from kesu.policy.model.pack import Kind
from kesu.policy.model.wording import Wording


@dataclass(frozen=True, slots=True)
class Remark:
    """A rule on wording that a text does not keep. `lacking`: words that should stand in it; `found`: words that
    should not; `fact`: the field in which the text stands, empty for a message."""

    says: str
    clauses: tuple[str, ...]
    fact: str
    lacking: tuple[str, ...]
    found: tuple[str, ...]


def remarks(kind: Kind, texts: Mapping[str, str]) -> Iterator[Remark]:
    """`texts`: what is typed, by fact; an empty one is left alone."""
    for rule in kind.wording.values():
        for fact in rule.facts:
            yield from _remark(rule, fact, texts.get(fact, ""))


def remarks_on_message(kind: Kind, text: str) -> Iterator[Remark]:
    """Of what is written to the customer freely, outside any step."""
    for rule in kind.wording.values():
        if rule.messages:
            yield from _remark(rule, "", text)


def remarks_on_letter(kind: Kind, text: str) -> Iterator[Remark]:
    """Of a letter to the customer: what must not be said, wherever a rule looks at messages. Words that a talk has to
    have (goodbye) stand in no letter."""
    for rule in kind.wording.values():
        if rule.messages:
            yield from _remark(replace(rule, has=()), "", text)


def _remark(rule: Wording, fact: str, typed: str) -> Iterator[Remark]:
    text = typed.strip()
    lacking = tuple(word for word in rule.has if word not in text)
    found = tuple(word for word in rule.lacks if word in text)
    if text and (lacking or found):
        yield Remark(rule.says, rule.clauses, fact, lacking, found)
