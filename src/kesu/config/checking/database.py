"""The database and the application's role in it. All questions go through Django's own connection."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from kesu.config.checking.finding import Finding, failure, fine, said
from kesu.config.postgres.binaries import OLDEST

_PATIENCE = 5
"""Seconds to wait for the database."""


def reachable(address: str, *, is_embedded: bool) -> Finding:
    """`address` is "" where none is set and the data folder has no embedded database. Connects beside the pool, which
    would wait long before it says that it has no connection."""
    name = "database.reachable"
    if not address:
        return failure(
            name, said("没有数据库：DATABASE_URL 没有设置，数据文件夹里也没有自带的数据库；请设置它，或先执行 kesu up")
        )
    params = {**connection.get_connection_params(), "connect_timeout": _PATIENCE}
    try:
        with psycopg.connect(**params) as own:
            number = own.info.server_version // 10000
            user = own.info.user
    except psycopg.Error as fault:
        why = (str(fault).splitlines() or [type(fault).__name__])[0]
        advice = said("请先执行 kesu up") if is_embedded else said("请检查 DATABASE_URL 与数据库是否在运行")
        return failure(name, said("数据库连不上（%(why)s）；%(advice)s", why=why, advice=advice))
    if number < OLDEST:
        return failure(
            name,
            said(
                "数据库是 PostgreSQL %(number)s，Kesu 需要 %(oldest)s 或更新的版本；请升级数据库",
                number=number,
                oldest=OLDEST,
            ),
        )
    return fine(name, said("数据库连得上：PostgreSQL %(number)s，账号 %(user)s", number=number, user=user))


def role_is_bound() -> Finding:
    """Superusers and roles with BYPASSRLS see sealed reports; roles that make roles can give themselves any right."""
    name = "database.role"
    question = """SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolreplication
                  FROM pg_roles WHERE rolname = current_user"""
    role, is_super, bypasses, makes_roles, replicates = _rows(question)[0]
    wrong = {
        "SUPERUSER": (is_super, said("是超级用户，行级安全与只增触发器都管不住它")),
        "BYPASSRLS": (bypasses, said("可以绕过行级安全，密封的举报对它不设防")),
        "CREATEROLE": (makes_roles, said("可以建立账号，也就可以把任何权限给自己")),
        "REPLICATION": (replicates, said("可以复制整个数据库，密封的举报也在其中")),
    }
    for right, (has, why) in wrong.items():
        if has:
            return failure(
                name,
                said(
                    "数据库账号 %(role)s %(why)s；请由管理员执行 ALTER ROLE %(role)s NO%(right)s",
                    role=role,
                    why=why,
                    right=right,
                ),
            )
    return fine(name, said("账号 %(role)s 没有特权", role=role))


def role_owns_nothing() -> Finding:
    """Whoever owns a table may drop its triggers and is not bound by its row-level security."""
    name = "database.ownership"
    question = """SELECT current_user, count(*), min(relname) FROM pg_class
                  WHERE relowner = current_user::regrole AND relkind IN ('r', 'p', 'v', 'm', 'S')"""
    role, number, first = _rows(question)[0]
    if number:
        return failure(
            name,
            said(
                "账号 %(role)s 是 %(number)s 张表的所有者（如 %(first)s），"
                "可以拆掉表上的触发器与行级安全；DATABASE_URL 请换成不拥有表的应用账号，"
                "表归 KESU_OWNER_URL 的账号",
                role=role,
                number=number,
                first=first,
            ),
        )
    return fine(name, said("账号 %(role)s 不拥有任何表", role=role))


def role_is_nobody_else() -> Finding:
    """A member of the owner's role, or of one with special rights, becomes it with one SET ROLE."""
    name = "database.membership"
    question = """
        SELECT current_user, other.rolname FROM pg_roles me, pg_roles other
        WHERE me.rolname = current_user AND NOT me.rolsuper AND other.oid <> me.oid
          AND pg_has_role(me.oid, other.oid, 'MEMBER')
          AND (other.rolsuper OR other.rolbypassrls OR other.rolcreaterole
               OR other.rolname IN ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files')
               OR other.oid IN (SELECT relowner FROM pg_class WHERE relnamespace = 'public'::regnamespace))
        ORDER BY other.rolname"""
    found = _rows(question)
    if found:
        role, other = found[0]
        return failure(
            name,
            said(
                "账号 %(role)s 属于 %(other)s，一句 SET ROLE 就有它的全部权限；"
                "请由管理员执行 REVOKE %(other)s FROM %(role)s",
                role=role,
                other=other,
            ),
        )
    return fine(name, said("账号不能变成别的账号"))


def migrated() -> Finding:
    name = "database.migrations"
    loader = MigrationLoader(connection)
    shipped, applied = set(loader.graph.nodes), set(loader.applied_migrations or {})
    missing = len(shipped - applied)
    if missing:
        return failure(
            name, said("有 %(missing)s 步数据表更新没有做，网页服务会拒绝工作；请执行 kesu migrate", missing=missing)
        )
    # A squashed migration stays in the books under its old names.
    known = set(loader.disk_migrations or {}).union(*(one.replaces for one in (loader.disk_migrations or {}).values()))
    unknown = sorted(step for app, step in applied - known if app in {app for app, _ in shipped})
    if unknown:
        return failure(
            name, said("数据库比程序新（它有 %(step)s）；请装回新版的 Kesu，或恢复更新前的备份", step=unknown[-1])
        )
    return fine(name, said("数据表是这一版的"))


def rows_are_usable() -> Finding:
    """Where the owner's default privileges were forgotten, the first page that needs such a table would break."""
    name = "database.rights"
    question = """SELECT current_user, count(*), min(relname) FROM pg_class
                  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
                    AND NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
                             AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))"""
    role, number, first = _rows(question)[0]
    if number:
        return failure(
            name,
            said(
                "账号 %(role)s 用不了 %(number)s 张表（如 %(first)s）；"
                "请由表的所有者执行 GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO %(role)s",
                role=role,
                number=number,
                first=first,
            ),
        )
    return fine(name, said("每张表的行都读写得到"))


def _rows(question: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return list(cursor.fetchall())
