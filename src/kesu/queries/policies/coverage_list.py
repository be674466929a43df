"""Every policy on offer: how many of its clauses are honoured how, and how far that is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile.library import offered, shipped
from kesu.casefile.proofs import kept_proofs
from kesu.policy.coverage import coverage


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """`honoured` and `depths` count clauses; `generic` counts the rules that no clause asks for. `is_played`: its
    scenarios were played as they stand now, so that `depths` can say more than that a rule is written."""

    code: str
    title: str
    version: str
    document_number: str
    clauses: int
    honoured: Mapping[str, int]
    depths: Mapping[str, int]
    generic: int
    is_played: bool


def coverage_list(*, actor: Actor) -> tuple[CoverageLine, ...]:
    """By code. Raises `Forbidden` without the right to read policies."""
    actor.require(Permission.POLICY_READ)
    library = shipped()
    proofs = kept_proofs(library, settings.KESU_COMPILED_PACKS)
    lines = []
    for pack in offered().values():
        found = coverage(pack, proofs.get(pack.code, {}), driven=library.driven.get(pack.code, {}))
        lines.append(
            CoverageLine(
                code=pack.code,
                title=pack.title,
                version=pack.version,
                document_number=pack.document_number,
                clauses=len(found.clauses),
                honoured=Counter(each.honoured.value for each in found.clauses),
                depths=Counter(each.depth.value for each in found.clauses),
                generic=len(found.generic),
                is_played=pack.code in proofs,
            )
        )
    return tuple(lines)
