"""The benchmark of rooms and customers fills its company as people do, and measures the lists they read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from kesu.access.actor import actor_of
from kesu.config.bench.company import AGENT, found
from kesu.config.bench.house import bring_in, files_of
from kesu.queries.customers.customer_list import CustomerFilter, customer_list
from kesu.queries.estate.room_list import RoomFilter, room_list
from kesu.store.models import Account
from tests.bench.conftest import Measured
from tests.full import only_in_full

AT = datetime(2026, 6, 8, 1, 30, tzinfo=UTC)


def test_each_room_has_its_customer_and_both_are_in_the_lists(db: None) -> None:
    found(AT)
    done = [bring_in(file) for file in files_of(AT, 60)]
    actor = actor_of(Account.objects.get(login=AGENT), AT.date())

    assert done == [60]
    assert room_list(actor=actor, room_filter=RoomFilter()).total == 60
    assert room_list(actor=actor, room_filter=RoomFilter(text="0101")).total == 1
    people = customer_list(actor=actor, customer_filter=CustomerFilter())
    assert people.total == 60
    assert all(row.rooms and row.phone for row in people.rows)


def test_files_are_as_large_as_people_send_them() -> None:
    assert [(start, end) for _at, start, end in files_of(AT, 12_000)] == [(0, 5000), (5000, 10_000), (10_000, 12_000)]


@only_in_full
def test_it_runs_from_end_to_end(bench: Callable[..., tuple[str, Measured]], tmp_path: Path) -> None:
    _printed, measured = bench("house", "--rooms", "300", "--seconds", "0.3", "--data", str(tmp_path / "data"))

    assert "/customers wang" in measured
    assert all(line["cpu_one"] > 0 for line in measured.values())
