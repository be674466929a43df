"""How the body of a statement names files: by identifier and by the hash of their bytes, so that the chain and the
signature of a night prove both. What was written before names the identifier alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kesu.core.signatures import Signed, SignedBy
from kesu.policy.model.facts import Fact, FactType


@dataclass(frozen=True, slots=True)
class FileRef:
    """`sha256` of the plain bytes in hexadecimal; empty where the log is older than the hash in it. `signed`: how
    somebody signed and what he had read, where the file is a signature."""

    id: UUID
    sha256: str = ""
    signed: Signed | None = None

    def to_body(self) -> dict[str, str]:
        told = {"signed": self.signed.by.value, "read": self.signed.read} if self.signed else {}
        return {"id": self.id.hex, "sha256": self.sha256, **told}


def read_files(stored: Any) -> tuple[FileRef, ...]:
    """The files that a fact of a body names, in the order in which they were given."""
    return tuple(_read(one) for one in stored) if isinstance(stored, list) else ()


def _read(stored: Any) -> FileRef:
    if isinstance(stored, dict):
        signed = Signed(SignedBy(stored["signed"]), str(stored["read"])) if "signed" in stored else None
        return FileRef(UUID(stored["id"]), str(stored["sha256"]), signed)
    return FileRef(UUID(stored))


def files_in(facts: Mapping[str, Fact], texts: Mapping[str, Any]) -> Iterator[tuple[str, FileRef]]:
    """Every file that the texts of one event name, with the fact that it answers."""
    for code, stored in texts.items():
        if code in facts and facts[code].type is FactType.FILE:
            yield from ((code, one) for one in read_files(stored))
