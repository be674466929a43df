"""Row-level security and triggers: what the migrations put up must still stand.

What should stand is read from the migrations themselves, so that a later one is checked without anybody's doing. A
test compares this reading with the catalogue of a freshly migrated database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pgtrigger
from django.db import connection
from django.db.migrations import RunSQL
from django.db.migrations.loader import MigrationLoader

from kesu.config.checking.finding import Finding, Said, failure, fine, said

_SECURITY = re.compile(r"ALTER TABLE (?:ONLY )?(\w+) (ENABLE|DISABLE|FORCE|NO FORCE) ROW LEVEL SECURITY", re.IGNORECASE)
_POLICY = re.compile(r"(CREATE|DROP) POLICY (?:IF EXISTS )?(\w+) ON (\w+)", re.IGNORECASE)
_TRIGGER = re.compile(
    r"(CREATE|DROP)(?: OR REPLACE)?(?: CONSTRAINT)? TRIGGER (?:IF EXISTS )?(\w+)\b[^;]*?\bON (\w+)", re.IGNORECASE
)
_SHOWN = 3


@dataclass(slots=True)
class Walls:
    """Tables under row-level security, those that bind even their owner, policies and triggers as (table, name)."""

    secured: set[str] = field(default_factory=set)
    forced: set[str] = field(default_factory=set)
    policies: set[tuple[str, str]] = field(default_factory=set)
    triggers: set[tuple[str, str]] = field(default_factory=set)


def expected() -> Walls:
    """What the migrations of this version leave standing."""
    walls = Walls()
    for statement in _statements():
        _read(statement, walls)
    for model, trigger in pgtrigger.registered():
        walls.triggers.add((model._meta.db_table, trigger.get_pgid(model)))
    return walls


def standing() -> Walls:
    """What the database says. A trigger that was switched off does not stand."""
    mine = "relnamespace = 'public'::regnamespace"
    return Walls(
        secured=_first(f"SELECT relname FROM pg_class WHERE relrowsecurity AND {mine}"),  # noqa: S608
        forced=_first(f"SELECT relname FROM pg_class WHERE relforcerowsecurity AND {mine}"),  # noqa: S608
        policies=set(
            _rows(f"SELECT relname, polname FROM pg_policy JOIN pg_class c ON c.oid = polrelid WHERE {mine}")  # noqa: S608
        ),
        triggers=set(
            _rows(
                f"""SELECT relname, tgname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
                    WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND {mine}"""  # noqa: S608
            )
        ),
    )


def row_security(wanted: Walls, found: Walls) -> Finding:
    name = "database.row-security"
    open_tables = sorted((wanted.secured - found.secured) | (wanted.forced - found.forced))
    if open_tables:
        return failure(
            name,
            said(
                "%(names)s 的行级安全没有开，密封的举报人人可见；请停用网页服务，"
                "由表的所有者执行 ALTER TABLE … ENABLE ROW LEVEL SECURITY，并查明是谁关的",
                names=_some(open_tables),
            ),
        )
    missing = sorted(f"{table} 的 {policy}" for table, policy in wanted.policies - found.policies)
    if missing:
        return failure(
            name, said("少了行级安全规则：%(names)s；请从备份恢复，或由表的所有者照迁移文件补上", names=_some(missing))
        )
    extra = sorted(f"{table} 的 {policy}" for table, policy in found.policies - wanted.policies)
    if extra:
        return failure(
            name,
            said("多了迁移没有建立的行级安全规则：%(names)s，它可能放宽密封；请由表的所有者删除", names=_some(extra)),
        )
    return fine(name, said("行级安全开着：%(count)s 张表", count=len(wanted.secured)))


def triggers(wanted: Walls, found: Walls) -> Finding:
    name = "database.triggers"
    missing = sorted(f"{table} 的 {trigger}" for table, trigger in wanted.triggers - found.triggers)
    if missing:
        return failure(
            name,
            said(
                "少了或停用了触发器：%(names)s，已写入的记录可以被改；请由表的所有者恢复，并查明是谁动的",
                names=_some(missing),
            ),
        )
    return fine(name, said("只增触发器都在：%(count)s 个", count=len(wanted.triggers)))


def _some(names: list[str]) -> Said:
    first = "、".join(names[:_SHOWN])
    return said("%(first)s 等 %(count)s 处", first=first, count=len(names)) if len(names) > _SHOWN else Said(first)


def _read(statement: str, walls: Walls) -> None:
    for table, verb in _SECURITY.findall(statement):
        group = walls.forced if "FORCE" in verb.upper() else walls.secured
        _put(group, table, stands=verb.upper() in ("ENABLE", "FORCE"))
    for verb, policy, table in _POLICY.findall(statement):
        _put(walls.policies, (table, policy), stands=verb.upper() == "CREATE")
    for verb, trigger, table in _TRIGGER.findall(statement):
        _put(walls.triggers, (table, trigger), stands=verb.upper() == "CREATE")


def _put(group: set[Any], thing: Any, *, stands: bool) -> None:
    if stands:
        group.add(thing)
    else:
        group.discard(thing)


def _statements() -> Iterator[str]:
    """The SQL of our own migrations, forwards, in their order."""
    loader = MigrationLoader(None)
    for leaf in loader.graph.leaf_nodes("store"):
        for key in loader.graph.forwards_plan(leaf):
            for operation in loader.graph.nodes[key].operations if key[0] == "store" else ():
                if isinstance(operation, RunSQL):
                    parts = [operation.sql] if isinstance(operation.sql, str) else list(operation.sql)
                    yield from (part if isinstance(part, str) else part[0] for part in parts)


def _rows(question: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return list(cursor.fetchall())


def _first(question: str) -> set[str]:
    return {str(row[0]) for row in _rows(question)}
