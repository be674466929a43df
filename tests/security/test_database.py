"""What the application's role could do if somebody made it run SQL of his own."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pgtrigger
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from kesu.commands.customers.import_house import import_house
from kesu.commands.nightly.sign_heads import sign_heads
from kesu.commands.policies.refuse_policy import refuse_policy
from kesu.store.models import (
    CalendarChange,
    Case,
    DeadlineMove,
    LedgerAccount,
    LedgerEntry,
    MatterSetAside,
    PolicyChange,
)
from kesu.store.sealed_reader import SYSTEM, read_as
from tests import desk
from tests.access import sample
from tests.calendars import calendar_in_use
from tests.proposing import sign

pytestmark = pytest.mark.django_db


def append_only() -> Iterator[tuple[str, str, list[str]]]:
    """Table, a column, and the names of the triggers that a session could ask to stand aside."""
    for model in apps.get_app_config("store").get_models():
        standing = getattr(model._meta, "triggers", ())
        triggers = [trigger.get_pgid(model) for trigger in standing]
        if any(isinstance(trigger, pgtrigger.Protect) for trigger in standing):
            yield model._meta.db_table, str(model._meta.pk.column), triggers


def run(statement: str, *values: str | UUID) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else [(cursor.rowcount,)]


def enter_something(found: sample.Sample) -> None:
    """An entry in a ledger: no policy of the world keeps one."""
    account = LedgerAccount.objects.create(root_id=found.world.units["group"], pack="a", ledger="a")
    LedgerEntry.objects.create(
        account=account, number=1, case_id=found.case_id, seq=1, at=found.now, amount=1, balance=1, ledger_name="a"
    )


def test_it_keeps_every_row_also_from_a_session_that_asks_the_triggers_to_stand_aside() -> None:
    found = sample.build()
    found = found.with_sealed(sample.report(found)[1])
    assert desk.client_of("qiubai").get(found.address("sealed-file")).status_code == 200
    sign_heads(found.now.date(), found.now)
    assert desk.client_of("zhouyining").get("/cases.xlsx").status_code == 200
    assert desk.client_of("zhouyining").post(found.address("customer-shown")).status_code == 200
    sign(found.world, found.proposal_id, "zhouyining", found.now)
    refuse_policy(actor=desk.actor("linsheng"), at=found.now, proposal_id=found.proposal_id, reason="期限太长")
    import_house(actor=desk.actor("linsheng"), at=found.now, name="x.xlsx", digest="0" * 64, rooms=(), customers=())
    enter_something(found)
    version = calendar_in_use()
    change = CalendarChange.objects.create(before_id=version, after_id=version, made_at=found.now)
    DeadlineMove.objects.create(
        change=change,
        case_id=found.case_id,
        seq=1,
        key="a@1",
        name="a",
        due_before=found.now,
        due_after=found.now,
        was_provisional=True,
        is_provisional=False,
        at=found.now,
    )
    policy = Case.objects.get(pk=found.case_id).policy_version_id
    PolicyChange.objects.create(before_id=policy, after_id=policy, made_at=found.now)
    MatterSetAside.objects.create(
        case_id=found.case_id, other_id=found.case_id, by_id=found.world.people["zhouyining"], at=found.now
    )
    tables = list(append_only())
    assert len(tables) >= 10

    for table, column, triggers in tables:
        for statement in (
            f"UPDATE {table} SET {column} = {column}",
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
        ):
            read_as(SYSTEM)
            assert run(f"SELECT 1 FROM {table} LIMIT 1"), f"nothing to lose in {table}"
            run("SELECT set_config('pgtrigger.ignore', %s, true)", "{" + ",".join(triggers) + "}")
            with pytest.raises(DatabaseError), transaction.atomic():
                run(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (a int)",
        "CREATE TEMPORARY TABLE mine (a int)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE store_sealedcase DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE store_caseevent DISABLE TRIGGER ALL",
        "DROP POLICY reader ON store_sealedcase",
        "SET session_replication_role = replica",
        "SET ROLE kesu_owner",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY (SELECT 1) TO PROGRAM 'id'",
        "COPY (SELECT 1) TO '/tmp/kesu-of-the-app'",
        "SELECT passwd FROM pg_shadow",
    ],
)
def test_it_lets_the_application_change_rows_and_nothing_else(statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        run(statement)


@pytest.mark.parametrize(
    "table", ["sealedcase", "sealedevent", "sealedbody", "sealedfile", "sealedreading", "sealedallow"]
)
def test_it_shows_no_sealed_row_to_a_session_that_has_not_said_who_reads(table: str) -> None:
    found = sample.build()
    _code, sealed_id = sample.report(found)
    desk.client_of("qiubai").get(found.with_sealed(sealed_id).address("sealed-file"))
    for reader in (
        "",
        "bearer:",
        "bearer:" + "0" * 64,
        str(found.world.people["zhouyining"]),
        "SYSTEM",
        "x' OR '1'='1",
    ):
        with transaction.atomic():
            read_as(reader)
            assert run(f"SELECT count(*) FROM store_{table}") == [(0,)], reader
            read_as(SYSTEM)
            assert run(f"SELECT count(*) > 0 FROM store_{table}") == [(True,)]
            read_as("")


def test_it_puts_nobody_on_a_list_of_his_own() -> None:
    found = sample.build()
    _code, sealed_id = sample.report(found)
    person = found.world.people["zhouyining"]

    with transaction.atomic():
        read_as(str(person))
        assert run("SELECT count(*) FROM store_sealedcase WHERE id = %s", sealed_id) == [(0,)]
        assert run("UPDATE store_sealedcase SET stage = 'x'") == [(0,)]
        assert run("DELETE FROM store_sealedallow") == [(0,)]
    mine = "INSERT INTO store_sealedallow (case_id, account_id, role, since) VALUES (%s, %s, 'discipline', now())"
    with pytest.raises(DatabaseError), transaction.atomic():
        run(mine, sealed_id, person)
    read_as("")
