"""Cases that people named in another one: read off its log, and kept as rows so that the one that is named can be asked
where. Of sealed cases nothing is kept: whoever saw the row would know of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from kesu.policy.events import Event
from kesu.policy.model.facts import FactType
from kesu.policy.model.pack import Kind
from kesu.policy.standing.corrections import corrected, voided_seqs
from kesu.store.inserting import insert
from kesu.store.models import Case, CaseMention

Mention = tuple[UUID, str]
"""The case that is named, and the code of the fact in which it is."""

_HEX = frozenset("0123456789abcdef")


def mentions_in(kind: Kind, log: Sequence[Event]) -> tuple[Mention, ...]:
    """Each once, in the order in which they were named first. What was taken back is none; what was named and replaced
    later by another one still is: somebody saw a reason for it."""
    facts = [code for code, fact in kind.facts.items() if fact.type is FactType.CASE]
    if not facts:
        return ()
    return tuple(dict.fromkeys(_named(facts, corrected(log, voided_seqs(log)))))


def _named(facts: Collection[str], log: Sequence[Event]) -> Iterator[Mention]:
    for event in log:
        for code in facts:
            text = str(event.facts.get(code, ""))
            if len(text) == 32 and set(text) <= _HEX:
                yield UUID(text), code


def rows(head: Case, found: Collection[Mention]) -> list[CaseMention]:
    return [CaseMention(case=head, named_id=named, fact=code) for named, code in sorted(found, key=str)]


def write(head: Case, log: Sequence[Event], found: Collection[Mention]) -> None:
    """Brings the rows in line; asks the database only where something is named or was taken back."""
    insert(rows(head, found), or_keep=True)
    if found or voided_seqs(log):
        kept = CaseMention.objects.filter(case=head)
        gone = [pk for pk, named, code in kept.values_list("pk", "named_id", "fact") if (named, code) not in found]
        kept.filter(pk__in=gone).delete()
