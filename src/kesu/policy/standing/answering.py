"""What the program does by itself when it hears of something that happened outside the case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kesu.policy.events import Event
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind


def answers_to(kind: Kind, heard: Event) -> Iterator[tuple[str, Mapping[str, Value]]]:
    """The steps that answer this event, in the order of the pack, each with what it states. The first against which
    nothing speaks is taken; where there is none, the event stands for itself."""
    for code, step in kind.steps.items():
        if step.answers == heard.kind:
            asked = kind.asked(step)
            yield code, {fact: value for fact, value in heard.facts.items() if fact in asked}
