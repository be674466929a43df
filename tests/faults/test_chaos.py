"""kill -9 at random while people work: no acknowledged fact is lost, none is doubled."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from random import Random, SystemRandom

import pytest
from django.db import connection
from django.test import override_settings

from kesu.core import clock
from kesu.store.models import CaseEvent, OutboxMessage
from tests.faults import checker
from tests.faults.outside import Answerer, Gauger, Outsider, Talker, coded_samples, doors
from tests.faults.people import Fate, Journal, Person
from tests.faults.program import PARTS, PASSWORD, PATIENCE, Program, installed, organise
from tests.full import only_in_full
from tests.jobs.mailbox import Mailbox, open_mailbox
from tests.world import World

SECONDS = float(os.environ.get("KESU_CHAOS_SECONDS") or (600 if os.environ.get("KESU_FULL") else 20))
SEED = int(os.environ.get("KESU_CHAOS_SEED") or SystemRandom().randrange(10**6))
STAFF = ("zhouyining", "zhouyining", "heqing")
CUSTOMERS = 2
_SHORTER = 150.0
"""Seconds of the second storm."""


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as opened:
        yield opened


@pytest.fixture
def kesu(
    mailbox: Mailbox, session_database: str, django_db_setup: None, django_db_blocker: object
) -> Iterator[Program]:
    from django.db import connections

    from tests.database import point_django_to

    with installed(mailbox.url) as program, django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield program
        connections.close_all()
        point_django_to(session_database)


@only_in_full
def test_it_loses_and_doubles_nothing_while_its_parts_are_killed(kesu: Program, mailbox: Mailbox) -> None:
    world = organise(kesu)
    _let_duties_fall_due(world, Random(SEED))
    journal, is_over = Journal(), threading.Event()
    people = [Person(kesu, world, journal, SEED * 100 + n, login) for n, login in enumerate(STAFF)]
    people += [Person(kesu, world, journal, SEED * 100 + 50 + n) for n in range(CUSTOMERS)]
    threads = [threading.Thread(target=person.work, args=[is_over]) for person in people]
    for thread in threads:
        thread.start()
    kills = _kill(kesu, Random(SEED), is_over)
    kesu.wait(kesu.is_well)
    is_over.set()
    for thread in threads:
        thread.join(PATIENCE * 2)
    kesu.wait(kesu.is_well)
    connection.close()  # this process' own one died with the first database
    assert checker.wait_for_rest(PATIENCE), kesu.said()

    told = f"seed {SEED}, {SECONDS:.0f} s, kills {dict(kills)}, {journal.counts()}, {journal.resent()} sent again"
    print(told)
    assert [person.error for person in people if person.error] == [], told
    with override_settings(KESU_FILES=kesu.data / "files"):
        assert checker.wrong(journal.facts) == [], told
    _count_letters(mailbox, kills, told)


@only_in_full
def test_nor_does_what_comes_from_outside_get_lost_or_doubled(kesu: Program) -> None:
    """Deliveries at the signed door, conversations with both their sides, results of people who work blind."""
    world = organise(kesu)
    gaugers, senders = coded_samples(world, PASSWORD), doors(world)
    journal, is_over = Journal(), threading.Event()
    people: list[Person] = [Outsider(kesu, world, journal, SEED * 100 + 70 + n, senders) for n in range(2)]
    people += [Talker(kesu, world, journal, SEED * 100 + 80 + n) for n in range(2)]
    people += [Answerer(kesu, world, journal, SEED * 100 + 85, "zhouyining")]
    people += [Gauger(kesu, world, journal, SEED * 100 + 90 + n, login) for n, login in enumerate(gaugers)]
    threads = [threading.Thread(target=person.work, args=[is_over]) for person in people]
    for thread in threads:
        thread.start()
    kills = _kill(kesu, Random(SEED), is_over, min(SECONDS, _SHORTER))
    kesu.wait(kesu.is_well)
    is_over.set()
    for thread in threads:
        thread.join(PATIENCE * 2)
    kesu.wait(kesu.is_well)
    connection.close()
    assert checker.wait_for_rest(PATIENCE), kesu.said()

    told = f"seed {SEED}, kills {dict(kills)}, {journal.counts()}, {journal.resent()} sent again"
    print(told)
    assert [person.error for person in people if person.error] == [], told
    with override_settings(KESU_FILES=kesu.data / "files"):
        assert checker.wrong(journal.facts) == [], told
    done = {fact.kind for fact in journal.facts if fact.fate is Fate.ACKNOWLEDGED}
    assert done == {"case", "call", "words", "note", "gauged"}, told
    assert not [fact for fact in journal.facts if fact.fate is Fate.REFUSED], told


def _let_duties_fall_due(world: World, choose: Random) -> None:
    """Complaints heard almost an hour ago: each escalates by itself some time during the storm."""
    hour = timedelta(hours=1)
    for number in range(max(6, int(SECONDS / 5))):
        late = timedelta(seconds=choose.uniform(2, SECONDS))
        world.register("wutong", at=clock.now() - hour + late, title=f"临期 {number}")


def _kill(kesu: Program, choose: Random, is_over: threading.Event, seconds: float = SECONDS) -> Counter[str]:
    """Every part at least once, then whichever; mostly before the last wound has healed."""
    kills: Counter[str] = Counter()
    left = seconds
    first = list(PARTS)
    choose.shuffle(first)
    while left > 0:
        pause = min(choose.uniform(1.0, 5.0 if SECONDS > 60 else 3.5), left)
        is_over.wait(pause)
        left -= pause
        part = first[0] if first else choose.choice(PARTS)
        if kesu.kill(part, choose.choice):
            kills[part] += 1
            first = [one for one in first if one != part]
    return kills


def _count_letters(mailbox: Mailbox, kills: Counter[str], told: str) -> None:
    """A letter that the mail server has taken and whose worker or database dies before it is noted leaves once more:
    nothing can rule that out, but its Message-ID says that it is the same. None is ever missing."""
    taken = Counter(str(letter["Message-ID"]) for letter in mailbox.letters)
    sent = OutboxMessage.objects.filter(state="sent").count()
    assert OutboxMessage.objects.exclude(state__in=("sent", "held")).count() == 0, told
    assert not OutboxMessage.objects.filter(state="held", error="no_server").exists(), told
    assert len(taken) == sent, told
    again = sum(count - 1 for count in taken.values())
    assert again <= kills["worker"] + kills["database"] + kills["database session"], told
    assert CaseEvent.objects.filter(kind="duty.escalated").exists(), told
    print(f"{sent} letters, {again} delivered again")
