"""What a log may hold of people: nothing."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from kesu.config.log_lines import blot


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("call 13800138000 back", "call <number> back"),
        ("call 138 0013 8000 back", "call <number> back"),
        ("id 11010519491231002X seen", "id <number> seen"),
        ("电话13800138000已登记", "电话<number>已登记"),
        ("mail to a.b@example.org failed", "mail to <mail> failed"),
        ("at postgresql://kesu_app:secret@/kesu?host=x now", "at postgresql://<address> now"),
        ("at smtp://me:secret@mail.example.org:25", "at smtp://<address>"),
    ],
)
def test_it_blots_out_what_belongs_to_people(line: str, shown: str) -> None:
    assert blot(line) == shown


@pytest.mark.parametrize(
    "line",
    ["case 0193a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b woken", "sent 12 of 300", "worker 41022 ended", "port 8000"],
)
def test_it_keeps_what_is_needed_to_find_a_fault(line: str) -> None:
    assert blot(line) == line


def test_it_blots_the_values_of_a_traceback_too() -> None:
    program = """
from kesu.config.log_lines import logging_config
import logging, structlog
logging_config("INFO")
try:
    raise ValueError("13800138000")
except ValueError:
    structlog.get_logger("one").exception("failed for 13800138000", who="a@example.org")
    logging.getLogger("two").exception("failed for %s", "13800138000")
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stderr
    assert "13800138000" not in said
    assert "a@example.org" not in said
    assert said.count("ValueError") >= 2


def test_it_writes_a_document_a_line_for_a_collector() -> None:
    program = """
from kesu.config.log_lines import logging_config
import logging, structlog
logging_config("INFO", is_json=True)
structlog.get_logger("one").info("已接报", number=3, who="a@example.org")
logging.getLogger("two").warning("call %s", "13800138000")
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stderr
    first, second = (json.loads(line) for line in said.splitlines())
    assert (first["event"], first["level"], first["logger"], first["number"]) == ("已接报", "info", "one", 3)
    assert first["who"] == "<mail>"
    assert second["event"] == "call <number>"
