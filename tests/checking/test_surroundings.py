"""`kesu check` around the program: keys, mail, clock, calendar, addresses, static files, the evidence folder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kesu.config.checking import clock_and_calendar, surroundings
from kesu.config.checking.finding import Finding, Grade
from kesu.core import keyring
from kesu.core.clock import now
from kesu.policy.calendar.official import build, official_years
from kesu.store.keys import ring
from kesu.store.models import Adoption, CalendarVersion
from tests.jobs.mailbox import open_mailbox
from tests.world import World

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_STATIC = Path(surroundings.__file__).parents[2] / "web" / "static"


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    file = tmp_path / "keys.json"
    keyring.create(file)
    return file


def _fails(found: Finding, word: str) -> bool:
    return found.grade is Grade.FAILURE and word in found.sentence


def test_it_accepts_a_key_file_of_its_own(keys: Path) -> None:
    assert surroundings.key_file(keys, None).grade is Grade.FINE


def test_it_refuses_a_key_file_that_is_missing_open_or_broken(keys: Path) -> None:
    assert _fails(surroundings.key_file(keys.with_name("other.json"), None), "没有密钥文件")
    keys.chmod(0o640)
    assert _fails(surroundings.key_file(keys, None), f"chmod 600 {keys}")
    keys.chmod(0o600)
    keys.write_text('{"current": "k1", "keys": {}, "index": "", "web_secret": ""}', encoding="utf-8")
    assert _fails(surroundings.key_file(keys, None), "损坏")
    keys.write_text("{", encoding="utf-8")
    assert _fails(surroundings.key_file(keys, None), "损坏")


def test_it_accepts_the_bits_of_a_key_file_that_the_service_manager_hands_over(keys: Path) -> None:
    keys.chmod(0o440)
    assert surroundings.key_file(keys, keys.parent).grade is Grade.FINE
    assert surroundings.key_file(keys, keys.parent / "elsewhere").grade is Grade.FAILURE


def test_it_refuses_keys_of_another_database(world: World, keys: Path) -> None:
    assert "还没有内容" in surroundings.keys_fit_the_database(ring()).sentence
    world.register()
    fits = surroundings.keys_fit_the_database(ring())
    assert fits.grade is Grade.FINE
    assert "打得开已存的内容" in fits.sentence
    assert _fails(surroundings.keys_fit_the_database(keyring.load(keys)), "打不开")


def test_it_only_warns_where_no_mail_server_is_set() -> None:
    assert surroundings.mail("", "kesu@example.org").grade is Grade.WARNING


def test_it_greets_the_mail_server_and_sends_nothing() -> None:
    with open_mailbox() as box:
        assert surroundings.mail(box.url, "kesu@example.org").grade is Grade.FINE
        assert box.letters == []


def test_it_refuses_a_mail_server_that_is_not_there_or_cannot_be_meant() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        silent = f"smtp://someone:hidden@127.0.0.1:{taken.getsockname()[1]}"
        found = surroundings.mail(silent, "kesu@example.org")
    assert _fails(found, "ConnectionRefusedError")
    assert "hidden" not in found.sentence
    for odd in ("http://127.0.0.1", "smtp://", "smtp://host:port", "mail.example.org"):
        assert _fails(surroundings.mail(odd, "kesu@example.org"), "看不懂")


@pytest.mark.parametrize("url", ["https://complaints.example.org", "http://127.0.0.1:8000", "http://localhost"])
def test_it_accepts_an_address_that_nobody_can_listen_to(url: str) -> None:
    assert surroundings.base_address(url).grade is Grade.FINE


@pytest.mark.parametrize("url", ["http://complaints.example.org", "http://192.0.2.7:8000"])
def test_it_refuses_an_open_address(url: str) -> None:
    assert _fails(surroundings.base_address(url), "HTTPS")


def test_it_refuses_a_clock_that_differs_from_the_database(db: None) -> None:
    assert clock_and_calendar.clocks_agree(now).grade is Grade.FINE
    for apart in (timedelta(minutes=3), timedelta(minutes=-3)):
        found = clock_and_calendar.clocks_agree(lambda apart=apart: now() + apart)
        assert _fails(found, "相差 180 秒") or _fails(found, "相差 179 秒")


def test_it_refuses_a_machine_without_its_time_zone() -> None:
    assert clock_and_calendar.time_zones(("Asia/Shanghai", "UTC")).grade is Grade.FINE
    assert _fails(clock_and_calendar.time_zones(("UTC", "Asia/Nowhere")), "Asia/Nowhere")


def _adopt(years: list[int]) -> None:
    calendar = build("测试日历", years)
    row = CalendarVersion(
        version=calendar.version, name=calendar.name, document=calendar.to_document(), created_at=datetime.now(UTC)
    )
    row.save()
    for adoption in Adoption.objects.all():
        Adoption(
            unit=adoption.unit,
            kind=adoption.kind,
            policy_version=adoption.policy_version,
            calendar_version=row,
            effective_from=adoption.effective_from + timedelta(seconds=1),
        ).save()


def test_it_asks_for_the_coming_year_from_december_on(world: World) -> None:
    last = max(official_years())
    _adopt([last - 1, last])
    november = datetime(last, 11, 30, 15, 59, tzinfo=UTC)
    assert clock_and_calendar.calendars(november, _SHANGHAI).grade is Grade.FINE
    found = clock_and_calendar.calendars(november + timedelta(minutes=1), _SHANGHAI)
    assert found.grade is Grade.WARNING
    assert f"没有 {last + 1} 年的官方放假安排" in found.sentence
    assert "请升级" in found.sentence
    new_year = datetime(last, 12, 31, 16, tzinfo=UTC)
    assert clock_and_calendar.calendars(new_year - timedelta(seconds=1), _SHANGHAI).grade is Grade.WARNING
    assert _fails(clock_and_calendar.calendars(new_year, _SHANGHAI), f"没有 {last + 1} 年的官方放假安排")


def test_it_says_when_only_the_adoption_is_old(world: World) -> None:
    last = max(official_years())
    _adopt([last - 1])
    assert _fails(clock_and_calendar.calendars(datetime(last, 10, 1, tzinfo=UTC), _SHANGHAI), "kesu calendar renew")


def test_it_asks_nothing_of_a_calendar_without_public_holidays(world: World) -> None:
    _adopt([])
    beyond = datetime(max(official_years()) + 5, 12, 1, tzinfo=UTC)
    assert clock_and_calendar.calendars(beyond, _SHANGHAI).grade is Grade.FINE


def test_it_warns_where_no_policy_is_adopted(db: None) -> None:
    year = max(official_years())
    assert clock_and_calendar.calendars(datetime(year, 5, 1, tzinfo=UTC), _SHANGHAI).grade is Grade.WARNING
    late = clock_and_calendar.calendars(datetime(year + 1, 5, 1, tzinfo=UTC), _SHANGHAI)
    assert _fails(late, f"没有 {year + 1} 年")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("collected")
    variables = {**os.environ, "KESU_STATIC_ROOT": str(root)}
    subprocess.run([sys.executable, "-m", "kesu.config.cli", "collect"], env=variables, check=True)
    return root


def test_it_knows_the_static_files_of_its_version(collected: Path) -> None:
    assert surroundings.static_files(collected, is_used=True).grade is Grade.FINE
    assert surroundings.static_files(collected, is_used=False).grade is Grade.WARNING


def test_it_refuses_static_files_that_are_missing_or_of_another_version(collected: Path, tmp_path: Path) -> None:
    assert _fails(surroundings.static_files(tmp_path, is_used=True), "kesu collect")
    copy = collected / "logo.svg"
    kept = copy.read_bytes()
    try:
        copy.write_bytes(b"<svg/>")
        assert _fails(surroundings.static_files(collected, is_used=True), "不是这一版的（logo.svg）")
    finally:
        copy.write_bytes(kept)


def test_it_writes_into_the_evidence_folder_and_leaves_nothing(tmp_path: Path) -> None:
    assert surroundings.evidence_folder(tmp_path, least_free=1).grade is Grade.FINE
    assert list(tmp_path.iterdir()) == []
    assert surroundings.evidence_folder(tmp_path / "made" / "later", least_free=1).grade is Grade.FINE


def test_it_refuses_a_disk_that_is_nearly_full(tmp_path: Path) -> None:
    assert _fails(surroundings.evidence_folder(tmp_path, least_free=1 << 60), "只剩")


def test_it_refuses_an_evidence_folder_that_takes_no_file(tmp_path: Path) -> None:
    file = tmp_path / "a-file"
    file.touch()
    assert _fails(surroundings.evidence_folder(file), "写不进去")
    if os.geteuid() != 0:
        tmp_path.chmod(0o500)
        assert _fails(surroundings.evidence_folder(tmp_path), "写不进去")


def test_it_refuses_a_clock_that_was_moved() -> None:
    assert clock_and_calendar.clock_is_real(None).grade is Grade.FINE
    assert _fails(clock_and_calendar.clock_is_real(timedelta()), "KESU_CLOCK_FILE")
    assert _fails(clock_and_calendar.clock_is_real(timedelta(days=1)), "86400 秒")
