"""Codes of an app as a second factor: set up, asked for, spent by use, limited, reset for a lost telephone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from kesu.access.permissions import Permission
from kesu.commands.people.use_code import use_code
from kesu.core import clock
from kesu.core.one_time_codes import code_of, step_at, step_of_code
from kesu.store.models import Account, AuthenticatorApp, HouseChange, RecoveryCode, RoleGrant
from tests import desk
from tests.web.people.test_accounts import PASSWORD, opened, signed_in

pytestmark = pytest.mark.django_db
OF_THE_STANDARD = b"12345678901234567890"


def secret_on(page: str) -> bytes:
    import base64

    found = re.search(r'enrol-key">([A-Z2-7 ]+)<', page)
    assert found is not None
    plain = found[1].replace(" ", "")
    return base64.b32decode(plain + "=" * (-len(plain) % 8))


def code(secret: bytes, later: int = 0) -> str:
    """So many steps after the one that was used last, or of now."""
    used = AuthenticatorApp.objects.values_list("last_step", flat=True).first()
    return code_of(secret, (used or step_at(clock.now())) + later)


def set_up(client: Client, address: str = "/account/app") -> tuple[bytes, list[str]]:
    """The secret, and the recovery codes as the page shows them. The present step of time is spent."""
    secret = secret_on(client.get(address).content.decode())
    page = client.post(address, {"code": code(secret)}).content.decode()
    return secret, re.findall(r"<li>([A-Z0-9-]+)</li>", page)


def at_the_door() -> Client:
    client = Client()
    answer = client.post("/sign-in", {"username": "zhouyining", "password": PASSWORD, "next": "/cases"})
    assert answer.headers["Location"] == "/sign-in/second"
    assert client.get("/work").status_code == 302
    return client


def test_codes_are_those_of_the_standard() -> None:
    assert code_of(OF_THE_STANDARD, 59 // 30) == "287082"
    assert code_of(OF_THE_STANDARD, 1111111109 // 30) == "081804"
    assert code_of(OF_THE_STANDARD, 20000000000 // 30) == "353130"


def test_a_code_is_good_for_a_step_around_and_never_behind_one_that_was_used() -> None:
    now = clock.now()
    step = step_at(now)
    for near in (-1, 0, 1):
        assert step_of_code(OF_THE_STANDARD, code_of(OF_THE_STANDARD, step + near), now, after=0) == step + near
    for far in (-2, 2):
        assert step_of_code(OF_THE_STANDARD, code_of(OF_THE_STANDARD, step + far), now, after=0) is None
    assert step_of_code(OF_THE_STANDARD, code_of(OF_THE_STANDARD, step), now, after=step) is None
    assert step_of_code(OF_THE_STANDARD, "١٢٣٤٥٦", now, after=0) is None


def test_a_code_in_full_width_is_the_figures_that_it_shows() -> None:
    now = clock.now()
    shown = code_of(OF_THE_STANDARD, step_at(now))
    wide = shown.translate({ord("0") + figure: ord("０") + figure for figure in range(10)})
    assert step_of_code(OF_THE_STANDARD, f"{wide[:3]}　{wide[3:]}", now, after=0) == step_at(now)
    assert step_of_code(OF_THE_STANDARD, wide, now, after=step_at(now)) is None


def test_it_is_set_up_only_with_a_code_of_the_app_and_asked_for_from_then_on() -> None:
    account = opened()
    here = signed_in()
    page = here.get("/account/app").content.decode()
    assert "<svg" in page
    assert here.post("/account/app", {"code": "000000"}).status_code == 422
    assert secret_on(here.get("/account/app").content.decode()) == secret_on(page)

    secret, codes = set_up(here)

    assert len(set(codes)) == 10
    assert secret not in bytes(AuthenticatorApp.objects.get(account=account).secret)
    assert not RecoveryCode.objects.filter(digest__in=codes).exists()
    client = at_the_door()
    assert client.post("/sign-in/second", {"code": "000000"}).status_code == 422
    assert client.post("/sign-in/second", {"code": code(secret)}).status_code == 422, "it was used to set up"
    shown = code(secret, 1)
    assert client.post("/sign-in/second", {"code": shown}).headers["Location"] == "/cases"
    assert client.get("/work").status_code == 200
    assert at_the_door().post("/sign-in/second", {"code": shown}).status_code == 422, "shown again"


def test_a_recovery_code_is_good_once_however_it_is_written() -> None:
    opened()
    here = signed_in()
    _, codes = set_up(here)
    written = codes[0].lower().replace("-", " ")

    assert at_the_door().post("/sign-in/second", {"code": written}).status_code == 302
    assert at_the_door().post("/sign-in/second", {"code": codes[0]}).status_code == 422
    fresh = re.findall(r"<li>([A-Z0-9-]+)</li>", here.post("/account/codes").content.decode())
    assert len(fresh) == 10
    assert at_the_door().post("/sign-in/second", {"code": codes[1]}).status_code == 422
    assert at_the_door().post("/sign-in/second", {"code": fresh[1]}).status_code == 302


def test_tries_are_limited_at_the_address_and_for_the_account_wherever_they_come_from() -> None:
    account = opened()
    secret, _ = set_up(signed_in())
    client = at_the_door()
    tried = [client.post("/sign-in/second", {"code": "000000"}).status_code for _ in range(5)]
    assert tried == [422, 422, 422, 422, 429]
    assert client.post("/sign-in/second", {"code": code(secret, 1)}).status_code == 429

    now = clock.now()
    for _ in range(10):
        use_code(account_id=account.pk, at=now, code="000000")
    assert not use_code(account_id=account.pk, at=now, code=code(secret, 1))
    later = now + timedelta(minutes=16)
    assert use_code(account_id=account.pk, at=later, code=code_of(secret, step_at(later)))


def test_whoever_jumps_ahead_of_the_second_step_gets_nowhere() -> None:
    opened()
    set_up(signed_in())
    client = at_the_door()
    for address in ("/sign-in/password", "/sign-in/app"):
        assert client.get(address).headers["Location"] == "/sign-in"
        assert client.post(address, {"new_password": "quite another sentence"}).headers["Location"] == "/sign-in"
    assert client.get("/work").status_code == 302
    session = client.session
    session["kesu_entering"] = {**session["kesu_entering"], "at": (clock.now() - timedelta(minutes=11)).isoformat()}
    session.save()
    assert client.get("/sign-in/second").headers["Location"] == "/sign-in"


def test_turning_it_off_wants_a_fresh_sign_in() -> None:
    account = opened()
    here = signed_in()
    set_up(here)
    desk.confirmed(here, clock.now() - timedelta(hours=1))
    assert here.post("/account/app/remove").status_code == 403
    assert AuthenticatorApp.objects.filter(account=account).exists()

    assert here.post("/account/app/remove", {"confirm": "1", "confirm_password": PASSWORD}).status_code == 302

    assert not AuthenticatorApp.objects.filter(account=account).exists()
    assert signed_in().get("/work").status_code == 200


def test_an_administrator_resets_it_for_a_lost_telephone() -> None:
    account = opened()
    here = signed_in()
    set_up(here)

    desk.client_of("admin").post(f"/people/{account.pk}/factors/reset")

    assert here.get("/work").status_code == 302
    assert signed_in().get("/work").status_code == 200
    assert HouseChange.objects.latest("seq").act == "factor.reset"


def test_a_role_may_ask_for_it_and_then_nobody_of_it_comes_in_without() -> None:
    account = opened()
    RoleGrant.objects.create(role="cs_specialist", permission=Permission.SECOND_FACTOR.value)
    client = Client()
    answer = client.post("/sign-in", {"username": account.login, "password": PASSWORD, "next": "/cases"})
    assert answer.headers["Location"] == "/sign-in/app"
    assert client.get("/work").status_code == 302

    _, codes = set_up(client, "/sign-in/app")

    assert len(codes) == 10
    assert client.get("/work").status_code == 200
    at_the_door()
    assert Account.objects.get(pk=account.pk).is_active
