"""How texts are to be written, as policies on the language of staff say it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """How a text is to be written: every word of `has` stands in it, none of `lacks` does. `messages`: also what is
    written to the customer freely. It reminds and refuses nothing; the engine never sees a text."""

    code: str
    says: str
    clauses: tuple[str, ...]
    facts: tuple[str, ...]
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    messages: bool = False
