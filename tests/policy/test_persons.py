"""Somebody complains for somebody else: both are kept, one is counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kesu.policy.events import Event
from kesu.policy.model.facts import Fact, FactType
from kesu.policy.persons import named_persons
from tests.policy.standing.kinds import coded, kind

NOW = datetime(2026, 7, 6, 2, 0, tzinfo=UTC)


def test_it_counts_who_complains_and_not_who_speaks_for_him() -> None:
    facts = coded(Fact("person", "投诉人", FactType.PERSON), Fact("agent", "代办人", FactType.PERSON, is_counted=False))
    log = [
        Event(1, "case.received", NOW, NOW, facts={"person": "a", "agent": "b"}),
        Event(2, "agent.stated", NOW + timedelta(hours=1), NOW, facts={"agent": "c"}),
    ]

    assert [who for _, who in named_persons(log, kind(facts=facts))] == ["a"]
    both = {**facts, "agent": replace(facts["agent"], is_counted=True)}
    assert [who for _, who in named_persons(log, kind(facts=both))] == ["a", "b", "c"]
