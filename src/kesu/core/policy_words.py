"""Words of a policy on their way to a reader: which of them have no text in his language, and of what sentences to
customers are made, so that they can be said in another language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

TITLE: Final = "{title}"
"""Stands in a message for what its case is about, which is kept on the card alone."""
_SLOT: Final = re.compile(r"\{([^{}]+)\}")


class SourceWord(str):
    """A word of a policy that has no text in the language of the page."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text`: as the policy has it, with its placeholders. For these stand `words`, which are the policy's as well,
    `values`, which are nobody's words or those that somebody wrote, and `dues`, instants as text or None where nobody
    has stated the date."""

    text: str
    words: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    dues: Mapping[str, str | None] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        return cls(document["text"], document["words"], document["values"], document["dues"])

    def document(self) -> dict[str, Any]:
        return {"text": self.text, "words": dict(self.words), "values": dict(self.values), "dues": dict(self.dues)}

    def said(self, word: Callable[[str], str]) -> Sentence:
        """With the policy's words as `word` says them."""
        words = {name: word(one) if one else one for name, one in self.words.items()}
        return replace(self, text=word(self.text), words=words)

    def with_values(self, value: Callable[[str], str]) -> Sentence:
        return replace(self, values={name: value(one) for name, one in self.values.items()})

    def filled(self, named: Mapping[str, str], due: Callable[[str | None], str], mark: Callable[[str], str]) -> str:
        """`named`: what is put in before all else; `mark`: marks a word that is not in the reader's language. What
        somebody wrote is put in as it is, and nothing is looked for in it."""
        dues = {name: due(at) for name, at in self.dues.items()}
        known = {**self.values, **{name: mark(one) for name, one in self.words.items()}, **dues, **named}
        text = _SLOT.sub(lambda found: known.get(found[1], found[0]), self.text)
        return mark(SourceWord(text)) if isinstance(self.text, SourceWord) else text


class PolicyWords(str):
    """A text that a policy says, whole and in Chinese; `sentence`: of what it is made."""

    __slots__ = ("sentence",)
    sentence: Sentence

    @classmethod
    def made_of(cls, text: str, sentence: Sentence) -> Self:
        words = cls(text)
        words.sentence = sentence
        return words
