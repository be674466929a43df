"""The work of the night: once, whoever works, whoever is killed, and caught up when it was missed."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction

from kesu.commands.matters.join_matter import join_matter
from kesu.commands.nightly.check_projections import check_projections
from kesu.commands.nightly.copy_heads import copy_heads
from kesu.commands.nightly.run_nightly_task import Ended, run_nightly_task
from kesu.commands.nightly.sign_heads import sign_heads
from kesu.core import keyring
from kesu.jobs.nightly import Nightly, night_of, tasks
from kesu.queries.proof.nightly_results import last_nightly_results, nights_without
from kesu.queries.proof.verify_log import verify_log
from kesu.store import keys
from kesu.store.models import CaseCard, ChainHead, Matter, MatterMember, NightlyResult, SealedChainHead, SignedNight
from kesu.store.sealed_reader import SYSTEM, read_as
from tests.commands.test_sealed import report
from tests.proof.conftest import FIRST, SECOND, night_at
from tests.world import MONDAY, World


def documents() -> list[dict[str, Any]]:
    return [json.loads(row.document) for row in SignedNight.objects.order_by("number")]


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.KESU_HEADS_DIR = tmp_path
    settings.KESU_HEADS_ARE_ELSEWHERE = True
    return tmp_path


def test_a_night_begins_at_two_in_the_organisations_zone() -> None:
    at = night_at(FIRST)
    assert night_of(at) == FIRST
    assert night_of(at - timedelta(minutes=10, seconds=1)) == FIRST - timedelta(days=1)


def test_it_does_every_task_once_a_night_and_keeps_how_it_went(world: World, folder: Path) -> None:
    world.register("wutong", at=MONDAY)
    nightly = Nightly()
    nightly.turn(night_at(FIRST))
    nightly.turn(night_at(FIRST) + timedelta(hours=1))
    Nightly().turn(night_at(FIRST) + timedelta(hours=2))

    assert [found["night"] for found in documents()] == [str(FIRST)]
    endings = ("json", "list", "matters")
    assert sorted(path.name for path in folder.iterdir()) == [f"0000001-{FIRST}.{ending}" for ending in endings]
    lines = {line.task: line for line in last_nightly_results()}
    assert lines.keys() == {task.name for task in tasks()}
    assert {(line.state, line.attempts, line.error) for line in lines.values()} == {("done", 1, "")}
    assert lines["sign_heads"].details == {"number": 1, "listed": 1}


def test_each_night_names_the_one_before_and_lists_what_changed(world: World, folder: Path) -> None:
    case_id = world.register("wutong", at=MONDAY)
    nightly = Nightly()
    for night in (FIRST, SECOND):
        nightly.turn(night_at(night))
        world.take(case_id, "inform", "wutong", night_at(night) + timedelta(hours=9)) if night == FIRST else None

    first, second = documents()
    assert (first["number"], second["number"]) == (1, 2)
    assert first["previous"] == ""
    assert second["previous"] != ""
    assert list(ChainHead.objects.order_by("night").values_list("case_id", flat=True)) == [case_id, case_id]
    assert verify_log(is_sealed=True, folder=folder).findings == ()


def test_it_catches_up_a_night_that_was_missed_and_makes_up_none(world: World, folder: Path) -> None:
    Nightly().turn(night_at(FIRST))
    Nightly().turn(night_at(FIRST) + timedelta(days=4, hours=9))

    assert [(one["number"], one["night"]) for one in documents()] == [(1, "2026-06-09"), (2, "2026-06-13")]
    assert verify_log(is_sealed=False, folder=folder).findings == ()


def test_it_signs_no_night_before_one_that_is_signed(world: World) -> None:
    sign_heads(SECOND, night_at(SECOND))
    assert sign_heads(FIRST, night_at(FIRST)) == {}
    assert sign_heads(SECOND, night_at(SECOND)) == {}
    assert len(documents()) == 1


def test_two_workers_at_once_make_one_night(committed_world: World, folder: Path) -> None:
    committed_world.register("wutong", at=MONDAY)
    start = threading.Barrier(4)
    errors: list[BaseException] = []

    def worker() -> None:
        try:
            nightly = Nightly()
            start.wait(timeout=20)
            nightly.turn(night_at(FIRST))
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert not errors
    Nightly().turn(night_at(FIRST) + timedelta(minutes=1))
    assert len(documents()) == 1
    assert NightlyResult.objects.filter(state="done", attempts=1).count() == len(tasks())
    assert ChainHead.objects.count() == 1


def test_a_worker_killed_in_the_middle_leaves_the_night_to_another(committed_world: World, folder: Path) -> None:
    committed_world.register("wutong", at=MONDAY)
    killed = threading.Event()

    def die_after_signing(night: date, at: Any) -> dict[str, Any]:
        sign_heads(night, at)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        ender = connection.copy()
        try:
            with ender.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        finally:
            ender.close()
        killed.set()
        SignedNight.objects.count()
        return {}

    with pytest.raises(OperationalError):
        run_nightly_task(task="sign_heads", night=FIRST, at=night_at(FIRST), work=die_after_signing)
    assert killed.is_set()
    connection.close()
    assert documents() == []
    assert not ChainHead.objects.exists()

    Nightly().turn(night_at(FIRST))
    assert len(documents()) == 1
    assert verify_log(is_sealed=False, folder=folder).findings == ()


def test_a_copy_that_a_killed_worker_left_out_is_written_in_the_next_night(world: World, folder: Path) -> None:
    sign_heads(FIRST, night_at(FIRST))
    assert nights_without("copy_heads") == (FIRST,)

    Nightly().turn(night_at(SECOND))
    assert len(list(folder.glob("*.json"))) == 2
    assert nights_without("copy_heads") == ()


def test_a_place_that_is_gone_is_said_tried_again_and_never_forgotten(world: World, folder: Path) -> None:
    folder.rmdir()
    nightly = Nightly()
    nightly.turn(night_at(FIRST))

    line = {one.task: one for one in last_nightly_results()}["copy_heads"]
    assert (line.state, line.attempts) == ("failed", 1)
    assert line.error == "FileNotFoundError: No such file or directory"
    assert len(documents()) == 1

    nightly.turn(night_at(FIRST) + timedelta(minutes=2))
    assert NightlyResult.objects.get(task="copy_heads").attempts == 1
    folder.mkdir()
    nightly.turn(night_at(FIRST) + timedelta(minutes=11))
    assert NightlyResult.objects.get(task="copy_heads").state == "done"
    assert len(list(folder.glob("*.json"))) == 1


def test_another_copy_in_the_place_is_never_overwritten(world: World, folder: Path) -> None:
    sign_heads(FIRST, night_at(FIRST))
    foreign = folder / f"0000001-{FIRST}.json"
    foreign.write_text("{}", "utf-8")

    with pytest.raises(FileExistsError):
        copy_heads(FIRST, folder=folder, may_create=False)
    assert foreign.read_text("utf-8") == "{}"


def test_writing_a_copy_again_changes_nothing(world: World, folder: Path) -> None:
    sign_heads(FIRST, night_at(FIRST))
    for _ in range(2):
        copy_heads(FIRST, folder=folder, may_create=False)
    assert len(list(folder.iterdir())) == 3


def test_a_task_that_fails_stops_no_other(world: World) -> None:
    def broken(_night: date, _at: Any) -> dict[str, Any]:
        raise ValueError("13800138000")

    ran = run_nightly_task(task="broken", night=FIRST, at=night_at(FIRST), work=broken)
    assert ran.ended is Ended.FAILED
    assert NightlyResult.objects.get(task="broken").error == "ValueError"
    assert run_nightly_task(task="whole", night=FIRST, at=night_at(FIRST), work=sign_heads).ended is Ended.DONE


def test_a_key_file_that_is_older_than_signed_heads_gets_a_key(
    world: World, folder: Path, tmp_path_factory: pytest.TempPathFactory, settings: Any
) -> None:
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    document = json.loads(Path(settings.KESU_KEY_FILE).read_text("utf-8"))
    del document["signing"]
    path.write_text(json.dumps(document), "utf-8")
    settings.KESU_KEY_FILE = path
    keys.ring.cache_clear()
    try:
        Nightly().turn(night_at(FIRST))
        assert {one.task: one.error for one in last_nightly_results()}["sign_heads"] == "SigningKeyMissing"

        assert keyring.add_signing_key(path, only_if_missing=True) == "s1"
        assert keyring.add_signing_key(path, only_if_missing=True) == "s1"
        keys.ring.cache_clear()
        Nightly().turn(night_at(FIRST) + timedelta(minutes=11))
        assert keyring.add_signing_key(path) == "s2"
        keys.ring.cache_clear()
        Nightly().turn(night_at(SECOND))

        assert [row["key"] for row in documents()] == ["s1", "s2"]
        assert verify_log(is_sealed=False, folder=folder).findings == ()
        kept = json.loads(path.read_text("utf-8"))
        assert {name: kept[name] for name in document} == document
        assert path.stat().st_mode & 0o777 == 0o600
    finally:
        keys.ring.cache_clear()


def test_a_sealed_case_leaves_a_night_as_it_is(world: World, folder: Path) -> None:
    """The same document but for the digest that looks random anyway, the same list, the same results, the same SQL."""
    world.register("wutong", at=MONDAY)

    def night() -> tuple[Any, ...]:
        with transaction.atomic():
            Nightly().turn(night_at(FIRST))
            found = documents()[0]
            digest = found.pop("sealed")
            texts = [path.read_text("utf-8") for path in sorted(folder.glob("*.list"))]
            lines = [(one.task, one.state, one.details) for one in last_nightly_results()]
            verified = verify_log(is_sealed=False, folder=folder)
            transaction.set_rollback(True)
        for path in folder.iterdir():
            path.unlink()
        return digest, (found, len(digest), texts, lines, verified)

    digest, without = night()
    report(world)
    other, with_sealed = night()

    assert with_sealed == without
    assert other != digest


def test_heads_of_sealed_logs_are_shown_to_the_system_only(world: World) -> None:
    report(world)
    sign_heads(FIRST, night_at(FIRST))

    read_as(SYSTEM)
    assert SealedChainHead.objects.count() == 1
    for reader in ("", str(world.people["qiubai"]), "bearer:x"):
        read_as(reader)
        assert not SealedChainHead.objects.exists()


def test_it_finds_rows_that_do_not_follow_from_the_log(world: World) -> None:
    sound, wrong = (world.register("wutong", title=title) for title in ("好", "坏"))
    at = MONDAY + timedelta(minutes=10)
    assert check_projections(FIRST, at)["same"] == 2

    CaseCard.objects.filter(pk=wrong).update(stage="closed")
    found = check_projections(FIRST, at)
    assert (found["same"], found["different"]) == (1, 1)
    assert found["cases"] == [str(wrong)]
    assert str(sound) not in found["cases"]


def test_it_finds_a_matter_that_does_not_follow_from_its_stream(world: World) -> None:
    cases = [world.register("wutong", at=MONDAY + timedelta(minutes=minute)) for minute in range(2)]
    at = MONDAY + timedelta(minutes=10)
    join_matter(actor=world.actor("zhouyining"), at=at, case_id=cases[0], other_id=cases[1])
    assert check_projections(FIRST, at)["different"] == 0

    MatterMember.objects.filter(case=cases[1]).update(joined_seq=0)
    found = check_projections(FIRST, at)
    assert (found["different"], found["matters"]) == (1, [str(Matter.objects.get().pk)])


def test_it_looks_at_so_many_cases_and_at_others_in_another_night(world: World) -> None:
    for minute in range(6):
        world.register("wutong", at=MONDAY + timedelta(minutes=minute))
    at = MONDAY + timedelta(minutes=10)

    assert check_projections(FIRST, at, size=2)["same"] == 2
    from kesu.casefile.proof.sampling import sample_of

    assert sample_of(FIRST, 3) == sample_of(FIRST, 3)
    assert any(sample_of(FIRST, 3) != sample_of(FIRST + timedelta(days=n), 3) for n in range(1, 6))
