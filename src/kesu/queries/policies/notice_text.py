"""The words that a policy gives to a notice."""

from __future__ import annotations

from kesu.casefile.books import kind_of


def notice_text(*, policy_hash: str, kind: str, notice: str) -> str:
    """With placeholders as the pack wrote them; empty for a code that is no notice of this kind."""
    found = kind_of(policy_hash, kind).notices.get(notice)
    return (found.text or found.name) if found else ""
