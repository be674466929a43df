"""Signing in, cookies, headers, links that are secrets, and what the log may say of them."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from kesu.config.log_lines import blot
from kesu.store.models import Note, SubmittedForm
from tests import desk, world
from tests.access import sample

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough sentence"
SCRIPT = '"><script>alert(1)</script>'


@pytest.fixture
def here() -> world.World:
    """Two people may sign in; a password for everybody would take the test a while."""
    from kesu.store.models import Account

    built, _ = desk.opened()
    for account in Account.objects.filter(login__in=("zhouyining", "sunyan")):
        account.set_password(PASSWORD)
        account.save()
    return built


def send(client: Client, **sent: str) -> int:
    return client.post("/sign-in", {"username": "zhouyining", "password": PASSWORD, **sent}).status_code


@pytest.mark.parametrize("name", ["x\x00y", "长" * 5000, "' OR 1=1 --", SCRIPT, "\u202e"])
def test_it_answers_a_login_that_is_none(here: world.World, name: str) -> None:
    client = Client(raise_request_exception=False)

    assert send(client, username=name) in {400, 422}
    assert send(client, password=name) in {400, 422}
    client.defaults["HTTP_USER_AGENT"] = client.defaults["HTTP_ACCEPT"] = "x" * 5000
    assert send(client, username=name) in {400, 422}


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "sign-in",
        "case-page",
        "foo",
        "",
    ],
)
def test_it_leads_nowhere_but_to_our_own_pages(here: world.World, target: str) -> None:
    answer = Client().post("/sign-in", {"username": "zhouyining", "password": PASSWORD, "next": target})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/work")


def test_it_counts_wrong_passwords_however_the_login_is_written_and_wherever_the_sender_says_he_is(
    here: world.World,
) -> None:
    client = Client()
    for number, name in enumerate(("zhouyining", "ZHOUYINING", " zhouyining ", "Zhouyining", "zhouyining")):
        sent = {"username": name, "password": "wrong"}
        client.post("/sign-in", sent, headers={"X-Forwarded-For": f"10.0.0.{number}", "X-Real-IP": f"10.0.1.{number}"})

    assert send(client) == 429
    assert send(Client()) == 429
    assert Client().post("/sign-in", {"username": "sunyan", "password": PASSWORD}).status_code == 302


def test_it_says_the_same_for_a_login_that_is_and_one_that_is_not(here: world.World) -> None:
    def page(name: str) -> tuple[int, str]:
        answer = Client().post("/sign-in", {"username": name, "password": "wrong"})
        return answer.status_code, re.sub(r'value="[^"]*"', "", answer.content.decode())

    assert page("zhouyining") == page("zhouyinin2")


def test_it_gives_whoever_signs_in_a_session_of_his_own(here: world.World) -> None:
    client = Client()
    session = client.session
    session["planted"] = "yes"
    session.save()
    planted = client.session.session_key
    client.cookies["sessionid"] = planted or ""

    assert send(client) == 302
    assert client.session.session_key != planted
    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["sessionid"]["samesite"] == "Lax"
    client.post("/sign-out")
    assert Client(headers={"cookie": f"sessionid={planted}"}).get("/work").status_code == 302


def test_it_ends_the_sessions_of_an_account_that_was_closed(here: world.World) -> None:
    from kesu.store.models import Account

    client = Client()
    assert send(client) == 302
    assert client.get("/work").status_code == 200

    Account.objects.filter(login="zhouyining").update(is_active=False)

    assert client.get("/work").status_code == 302


def test_it_sends_the_same_walls_with_every_page() -> None:
    found = sample.build()
    client = desk.client_of("zhouyining")
    for name in sample.names():
        answer = client.get(found.address(name))
        if name.startswith("case-file"):
            continue  # walled in altogether, see `test_files`
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, name
        assert "frame-ancestors 'none'" in policy, name
        assert "unsafe" not in policy, name
        assert answer.headers.get("X-Frame-Options") == "DENY", name
        assert answer.headers["X-Content-Type-Options"] == "nosniff", name


def test_it_lets_no_cache_keep_a_page_behind_a_secret_or_a_sign_in() -> None:
    found = sample.build()
    for name in sample.names():
        if name in {"healthz", "front", "publication-list", "publication-feed"}:
            continue  # the same for everybody
        for client in (Client(), desk.client_of("zhouyining")):
            answer = client.get(found.address(name))
            if answer.status_code in {200, 404, 422}:
                kept = answer.headers.get("Cache-Control", "")
                assert "no-store" in kept, f"{name}: {kept}"
                assert "private" in kept, f"{name}: {kept}"


def test_it_tells_no_other_site_where_somebody_came_from() -> None:
    found = sample.build()

    page = Client().get(found.address("public-follow"))

    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert re.findall(r'(?:href|src)="((?:https?:)?//[^"]*)"', page.content.decode()) == []


def test_it_shows_what_somebody_wrote_as_what_he_wrote() -> None:
    """In the list, on the case, in the notes and behind the customer's link."""
    here, now = desk.opened()
    sent = here.submit(at=now, title=SCRIPT, content=SCRIPT, room="<b>1</b>", person__name="<i>x</i>")
    client, address = desk.client_of("zhouyining"), f"/cases/{sent.case_id}"
    Client().post(f"/follow/{sent.secret}/words", {"text": SCRIPT})
    client.post(f"{address}/notes", {"text": SCRIPT})
    client.post(f"{address}/messages", {"text": SCRIPT})
    assert Note.objects.filter(case_id=sent.case_id).count() >= 3

    client.post(f"{address}/matter", {"number": SCRIPT})
    pages = {
        one: (client if one.startswith("/c") or one == "/work" else Client()).get(one).content.decode()
        for one in ("/cases", f"/cases?q={SCRIPT}", "/work", address, f"{address}/timeline", f"/follow/{sent.secret}")
    }

    for one, page in pages.items():
        assert "<script>alert" not in page, one
        assert "<b>1</b>" not in page, one
        assert "<i>x</i>" not in page, one
    assert "&lt;script&gt;alert(1)" in pages["/cases"]
    assert "&lt;script&gt;alert(1)" in pages[f"/follow/{sent.secret}"]


