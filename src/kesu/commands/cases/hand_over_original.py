"""The original of a file changes hands: one link of its chain of custody."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.files import file_for
from kesu.access.permissions import Permission
from kesu.casefile import about_files, tokens
from kesu.casefile.casefile import CaseFile
from kesu.core.errors import Unacceptable
from kesu.policy.events import FILE_HANDED


@transaction.atomic
def hand_over_original(
    *,
    actor: Actor,
    at: datetime,
    case_id: UUID,
    file_id: UUID,
    given_by: str,
    given_to: str,
    place: str,
    happened_at: datetime | None = None,
    token: str = "",
) -> None:
    """Raises what `file_for` raises, `Unacceptable` where it is not said who gave it to whom and where, or where it is
    said to have happened before the file came or after now."""
    row = file_for(actor, case_id, file_id, Permission.CASE_NOTE, lock=True)
    given = {about_files.GIVEN_BY: given_by, about_files.GIVEN_TO: given_to, about_files.PLACE: place}
    words = about_files.clean(given)
    wrong = {name: "text_missing" for name in given if name not in words}
    if happened_at is not None and not row.case.received_at <= happened_at <= at:
        wrong["happened_at"] = "handed_when"
    if wrong:
        raise Unacceptable("handing_incomplete", data={"fields": wrong, "refusals": ()})
    said = f"{FILE_HANDED}/{file_id}/{happened_at}/{sorted(words.items())}"
    if not tokens.is_again(token, row.case, said, at):
        about_files.state(CaseFile.open(row.case), row, FILE_HANDED, words, actor.key, happened_at or at, at)
