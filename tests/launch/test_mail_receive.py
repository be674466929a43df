"""What a mail server is told that pipes a message in: it goes by the exit code."""

from __future__ import annotations

import io
import os
from types import SimpleNamespace

import pytest

from kesu.config.cli import mail, main


def given(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(content)))


def test_a_command_that_is_written_wrongly_sends_no_mail_back_as_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["mail", "receive"])
    assert ended.value.code == os.EX_USAGE


def test_nothing_and_too_much_are_told_before_anything_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    given(b" \r\n", monkeypatch)
    assert main(["mail", "receive", "tousu@qingtang.example"]) == os.EX_NOINPUT
    monkeypatch.setattr(mail, "_MOST", 10)
    given(b"Subject: x\r\n\r\ntoo long", monkeypatch)
    assert main(["mail", "receive", "tousu@qingtang.example"]) == os.EX_DATAERR


def test_what_is_not_the_senders_fault_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: os.PathLike[str]
) -> None:
    given(b"Subject: x\r\n\r\nx", monkeypatch)
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    monkeypatch.setenv("KESU_DATA", str(tmp_path))
    assert main(["mail", "receive", "tousu@qingtang.example"]) == os.EX_TEMPFAIL
