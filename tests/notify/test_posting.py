"""A request goes where it may, follows nobody elsewhere, and ends in time."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_network

import pytest

from kesu.notify.carrying import NotCarried
from kesu.notify.channels.posting import Post, Reach, ask, refused
from tests.notify.vendors.loopback import Asked, Said, Vendor, serving

GUARDED = Reach(is_guarded=True)


class Echo(Vendor):
    def answer(self, asked: Asked) -> Said:
        return 200, {}, {"path": asked.path}


@pytest.fixture
def server() -> Iterator[Echo]:
    echo = Echo()
    with serving(echo):
        yield echo


@contextmanager
def talking(pieces: list[bytes], pause: float) -> Iterator[str]:
    """A server that says its answer piece by piece, with a pause after each."""
    is_over = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        line, _ = listening.accept()
        with line:
            line.recv(65536)
            for piece in pieces:
                if is_over.wait(pause):
                    return
                try:
                    line.sendall(piece)
                except OSError:
                    return

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        is_over.set()
        thread.join()
        listening.close()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.9",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.1.2.3",
        "64:ff9b::a01:203",
        "64:ff9b:1::a01:203",
        "::a01:203",
        "fec0::1",
        "3fff::1",
        "2002:a01:203::1",
    ],
)
def test_machines_of_the_house_are_out_of_reach_unless_the_installation_lets_them(address: str) -> None:
    assert not GUARDED.lets(address)
    assert Reach(is_guarded=False).lets(address)


def test_what_the_installation_lets_is_in_reach_and_nothing_beside_it() -> None:
    reach = Reach(is_guarded=True, inside=(ip_network("10.1.0.0/16"),))
    assert reach.lets("10.1.2.3", "http")
    assert not reach.lets("10.2.2.3")
    assert reach.lets("93.184.216.34")
    assert not reach.lets("93.184.216.34", "http"), "outside the house nothing goes without encryption"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1"])
def test_a_name_that_leads_into_the_house_is_refused_before_anything_is_sent(server: Echo, host: str) -> None:
    address = server.base.replace("127.0.0.1", host)
    with pytest.raises(NotCarried, match="inside_the_house") as turned_away:
        ask(Post(address), reach=GUARDED)
    assert turned_away.value.is_final
    assert server.asked == []


def test_no_redirect_is_followed(server: Echo) -> None:
    server.instead.append((302, {"location": f"{server.base}/elsewhere"}, {}))
    answer = ask(Post(f"{server.base}/here"))
    assert answer.status == 302
    assert [one.path for one in server.asked] == ["/here"]
    with pytest.raises(NotCarried) as turned_away:
        refused(answer, who="x")
    assert turned_away.value.is_final


def test_an_answer_without_end_is_not_read_to_its_end(server: Echo) -> None:
    server.instead.append((200, {}, b"x" * 200_000))
    with pytest.raises(NotCarried, match="answer_too_long"):
        ask(Post(server.base))


@pytest.mark.parametrize(
    "pieces",
    [[b"H", b"T", b"T", b"P"] * 20, [b"HTTP/1.1 200 OK\r\n\r\n", *[b"x"] * 60]],
    ids=["in its head", "in its body"],
)
def test_one_that_talks_slowly_is_cut_when_the_time_is_over(pieces: list[bytes]) -> None:
    with talking(pieces, 0.05) as address, pytest.raises(NotCarried, match="timeout") as cut:
        ask(Post(address), within=0.3)
    assert not cut.value.is_final


def test_one_that_says_nothing_is_not_waited_for_longer() -> None:
    with talking([b"late"], 5) as address, pytest.raises(NotCarried, match="timeout"):
        ask(Post(address), within=0.2)


@pytest.mark.parametrize(
    ("said", "wait"), [("30", timedelta(seconds=30)), ("9999999", timedelta(days=1)), ("soon", None)]
)
def test_it_hears_how_long_to_wait(server: Echo, said: str, wait: timedelta | None) -> None:
    server.instead.append((503, {"retry-after": said}, {}))
    with pytest.raises(NotCarried) as busy:
        refused(ask(Post(server.base)), who="x")
    assert (busy.value.wait, busy.value.is_final) == (wait, False)


def test_a_name_that_leads_nowhere_is_asked_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr("socket.getaddrinfo", lambda *about, **_: asked.append(about) or [])
    with pytest.raises(NotCarried) as failed:
        ask(Post("https://board.example.invalid/kesu"))
    assert (failed.value.reason, failed.value.is_final, asked) == ("no_such_host", True, [])


@pytest.mark.parametrize("address", ["", "https://", "http://[", "ftp://x", "https://x:99999", "gopher://x:1"])
def test_what_is_no_address_is_final(address: str) -> None:
    with pytest.raises(NotCarried) as refusal:
        ask(Post(address), reach=GUARDED)
    assert refusal.value.is_final or "unreachable" in refusal.value.reason
