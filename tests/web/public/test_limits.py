"""Who sends too much from one address waits a little; nobody's address is kept, and nothing typed is lost."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kesu.store.models import Case, SealedCase
from kesu.store.sealed_reader import SYSTEM, read_as
from tests import desk
from tests.access.sample import REPORT
from tests.web.public.test_submit import ANSWERS

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db


@pytest.fixture
def places(settings: SettingsWrapper) -> dict[str, str]:
    """Three forms an hour from one address. Each test has addresses of its own."""
    settings.KESU_PUBLIC_LIMIT = "3/hour"
    world, _ = desk.opened()
    unit = world.units["qingtang"]
    return {"submit": f"/submit/{unit}/complaint", "report": f"/report/{unit}/whistle_report"}


def an_address() -> str:
    return f"2001:db8:{secrets.randbelow(65536):x}:{secrets.randbelow(65536):x}::1"


def send(address: str, form: str, answers: dict[str, str], **more: str) -> tuple[int, str]:
    sent = {**answers, "form_token": secrets.token_urlsafe(24)}
    answer = Client(REMOTE_ADDR=address, **more).post(form, sent)
    return answer.status_code, answer.content.decode()


def test_it_refuses_the_fourth_form_and_keeps_what_was_typed(places: dict[str, str]) -> None:
    home = an_address()
    assert [send(home, places["submit"], ANSWERS)[0] for _ in range(3)] == [302] * 3
    status, page = send(home, places["submit"], ANSWERS)

    assert status == 429
    assert "请过几分钟再试" in page
    assert ANSWERS["content"] in page
    assert Case.objects.count() == 3


def test_it_counts_each_home_by_itself_and_all_devices_of_a_home_together(places: dict[str, str]) -> None:
    home = an_address()
    for last in ("1", "2", "3"):
        send(home.removesuffix("1") + last, places["submit"], ANSWERS)

    assert send(home.removesuffix("1") + "4", places["submit"], ANSWERS)[0] == 429
    assert send(an_address(), places["submit"], ANSWERS)[0] == 302


def test_it_limits_reports_too_and_loses_no_word_of_them(places: dict[str, str]) -> None:
    home = an_address()
    for _ in range(3):
        send(home, places["report"], REPORT)
    status, page = send(home, places["report"], REPORT)

    assert status == 429
    assert REPORT["circumstances"] in page
    read_as(SYSTEM)
    assert SealedCase.objects.count() == 3


def test_it_limits_guessing_of_receipt_codes(places: dict[str, str]) -> None:
    home = an_address()
    tried = [send(home, "/report/status", {"code": "AAAA-BBBB"})[0] for _ in range(4)]
    assert tried == [422, 422, 422, 429]


def test_it_limits_trying_codes_where_a_report_is_added_to(places: dict[str, str]) -> None:
    home = an_address()
    more = {"code": "AAAA-BBBB", "circumstances": "还有照片"}
    tried = [send(home, "/report/add/supplement", more)[0] for _ in range(4)]
    assert tried == [404, 404, 404, 429]


def test_large_files_of_reports_count_as_several_forms(places: dict[str, str]) -> None:
    home = an_address()
    large = [SimpleUploadedFile(f"{number}.txt", b"x" * 11_000_000) for number in range(2)]
    assert Client(REMOTE_ADDR=home).post(places["report"], REPORT | {"evidence": large}).status_code == 200

    assert send(home, places["report"], REPORT)[0] == 429
    assert send(an_address(), places["report"], REPORT)[0] == 200


def test_it_believes_the_proxy_and_not_what_the_asker_writes_before_it(
    places: dict[str, str], settings: SettingsWrapper
) -> None:
    settings.KESU_BEHIND_PROXY = True
    home = an_address()
    for claimed in ("192.0.2.1", "192.0.2.2", "192.0.2.3"):
        send("127.0.0.1", places["submit"], ANSWERS, HTTP_X_FORWARDED_FOR=f"{claimed}, {home}")

    seen = send("127.0.0.1", places["submit"], ANSWERS, HTTP_X_FORWARDED_FOR=f"192.0.2.4, {home}")
    other = send("127.0.0.1", places["submit"], ANSWERS, HTTP_X_FORWARDED_FOR=f"{home}, {an_address()}")
    assert (seen[0], other[0]) == (429, 302)
