"""A message before it is worded: codes and typed values, no sentence yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from kesu.core.policy_words import Sentence

UNREADABLE: Final = "unreadable"
"""The template of a message that cannot be put together any more: so that a page can say so."""


@dataclass(frozen=True, slots=True)
class Letter:
    """`key` is the same at every attempt, so that a receiving system can drop a second copy. `policy_words`: what the
    policy says in a notice, with its placeholders; `own_words`: a text to somebody outside that is whole already,
    `sentence` the same in parts, in the language of whoever gets it (None: he gets it as it is).
    `secret`: of the link of somebody outside, empty where it is not known."""

    key: str
    template: str
    recipient: str
    language: str
    case_id: str = ""
    number: str = ""
    title: str = ""
    subject: str = ""
    due_at: datetime | None = None
    clauses: tuple[str, ...] = ()
    policy_words: str = ""
    own_words: str = ""
    sentence: Sentence | None = None
    secret: str = ""
    is_urgent: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)
