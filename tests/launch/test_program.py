"""The program as a whole: web server and worker as processes, met through HTTP and a browser."""

from __future__ import annotations

import socket
import urllib.request

import pytest
from playwright.sync_api import Page

from tests.live import LiveKesu
from tests.network import NetworkIsClosed


def test_it_says_that_it_can_serve(live_kesu: LiveKesu) -> None:
    with urllib.request.urlopen(f"{live_kesu.url}/healthz") as answer:
        assert answer.status == 200
        assert answer.read() == b"ok\n"


def test_it_allows_nothing_but_its_own_scripts_and_styles(live_kesu: LiveKesu) -> None:
    with urllib.request.urlopen(f"{live_kesu.url}/healthz") as answer:
        policy = answer.headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["frame-ancestors"] == "'none'"


def test_it_answers_a_browser(live_kesu: LiveKesu, page: Page) -> None:
    answer = page.goto(f"{live_kesu.url}/healthz")
    assert answer is not None
    assert answer.status == 200


def test_it_closes_the_way_to_other_machines() -> None:
    with socket.socket() as way_out, pytest.raises(NetworkIsClosed):
        way_out.connect(("192.0.2.1", 80))
