"""Receipts as a file, from the page of a case and from the list: worked out again by somebody else's Python."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from kesu.config.cli import main
from kesu.config.verifier import kesu_clock
from tests import desk
from tests.world import COMPLAINT

pytestmark = pytest.mark.django_db


def by_itself(path: Path) -> tuple[int, str]:
    command = [sys.executable, "-I", "-S", str(Path(kesu_clock.__file__)), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    return done.returncode, done.stdout + done.stderr


def test_whoever_sees_a_case_takes_its_receipts_along_and_no_person_with_them(tmp_path, capsys) -> None:
    world, now = desk.opened()
    case = world.triaged(now - timedelta(days=1))
    client = desk.client_of("zhouyining")
    page = client.get(reverse("case-page", args=[case])).content.decode()
    address = reverse("case-receipts", args=[case])
    assert address in page

    answer = client.get(address)
    path = tmp_path / "receipts.json"
    path.write_bytes(answer.content)
    code, said = by_itself(path)
    assert code == 0, said
    assert said.endswith("1 版日历：没有不同。\n")
    for word in (COMPLAINT["title"], COMPLAINT["content"], COMPLAINT["room"], COMPLAINT["person__name"]):
        assert word not in answer.content.decode()

    listed = json.loads(client.get(reverse("case-list-receipts")).content)
    assert [one["digest"] for one in listed["receipts"]] == [
        one["digest"] for one in json.loads(answer.content)["receipts"]
    ]
    assert client.get(reverse("receipt-verifier")).content == Path(kesu_clock.__file__).read_bytes()

    assert main(["clock", "verify", str(path)]) == 0
    assert main(["clock", "verify", str(path), "--data", "anywhere"]) == 0
    path.write_text(path.read_text("utf-8").replace('"provisional":false', '"provisional":true', 1), "utf-8")
    assert main(["clock", "verify", str(path)]) == 1
    assert "是否暂定：写着暂定，重算是不是暂定" in capsys.readouterr().out
