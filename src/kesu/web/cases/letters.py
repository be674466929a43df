"""The letters that a step writes, beside its form, and reminders of how the policy wants them worded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kesu.access.actor import Actor
from kesu.access.sight.wording import WordingLine
from kesu.queries.cases.letter_drafts import letter_drafts
from kesu.queries.cases.step_form import StepForm
from kesu.web import marks
from kesu.web.cases.drawing import refs
from kesu.web.forms import Given
from kesu.web.joining import listed
from kesu.web.paper.sheet import LetterSheet, letter_sheet
from kesu.web.words import spoken


@dataclass(frozen=True, slots=True)
class ReminderPart:
    """A rule on wording that a text does not keep."""

    says: str
    lacking: str
    found: str
    clauses: tuple[marks.ClauseRef, ...]


def reminder_parts(policy: str, lines: Iterable[WordingLine]) -> tuple[ReminderPart, ...]:
    return tuple(
        ReminderPart(one.says, listed(one.lacking), listed(one.found), refs(policy, one.clauses)) for one in lines
    )


def letter_parts(
    actor: Actor, at: datetime, form: StepForm, given: Given
) -> tuple[tuple[str, LetterSheet, tuple[ReminderPart, ...]], ...]:
    """Name, letter and reminders of each. Nothing is asked for a step that writes none."""
    if not form.writes_letters:
        return ()
    found = spoken(letter_drafts(actor=actor, at=at, case_id=form.case_id, step=form.step, given=given))
    return tuple(
        (one.name, letter_sheet(one.letter, ()), reminder_parts(found.policy_hash, one.wording)) for one in found.drafts
    )
