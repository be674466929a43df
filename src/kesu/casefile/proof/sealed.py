"""Are the files that sealed logs name there, and the ones that were sent? Those of ordinary cases lie on the disk,
where a backup counts them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from uuid import UUID

from cryptography.exceptions import InvalidTag

from kesu.casefile.books import kind_of
from kesu.casefile.log import read_bodies
from kesu.casefile.proof.findings import Finding, Found
from kesu.casefile.proof.streaming import CHUNK
from kesu.casefile.sealed_files import content
from kesu.casefile.statement import data_class_of
from kesu.policy.model.facts import FactType
from kesu.store.models import PolicyVersion, SealedCase, SealedFile


def check_sealed_files() -> Iterator[Finding]:
    """One file in memory at a time. Where the texts of a case cannot be read, the check of its log has said so."""
    for case in SealedCase.objects.exclude(data_key=b"").order_by("pk").iterator(CHUNK):
        try:
            named = _named(case)
        except (InvalidTag, KeyError, ValueError, PolicyVersion.DoesNotExist):
            continue
        for seq, file_id in named:
            found = _wrong(case, file_id)
            if found is not None:
                yield Finding(found, str(case.pk), seq)


def _named(case: SealedCase) -> list[tuple[int, UUID]]:
    """Every file that the log names, with the event that it came with."""
    facts = [fact for fact in kind_of(case.policy_version_id, case.kind).facts.values() if fact.type is FactType.FILE]
    bodies = read_bodies(case, {data_class_of(fact).value for fact in facts})
    return [(seq, UUID(one)) for seq, texts in bodies.items() for fact in facts for one in texts.get(fact.code, ())]


def _wrong(case: SealedCase, file_id: UUID) -> Found | None:
    file = SealedFile.objects.filter(pk=file_id, case=case).first()
    if file is None:
        return Found.FILE_MISSING
    file.case = case
    try:
        details, plain = content(file)
    except (InvalidTag, ValueError):
        return Found.FILE_CHANGED
    return None if hashlib.sha256(plain).hexdigest() == details.sha256 else Found.FILE_CHANGED
