"""`kesu keys` as somebody types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kesu.config.cli import main
from kesu.core import keyring


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = tmp_path / "keys.json"
    keyring.create(found)
    monkeypatch.setenv("KESU_KEY_FILE", str(found))
    return found


def test_it_prints_the_public_keys_as_the_verifier_reads_them(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "public"]) == 0
    said = capsys.readouterr().out
    assert json.loads(said) == keyring.load(path).public_keys()
    for secret in json.loads(path.read_text("utf-8"))["signing"]["keys"].values():
        assert secret not in said


def test_it_adds_a_key_and_keeps_the_older_ones(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = keyring.load(path)
    assert main(["keys", "new-signing-key"]) == 0

    after = keyring.load(path)
    assert after.signer == "s2"
    assert json.loads(capsys.readouterr().out).keys() == {"s1", "s2"}
    assert after.signing["s1"] == before.signing["s1"]
    assert (after.keys, after.index, after.web_secret) == (before.keys, before.index, before.web_secret)


def test_it_says_what_to_do_where_a_file_has_no_signing_key(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(path.read_text("utf-8"))
    del document["signing"]
    path.write_text(json.dumps(document), "utf-8")

    assert main(["keys", "public"]) == 1
    assert "kesu keys new-signing-key" in capsys.readouterr().err


def test_it_says_where_it_looked_for_a_file_that_is_not_there(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.unlink()
    assert main(["keys", "public"]) == 1
    assert f"密钥文件 {path} 读不到" in capsys.readouterr().err
