"""Mails come in: over IMAP from a server that speaks it to the letter, each once, and to where they belong."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kesu.commands.arrivals.change_mailbox import MailboxState, change_mailbox
from kesu.commands.arrivals.make_mailbox import make_mailbox
from kesu.commands.arrivals.sort_one_mail import sort_one_mail
from kesu.core import clock
from kesu.jobs import mailboxes
from kesu.queries.arrivals.mail_list import mail_list
from kesu.store.models import HouseChange, InboundMail, Mailbox
from tests import desk
from tests.jobs.imap_server import MailHouse, certificate, open_house
from tests.jobs.mail_desk import Desk, letter, opened
from tests.world import MONDAY, World


@pytest.fixture
def house(world: World) -> Desk:
    return opened(world)


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("imap"))


@pytest.fixture
def server(pem: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailHouse]:
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with open_house(pem) as opened:
        yield opened


def reading(house: Desk, server: MailHouse, **changed: Any) -> None:
    """The mailbox is read from there."""
    house.state(host="localhost", port=server.port, login="tousu", password=server.password, **changed)


def read(again: bool = True) -> None:
    if again:
        Mailbox.objects.update(read_after=None)
    mailboxes.read_one(threading.Event())
    while sort_one_mail(at=clock.now()):
        pass


def test_it_reads_what_is_new_in_the_folder_and_each_once(house: Desk, server: MailHouse) -> None:
    server.wants_id = True
    server.put(letter("早就读过的"), clock.now() - timedelta(minutes=5), is_seen=True)
    server.put(letter("第一封"), MONDAY)
    reading(house, server, opens=False)
    read()
    server.put(letter("第二封"))
    server.put(letter("第三封"), is_seen=True)  # somebody looked into the folder before us
    read()
    read()
    server.renumber()
    read()
    found = [one.subject for one in mail_list(actor=desk.actor("zhouyining")).rows]
    assert found == ["第一封", "第二封", "第三封"]
    assert all(one.is_seen for one in server.letters)
    assert InboundMail.objects.order_by("at")[0].at == MONDAY
    assert Mailbox.objects.get().error == ""


def test_one_turn_reads_every_mailbox_and_sorts_all_that_came(house: Desk, server: MailHouse) -> None:
    """A house may have very many; what waits for the next turn would pile up."""
    for number in range(3):
        server.put(letter(f"第 {number} 封"))
    reading(house, server, opens=False)
    for number in range(3):
        others = {"name": f"信箱 {number}", "address": f"{number}@qingtang.example"}
        unit, admin = house.world.units["qingtang"], house.world.actor("admin")
        other = make_mailbox(actor=admin, at=MONDAY, kind="complaint", unit_id=unit, **others)
        wanted = {"host": "localhost", "port": server.port, "login": "tousu", "password": server.password}
        state = MailboxState(name=others["name"], opens=False, **wanted)
        change_mailbox(actor=admin, at=MONDAY, mailbox_id=other, wanted=state)
    mailboxes.read_mail(threading.Event())
    assert not Mailbox.objects.filter(read_at=None).exists()
    assert InboundMail.objects.count() >= 3
    assert not InboundMail.objects.filter(state="new").exists()


@pytest.mark.parametrize("breaks", ["UID_STORE", "UID_FETCH", "UID_SEARCH"])
def test_a_line_that_breaks_loses_and_doubles_nothing(house: Desk, server: MailHouse, breaks: str) -> None:
    """In the worst place: kept, and not marked as seen."""
    for number in range(3):
        server.put(letter(f"第 {number} 封"))
    reading(house, server, opens=False)
    asked = 0

    def break_off(command: str) -> None:
        nonlocal asked
        asked += command == breaks
        if command == breaks and asked == 2:
            raise ConnectionResetError

    server.before = break_off
    for _ in range(3):
        read()
    assert sorted(one.subject for one in mail_list(actor=desk.actor("zhouyining")).rows) == [
        f"第 {number} 封" for number in range(3)
    ]


def test_a_server_that_refuses_is_told_and_its_password_is_nowhere(house: Desk, server: MailHouse) -> None:
    reading(house, server)
    server.password = "another one now"
    admin = desk.client_of("admin")
    page = admin.post(f"/organisation/mailboxes/{house.mailbox_id}/try", follow=True).content.decode()
    assert "服务器拒绝了" in page
    read()
    mailbox = Mailbox.objects.get()
    assert mailbox.error.startswith("refused")
    page += admin.get(f"/organisation/mailboxes/{house.mailbox_id}").content.decode()
    said = page + mailbox.error + str(list(HouseChange.objects.values_list("before", "after"))) + repr(server.asked)
    assert "Passw0rd-of-nobody" not in said
    assert b"Passw0rd-of-nobody" not in bytes(mailbox.secret)


def test_no_password_goes_to_a_server_that_nobody_vouches_for(house: Desk, server: MailHouse, pem: Path) -> None:
    reading(house, server)
    os.environ["SSL_CERT_FILE"] = str(Path(pem.parent) / "none.pem")  # put back by the fixture
    read()
    assert Mailbox.objects.get().error.startswith("certificate")
    assert "LOGIN" not in server.asked


def test_a_password_does_not_follow_to_another_server(house: Desk, server: MailHouse) -> None:
    reading(house, server)
    house.state(host="127.0.0.1", port=server.port, login="tousu")
    assert bytes(Mailbox.objects.get().secret) == b""


def test_a_mail_that_is_too_large_is_told_by_its_head(
    house: Desk, server: MailHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kesu.core.imap.MOST_BYTES", 1000)
    server.put(letter("很大", "漏" * 2000))
    reading(house, server)
    read()
    mail = InboundMail.objects.get()
    assert (mail.state, mail.why) == ("waiting", "too_large")
    assert "很大" in desk.client_of("zhouyining").get(f"/mails/{mail.pk}").content.decode()
