"""Log files of `kesu up` cannot fill the disk, also while their writer runs on."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from kesu.config.supervise import children, log_files
from kesu.config.supervise.children import Child


def test_it_begins_a_new_file_under_the_hands_of_its_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "_LOG_LIMIT", 4_000)
    log = tmp_path / "talk.log"
    program = "import time\nwhile True:\n print('a line of the log', flush=True); time.sleep(.002)"
    child = Child("talker", [sys.executable, "-c", program], dict(os.environ), log)
    try:
        for _ in range(3000):
            child.keep()
            if (tmp_path / "talk.log.1").exists() and log.stat().st_size:
                break
            threading.Event().wait(0.01)
        assert (tmp_path / "talk.log.1").read_text(encoding="utf-8").startswith("a line of the log\n")
        assert b"\x00" not in log.read_bytes(), "the writer must go on at the new beginning"
        assert child.restarts == 0
    finally:
        child.stop()


def test_it_gives_the_lines_up_where_there_is_no_room_for_a_copy(tmp_path: Path) -> None:
    log = tmp_path / "full.log"
    log.write_text("x" * 100, encoding="utf-8")
    (tmp_path / "full.log.1").symlink_to("/dev/full")
    log_files.bound(log, 10)
    assert log.stat().st_size == 0
    assert not (tmp_path / "full.log.1").exists()


def test_it_leaves_a_short_file_and_an_absent_one_alone(tmp_path: Path) -> None:
    log = tmp_path / "short.log"
    log.write_text("short", encoding="utf-8")
    log_files.bound(log, 10)
    log_files.bound(tmp_path / "absent.log", 10)
    assert [path.name for path in tmp_path.iterdir()] == ["short.log"]