def test_it_lets_no_title_turn_round_or_hide_what_stands_beside_it() -> None:
    here, now = desk.opened()
    here.submit(at=now, title="电梯\u202e停运\u200b\x07\u2028第二行", room="长" * 500)

    page = desk.client_of("zhouyining").get("/cases").content.decode()

    assert "电梯停运" in page
    assert not set(page) & set("\u202e\u200b\x07\u2028")


def test_it_keeps_no_token_that_could_be_sent_again() -> None:
    """Whoever sends a token again is given the secret of its case: a copy of the database must not hold it."""
    here, _ = desk.opened()
    token = "one-time-" + "x" * 80
    sent = {code.replace("__", "."): text for code, text in world.COMPLAINT.items() if code != "channel"}
    first, again, other = (
        Client().post(f"/submit/{here.units['qingtang']}/complaint", {**sent, "form_token": one})
        for one in (token, token, token + "y")
    )

    assert first.headers["Location"] == again.headers["Location"] != other.headers["Location"]
    kept = SubmittedForm.objects.values_list("token", flat=True)
    assert len(kept) == 2
    assert not any(token[:60] in one for one in kept)
    replayed = Client().post(f"/submit/{here.units['qingtang']}/complaint", {**sent, "form_token": kept[0]})
    assert replayed.headers["Location"] != first.headers["Location"]


@pytest.mark.parametrize("page", ["follow", "submitted", "part", "talk", "sealed", "feed"])
def test_it_writes_no_secret_address_into_the_log(page: str) -> None:
    secret = "9f86d081884c7d659a2feaa0c55ad015"

    line = blot(f"Internal Server Error: /{page}/{secret}/words and '/{page}/{secret}'")

    assert secret not in line
    assert f"/{page}/<secret>" in line
