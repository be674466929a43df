"""What the words of a policy are in another language: those of adopted policies, read once a process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.conf import settings

from kesu.core.policy_words import SourceWord
from kesu.policy.language.wording import filled_words, said_in
from kesu.store.models import PolicyText, PolicyVersion

_BETWEEN: Final = "、"
_CHINESE: Final = "zh"


@dataclass(frozen=True, slots=True)
class Words:
    """Chinese word → its word in one language. `common`: what all policies say alike, for pages on which several
    stand together. `policies`: the versions that were looked at, with words or without."""

    by_policy: Mapping[str, Mapping[str, str]]
    common: Mapping[str, str]
    policies: frozenset[str] = field(default_factory=frozenset)


_held: dict[str, Words] = {}


def policy_words(*, language: str, policy: str = "") -> Words:
    """`policy`: a version whose words are wanted. One that was adopted while this process ran has everything read
    anew; otherwise nothing is asked of the database."""
    held = _held.get(language)
    if held is None or (policy and policy not in held.policies):
        held = _held[language] = _read(language)
    return held


def forget() -> None:
    """What was read: texts were mended since."""
    _held.clear()


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language and one policy; without a policy, the words on which all policies agree."""

    language: str
    policy: str = ""

    def word(self, word: str) -> str:
        """A word or text of the policy. One that has no text in the language is a `SourceWord`."""
        if not word or word.isascii() or self.language == settings.LANGUAGE_CODE:
            return word
        return self.known(word) or self._parts(word)

    def known(self, word: str) -> str:
        """Empty where nothing is known of it."""
        if self.language == settings.LANGUAGE_CODE:
            return word
        words = policy_words(language=self.language, policy=self.policy)
        return words.by_policy.get(self.policy, {}).get(word) or words.common.get(word, "")

    def _parts(self, word: str) -> str:
        """Several words of the policy in one row, where each of them is known."""
        parts = [self.known(part) for part in word.split(_BETWEEN)]
        between = _BETWEEN if self.language.startswith(_CHINESE) else ", "
        return between.join(parts) if len(parts) > 1 and all(parts) else SourceWord(word)


def _read(language: str) -> Words:
    rows = PolicyText.objects.filter(language=language).select_related("policy_version").order_by("id")
    found = {row.policy_version_id: filled_words(row.words, said_in(row.policy_version.canonical)) for row in rows}
    common: dict[str, str] = {}
    disputed: set[str] = set()
    for words in found.values():
        for word, text in words.items():
            if common.setdefault(word, text) != text:
                disputed.add(word)
    agreed = {word: text for word, text in common.items() if word not in disputed}
    return Words(found, agreed, frozenset(PolicyVersion.objects.values_list("hash", flat=True)))
