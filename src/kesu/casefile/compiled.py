"""Compiled packs of the library, kept on disk: a process that starts reads resolved texts instead of composing them.

A file answers only to the very sources and the very program that made it; anything else is a miss, never an error.
Kept is the resolved text, which is compiled and checked again on the way in, so that nothing in the folder is ever
executed (ADR 0040).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

import kesu.policy
from kesu.policy.errors import PackInvalid
from kesu.policy.loader import load_pack, read_canonical
from kesu.policy.model.pack import Pack

_MEANING: Final = Path(kesu.policy.__file__).parent


def load_kept(files: Mapping[str, Mapping[str, str]], code: str, folder: Path, program: str = "") -> Pack:
    """The pack `code` of `files`, as `load_pack` gives it; `program` names the one that compiles, by itself this one.
    Raises `PackInvalid`; what is wrong with `folder` is no mistake of a pack and only costs time."""
    path = folder / f"{code}-{key_of(files, program)}.json"
    kept = _read(path)
    if kept is not None:
        return kept
    pack = load_pack(files, code)
    _write(path, pack)
    return pack


def key_of(files: Mapping[str, Mapping[str, str]], program: str = "") -> str:
    """Any change of any pack that may be extended counts: whose parent a pack is stands only in its text."""
    found = sha256((program or _this_program()).encode())
    for pack, texts in sorted(files.items()):
        for path, text in sorted(texts.items()):
            if not path.startswith("scenarios/"):
                found.update(f"{pack}/{path} {len(text)} {text}".encode())
    return found.hexdigest()


@cache
def _this_program() -> str:
    """One digest of everything that has a say in what a pack means."""
    found = sha256()
    for file in sorted(_MEANING.rglob("*.py")):
        found.update(file.relative_to(_MEANING).as_posix().encode())
        found.update(file.read_bytes())
    return found.hexdigest()


def _read(path: Path) -> Pack | None:
    try:
        kept = json.loads(path.read_text("utf-8"))
        pack = read_canonical(kept["canonical"])
        return replace(pack, texts=kept["texts"]) if pack.hash == kept["hash"] else None
    except (OSError, ValueError, KeyError, TypeError, PackInvalid):
        return None


def _write(path: Path, pack: Pack) -> None:
    """Whole or not at all; what earlier sources or an earlier program left goes."""
    kept = {"hash": pack.hash, "canonical": pack.canonical, "texts": pack.texts}
    fresh = path.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, exist_ok=True)
        fresh.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
        for old in path.parent.glob(f"{pack.code}-*"):
            if old != fresh:
                old.unlink(missing_ok=True)
        fresh.replace(path)
