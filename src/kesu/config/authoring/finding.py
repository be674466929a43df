"""Which pack a word on the command line means: one of the library, a folder, or an adopted text by its digest."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kesu.config.trouble import Trouble

if TYPE_CHECKING:
    from kesu.casefile.library import Library
    from kesu.policy.model.pack import Pack

_DIGEST: Final = re.compile(r"[0-9a-f]{8,64}")


def library() -> Library:
    from kesu.casefile.library import read_library

    return read_library()


def chosen(library: Library, words: Sequence[str]) -> list[str]:
    """The codes that are meant; all of them where none is named."""
    from kesu.casefile.library import PackUnknown

    try:
        return [library.code_of(word) for word in words] or list(library.codes)
    except PackUnknown as unknown:
        known = "、".join(unknown.known)
        raise Trouble(f"制度库里没有 {unknown.code}", advice=f"请从这些里选：{known}") from unknown


def loaded(word: str) -> Pack:
    """A pack of the library."""
    found = library()
    code = chosen(found, [word])[0]
    return _compiled(code, lambda: found.load(code))


def pack_meant(word: str, arguments: argparse.Namespace) -> Pack:
    """`word`: a folder with a `pack.yaml`, a code of the library, or eight and more digits of a digest that was
    adopted. A folder may extend packs of the library."""
    folder = Path(word)
    if (folder / "pack.yaml").is_file():
        return _compiled(word, lambda: _of_folder(folder))
    found = library()
    if word.lower() not in found.codes and _DIGEST.fullmatch(word.lower()):
        return _adopted(word.lower(), arguments)
    return loaded(word)


def _of_folder(folder: Path) -> Pack:
    from kesu.casefile.library import read_folder
    from kesu.policy.loader import load_pack

    code = folder.resolve().name
    return load_pack({**library().texts, code: read_folder(folder)}, code)


def _adopted(digest: str, arguments: argparse.Namespace) -> Pack:
    from kesu.config import installation

    installation.attach(arguments)
    from kesu.core.errors import NotFound
    from kesu.queries.policies.adopted import adopted_pack

    try:
        return adopted_pack(digest=digest)
    except NotFound as missing:
        raise Trouble(
            f"没有采用过指纹为 {digest} 的制度", advice="指纹在制度页和 kesu policy check 里，至少写前八位"
        ) from missing


def _compiled(word: str, load: Callable[[], Pack]) -> Pack:
    from kesu.policy.errors import PackInvalid

    try:
        return load()
    except PackInvalid as invalid:
        raise Trouble(f"{word} 还不能用", why=str(invalid), advice="按上面的提示修改") from invalid
