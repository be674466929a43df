"""The stand-alone verifier, as an auditor runs it: another Python process without this program and its libraries."""

from __future__ import annotations

import ast
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kesu.config.cli import main
from kesu.config.verifier import kesu_verify
from kesu.store.models import Case, MatterEvent, SignedNight
from tests.proof.conftest import FIRST, PROOF, SECOND, Evidence
from tests.world import COMPLAINT

VERIFIER = Path(kesu_verify.__file__)


def export(evidence: Evidence, *more: str) -> Path:
    folder = evidence.nights.with_name(f"export{''.join(more[:1])}")
    assert main(["verify", "--export", str(folder), *more]) == 0
    return folder


def run(folder: Path, *more: str) -> tuple[int, str]:
    command = [sys.executable, "-I", "-S", str(folder / VERIFIER.name), str(folder), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    return done.returncode, done.stdout + done.stderr


def written(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def faults(said: str) -> list[str]:
    return [line for line in said.splitlines() if line.startswith("有误")]


def number(case_id: object) -> str:
    return Case.objects.get(pk=case_id).number


def test_it_needs_nothing_but_the_standard_library_of_an_older_python() -> None:
    tree = ast.parse(VERIFIER.read_text("utf-8"), feature_version=(3, 9))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
    }
    assert imported <= sys.stdlib_module_names


def test_it_finds_nothing_where_nothing_was_touched(evidence: Evidence) -> None:
    folder = export(evidence)
    key = folder.with_name("public.json")
    key.write_text((folder / "public-keys.json").read_text("utf-8"), "utf-8")

    code, said = run(folder, "--heads", str(evidence.nights), "--key", str(key))
    assert code == 0, said
    assert said.splitlines()[-1].startswith("核对 3 件、")
    assert said.splitlines()[-1].endswith("2 夜签名：没有发现问题。")
    assert "1 件还没有经过签名的一夜" in said
    assert "公钥取自导出本身" not in said
    assert run(folder, "--key", json.loads(key.read_text("utf-8"))["s1"])[0] == 0
    assert "公钥取自导出本身" in run(folder)[1]


def test_its_export_holds_no_text_and_no_name(evidence: Evidence) -> None:
    folder = export(evidence, "--sealed")
    written = "".join(path.read_text("utf-8") for path in folder.rglob("*") if path.is_file() and path.suffix != ".py")

    assert '"已填"' in written
    for word in [COMPLAINT[name] for name in ("title", "content", "room", "person__name", "person__phone")]:
        assert word not in written
    assert "材料验收走过场" not in written
    assert "wutong" not in written


def test_its_export_says_nothing_of_sealed_cases_unless_asked(evidence: Evidence) -> None:
    before = written(export(evidence))
    for table in ("sealedfile", "sealedbody", "sealedevent", "sealedcase", "sealedchainhead"):
        evidence.spoil(f"DELETE FROM store_{table}")
    folder = evidence.nights.with_name("again")
    assert main(["verify", "--export", str(folder)]) == 0

    assert written(folder) == before


def test_it_finds_a_changed_event(evidence: Evidence) -> None:
    case_id = evidence.written.moved
    evidence.spoil("UPDATE store_caseevent SET actor = %s WHERE case_id = %s AND seq = 2", "0" * 32, case_id)

    code, said = run(export(evidence))
    assert code == 1
    assert [line.split("。")[0] for line in faults(said)] == [f"有误：{number(case_id)} 第 2 条记录被改过"]


def test_it_finds_a_missing_event(evidence: Evidence) -> None:
    case_id = evidence.written.moved
    evidence.spoil("DELETE FROM store_caseevent WHERE case_id = %s AND seq = 3", case_id)

    code, said = run(export(evidence))
    assert code == 1
    assert f"{number(case_id)} 缺第 3 条记录" in said


def test_it_finds_a_changed_event_of_a_matter_and_one_that_was_cut_off(evidence: Evidence) -> None:
    last = MatterEvent.objects.order_by("-seq").first()
    assert last is not None
    evidence.spoil("""UPDATE store_matterevent SET facts = '{"counter": "ever"}' WHERE id = %s""", last.pk)
    assert faults(run(export(evidence))[1])[0].startswith(f"有误：同一事项 {last.matter_id} 第 {last.seq} 条记录被改过")

    evidence.spoil("DELETE FROM store_matterevent WHERE id = %s", last.pk)
    evidence.spoil("UPDATE store_matter SET version = %s, head = %s", last.seq - 1, last.previous)
    code, said = run(export(evidence, "--sealed"))
    assert code == 1
    assert [line.split("。")[0] for line in faults(said)] == [
        f"有误：同一事项 {last.matter_id} 的记录在第 {last.seq - 1} 条之后被截断，原有 {last.seq} 条"
    ]


def test_it_finds_a_matter_that_is_missing_with_all_its_traces(evidence: Evidence) -> None:
    for table in ("matterevent", "matterperson", "mattermember", "matterhead", "matter"):
        evidence.spoil(f"DELETE FROM store_{table}")
    folder = export(evidence)

    assert f"{FIRST} 这一夜的同一事项的清单缺失或被改过" in run(folder)[1]
    assert f"一件同一事项整个不见了：{FIRST}" in run(folder, "--heads", str(evidence.nights))[1]


def cut(evidence: Evidence) -> None:
    """Takes the last event of the case and lets its head say that this is all."""
    case_id = evidence.written.moved
    evidence.spoil(
        "UPDATE store_case c SET version = c.version - 1, head = e.previous FROM store_caseevent e "
        "WHERE e.case_id = c.id AND e.seq = c.version AND c.id = %s",
        case_id,
    )
    evidence.spoil(
        "DELETE FROM store_caseevent e USING store_case c WHERE e.case_id = c.id AND e.seq > c.version AND c.id = %s",
        case_id,
    )


def test_it_finds_a_log_that_was_cut_at_the_end(evidence: Evidence) -> None:
    cut(evidence)

    code, said = run(export(evidence))
    assert code == 1
    assert f"{number(evidence.written.moved)} 的记录在第 " in faults(said)[0]
    assert len(faults(said)) == 1


def lose(evidence: Evidence) -> None:
    case_id = evidence.written.quiet
    evidence.spoil("DELETE FROM store_caseevent WHERE case_id = %s", case_id)
    evidence.spoil("DELETE FROM store_case WHERE id = %s", case_id)


def test_it_finds_a_case_that_is_missing_whole(evidence: Evidence) -> None:
    lose(evidence)

    code, said = run(export(evidence))
    assert code == 1
    assert [line for line in faults(said) if f"一件案件整个不见了：{FIRST}" in line] == faults(said)


def test_it_finds_a_case_that_is_missing_with_all_its_traces(evidence: Evidence) -> None:
    """The lists in the database were cleaned too; those kept elsewhere still tell of it."""
    lose(evidence)
    evidence.spoil("DELETE FROM store_chainhead WHERE case_id = %s", evidence.written.quiet)
    folder = export(evidence)

    assert f"{FIRST} 这一夜的清单缺失或被改过" in run(folder)[1]
    assert f"一件案件整个不见了：{FIRST}" in run(folder, "--heads", str(evidence.nights))[1]


def test_it_finds_a_database_that_was_taken_back_to_an_older_state(evidence: Evidence) -> None:
    """Nothing in the database contradicts itself: only who kept the nights elsewhere can know."""
    cut(evidence)
    evidence.spoil("DELETE FROM store_chainhead WHERE night_id = 2")
    evidence.spoil("DELETE FROM store_signednight WHERE number = 2")
    folder = export(evidence)

    assert run(folder)[0] == 0
    code, said = run(folder, "--heads", str(evidence.nights))
    assert code == 1
    assert f"导出里没有 {SECOND} 这一夜" in said
    assert f"{number(evidence.written.moved)} 的记录在第 " in said


def test_it_finds_nights_that_somebody_else_signed(evidence: Evidence) -> None:
    """Whoever forges the whole history and its key needs more than the database: the key that others keep."""
    folder = export(evidence)
    kept = folder.with_name("kept.json")
    (folder / "public-keys.json").rename(kept)
    forger = Ed25519PrivateKey.generate()
    (folder / "public-keys.json").write_text(json.dumps({"s1": forger.public_key().public_bytes_raw().hex()}), "utf-8")
    for path in (folder / "nights").glob("*.json"):
        held = json.loads(path.read_text("utf-8"))
        held["signature"] = forger.sign(held["document"].encode()).hex()
        path.write_text(json.dumps(held), "utf-8")

    assert run(folder)[0] == 0
    code, said = run(folder, "--key", str(kept))
    assert code == 1
    assert "签名不符" in said


def test_it_finds_a_changed_copy(evidence: Evidence) -> None:
    path = next(evidence.nights.glob(f"*{SECOND}.json"))
    path.write_text(path.read_text("utf-8").replace("sealed", "seaIed"), "utf-8")

    code, said = run(export(evidence), "--heads", str(evidence.nights))
    assert code == 1
    assert "另存的文件夹里" in said


def test_it_checks_sealed_logs_of_an_export_that_holds_them(evidence: Evidence) -> None:
    whole = export(evidence, "--sealed")
    assert run(whole)[0] == 0, run(whole)[1]
    assert "核对 4 件" in run(whole)[1]

    for table in ("sealedbody", "sealedevent", "sealedcase"):
        evidence.spoil(f"DELETE FROM store_{table}")
    lost = evidence.nights.with_name("lost")
    assert main(["verify", "--export", str(lost), "--sealed"]) == 0
    code, said = run(lost)
    assert code == 1
    assert "一件密封件整个不见了" in said

    evidence.spoil("DELETE FROM store_sealedchainhead")
    bare = evidence.nights.with_name("bare")
    assert main(["verify", "--export", str(bare), "--sealed"]) == 0
    assert "密封件的清单与签名不符" in run(bare)[1]


def opened(evidence: Evidence) -> tuple[Path, Path]:
    """An export with the texts and files of the quiet case, and its one file."""
    folder = export(evidence, "--case", number(evidence.written.quiet))
    (file,) = (folder / "files").iterdir()
    return folder, file


def test_it_proves_the_file_of_a_case_that_was_opened(evidence: Evidence) -> None:
    folder, file = opened(evidence)

    assert file.read_bytes() == PROOF
    code, said = run(folder, "--heads", str(evidence.nights))
    assert code == 0, said
    assert "逐个核对了 1 个附件" in said
    assert COMPLAINT["content"] in (folder / "texts.jsonl").read_text("utf-8")
    assert str(evidence.written.moved) not in (folder / "texts.jsonl").read_text("utf-8")


def test_it_says_which_file_is_not_the_one_that_came(evidence: Evidence) -> None:
    folder, file = opened(evidence)
    file.write_bytes("停运一刻钟".encode())

    code, said = run(folder)
    assert code == 1
    expected = f"有误：{number(evidence.written.quiet)} 第 1 条记录附的文件 {file.name} 不是当时的那个"
    assert [line.split("。")[0] for line in faults(said)] == [expected]


def test_it_finds_a_file_too_many_and_one_too_few(evidence: Evidence) -> None:
    folder, file = opened(evidence)
    file.rename(file.with_stem("0" * 32))

    said = "".join(faults(run(folder)[1]))
    assert f"附的文件 {file.stem} 不在导出里" in said
    assert f"多出文件 {'0' * 32}" in said


def test_it_finds_a_text_that_was_made_to_fit_another_file(evidence: Evidence) -> None:
    folder, file = opened(evidence)
    other = "停运一刻钟".encode()
    path = folder / "texts.jsonl"
    written = path.read_text("utf-8").replace(hashlib.sha256(PROOF).hexdigest(), hashlib.sha256(other).hexdigest())
    path.write_text(written, "utf-8")
    file.write_bytes(other)

    code, said = run(folder)
    assert code == 1
    assert "第 1 条记录的文字与它的指纹不符" in "".join(faults(said))


def test_the_export_says_what_to_do_where_there_is_no_such_case(
    evidence: Evidence, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", "--export", str(evidence.nights.with_name("none")), "--case", "TS-00-0000"]) == 1
    assert "没有编号为 TS-00-0000 的诉件" in capsys.readouterr().err
    assert main(["verify", "--case", "TS-00-0000"]) == 1
    assert "--case 要与 --export 同用" in capsys.readouterr().err


def test_it_says_when_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    command = [sys.executable, "-I", "-S", str(VERIFIER), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 2
    assert "不是 kesu verify --export 写出的文件夹" in done.stderr


def test_the_command_says_in_one_sentence_what_is_wrong_and_what_to_do(
    evidence: Evidence, capsys: pytest.CaptureFixture[str], settings: object
) -> None:
    settings.KESU_HEADS_DIR = evidence.nights  # type: ignore[attr-defined]
    assert main(["verify"]) == 0
    assert "（不含密封件）：没有发现问题。" in capsys.readouterr().out

    cut(evidence)
    assert main(["verify", "--sealed"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith(f"有误：{number(evidence.written.moved)} 的记录从第 ")
    assert "停止改动，保留现场" in said[0]
    assert said[-1].endswith("（含密封件）：1 处有误。")
    assert SignedNight.objects.count() == 2
