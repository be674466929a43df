"""The policy library on disk: documents to adopt. Read at run time only to offer, check and adopt them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml
from django.conf import settings

from kesu.casefile.compiled import load_kept
from kesu.policy.loader import load_pack
from kesu.policy.model.pack import Pack

_CHECKOUT: Final = Path(__file__).resolve().parents[3] / "packs"
_INSTALLED: Final = Path(__file__).resolve().parents[1] / "_packs"
_SCENARIOS: Final = "scenarios/"
_DRIVEN: Final = "driven.yaml"


class PackUnknown(LookupError):
    """No pack of that code lies in the library. `known` are the codes that do."""

    def __init__(self, code: str, known: tuple[str, ...]) -> None:
        super().__init__(code)
        self.code = code
        self.known = known


@dataclass(frozen=True, slots=True)
class Library:
    """The texts of all packs: pack code → path inside the pack → text."""

    texts: Mapping[str, Mapping[str, str]]
    driven: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Pack → kind → the test that drives a case of it over HTTP from its opening to its end, the policy adopted."""

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(sorted(self.texts))

    def code_of(self, word: str) -> str:
        """The pack's code for what a person typed, whatever its case. Raises `PackUnknown`."""
        code = word.lower()
        if code not in self.texts:
            raise PackUnknown(word, self.codes)
        return code

    def load(self, code: str, settings: Mapping[str, str] | None = None) -> Pack:
        """The compiled pack. Raises `kesu.policy.errors.PackInvalid` with all its mistakes."""
        return load_pack(self.texts, code, settings)

    def scenarios(self, code: str) -> dict[str, str]:
        """The pack's scenario texts, by the path that messages show (``packs/<code>/scenarios/<file>``)."""
        files = self.texts[code]
        return {f"packs/{code}/{path}": text for path, text in files.items() if path.startswith(_SCENARIOS)}


def library_folder() -> Path:
    """The packs shipped inside an installed program, or else those of the checkout."""
    return _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


def read_library(folder: Path | None = None) -> Library:
    """Read `folder`, or else the library that this program has."""
    root = folder or library_folder()
    packs = sorted(path.parent for path in root.glob("*/pack.yaml"))
    return Library({pack.name: read_folder(pack) for pack in packs}, _driven(root / _DRIVEN))


def _driven(file: Path) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for one in yaml.safe_load(file.read_text("utf-8")) if file.is_file() else ():
        for pack, kinds in one.get("drives", {}).items():
            found.setdefault(pack, {}).update(dict.fromkeys(kinds, one["test"]))
    return found


@lru_cache(maxsize=1)
def shipped() -> Library:
    """The library as it was when this process first asked for it."""
    return read_library()


@lru_cache(maxsize=1)
def offered() -> Mapping[str, Pack]:
    """The packs that a company may adopt, by code, as shipped: read once a process, compiled once an installation.
    Those that others are built on, and that rule nothing themselves, are not offered."""
    library = shipped()
    packs = (load_kept(library.texts, code, settings.KESU_COMPILED_PACKS) for code in library.codes)
    return {pack.code: pack for pack in packs if pack.clauses}


def read_folder(pack: Path) -> dict[str, str]:
    """The texts of one pack by their path inside its folder."""
    return {file.relative_to(pack).as_posix(): file.read_text("utf-8") for file in sorted(pack.rglob("*.yaml"))}
