"""How many different people stand behind a matter by now: a case hears of it at the edges that its policy asks for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from kesu.access.sight.reading import CaseRead
from kesu.casefile.matters.people import heads_of
from kesu.policy.heads import count_at
from kesu.store.models import Matter


def heads_by_now(read: CaseRead, matter: UUID, kept_from_him: Collection[UUID]) -> Mapping[str, int]:
    """By fact, of those for which a level waits. `kept_from_him`: cases of which the reader may not know; what the case
    heard with them stays said."""
    facts = read.kind.facts
    codes = {
        one.fact for one in read.current.next_raises if one.fact is not None and facts[one.fact].counted is not None
    }
    if not codes:
        return {}
    heads = heads_of(Matter(pk=matter), without=kept_from_him)
    found = {}
    for code in codes:
        rule, stated = facts[code].counted, read.current.facts.get(code, 0)
        count = count_at(heads, rule.window if rule is not None else None, read.current.now, read.calendar)
        found[code] = max(count, stated) if kept_from_him and isinstance(stated, int) else count
    return found
