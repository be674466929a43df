"""A small pack of our own: a generic parent and a document that extends it, with one way to break one line of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kesu.policy.errors import PackInvalid, Problem
from kesu.policy.loader import load_pack
from kesu.policy.model.pack import Kind, Pack

SAMPLES = Path(__file__).parent / "sample_packs"
Files = dict[str, dict[str, str]]


@pytest.fixture
def files() -> Files:
    return {
        folder.name: {path.name: path.read_text("utf-8") for path in folder.glob("*.yaml")}
        for folder in SAMPLES.iterdir()
    }


@pytest.fixture
def pack(files: Files) -> Pack:
    return load_pack(files, "sample")


@pytest.fixture
def kind(pack: Pack) -> Kind:
    return pack.kinds["request"]


Broken = Callable[..., tuple[Problem, ...]]


@pytest.fixture
def broken(files: Files) -> Broken:
    """Loads the sample with parts of its texts replaced, and gives the mistakes that are found."""

    def break_and_load(
        *changes: tuple[str, str], file: str = "request.yaml", of: str = "sample"
    ) -> tuple[Problem, ...]:
        for old, new in changes:
            assert files[of][file].count(old) == 1, f"{old!r} should stand once in {file}"
            files[of][file] = files[of][file].replace(old, new)
        with pytest.raises(PackInvalid) as caught:
            load_pack(files, "sample")
        return caught.value.problems

    return break_and_load
