"""The embedded PostgreSQL where it is hard: odd paths, private folders, crashes, what crashes leave."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from kesu.config.postgres import binaries, databases, passwords
from kesu.config.postgres.cluster import ADMIN, Cluster
from kesu.config.postgres.service_user import ServiceUser
from kesu.config.trouble import Trouble


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody may enter, unlike pytest's own; its name has what breaks careless programs."""
    made = Path(tempfile.mkdtemp(prefix="kesu 客诉 "))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def cluster(folder: Path) -> Iterator[Cluster]:
    opened = Cluster(folder / "数据")
    opened.start()
    yield opened
    opened.stop()


def _pid(cluster: Cluster) -> int:
    return int((cluster.place.data / "postmaster.pid").read_text(encoding="utf-8").split()[0])


def _keep_a_row(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url(ADMIN, "postgres"), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")


def _kept(cluster: Cluster) -> list[tuple[int]]:
    with psycopg.connect(cluster.url(ADMIN, "postgres")) as connection:
        return connection.execute("SELECT answer FROM kept").fetchall()


def test_it_runs_in_a_path_with_spaces_and_chinese_characters(cluster: Cluster) -> None:
    assert cluster.answers()
    assert not cluster.place.is_elsewhere


def test_it_runs_for_a_private_folder_and_remembers_where(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    opened = Cluster(private / "data", durable=False)
    try:
        opened.start()
        assert opened.answers()
        # Only root lends the server another account, and only that account cannot follow it into a private folder.
        assert opened.place.is_elsewhere == (os.geteuid() == 0)
        assert Cluster(private / "data").place.folder == opened.place.folder
        assert (private.stat().st_mode & 0o777) == 0o700
    finally:
        opened.stop()
        if opened.place.is_elsewhere:
            shutil.rmtree(opened.place.folder)


def test_it_does_not_run_as_root(cluster: Cluster) -> None:
    assert Path(f"/proc/{_pid(cluster)}").stat().st_uid == cluster.place.user.uid != 0


def test_it_keeps_what_was_committed_when_the_server_is_killed(cluster: Cluster) -> None:
    _keep_a_row(cluster)
    os.kill(_pid(cluster), signal.SIGKILL)
    cluster.start()
    assert _kept(cluster) == [(42,)]


def test_it_starts_although_a_pid_file_names_another_living_program(cluster: Cluster) -> None:
    _keep_a_row(cluster)
    cluster.stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        try:
            (cluster.place.data / "postmaster.pid").write_text(f"{stranger.pid}\n", encoding="utf-8")
            assert not cluster.is_alive()
            cluster.stop()
            assert stranger.poll() is None
            cluster.start()
            assert _kept(cluster) == [(42,)]
        finally:
            stranger.kill()


def test_it_is_made_once_when_many_start_it_together(folder: Path) -> None:
    home = folder / "many"
    Cluster(home)
    found: list[bool] = []

    def start() -> None:
        opened = Cluster(home, durable=False)
        opened.start()
        found.append(opened.answers())

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    Cluster(home).stop()
    assert found == [True] * 4


def test_it_keeps_its_passwords_to_their_owner(cluster: Cluster) -> None:
    file = cluster.home / passwords.FILE
    assert file.stat().st_mode & 0o077 == 0
    assert cluster.passwords.admin not in repr(cluster.passwords)
    written = [path for path in cluster.place.log.iterdir() if cluster.passwords.admin in path.read_text("utf-8")]
    assert written == []


def test_it_does_not_invent_passwords_for_a_cluster_that_has_some(cluster: Cluster) -> None:
    (cluster.home / passwords.FILE).unlink()
    with pytest.raises(Trouble, match="不见了"):
        Cluster(cluster.home)


def test_it_listens_on_no_network_address(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url(ADMIN, "postgres")) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)


def test_it_makes_a_short_way_to_the_socket_of_a_long_path(folder: Path) -> None:
    opened = Cluster(folder / ("很长的文件夹名" * 8), durable=False)
    try:
        opened.start()
        assert opened.answers()
        assert len(os.fsencode(opened.place.sockets)) < 80
    finally:
        opened.stop()
        shutil.rmtree(opened.place.sockets)


def test_it_clones_a_template_with_its_rights(cluster: Cluster) -> None:
    databases.ensure_roles(cluster)
    databases.create(cluster, "first")
    with psycopg.connect(cluster.url(databases.OWNER, "first"), autocommit=True) as owner:
        owner.execute("CREATE TABLE thing (id int)")
    databases.clone(cluster, "first", "second")
    with psycopg.connect(cluster.url(databases.APP, "second"), autocommit=True) as app:
        app.execute("INSERT INTO thing VALUES (1)")
        assert app.execute("SELECT id FROM thing").fetchall() == [(1,)]


def test_it_copies_programs_that_the_server_may_not_reach(folder: Path) -> None:
    user = ServiceUser("nobody" if os.geteuid() == 0 else None)
    found = binaries.find(None, user, folder / "programs")
    private = folder / "private"
    shutil.copytree(found.folder.parent, private / "pkg" / "install", symlinks=True)
    libraries = found.folder.parent.parent.with_name(found.folder.parent.parent.name + ".libs")
    if libraries.exists():
        shutil.copytree(libraries, private / "pkg.libs")
    private.chmod(0o700)
    copied = binaries.reachable(private / "pkg" / "install" / "bin", user, folder / "programs")
    assert copied.is_relative_to(folder / "programs") == (os.geteuid() == 0)
    asked = subprocess.run([copied / "postgres", "--version"], capture_output=True, check=False, **user.start_options())
    assert asked.returncode == 0
