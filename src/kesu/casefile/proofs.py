"""Which scenario proves which rule of the library's packs: seconds of work, kept on disk for the pages that show it.

What is kept answers only to the very rules and scenarios, and the very program, that were played (ADR 0040).
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from kesu.casefile.compiled import key_of
from kesu.casefile.library import Library
from kesu.policy.calendar import sample_calendar
from kesu.policy.scenarios.proving import Proofs, prove


def kept_proofs(library: Library, folder: Path) -> dict[str, Proofs]:
    """Pack → its proofs; without those whose scenarios have not been played as they stand now."""
    key = key_of(library.texts)
    found = {code: _read(_path(library, code, folder, key)) for code in library.codes}
    return {code: proofs for code, proofs in found.items() if proofs is not None}


def prove_and_keep(library: Library, code: str, folder: Path) -> Proofs:
    """Plays them with the sample calendar; seconds for a large pack. Raises `PackInvalid`."""
    found = prove(library.load(code), library.scenarios(code), sample_calendar())
    path = _path(library, code, folder, key_of(library.texts))
    fresh = path.with_suffix(f".{os.getpid()}")
    with suppress(OSError):  # it only costs the time again
        path.parent.mkdir(mode=0o700, exist_ok=True)
        for old in folder.glob(f"proofs-{code}-*"):
            old.unlink(missing_ok=True)
        fresh.write_text(json.dumps(found, ensure_ascii=False), "utf-8")
        fresh.replace(path)
    return found


def _read(path: Path) -> Proofs | None:
    try:
        kept = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return {str(address): str(title) for address, title in kept.items()} if isinstance(kept, dict) else None


def _path(library: Library, code: str, folder: Path, key: str) -> Path:
    played = sha256(f"{key}{json.dumps(library.scenarios(code))}".encode())
    return folder / f"proofs-{code}-{played.hexdigest()}.json"
