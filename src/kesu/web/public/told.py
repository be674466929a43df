"""Reasons of a refusal as the public reads them: sentences, no clause numbers."""

from __future__ import annotations

from collections.abc import Collection

from kesu.core.errors import Refused
from kesu.policy.standing.results import Refusal
from kesu.web import sentences


def refusal_lines(refused: Refused, at_fields: Collection[str] = ()) -> tuple[str, ...]:
    """What is said at a field already (`at_fields`: fact codes) is not said again above the form."""
    lines: list[str] = []
    refusals: tuple[Refusal, ...] = tuple(refused.data.get("refusals", ()))
    for one in refusals:
        if one.says:
            lines.append(one.says)
        lacking = [m for m in one.missing if m.code not in at_fields]
        lines.extend(sentences.missing(m.kind, m.name) for m in lacking)
        if not one.says and not one.missing:
            lines.append(sentences.refusal(one.code, one.says))
    return tuple(dict.fromkeys(lines))
