"""The words of policies in another language: of the adopted ones read once a process, of the library's as shipped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from kesu.casefile.library import offered
from kesu.policy.language.wording import filled_words, said_in
from kesu.store.models import PolicyText, PolicyVersion


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


def offered_words(*, language: str, pack_code: str) -> Mapping[str, str]:
    """Those of a pack of the library, adopted or not: what its own texts say. Nothing for a pack that is not there."""
    pack = offered().get(pack_code)
    texts = pack.texts if pack else {}
    found = next((words for spoken, words in texts.items() if spoken.lower() == language.lower()), {})
    return filled_words(found, said_in(pack.canonical)) if pack else found


@lru_cache(maxsize=8)
def slot_words(*, language: str) -> Mapping[str, str]:
    """Names of the slots of the library's policies, adopted or not: each as the first that has a text for it says."""
    found: dict[str, str] = {}
    for code, pack in offered().items():
        words = offered_words(language=language, pack_code=code)
        for role in (role for kind in pack.kinds.values() for role in kind.roles.values()):
            if role.name in words:
                found.setdefault(role.name, words[role.name])
    return found


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
