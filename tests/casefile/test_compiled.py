"""Compiled packs are kept on disk, and what is kept never speaks for another text or another program."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from kesu.casefile.compiled import load_kept
from kesu.casefile.library import Library, read_library
from kesu.policy.errors import PackInvalid


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library()


def test_what_is_kept_is_the_pack_itself_with_its_texts(library: Library, tmp_path: Path) -> None:
    fresh = load_kept(library.texts, "suggestion", tmp_path)
    (file,) = tmp_path.iterdir()
    again = load_kept(library.texts, "suggestion", tmp_path)
    assert again == fresh == library.load("suggestion")
    assert again.texts == fresh.texts
    assert json.loads(file.read_text("utf-8"))["hash"] == fresh.hash


def test_a_changed_source_is_compiled_anew_also_where_it_is_the_parent_that_changed(
    library: Library, tmp_path: Path
) -> None:
    load_kept(library.texts, "suggestion", tmp_path)
    files = {code: dict(texts) for code, texts in library.texts.items()}
    files["suggestion"]["pack.yaml"] = files["suggestion"]["pack.yaml"].replace("status: effective", "status: trial")
    assert load_kept(files, "suggestion", tmp_path).status == "trial"
    files["base"]["complaint.yaml"] = files["base"]["complaint.yaml"].replace("name: 已接报", "name: 收到了")
    assert load_kept(files, "p10", tmp_path).hash != load_kept(library.texts, "p10", tmp_path).hash


def test_a_changed_program_is_not_answered_with_what_another_one_made(library: Library, tmp_path: Path) -> None:
    pack = load_kept(library.texts, "suggestion", tmp_path, program="yesterday's")
    (before,) = tmp_path.iterdir()
    assert load_kept(library.texts, "suggestion", tmp_path) == pack
    (after,) = tmp_path.iterdir()
    assert after.name != before.name


@pytest.mark.parametrize("spoilt", ["", "{", "[]", '{"hash": "0"}'])
def test_a_spoilt_file_is_a_miss(library: Library, tmp_path: Path, spoilt: str) -> None:
    pack = load_kept(library.texts, "suggestion", tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_text(spoilt, "utf-8")
    assert load_kept(library.texts, "suggestion", tmp_path) == pack


def test_a_file_of_another_text_is_a_miss(library: Library, tmp_path: Path) -> None:
    pack = load_kept(library.texts, "suggestion", tmp_path)
    (file,) = tmp_path.iterdir()
    kept = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**kept, "canonical": kept["canonical"].replace("已采纳", "不采纳")}), "utf-8")
    assert load_kept(library.texts, "suggestion", tmp_path) == pack


def test_a_folder_that_cannot_be_written_costs_time_and_nothing_else(library: Library, tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("", "utf-8")
    assert load_kept(library.texts, "suggestion", taken).code == "suggestion"
    assert load_kept(library.texts, "suggestion", tmp_path / "no" / "such").code == "suggestion"
    assert os.listdir(tmp_path) == ["file"]


def test_a_pack_with_a_mistake_is_never_kept(library: Library, tmp_path: Path) -> None:
    files = {**library.texts, "suggestion": {**library.texts["suggestion"], "clauses.yaml": "1: {printed: 1}\n"}}
    with pytest.raises(PackInvalid):
        load_kept(files, "suggestion", tmp_path)
    assert list(tmp_path.iterdir()) == []
