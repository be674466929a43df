"""From the resolved tree to the compiled `Pack`: clauses and parameters, then every kind of case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kesu.policy.errors import Problem
from kesu.policy.language.cases import check_named_cases, with_case_names
from kesu.policy.language.charter import CHARTER_KEYS, DEMAND, read_charter
from kesu.policy.language.kind import read_kind
from kesu.policy.language.ledgers import note_unlike_ledgers
from kesu.policy.language.measures import check_reckonings, with_measure_names
from kesu.policy.language.names import collect_kind_names, collect_pack_names
from kesu.policy.language.nodes import Map
from kesu.policy.language.opens import check_linked_cases, with_names
from kesu.policy.language.parameters import read_parameter
from kesu.policy.language.reading import Fields, Place, Scope, one_of, read_texts
from kesu.policy.language.samples import check_drawn_kinds
from kesu.policy.language.sections import read_section
from kesu.policy.model.pack import Clause, Enforcement, Kind, Pack
from kesu.policy.model.rules import GENERIC

_PACK_KEYS: Final = (
    "pack", "title", "version", "status", "generic", "extends", "document", "signatures", "scope", "parameters",
    "provided", "lost", "later", "kinds", "note", *CHARTER_KEYS,
)  # fmt: skip
_STATUSES: Final = ("draft", "trial", "effective", "superseded")
_CLAUSE_KEYS: Final = ("printed", "text", "enforce", "kind", "modality")


def compile_pack(tree: Map, problems: list[Problem], *, canonical: str, digest: str) -> Pack:
    """The pack of `tree`. Mistakes are added to `problems`; with any of them the result must not be used."""
    own, clauses = tree.map("pack"), tree.map("clauses")
    names = collect_pack_names(clauses, own.map("parameters"))
    names.of["clause"][GENERIC] = "通用步骤，原文没有"
    scope = Scope(names, problems)
    fields = Fields(Place(own, ""), scope, _PACK_KEYS)
    # Parameters come first: a value that is wrong in itself is told where it stands, not where it is used.
    parameters = read_section(own, "parameters", scope, read_parameter)
    return Pack(
        code=fields.need_text("pack"),
        title=fields.need_text("title"),
        version=fields.need_text("version"),
        status=fields.need("status", one_of(_STATUSES), _STATUSES[0]),
        document_number=fields.read("document", _read_document_number, ""),
        clauses=_read_clauses(clauses, scope),
        kinds=_read_kinds(tree.map("kinds"), scope),
        parameters=parameters,
        signatures=fields.read("signatures", read_texts, ()),
        provided=fields.read("provided", _read_reasons, {}),
        lost=fields.read("lost", _read_reasons, {}),
        later=fields.read("later", _read_reasons, {}),
        scope_text=fields.text("scope"),
        charter=read_charter(fields),
        canonical=canonical,
        hash=digest,
    )


def _read_document_number(place: Place, scope: Scope) -> str:
    return Fields(place, scope, ("number", "note")).need_text("number")


def _read_clauses(clauses: Map, scope: Scope) -> Mapping[str, Clause]:
    found = {}
    for place in Place(clauses, "").codes():
        fields = Fields(place, scope, _CLAUSE_KEYS)
        if place.key == GENERIC:
            scope.note(place.flaw(f"{GENERIC} 是专用词，条款请另取编号。", at_key=True))
        enforce = fields.need("enforce", one_of(tuple(Enforcement)), Enforcement.RECORD.value)
        found[place.key] = Clause(
            id=place.key,
            printed=fields.need_text("printed"),
            text=fields.need_text("text"),
            enforce=Enforcement(enforce),
            kind=fields.text("kind"),
            modality=fields.text("modality"),
        )
    return found


def _read_reasons(place: Place, scope: Scope) -> Mapping[str, str]:
    """Clauses that no rule answers, each with the reason."""
    found = {}
    for entry in place.codes():
        if DEMAND.fullmatch(entry.key):
            continue  # of another policy: see the charter
        clause = scope.attempt(lambda at, on: on.named("clause", at, at.key), entry, "")
        reason = scope.attempt(lambda at, _: at.text(), entry, "")
        if clause:
            found[clause] = reason
    return found


def _read_kinds(kinds: Map, scope: Scope) -> Mapping[str, Kind]:
    found: dict[str, Kind] = {}
    scopes: dict[str, Scope] = {}
    for code, entry in kinds.entries.items():
        if isinstance(entry.node, Map):
            own = scopes[code] = Scope(collect_kind_names(scope.names, entry.node))
            found[code] = read_kind(entry.node, own)
    if not any(own.problems for own in scopes.values()):
        check_linked_cases(found, kinds, scopes)
        check_named_cases(found, kinds, scopes)
        check_drawn_kinds(found, kinds, scopes)
        check_reckonings(found, kinds, scopes)
        trees = {code: entry.node for code, entry in kinds.entries.items() if isinstance(entry.node, Map)}
        note_unlike_ledgers(found, trees, scope)
    for own in scopes.values():
        scope.problems.extend(own.problems)
    return with_measure_names(with_names(with_case_names(found)))
