"""The words of policies in another language: of the adopted ones read once a process, of the library's as shipped."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from kesu.casefile.library import offered
from kesu.casefile.tongues import Words as Words
from kesu.casefile.tongues import policy_words as policy_words
from kesu.policy.language.wording import filled_words, said_in


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
