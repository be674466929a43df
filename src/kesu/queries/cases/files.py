"""A file of a case, for whoever may see the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.cases import case_for
from kesu.access.permissions import Permission
from kesu.casefile import files
from kesu.casefile.books import kind_of
from kesu.core.errors import Forbidden, NotFound
from kesu.policy.model.facts import DataClass
from kesu.store.models import StoredFile

_PREVIEW_TYPE = "image/jpeg"


@dataclass(frozen=True, slots=True)
class FileContent:
    """`is_preview`: a small JPEG made by the program, safe to show in the page."""

    name: str
    media_type: str
    content: bytes
    digest: str
    is_preview: bool
    added_at: datetime


def case_file(*, actor: Actor, case_id: UUID, file_id: UUID, preview: bool = False) -> FileContent:
    """Raises `NotFound` outside the scope, for a file of another case or one whose bytes are gone, `Forbidden` for a
    file of personal data without the right to it."""
    case = case_for(actor, case_id)
    row = StoredFile.objects.select_related("case").filter(pk=file_id, case=case).first()
    if row is None or (preview and not row.has_preview):
        raise NotFound
    fact = kind_of(case.policy_version_id, case.kind).facts.get(row.fact)
    is_personal = fact is not None and fact.data is not DataClass.INTERNAL
    if is_personal and not actor.may_at(Permission.PERSONAL_READ, case.unit.path):
        raise Forbidden("permission_missing", data={"permission": Permission.PERSONAL_READ.value})
    try:
        content = files.content(row, preview=preview)
    except FileNotFoundError:
        raise NotFound from None
    media = _PREVIEW_TYPE if preview else row.media_type
    return FileContent(row.name, media, content, row.sha256, preview, row.added_at)
