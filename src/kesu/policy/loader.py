"""Loading packs: texts in, a compiled `Pack` out, or every mistake at once. Pure: the caller reads the files."""

from __future__ import annotations

from collections.abc import Mapping

from kesu.policy.errors import PackInvalid, Problem
from kesu.policy.language.canonical import canonical_text, digest_of, read_canonical_tree
from kesu.policy.language.compiler import compile_pack
from kesu.policy.language.compose import resolve_pack
from kesu.policy.model.pack import Pack

__all__ = ["PackInvalid", "Problem", "load_pack", "read_canonical"]


def load_pack(files: Mapping[str, Mapping[str, str]], code: str, settings: Mapping[str, str] | None = None) -> Pack:
    """Compile the pack `code`. `files` holds, for every pack that may be extended, its texts by relative path;
    `settings` the company's own values of parameters. Raises `PackInvalid` with all mistakes of all files."""
    problems: list[Problem] = []
    tree = resolve_pack(files, code, settings or {}, problems)
    if tree is None:
        raise PackInvalid(problems)
    text = canonical_text(tree)
    pack = compile_pack(tree, problems, canonical=text, digest=digest_of(text))
    if problems:
        raise PackInvalid(problems)
    return pack


def read_canonical(text: str) -> Pack:
    """Compile the resolved text of an adopted pack (what `Pack.canonical` holds). Raises `PackInvalid`."""
    problems: list[Problem] = []
    tree = read_canonical_tree(text, problems)
    if tree is None:
        raise PackInvalid(problems)
    pack = compile_pack(tree, problems, canonical=text, digest=digest_of(text))
    if problems:
        raise PackInvalid(problems)
    return pack
