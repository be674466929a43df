"""Which persons a log names, and which of its statements only correct what is known of one of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from kesu.policy.events import Event
from kesu.policy.model.facts import FactType
from kesu.policy.model.pack import Kind
from kesu.policy.standing.corrections import standing_events


def corrects(kind: Kind, event: Event, code: str, named: Collection[str]) -> str | None:
    """The fact whose person this statement corrects; None where it names somebody of his own. `named`: the person
    facts stated before. A document repeats what was stated before, and a fact may say by itself whom it speaks of."""
    same_as = kind.facts[code].same_as
    if same_as is not None:
        return same_as
    repeated = {field for form in event.forms for field in kind.documents[form].fields}
    return code if code in repeated and code in named else None


def named_persons(log: Sequence[Event], kind: Kind) -> Iterator[tuple[Event, str]]:
    """Event and token of every person who complains, oldest first; a corrected phone makes nobody new, who speaks for
    somebody is no second one, and who was named by mistake is nobody."""
    named: set[str] = set()
    for event in standing_events(log):
        for code, value in event.facts.items():
            fact = kind.facts.get(code)
            if fact is None or fact.type is not FactType.PERSON:
                continue
            if fact.is_counted and corrects(kind, event, code, named) is None:
                yield event, str(value)
            named.add(code)


def statement_of(log: Sequence[Event], kind: Kind, code: str) -> tuple[Event, str] | None:
    """Where the person of a fact stands: the event, and the fact in it, that named him first or corrected him last."""
    found: tuple[Event, str] | None = None
    for event in standing_events(log):
        for stated in event.facts:
            fact = kind.facts.get(stated)
            if fact is None or fact.type is not FactType.PERSON:
                continue
            corrected = corrects(kind, event, stated, [code] if found else [])
            if corrected == code or (found is None and stated == code):
                found = event, stated
    return found
