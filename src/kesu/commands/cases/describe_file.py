"""Somebody says of a file where it comes from, where its original is kept and what it shows."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.files import file_for
from kesu.access.permissions import Permission
from kesu.casefile import about_files, tokens, writing
from kesu.casefile.casefile import CaseFile
from kesu.core.errors import Unacceptable
from kesu.policy.events import FILE_DESCRIBED
from kesu.policy.model.writing import Writing


@transaction.atomic
def describe_file(
    *,
    actor: Actor,
    at: datetime,
    case_id: UUID,
    file_id: UUID,
    source: str | None,
    kept: str | None,
    note: str | None,
    token: str = "",
) -> None:
    """None: he says nothing of it; empty: he takes back what was said. It stays in the log; the last words count.
    Raises what `file_for` raises, `Unacceptable` where nothing is said, or too much, `NotNow` where the policy lets
    nothing be written any more."""
    row = file_for(actor, case_id, file_id, Permission.CASE_NOTE, lock=True)
    said = {about_files.SOURCE: source, about_files.KEPT: kept, about_files.NOTE: note}
    words = about_files.clean({name: text for name, text in said.items() if text is not None}, takes_back=True)
    if not words:
        raise Unacceptable("text_missing", data={"fields": {about_files.NOTE: "text_missing"}, "refusals": ()})
    if not tokens.is_again(token, row.case, f"{FILE_DESCRIBED}/{file_id}/{sorted(words.items())}", at):
        writing.ask(row.case, Writing.FILE, at)
        about_files.state(CaseFile.open(row.case), row, FILE_DESCRIBED, words, actor.key, at, at)
