"""Signing in by the company's own service: only to an account that is there, only with an answer that fits.

The service is a real one on this machine that refuses whoever does not keep to the protocol.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from kesu.access.permissions import Permission
from kesu.config.checking.finding import Grade
from kesu.config.checking.providers import providers
from kesu.core import clock
from kesu.core.sign_on import Provider, SignOnUnreadable, read
from kesu.store.models import Account, HouseChange, Identity, RoleGrant
from tests import desk
from tests.identity_provider import CLIENT, SECRET, IdentityProvider, provider

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db
BACK = "http://127.0.0.1:8000/sign-in/back/group"
NOW = int(time.time())


@pytest.fixture
def service(settings: SettingsWrapper) -> Iterator[IdentityProvider]:
    desk.opened()
    with provider(BACK) as made:
        settings.KESU_SIGN_ON = (Provider("group", "集团门户", made.url, CLIENT, SECRET, "preferred_username"),)
        settings.KESU_BASE_URL = "http://127.0.0.1:8000"
        made.person = {"sub": "0042", "preferred_username": "ZhouYining"}
        yield made


def returned(client: Client, target: str = "/cases") -> str:
    """The address to which the service sends the browser back."""
    away = client.get("/sign-in/with/group", {"next": target})
    parts = urlsplit(away.headers["Location"])
    line = http.client.HTTPConnection(parts.netloc)
    line.request("GET", f"{parts.path}?{parts.query}")
    answer = line.getresponse()
    line.close()
    assert answer.status == 302
    back = urlsplit(str(answer.getheader("Location")))
    return f"{back.path}?{back.query}"


def came(client: Client, target: str = "/cases") -> tuple[int, str]:
    answer = client.get(returned(client, target))
    return answer.status_code, answer.headers.get("Location", answer.content.decode())


def test_somebody_whose_login_the_service_names_comes_in_and_is_linked(service: IdentityProvider) -> None:
    client = Client()
    assert "用集团门户登录" in client.get("/sign-in").content.decode()

    assert came(client) == (302, "/cases")

    assert client.get("/work").status_code == 200
    assert Identity.objects.get().account.login == "zhouyining"
    assert HouseChange.objects.latest("seq").act == "identity.linked"
    service.person = {"sub": "0042", "preferred_username": "somebody.else"}
    assert came(Client()) == (302, "/cases"), "the lasting mark counts, not the name"
    service.person = {"sub": "0043", "preferred_username": "zhouyining"}
    assert came(Client())[0] == 422, "a second one of the same name"


@pytest.mark.parametrize("person", [{"sub": "7", "preferred_username": "nobody"}, {"sub": "7"}])
def test_no_account_is_made_of_somebody_unknown(service: IdentityProvider, person: dict[str, str]) -> None:
    service.person = person
    before = Account.objects.count()

    status, page = came(Client())

    assert status == 422
    assert "没有与之关联的账号" in page
    assert Account.objects.count() == before


def test_an_administrator_links_and_unlinks_somebody(service: IdentityProvider) -> None:
    service.person = {"sub": "of another name"}
    account, other = Account.objects.get(login="sunyan"), Account.objects.get(login="linsheng")
    admin = desk.client_of("admin")
    sent = {"provider": "group", "subject": "of another name"}
    assert admin.post(f"/people/{account.pk}/identity", sent).status_code == 302
    assert came(Client()) == (302, "/cases")
    assert admin.post(f"/people/{other.pk}/identity", sent).status_code == 422
    admin.post(f"/people/{account.pk}/identity", {"provider": "group", "subject": ""})
    assert came(Client())[0] == 422


def test_a_shut_account_does_not_come_in(service: IdentityProvider) -> None:
    assert came(Client()) == (302, "/cases")
    Account.objects.filter(login="zhouyining").update(is_active=False)
    client = Client()
    came(client)
    assert client.get("/work").status_code == 302


def test_a_second_factor_is_asked_for_unless_the_service_does(
    service: IdentityProvider, settings: SettingsWrapper
) -> None:
    RoleGrant.objects.create(role="cs_specialist", permission=Permission.SECOND_FACTOR.value)
    assert came(Client()) == (302, "/sign-in/app")
    settings.KESU_SIGN_ON = (Provider("group", "集团门户", service.url, CLIENT, SECRET, is_sure=True),)
    assert came(Client()) == (302, "/cases")


def test_an_answer_is_believed_once_and_only_where_it_was_asked_for(service: IdentityProvider) -> None:
    client, other = Client(), Client()
    answer = returned(client)

    assert other.get(answer).status_code == 422, "somebody else's browser"
    assert client.get(answer).status_code == 302
    client.post("/sign-out")
    assert client.get(answer).status_code == 422
    assert Client().get("/sign-in/back/group?code=x&state=y").status_code == 422


@pytest.mark.parametrize("changed", ["state", "code", "iss"])
def test_an_answer_that_was_changed_on_its_way_is_refused(service: IdentityProvider, changed: str) -> None:
    client = Client()
    answer = returned(client)
    parts = answer.split("?")[1].split("&")
    forged = "&".join(f"{changed}=forged" if part.startswith(f"{changed}=") else part for part in parts)
    assert client.get(f"/sign-in/back/group?{forged}").status_code == 422
    assert client.get(answer).status_code == 422, "nothing is tried twice"


@pytest.mark.parametrize(
    "broken",
    [
        {"nonce": "of another question"},
        {"nonce": None},
        {"aud": "another program"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"iss": "https://evil.example"},
        {"exp": NOW - 120},
        {"exp": None},
        {"iat": NOW + 3600},
        {"sub": None},
        {"sub": "x" * 300},
    ],
)
def test_a_token_that_does_not_fit_is_not_believed(service: IdentityProvider, broken: dict[str, Any]) -> None:
    service.broken = broken
    client = Client()
    assert came(client)[0] == 422
    assert client.get("/work").status_code == 302


def test_a_clock_that_is_a_little_wrong_does_no_harm(service: IdentityProvider) -> None:
    service.broken = {"exp": int(time.time()) - 20, "iat": int(time.time()) + 20}
    assert came(Client()) == (302, "/cases")


@pytest.mark.parametrize("signs", ["none", "HS256"])
def test_a_token_that_nobody_signed_is_not_believed(service: IdentityProvider, signs: str) -> None:
    service.signs = signs
    assert came(Client())[0] == 422


def test_a_token_signed_by_another_key_is_not_believed(service: IdentityProvider) -> None:
    service.shown_key = rsa.generate_private_key(65537, 2048)
    assert came(Client())[0] == 422


def test_a_service_that_is_away_is_said_to_be(service: IdentityProvider, settings: SettingsWrapper) -> None:
    gone = Provider("group", "集团门户", "http://127.0.0.1:9", CLIENT, SECRET)
    settings.KESU_SIGN_ON = (gone,)
    page = Client().get("/sign-in/with/group")
    assert page.status_code == 422
    assert "没有用集团门户登录成功" in page.content.decode()
    here = Provider("group", "集团门户", service.url, CLIENT, SECRET)
    found = list(providers((gone, here), clock.now()))
    assert [one.grade for one in found] == [Grade.FAILURE, Grade.FINE]
    assert "没有正常应答" in found[0].sentence


GOOD = """
providers:
  - {key: group, name: 集团, issuer: "https://login.example.org", client_id: kesu, client_secret: s}
"""


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("providers: 3", "list"),
        (GOOD.replace("https:", "http:"), "issuer"),
        (GOOD.replace("client_secret: s", "client_secret: ''"), "client_secret is missing"),
        (GOOD.replace("key: group", "key: A B"), "key must be"),
        (GOOD.replace("name:", "title:"), "unknown title"),
        (GOOD.replace("client_secret: s", "client_secret_file: /nowhere"), "cannot be read"),
        (GOOD + GOOD.splitlines()[-1], "same key"),
        ("{", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_at_the_start(tmp_path: Path, written: str, said: str) -> None:
    file = tmp_path / "sign-on.yaml"
    file.write_text(GOOD, encoding="utf-8")
    assert read(file)[0].name == "集团"
    file.write_text(written, encoding="utf-8")
    with pytest.raises(SignOnUnreadable, match=said):
        read(file)
