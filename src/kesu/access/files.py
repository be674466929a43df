"""Files of ordinary cases: who may see one, and the way to its row."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.cases import case_for
from kesu.access.permissions import Permission
from kesu.casefile.books import kind_of
from kesu.core.errors import Forbidden, NotFound
from kesu.policy.model.facts import DataClass
from kesu.policy.model.pack import Kind
from kesu.store.fixed import Fixed
from kesu.store.models import Case, StoredFile


def is_personal(kind: Kind, fact: str) -> bool:
    """Whether a file that answers this fact is for those alone who may see personal data."""
    known = kind.facts.get(fact)
    return known is not None and known.data is not DataClass.INTERNAL


def file_for(
    actor: Actor, case_id: UUID, file_id: UUID, needs: Permission = Permission.CASE_READ, *, lock: bool = False
) -> StoredFile:
    """The row with its case. Raises `NotFound` outside the scope and for a file of another case, `Forbidden` without
    the right, and for a file of personal data without the right to them. `lock`: takes the case's row."""
    case = case_for(actor, case_id, needs, lock=lock)
    row = StoredFile.objects.filter(pk=file_id, case=case).first()
    if row is None:
        raise NotFound
    row.case = case
    kind = kind_of(case.policy_version_id, case.kind)
    if is_personal(kind, row.fact) and not actor.may_at(Permission.PERSONAL_READ, case.unit.path):
        raise Forbidden("permission_missing", data={"permission": Permission.PERSONAL_READ.value})
    return row


class FileNames:
    """Names of the files of a case that the reader may see. One query, when the first is asked for."""

    def __init__(self, case: Case, kind: Kind, *, sees_personal: bool) -> None:
        self._case, self._kind, self._sees_personal = case, kind, sees_personal
        self._known: dict[str, str] | None = None

    def name(self, file_id: str) -> str:
        """`file_id` in hexadecimal. Empty for a file that he may not see."""
        if self._known is None:
            rows = _NAMES(self._case.pk)
            seen = (row for row in rows if self._sees_personal or not is_personal(self._kind, row[2]))
            self._known = {pk.hex: name for pk, name, _ in seen}
        return self._known.get(file_id, "")


_NAMES: Final = Fixed(lambda case: StoredFile.objects.filter(case_id=case).values_list("pk", "name", "fact"))
