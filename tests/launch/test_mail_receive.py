"""What a mail server is told that pipes a message in: it goes by the exit code."""

from __future__ import annotations

import io
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection

from kesu.commands.arrivals.set_mailbox_open import set_mailbox_open
from kesu.config.cli import mail, main
from kesu.store.models import InboundMail
from tests.jobs.mail_desk import letter, opened
from tests.world import MONDAY, World


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


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command finds the installation of the tests."""
    found = connection.settings_dict
    place = f"{found['USER']}@{found['HOST'] or '127.0.0.1'}:{found['PORT'] or 5432}/{found['NAME']}"
    monkeypatch.setenv("DATABASE_URL", f"postgresql://{place}")
    monkeypatch.setenv("KESU_KEY_FILE", str(settings.KESU_KEY_FILE))


@pytest.mark.usefixtures("here")
def test_what_is_kept_is_told_as_kept_however_often_it_comes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(world)
    for called in ("tousu@qingtang.example", "TOUSU@qingtang.example", "投诉信箱"):
        given(letter("阳台渗水"), monkeypatch)
        assert main(["mail", "receive", called]) == os.EX_OK
    assert InboundMail.objects.count() == 1


@pytest.mark.usefixtures("here")
def test_a_mailbox_that_is_not_there_or_shut_sends_the_mail_back(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    house = opened(world)
    given(letter(), monkeypatch)
    assert main(["mail", "receive", "nobody@qingtang.example"]) == os.EX_NOUSER
    assert "nobody@qingtang.example" in capsys.readouterr().err

    set_mailbox_open(actor=world.actor("admin"), at=MONDAY, mailbox_id=house.mailbox_id, is_open=False)
    given(letter(), monkeypatch)
    assert main(["mail", "receive", "tousu@qingtang.example"]) == os.EX_NOUSER
    assert not InboundMail.objects.exists()


@pytest.mark.usefixtures("here")
def test_without_its_keys_it_keeps_nothing_and_has_it_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened(world)
    monkeypatch.setenv("KESU_KEY_FILE", str(tmp_path / "none"))
    given(letter(), monkeypatch)
    assert main(["mail", "receive", "tousu@qingtang.example"]) == os.EX_TEMPFAIL
    assert not InboundMail.objects.exists()


def test_what_is_not_the_senders_fault_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: os.PathLike[str]
) -> None:
    given(b"Subject: x\r\n\r\nx", monkeypatch)
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    monkeypatch.setenv("KESU_DATA", str(tmp_path))
    assert main(["mail", "receive", "tousu@qingtang.example"]) == os.EX_TEMPFAIL
