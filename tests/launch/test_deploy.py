"""The files that an operator copies: units that systemd accepts, a container file that its linter accepts, and the
rules of both that matter here."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.launch.test_settings_table import TABLE, rows_in

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = (
    "kesu-web.service",
    "kesu-work.service",
    "kesu-migrate.service",
    "kesu-check.service",
    "kesu-backup.service",
)
CONTAINER = DEPLOY / "container" / "Containerfile"
_HARDENED = {
    "User": "kesu",
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "CapabilityBoundingSet": "",
    "RestrictNamespaces": "yes",
    "StateDirectory": "kesu",
}


def settings(unit: str) -> dict[str, list[str]]:
    """What a unit file says, by the name of the setting; a setting may come several times."""
    found: dict[str, list[str]] = {}
    for line in (DEPLOY / "systemd" / unit).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "[")):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def stages(text: str) -> list[list[str]]:
    """The instructions of each stage of a container file, with continued lines joined."""
    joined = re.sub(r"\\\n\s*", " ", text)
    found: list[list[str]] = []
    for line in joined.splitlines():
        if line.startswith("FROM "):
            found.append([])
        if line and not line.startswith("#"):
            found[-1].append(line)
    return found


def test_every_unit_is_looked_at() -> None:
    assert {path.name for path in (DEPLOY / "systemd").glob("*.service")} == set(UNITS)


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_gives_its_program_nothing_that_it_does_not_need(unit: str) -> None:
    found = settings(unit)
    assert {name: found.get(name) for name in _HARDENED} == {name: [value] for name, value in _HARDENED.items()}


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_names_only_settings_that_exist(unit: str) -> None:
    known = set(rows_in(TABLE.read_text(encoding="utf-8")))
    named = {line.split("=")[0] for line in settings(unit)["Environment"]}
    assert {name for name in named if name not in known and name.removesuffix("_FILE") not in known} == set()
    example = (DEPLOY / "systemd" / "kesu.env").read_text(encoding="utf-8")
    assert {line.split("=")[0] for line in example.splitlines() if line and line[0] != "#"} <= known


def test_only_migration_and_backup_see_the_owner_and_the_migration_sees_no_key() -> None:
    texts = {unit: (DEPLOY / "systemd" / unit).read_text(encoding="utf-8") for unit in UNITS}
    assert [unit for unit, text in texts.items() if "owner-url" in text] == [
        "kesu-migrate.service",
        "kesu-backup.service",
    ]
    assert "keys.json" not in texts["kesu-migrate.service"]


@pytest.mark.parametrize("unit", UNITS[:2])
def test_a_service_comes_back_whatever_ended_it(unit: str) -> None:
    found = settings(unit)
    assert found["Restart"] == ["always"]
    assert found["StartLimitIntervalSec"] == ["0"]
    assert found["Requires"] == ["kesu-migrate.service"]
    assert "kesu-migrate.service" in found["After"][0]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here; the structure is tested above")
@pytest.mark.parametrize("unit", UNITS)
def test_systemd_accepts_the_unit_and_finds_it_hardened(unit: str, tmp_path: Path) -> None:
    for name in UNITS:
        text = (DEPLOY / "systemd" / name).read_text(encoding="utf-8")
        # It wants the program to be there.
        (tmp_path / name).write_text(text.replace("/opt/kesu/bin/kesu", "/bin/true"), encoding="utf-8")
    verified = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / unit], capture_output=True, text=True, check=False
    )
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
    words = ["systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager", tmp_path / unit]
    judged = subprocess.run(words, capture_output=True, text=True, check=False)
    assert judged.returncode == 0, judged.stdout[-300:]


def test_the_linter_accepts_the_container_file(tmp_path: Path) -> None:
    hadolint = ROOT / ".venv" / "bin" / "hadolint"
    assert hadolint.exists(), "./kesu test installs it"
    done = subprocess.run([hadolint, "--no-color", CONTAINER], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    bad = tmp_path / "Containerfile"
    bad.write_text("FROM python:latest\nRUN cd /tmp && apt-get install gcc\n", encoding="utf-8")
    assert subprocess.run([hadolint, bad], capture_output=True, check=False).returncode != 0


def test_the_container_runs_as_nobody_special_and_brings_no_compiler() -> None:
    build, final = stages(CONTAINER.read_text(encoding="utf-8"))
    assert "--require-hashes --only-binary=:all:" in " ".join(build)
    assert not re.search(r"apt-get|gcc|build-essential|pip install", " ".join(final))
    user = [line for line in final if line.startswith("USER ")]
    assert user == ["USER 10001:10001"]
    # Nothing is done after the user has changed that the user could not undo.
    assert not [line for line in final[final.index(user[0]) :] if line.startswith(("RUN", "COPY", "ADD"))]
    assert [line for line in final if line.startswith("HEALTHCHECK") and "/healthz" in line]
    assert not [line for line in build + final if line.startswith("ADD ")]


def test_the_container_file_uses_what_the_wheel_command_makes() -> None:
    build, _final = stages(CONTAINER.read_text(encoding="utf-8"))
    copied = next(line for line in build if line.startswith("COPY ")).split()[1:-1]
    assert copied == ["kesu-*-py3-none-any.whl", "requirements.txt"]


def test_the_container_sets_only_settings_that_exist() -> None:
    text = CONTAINER.read_text(encoding="utf-8")
    named = set(re.findall(r"\b(KESU_[A-Z_]+)=", text))
    assert named
    assert named - set(rows_in(TABLE.read_text(encoding="utf-8"))) == set()


def test_the_proxy_writes_what_the_program_believes() -> None:
    text = (DEPLOY / "nginx" / "kesu.conf").read_text(encoding="utf-8")
    assert "proxy_set_header X-Forwarded-Proto https;" in text
    assert "proxy_set_header Host $host;" in text
    assert text.count("{") == text.count("}")


def test_the_proxy_keeps_no_list_of_keys_and_of_who_reported() -> None:
    """By itself it writes down every address that is asked for, and from where; of what goes wrong, too."""
    servers = (DEPLOY / "nginx" / "kesu.conf").read_text(encoding="utf-8").split("server {")[1:]
    assert len(servers) == 2
    for server in servers:
        assert re.search(r"^\s*access_log off;$", server, re.M)
        assert re.search(r"^\s*error_log \S+ crit;$", server, re.M)
