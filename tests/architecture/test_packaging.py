"""What is handed on works elsewhere: no path or address of the place where it was made, and its papers are complete."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_HOME = re.compile(r"(?<![\w.$}~-])/(?:home|Users|root)/[\w.-]+")
_ADDRESS = re.compile(
    r"https?:|git\+|(?:^|\s)--(?:extra-)?index-url|(?:^|\s)--find-links|\s@\s|\"(?:resolved|funding)\""
)
_DECISION = re.compile(r"(?P<number>\d{4})-[a-z0-9-]+\.md")

# Files that may name a home, with the reason. An entry that nothing needs any more fails.
EXCEPTIONS: dict[str, str] = {}


def tracked() -> list[str]:
    """Paths of the files that git keeps or would keep."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return sorted(name for name in listed.split("\0") if name and (ROOT / name).is_file())


def foreign_paths(text: str, workplace: str) -> list[str]:
    """Home folders and the place of this checkout, as far as `text` names them."""
    found = [match[0] for match in _HOME.finditer(text)]
    if workplace.count("/") > 1:  # a checkout directly below the root has a name too short to be telling
        found += re.findall(rf"{re.escape(workplace)}(?![\w-])", text)
    return found


def addresses(text: str) -> list[str]:
    return [line for line in text.splitlines() if _ADDRESS.search(line) and not line.lstrip().startswith("#")]


def faults_of_decisions(decisions: dict[str, str]) -> list[str]:
    """`decisions` maps each file name of docs/adr to its text."""
    faults, seen = [], set()
    for name, text in decisions.items():
        match = _DECISION.fullmatch(name)
        if match is None:
            faults.append(f"{name} is not named like 0001-what-was-decided.md")
        elif match["number"] in seen:
            faults.append(f"{name} has a number that another decision has")
        else:
            seen.add(match["number"])
            if not text.startswith(f"# {match['number']} "):
                faults.append(f"{name} is headed by another number")
        if not re.search(r"^## Rejected\n+\S", text, re.MULTILINE):
            faults.append(f"{name} does not say what was rejected")
    return faults


def test_it_names_no_home_and_no_workplace() -> None:
    found, used = [], set()
    for name in tracked():
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        paths = foreign_paths(text, str(ROOT))
        if paths and name in EXCEPTIONS:
            used.add(name)
        elif paths:
            found.append(f"{name} names {sorted(set(paths))}")
    assert not found, "\n".join(found)
    assert used == set(EXCEPTIONS), "exceptions that nothing needs any more"


@pytest.mark.parametrize("name", ["run.txt", "dev.txt", "build.txt"])
def test_it_pins_requirements_by_digest_without_addresses(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    assert addresses(text) == []
    pinned = re.findall(r"^[\w.\[\]-]+==\S+", text, re.MULTILINE)
    assert pinned
    assert len(pinned) <= text.count("--hash=sha256:")


def test_it_locks_the_packages_of_the_front_end_without_addresses() -> None:
    text = (ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8")
    assert addresses(text) == []
    assert '"integrity"' in text


@pytest.mark.parametrize("name", ["README.md", "README.en.md", "CHANGELOG.md", "LICENSE", "docs/architecture.md"])
def test_it_has_its_papers(name: str) -> None:
    assert len((ROOT / name).read_text(encoding="utf-8")) > 300


def test_every_decision_has_its_number_and_says_what_was_rejected() -> None:
    folder = ROOT / "docs" / "adr"
    decisions = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}
    assert decisions
    assert faults_of_decisions(decisions) == []


def test_it_notices_a_path_of_a_home_or_of_the_workplace() -> None:
    home = "/".join(["", "home", "li", "x"])
    assert foreign_paths(f"see {home}", "/a/b") == [home.removesuffix("/x")]
    assert foreign_paths("see /a/b/src", "/a/b") == ["/a/b"]
    assert foreign_paths("see /a/box and $HOME/root/x", "/a/b") == []


@pytest.mark.parametrize(
    "line", ["a @ file.whl", "--index-url x", "-r a --extra-index-url x", '"resolved": "x"', "git+ssh://x"]
)
def test_it_notices_an_address(line: str) -> None:
    assert addresses(line) == [line]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("decision.md", "# 0001 X\n\n## Rejected\n\n- Y\n"),
        ("0001-x.md", "# 0001 X\n\n## Rejected\n\n- Y\n"),
        ("0002-x.md", "# 0003 X\n\n## Rejected\n\n- Y\n"),
        ("0002-x.md", "# 0002 X\n\n## Rejected\n"),
    ],
)
def test_it_notices_an_incomplete_decision(name: str, text: str) -> None:
    sound = {"0001-a.md": "# 0001 A\n\n## Rejected\n\n- B\n"}
    assert faults_of_decisions(sound) == []
    assert len(faults_of_decisions({**sound, name: text} if name not in sound else {**sound, "0001-z.md": text})) == 1
