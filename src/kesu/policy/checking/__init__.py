"""A policy looked over as a whole: rules that are each in order and together are not, overlays that do not lie on it,
and what another policy demands that it define."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial

from kesu.policy.checking.findings import Finder, Finding
from kesu.policy.checking.idle import findings_of_the_idle
from kesu.policy.checking.links import findings_of_links, findings_of_named, opened_by_links
from kesu.policy.checking.rules import findings_in
from kesu.policy.checking.samples import findings_of_samples
from kesu.policy.checking.secrecy import findings_of_linked_secrets, findings_of_secrecy, findings_of_what_it_opens
from kesu.policy.checking.separations import findings_of_guards
from kesu.policy.checking.telling_early import findings_of_telling_early
from kesu.policy.errors import Problem
from kesu.policy.language.canonical import canonical_text, digest_of
from kesu.policy.language.compiler import compile_pack
from kesu.policy.language.compose import resolve_pack
from kesu.policy.language.nodes import Map
from kesu.policy.language.overlaying import OVERLAY, lay
from kesu.policy.model.pack import Pack

__all__ = ["Finding", "Together", "look_over", "look_over_together"]

Files = Mapping[str, Mapping[str, str]]


def look_over(files: Files, code: str) -> tuple[Finding, ...]:
    """What is wrong with the rules of a pack taken together, in the order of its files. Nothing where the pack cannot
    be loaded: `load_pack` says why. Of an overlay only its own rules are looked at."""
    problems: list[Problem] = []
    tree = resolve_pack(files, code, {}, problems)
    if tree is None or problems:
        return ()
    found = _findings(tree, problems, partial(_ruling, files))
    if OVERLAY in tree.entries:
        below = {file for file in (finding.file for finding in found) if not file.startswith(f"packs/{code}/")}
        found = tuple(finding for finding in found if finding.file not in below)
    return found


class Together:
    """Overlays on the packs of one library. What a pack is and says by itself is worked out once, however many overlays
    are laid on it."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._resolved: dict[str, tuple[Map | None, tuple[Problem, ...]]] = {}
        self._known: dict[str, set[tuple[str, str]]] = {}
        self._ruling = cache(partial(_ruling, files))

    def look_over(self, below: str, overlays: Sequence[str]) -> tuple[Problem | Finding, ...]:
        """Why these overlays cannot lie on the pack `below`, or what is wrong with it once they do and was not
        before."""
        (tree, broken), *layers = (self._resolve(code) for code in (below, *overlays))
        if tree is None or broken or any(problems for _, problems in layers):
            return ()
        problems: list[Problem] = []
        laid = lay(tree, [layer.map(OVERLAY) for layer, _ in layers if layer is not None], problems)
        if below not in self._known:
            self._known[below] = {(one.address, one.message) for one in _findings(tree, [], self._ruling)}
        found = _findings(laid, problems, self._ruling)
        return (*sorted(problems), *(one for one in found if (one.address, one.message) not in self._known[below]))

    def _resolve(self, code: str) -> tuple[Map | None, tuple[Problem, ...]]:
        if code not in self._resolved:
            problems: list[Problem] = []
            self._resolved[code] = (resolve_pack(self._files, code, {}, problems), tuple(problems))
        return self._resolved[code]


def look_over_together(files: Files, below: str, overlays: Sequence[str]) -> tuple[Problem | Finding, ...]:
    """The same for one pack alone."""
    return Together(files).look_over(below, overlays)


def _findings(tree: Map, problems: list[Problem], ruling: Callable[[str], tuple[Pack, ...]]) -> tuple[Finding, ...]:
    text = canonical_text(tree)
    pack = compile_pack(tree, problems, canonical=text, digest=digest_of(text))
    if problems:
        return ()
    found: list[Finding] = []
    for code, kind in pack.kinds.items():
        finder = Finder(code, tree.map("kinds").map(code), pack.clauses)
        found += findings_in(kind, finder, is_linked=code in opened_by_links(pack.kinds.values()))
        for findings in (
            findings_of_guards,
            findings_of_secrecy,
            findings_of_telling_early,
            findings_of_the_idle,
        ):
            found += findings(kind, finder)
        found += findings_of_links(kind, finder, ruling)
        found += findings_of_named(kind, finder, ruling)
        found += findings_of_what_it_opens(kind, pack.kinds, finder, ruling)
        found += findings_of_linked_secrets(kind, pack.kinds, finder)
        found += findings_of_samples(kind, finder, ruling)
    return tuple(sorted(found))


def _ruling(files: Files, kind: str) -> tuple[Pack, ...]:
    """The policies that rule a kind of case by themselves; those that cannot be read are none."""
    packs = []
    for code, own in files.items():
        if f"{kind}.yaml" in own:
            problems: list[Problem] = []
            tree = resolve_pack(files, code, {}, problems)
            if tree is not None and OVERLAY not in tree.entries and tree.map("pack").text("generic") != "是":
                text = canonical_text(tree)
                pack = compile_pack(tree, problems, canonical=text, digest=digest_of(text))
                packs += [pack] if not problems and kind in pack.kinds else []
    return tuple(packs)
