"""The file store's part of a backup. Its files never change once written: a later backup links to an earlier one's."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kesu.config.progress import Step

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """One file: its place in the store, the size and sha256 of its bytes as they lie there (encrypted)."""

    place: str
    size: int
    sha256: str


def keep(
    places: Sequence[str], store: Path, target: Path, earlier: Path | None, known: Mapping[str, Kept], step: Step
) -> tuple[list[Kept], list[str]]:
    """Links what the backup in `earlier` has and `known` describes, copies the rest. Returns what is kept and the
    places at which the store has nothing."""
    kept: list[Kept] = []
    missing: list[str] = []
    for number, place in enumerate(places, start=1):
        step.note(f"{number}/{len(places)}")
        _folder(target / place)
        before = known.get(place)
        if before is not None and earlier is not None and _linked(earlier / place, target / place, before.size):
            kept.append(before)
            continue
        try:
            size, digest = copy(store / place, target / place)
        except FileNotFoundError:
            missing.append(place)
            continue
        kept.append(Kept(place, size, digest))
    return kept, missing


def copy(source: Path, target: Path) -> tuple[int, str]:
    """A new file at `target`, whole or not at all, readable by its owner only. Returns size and sha256."""
    total, size = hashlib.sha256(), 0
    part = target.with_name(target.name + ".part")
    with source.open("rb") as reading:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as writing:
            while chunk := reading.read(_CHUNK):
                total.update(chunk)
                size += writing.write(chunk)
            writing.flush()
            os.fsync(writing.fileno())
    part.replace(target)
    return size, total.hexdigest()


def restore(files: Sequence[Kept], source: Path, store: Path, step: Step) -> None:
    """Copies into the store what it does not have yet: may be begun again after it was cut short."""
    for number, one in enumerate(files, start=1):
        step.note(f"{number}/{len(files)}")
        target = store / one.place
        if target.exists() and target.stat().st_size == one.size:
            continue
        _folder(target)
        copy(source / one.place, target)


def damaged(files: Iterable[Kept], folder: Path, step: Step) -> list[str]:
    """The places whose bytes are not those that were kept. Reads every file."""
    found = []
    for number, one in enumerate(files, start=1):
        step.note(str(number))
        try:
            if digest(folder / one.place) != one.sha256:
                found.append(one.place)
        except OSError:
            found.append(one.place)
    return found


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def size_of_new(places: Iterable[str], store: Path, known: Mapping[str, Kept]) -> int:
    """Bytes that a backup would have to copy."""
    total = 0
    for place in places:
        if place not in known:
            try:
                total += (store / place).stat().st_size
            except OSError:
                continue
    return total


def _linked(source: Path, target: Path, size: int) -> bool:
    """False where the file system has no links, the link count is used up, or the earlier file is not whole."""
    try:
        if source.stat().st_size != size:
            return False
        os.link(source, target)
    except OSError:
        return False
    return True


def _folder(file: Path) -> None:
    """Folders for a file, each for its owner only: `parents=True` alone would give the upper ones the usual rights."""
    missing = []
    folder = file.parent
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
