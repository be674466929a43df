"""Who has, beside the complainant, what the policy tells him: the links that it gave."""

from __future__ import annotations

from collections.abc import Callable

from kesu.access.sight.reading import CaseRead
from kesu.casefile import notes
from kesu.store.models import CaseGuest, Note


def hearing_beside(read: CaseRead) -> Callable[[Note], str]:
    """For each message the links behind which it is read, by name; empty for what people wrote. One query where the
    case names any such person, else none."""
    facts = read.kind.facts
    if not any(code in facts and facts[code].hears for event in read.log for code in event.facts):
        return lambda _: ""
    rows = [*CaseGuest.objects.filter(case=read.case, named_seq__isnull=False).order_by("named_seq")]

    def beside(note: Note) -> str:
        if note.visibility != notes.SENT or note.author is not None:
            return ""
        since = [one for one in rows if one.invited_at <= note.at < one.ends_at]
        return "、".join(one.name for one in since if one.withdrawn_at is None or note.at < one.withdrawn_at)

    return beside
