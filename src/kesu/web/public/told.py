"""Reasons of a refusal as the public reads them: sentences, no clause numbers."""

from __future__ import annotations

from collections.abc import Collection

from kesu.core.errors import Refused, Unacceptable
from kesu.policy.standing.results import Refusal
from kesu.web import sentences


def headline(refused: Refused) -> str:
    """What happened, above the form: first of all that something is not filled in."""
    return sentences.reason(Unacceptable("step_incomplete") if _lacks_answers(_refusals(refused)) else refused)


def refusal_lines(refused: Refused, at_fields: Collection[str] = ()) -> tuple[str, ...]:
    """What is said at a field already (`at_fields`: fact codes) is not said again above the form. Who has not answered
    yet is not told off for an answer that he did not give."""
    lines: list[str] = []
    refusals = _refusals(refused)
    telling = telling_off(refusals)
    for one in refusals:
        if one.says and one in telling:
            lines.append(sentences.refusal(one.code, one.says))
        lacking = [m for m in one.missing if m.code not in at_fields]
        lines.extend(sentences.missing(m.kind, m.name) for m in lacking)
        if not one.says and not one.missing:
            lines.append(sentences.refusal(one.code, one.says))
    return tuple(dict.fromkeys(lines))


def telling_off(refusals: Collection[Refusal]) -> tuple[Refusal, ...]:
    """Those that are more than an answer not given yet."""
    unanswered = {m.code for one in refusals if one.code == "value" for m in one.missing}
    return tuple(one for one in refusals if not one.missing or any(m.code not in unanswered for m in one.missing))


def _refusals(refused: Refused) -> tuple[Refusal, ...]:
    return tuple(refused.data.get("refusals", ()))


def _lacks_answers(refusals: Collection[Refusal]) -> bool:
    return any(one.code == "value" and one.missing for one in refusals)
