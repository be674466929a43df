"""Are the files that sealed logs name there, and the ones that were sent?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag

from kesu.casefile.books import kind_of
from kesu.casefile.log import read_bodies
from kesu.casefile.named_files import FileRef, files_in
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
        for seq, ref in named:
            found = _wrong(case, ref)
            if found is not None:
                yield Finding(found, str(case.pk), seq, file=ref.id.hex)


def _named(case: SealedCase) -> list[tuple[int, FileRef]]:
    """Every file that the log names, with the event that it came with."""
    facts = kind_of(case.policy_version_id, case.kind).facts
    held = {data_class_of(fact).value for fact in facts.values() if fact.type is FactType.FILE}
    bodies = read_bodies(case, held)
    return [(seq, ref) for seq, texts in bodies.items() for _, ref in files_in(facts, texts)]


def _wrong(case: SealedCase, ref: FileRef) -> Found | None:
    file = SealedFile.objects.filter(pk=ref.id, case=case).first()
    if file is None:
        return Found.FILE_MISSING
    file.case = case
    try:
        details, plain = content(file)
    except (InvalidTag, ValueError):
        return Found.FILE_CHANGED
    expected = ref.sha256 or details.sha256
    if details.sha256 != expected:
        return Found.FILE_ROW_CHANGED
    return None if hashlib.sha256(plain).hexdigest() == expected else Found.FILE_CHANGED
