"""What people say about a file that is there already: whose it is, where its original is kept, who was given it, what
to look at. Each is an event of the case, so that chain and nightly signature cover it; the file itself never changes.

The words stand in a body that is read by whoever may see the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from kesu.casefile.casefile import CaseFile
from kesu.core.errors import Unacceptable
from kesu.policy.events import FILE, Event
from kesu.policy.model.facts import DataClass
from kesu.policy.standing import next_seq
from kesu.store.models import StoredFile

SOURCE, KEPT, NOTE = "file.source", "file.kept", "file.note"
"""Where a file comes from, where its original is, what it shows."""
GIVEN_BY, GIVEN_TO, PLACE = "file.given_by", "file.given_to", "file.place"
"""Who handed the original to whom, and where."""
MARKS = "file.marks"
"""Marks over a picture, as JSON."""

MAX_WORDS: Final = {SOURCE: 200, KEPT: 200, NOTE: 2_000, GIVEN_BY: 80, GIVEN_TO: 80, PLACE: 200}
"""Signs of each."""


def clean(words: Mapping[str, str], *, takes_back: bool = False) -> dict[str, str]:
    """The words without blanks around them; those that say nothing are left out, unless that `takes_back` what was said
    before. Raises `Unacceptable` for what is too long or no text, each under its name."""
    said = {name: text.strip() for name, text in words.items() if takes_back or text.strip()}
    wrong = {name: "text_unreadable" for name, text in said.items() if "\x00" in text or len(text) > MAX_WORDS[name]}
    if wrong:
        raise Unacceptable("text_unreadable", data={"fields": wrong, "refusals": ()})
    return said


def state(
    file: CaseFile, row: StoredFile, kind: str, texts: Mapping[str, str], by: str, at: datetime, now: datetime
) -> None:
    """Adds the event. `by`: who says it; `at`: when it happened; `now`: when it is recorded."""
    fact = file.kind.facts.get(row.fact)
    is_internal = fact is None or fact.data is DataClass.INTERNAL
    data = DataClass.INTERNAL if is_internal else DataClass.RESTRICTED
    said = Event(next_seq(file.log), kind, at, now, by=by, facts={FILE: row.pk.hex})
    file.hear(said, now, {data.value: dict(texts)})
