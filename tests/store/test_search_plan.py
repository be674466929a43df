"""Searches at volume go by the index, for readers of every right."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.access.finding import found_by
from kesu.access.permissions import Permission
from kesu.core.searching import read_search
from tests import world
from tests.database import Databases

MANY = 4_000
SIGNS = [chr(0x4E00 + 3 * i) for i in range(1_500)]


def fill(url: str) -> None:
    """Many cases like one, each with three hundred signs and a person of its own; every tenth holds a frequent word."""
    draw = random.Random(5)
    with psycopg.connect(url) as owner:
        copies(owner, "store_case", {"id": "copy.id", "number": "n::text", "follow_digest": "md5(n::text)"})
        copies(owner, "store_casecard", {"case_id": "copy.id"})
        texts = ("".join(draw.choices(SIGNS, k=300)) + ("外墙渗水" if n % 10 == 0 else "") for n in range(MANY))
        with owner.cursor() as cursor:
            cursor.executemany("UPDATE copy SET text = %s WHERE n = %s", [(text, n) for n, text in enumerate(texts)])
        own = {"internal": "copy.text", "notes": "''", "personal": "md5(n::text)"}
        copies(owner, "store_casesearch", {"card_id": "copy.id", **own})
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE store_casesearch, store_casecard, store_case")


def copies(owner: psycopg.Connection, table: str, changed: dict[str, str]) -> None:
    owner.execute(
        "CREATE TEMP TABLE IF NOT EXISTS copy AS"
        f" SELECT n, gen_random_uuid() AS id, '' AS text FROM generate_series(0, {MANY - 1}) AS n"
    )
    owner.execute("CREATE INDEX IF NOT EXISTS copy_n ON copy (n)")
    found = owner.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'", [table]
    )
    names = [row[0] for row in found]
    values = ", ".join(changed.get(name, f"one.{name}") for name in names)
    source = f"(SELECT * FROM {table} LIMIT 1) AS one"
    owner.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM copy, {source}")


@pytest.fixture
def volume(databases: Databases, fresh_database: str) -> world.World:
    made = world.build()
    made.register()
    fill(databases.owner_url(fresh_database))
    return made


def plans(actor: Actor, texts: Sequence[str]) -> dict[str, str]:
    """How the database goes about the statement that looks for the hits."""
    found = {}
    for text in texts:
        with CaptureQueriesContext(connection) as caught:
            found_by(cards_for(actor), actor, read_search(text))
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + caught.captured_queries[0]["sql"].replace("%", "%%"), [])
            found[text] = "\n".join(row[0] for row in cursor.fetchall())
    return found


def test_it_finds_words_of_every_length_by_the_index(volume: world.World) -> None:
    sees_persons = volume.actor("zhouyining")
    posts = [replace(post, permissions=frozenset({Permission.CASE_READ.value})) for post in sees_persons.posts]
    texts = (SIGNS[7], "".join(SIGNS[7:9]), "电梯困人", "一个 电梯", "外墙渗水", "13912345678")
    for actor in (sees_persons, replace(sees_persons, posts=tuple(posts))):
        for text, plan in plans(actor, texts).items():
            assert "Bitmap Index Scan on search_internal" in plan, f"{text}\n{plan}"
            assert "Seq Scan on store_casesearch" not in plan, f"{text}\n{plan}"
