"""Somebody points at something in a picture: marks over it, which the log keeps beside the file."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.files import file_for
from kesu.access.permissions import Permission
from kesu.casefile import about_files, tokens, writing
from kesu.casefile.casefile import CaseFile
from kesu.casefile.markings import read_shapes
from kesu.core.errors import Unacceptable
from kesu.policy.events import FILE_MARKED
from kesu.policy.model.writing import Writing


@transaction.atomic
def mark_file(*, actor: Actor, at: datetime, case_id: UUID, file_id: UUID, shapes: str, token: str = "") -> None:
    """`shapes`: as `casefile.markings.read_shapes` takes them. The file stays as it came. Raises what `file_for` and
    `read_shapes` raise, `Unacceptable` for a file that is no picture, `NotNow` where the policy lets nothing be written
    any more."""
    row = file_for(actor, case_id, file_id, Permission.CASE_NOTE, lock=True)
    if not row.has_preview:
        raise Unacceptable("marks_no_picture", data={"fields": {"shapes": "marks_no_picture"}, "refusals": ()})
    marks = json.dumps(read_shapes(shapes), ensure_ascii=False, separators=(",", ":"))
    if not tokens.is_again(token, row.case, f"{FILE_MARKED}/{file_id}/{marks}", at):
        writing.ask(row.case, Writing.FILE, at)
        texts = {about_files.MARKS: marks}
        about_files.state(CaseFile.open(row.case), row, FILE_MARKED, texts, actor.key, at, at)
