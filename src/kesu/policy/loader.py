"""Loading packs: texts in, a compiled `Pack` out, or every mistake at once. Pure: the caller reads the files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kesu.policy.errors import PackInvalid, Problem
from kesu.policy.language.canonical import canonical_text, digest_of, read_canonical_tree
from kesu.policy.language.compiler import compile_pack
from kesu.policy.language.compose import PACK_FILE, resolve_pack
from kesu.policy.language.nodes import Map
from kesu.policy.language.overlaying import OVERLAY, lay
from kesu.policy.language.source import read_yaml
from kesu.policy.language.texts import Texts, read_texts, words_of
from kesu.policy.model.pack import Pack

__all__ = ["PackInvalid", "Problem", "compose", "load_pack", "pack_words", "read_canonical", "words_in"]


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
    # The texts speak of the pack as it is shipped: a company may have left out a word, or have words of its own.
    shipped = resolve_pack(files, code, {}, problems) if settings else tree
    words = words_of(json.loads(canonical_text(shipped or tree)))
    texts = _texts_of(files, code, words, problems)
    if problems:
        raise PackInvalid(problems)
    return replace(pack, texts=texts)


def compose(below: Pack, overlays: Sequence[Pack]) -> Pack:
    """`below` with every overlay on it, as one text under a hash of its own; `below` itself where none of them rules a
    kind that it has. Both come from `load_pack` or `read_canonical`. Raises `PackInvalid` where two documents rule one
    thing and neither gives way, and where a rule finds what it needs nowhere."""
    problems: list[Problem] = []
    tree = read_canonical_tree(below.canonical, problems)
    layers = [read_canonical_tree(overlay.canonical, problems) for overlay in overlays]
    if tree is None or problems:
        raise PackInvalid(problems)
    laid = lay(tree, [layer.map(OVERLAY) for layer in layers if layer is not None], problems)
    if laid.map("pack").get("overlays") is tree.map("pack").get("overlays"):
        return below
    text = canonical_text(laid)
    pack = compile_pack(laid, problems, canonical=text, digest=digest_of(text))
    if problems:
        raise PackInvalid(problems)
    return replace(pack, texts=_texts_together(below, overlays, pack))


def _texts_together(below: Pack, overlays: Sequence[Pack], pack: Pack) -> Texts:
    """The words of the pack below come first. A clause of an overlay is printed behind the title of its document, and
    so is its translation."""
    found: dict[str, Mapping[str, str]] = {}
    held = set(pack_words(pack).values())
    for language in dict.fromkeys(language for one in (below, *overlays) for language in one.texts):
        words: dict[str, str] = {}
        for overlay in overlays:
            spoken = overlay.texts.get(language, {})
            title = spoken.get(overlay.title)
            printed = {clause.printed for clause in overlay.clauses.values()}
            words |= spoken
            words |= {
                f"{overlay.title} {number}": f"{title} {spoken.get(number, number)}" for number in printed if title
            }
        words |= below.texts.get(language, {})
        found[language] = {word: text for word, text in words.items() if word in held}
    return found


def pack_words(pack: Pack) -> dict[str, str]:
    """Address → Chinese word, of everything in the pack that pages show."""
    return words_in(pack.canonical)


def words_in(canonical: str) -> dict[str, str]:
    """The same of the resolved text of a pack, which need not be compiled for it."""
    return words_of(json.loads(canonical))


def _texts_of(
    files: Mapping[str, Mapping[str, str]], code: str, words: Mapping[str, str], problems: list[Problem]
) -> Texts:
    """A pack's texts over those of the pack that it extends. What is wrong with the parent's rules is told already."""
    ignored: list[Problem] = []
    own = read_yaml(f"packs/{code}/{PACK_FILE}", files[code][PACK_FILE], ignored)
    parent: tuple[Mapping[str, str], Texts] = ({}, {})
    above = (own.text("extends") or own.text("over")) if own else None
    if above and above in files:
        tree = resolve_pack(files, above, {}, ignored)
        inherited = _words_of_parent(tree, ignored) if tree else {}
        if inherited:
            parent = _as_liked(files[code], own, inherited), _texts_of(files, above, inherited, problems)
    version = (own.text("version") if own else None) or ""
    return read_texts(files[code], code, version, words, parent, problems)


def _as_liked(files: Mapping[str, str], own: Map | None, inherited: Mapping[str, str]) -> dict[str, str]:
    """The parent's words, also by the addresses that they have in a kind which is like one of the parent's."""
    words = dict(inherited)
    for name in own.texts("kinds") if own else ():
        kind = read_yaml(name, files[f"{name}.yaml"], []) if f"{name}.yaml" in files else None
        like = kind.text("like") if kind else None
        if like:
            parts = ((address, word) for address, word in inherited.items() if address.startswith(f"{like}."))
            words |= {f"{name}.{address.removeprefix(f'{like}.')}": word for address, word in parts}
    return words


def _words_of_parent(tree: Map, problems: list[Problem]) -> dict[str, str]:
    """None of a parent that is no pack by itself: nothing can be said of the shape of its tree."""
    text = canonical_text(tree)
    compile_pack(tree, problems, canonical=text, digest=digest_of(text))
    return {} if problems else words_of(json.loads(text))


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
