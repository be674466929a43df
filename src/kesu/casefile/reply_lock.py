"""What is to be approved first reaches the customer by no other way: messages wait for it, or say that they tell
nothing of it, and never in its own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from kesu.casefile.casefile import CaseFile
from kesu.casefile.log import read_bodies
from kesu.casefile.statement import Given
from kesu.core.errors import NotNow
from kesu.core.searching import fold
from kesu.policy.model.facts import DataClass
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Guard
from kesu.policy.standing.results import Missing, MissingKind, Refusal
from kesu.policy.standing.said import approvals_of, held_back, locks
from kesu.store.models import Case

RUN: Final = 12
"""So many signs in a row, without those that are no letter and no figure, are the words of a plan and no chance."""
_LEAST: Final = 6
"""A plan that is shorter than a run is known by all of its words, if it has so many signs."""


def ask(case: Case, text: str, now: datetime, *, is_interim: bool) -> bool:
    """Whether the reply is locked, and the words may go as interim ones. Raises `NotNow` with the guards that lock the
    reply: ``reply_locked`` for words of which nobody said that they are interim, ``reply_told_early`` for words of what
    waits for approval."""
    file = CaseFile.open(case)
    held = locks(file.standing(now))
    if not held:
        return False
    if not is_interim:
        raise _not_now("reply_locked", file.kind, held)
    codes = held_back(file.kind, held)
    if repeats(text, _stated(case, codes)):
        raise _not_now("reply_told_early", file.kind, held)
    return True


def ask_of_letters(file: CaseFile, step: str, given: Given, now: datetime) -> None:
    """The same of a letter that a step writes and that goes out while the reply is locked, because it tells of progress
    only. Raises `NotNow` (``reply_told_early``). One walk, for a step that writes such a letter."""
    rule = file.kind.steps.get(step)
    documents = [file.kind.documents[form] for form in rule.forms] if rule is not None else []
    letters = [one for one in documents if one.letter is not None and one.letter.interim]
    if not letters or not isinstance(file.head, Case):
        return
    held = locks(file.standing(now))
    kept = list(_stated(file.head, held_back(file.kind, held))) if held else []
    told = (text for letter in letters for code in letter.fields for text in given.get(code, ()))
    if any(repeats(text, kept) for text in told):
        raise _not_now("reply_told_early", file.kind, held)


def repeats(text: str, kept: Iterable[str]) -> bool:
    """Whether the text has words of one of the others in it."""
    said = _bare(text)
    return any(run in said for one in kept for run in _runs(_bare(one)))


def _stated(case: Case, codes: frozenset[str]) -> Iterator[str]:
    """Every version of these texts, also those that a later one replaced."""
    for texts in read_bodies(case, [data.value for data in DataClass]).values():
        yield from (str(text) for code, text in texts.items() if code in codes)


def _bare(text: str) -> str:
    return "".join(sign for sign in fold(text) if sign.isalnum())


def _runs(bare: str) -> Iterator[str]:
    if _LEAST <= len(bare) < RUN:
        yield bare
    yield from (bare[start : start + RUN] for start in range(len(bare) - RUN + 1))


def _not_now(reason: str, kind: Kind, held: Iterable[Guard]) -> NotNow:
    refusals = tuple(
        Refusal(
            guard.code,
            guard.says,
            guard.clauses,
            tuple(Missing(MissingKind.APPROVAL, code, kind.approvals[code].name) for code in approvals_of(guard)),
        )
        for guard in held
    )
    clauses = tuple(dict.fromkeys(clause for guard in held for clause in guard.clauses))
    return NotNow(reason, clauses=clauses, data={"refusals": refusals})
