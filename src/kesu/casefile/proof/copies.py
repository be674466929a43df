"""Copies of the signed nights in a folder of the company's choice: out of reach of whoever owns the database.

A night is three files: its document with the signature, and the lists of the heads that changed, of cases and of
matters. Written whole or not at all, never overwritten; the document comes last, so that where it is, its lists are.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from kesu.casefile.proof.findings import Finding, Found
from kesu.casefile.proof.night import CHANGED, changed_leaves, list_lines, parts_of
from kesu.casefile.streams import MATTERS, ORDINARY
from kesu.store.models import SignedNight

LISTS: Final = {"list": ("ordinary", ORDINARY), "matters": ("matters", MATTERS)}
"""The lists of a night by the ending of their files: the part of the document that names one, and whose heads."""


def name_of(night: SignedNight) -> str:
    """Without ending: `.json` the document, `.list` and `.matters` the heads."""
    return f"{night.number:07d}-{night.night.isoformat()}"


def document_text(night: SignedNight) -> str:
    return json.dumps({"document": night.document, "key": night.key_id, "signature": night.signature}, indent=1) + "\n"


def write_copy(folder: Path, night: SignedNight) -> None:
    """Does nothing where the same copy is there. Raises `FileExistsError` where another one is (a foreign
    installation's, or one of the two was changed), and any other `OSError` of the place."""
    base = name_of(night)
    for ending, lines in lists_of(night).items():
        _write(folder / f"{base}.{ending}", lines)
    _write(folder / f"{base}.json", [document_text(night)])


def lists_of(night: SignedNight) -> dict[str, Iterator[str]]:
    """The lines of the lists that the night names, by the ending of their files. Nights of older versions name no
    matters."""
    parts = parts_of(night)
    return {
        ending: list_lines(CHANGED, night.number, night.night, changed_leaves(stream, night.number))
        for ending, (part, stream) in LISTS.items()
        if part in parts
    }


def _write(path: Path, lines: Iterable[str]) -> None:
    # A name of its own: two that write at once must not write into one file.
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with fresh.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            if _digest(path) != _digest(fresh):
                raise FileExistsError(17, "another copy of this night is there", path.name)
            return
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_copies(folder: Path) -> Iterator[Finding]:
    """The copies against the nights of the database: a night that only the folder knows was cut off the database."""
    try:
        there = {path.stem for path in folder.glob("*.json")}
    except OSError:
        yield Finding(Found.FOLDER_UNREADABLE)
        return
    if not folder.is_dir():
        yield Finding(Found.FOLDER_UNREADABLE)
        return
    for night in SignedNight.objects.order_by("number").iterator(200):
        base = name_of(night)
        day = str(night.night)
        if base not in there:
            yield Finding(Found.COPY_MISSING, night=day)
        elif not _is_same(folder, base, night):
            yield Finding(Found.COPY_DIFFERS, night=day)
        there.discard(base)
    for base in sorted(there):
        yield Finding(Found.NIGHTS_CUT, night=base)


def _is_same(folder: Path, base: str, night: SignedNight) -> bool:
    try:
        if (folder / f"{base}.json").read_text(encoding="utf-8") != document_text(night):
            return False
        parts = parts_of(night)
        named = {ending: parts[part] for ending, (part, _) in LISTS.items() if part in parts}
        return all(_digest(folder / f"{base}.{ending}") == digests[CHANGED] for ending, digests in named.items())
    except (OSError, ValueError, KeyError, TypeError):
        return False
