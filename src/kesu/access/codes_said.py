"""Kinds of case and facts in the record of changes: the policies that were adopted last say how they are called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from kesu.casefile.books import last_adopted
from kesu.store.models import HouseChange, InboundSource, Mailbox

_OF_DOORS: Final = {"mailbox.": Mailbox, "source.": InboundSource}
"""What takes cases in, of one kind, and names its facts."""
_OF_CASES: Final = (*_OF_DOORS, "hook.")
"""Of what a kind is a kind of case; elsewhere it is one of unit."""
_KINDS: Final = ("kind", "kinds")
_FACTS: Final = ("facts", "number_fact", "fixed", "reads")
_FIXED: Final = "fixed"
_BETWEEN: Final = ": "
"""In what is fixed the fact stands before it, in what is read behind."""


@dataclass(frozen=True, slots=True)
class Called:
    """Names by code; of facts, by what was changed."""

    kinds: Mapping[str, str]
    facts: Mapping[str, Mapping[str, str]]

    def said(self, row: HouseChange, part: Mapping[str, Any]) -> dict[str, Any]:
        """A code that no policy knows stays one."""
        if not row.act.startswith(_OF_CASES):
            return dict(part)
        facts = self.facts.get(row.subject, {})
        kinds = {name: _each(part[name], partial(_of, self.kinds)) for name in _KINDS if name in part}
        named = {name: _each(part[name], partial(_fact, name, facts)) for name in _FACTS if name in part}
        return {**part, **kinds, **named}


def called_in(rows: Sequence[HouseChange]) -> Called:
    """Three queries, none where nothing is to be named."""
    doors: dict[str, str] = {}
    for of, models in _OF_DOORS.items():
        ids = {row.subject for row in rows if row.act.startswith(of) and _names_facts(row)}
        found = models._default_manager.filter(pk__in=ids).values_list("pk", "kind") if ids else ()
        doors |= {pk.hex: kind for pk, kind in found}
    rules = last_adopted({*doors.values(), *(code for row in rows for code in _kinds(row))})
    facts = {kind: {code: fact.name for code, fact in one.facts.items()} for kind, one in rules.items()}
    return Called(
        {code: kind.name for code, kind in rules.items()}, {pk: facts.get(kind, {}) for pk, kind in doors.items()}
    )


def _names_facts(row: HouseChange) -> bool:
    return any(name in part for name in _FACTS for part in (row.before, row.after))


def _kinds(row: HouseChange) -> Iterator[str]:
    for part in (row.before, row.after) if row.act.startswith(_OF_CASES) else ():
        for name in _KINDS:
            said = part.get(name) or ()
            yield from (said,) if isinstance(said, str) else said


def _each(said: Any, of: Callable[[str], str]) -> Any:
    return [of(one) for one in said] if isinstance(said, list) else of(str(said))


def _of(names: Mapping[str, str], code: str) -> str:
    return names.get(code, code)


def _fact(name: str, facts: Mapping[str, str], said: str) -> str:
    first, between, last = said.partition(_BETWEEN)
    if name == _FIXED or not between:
        return f"{_of(facts, first)}{between}{last}"
    return f"{first}{between}{_of(facts, last)}"
