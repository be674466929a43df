"""How the log names files, now and in what was written before."""

from __future__ import annotations

from uuid import uuid4

import pytest

from kesu.casefile.named_files import FileRef, files_in, read_files
from kesu.core.signatures import Signed, SignedBy
from kesu.policy.model.facts import Fact, FactType

FACTS = {"photos": Fact("photos", "照片", FactType.FILE), "title": Fact("title", "主题", FactType.TEXT)}


@pytest.mark.parametrize("signed", [None, Signed(SignedBy.HAND, "a" * 64), Signed(SignedBy.TYPED, "")])
def test_what_is_written_is_read_back(signed: Signed | None) -> None:
    named = FileRef(uuid4(), "f" * 64, signed)

    assert read_files([named.to_body()]) == (named,)


def test_a_plain_identifier_is_read_as_a_file_without_a_hash() -> None:
    before = uuid4()

    assert read_files([before.hex]) == (FileRef(before),)


def test_only_facts_that_are_files_name_any() -> None:
    one = uuid4()
    texts = {"photos": [one.hex], "title": "渗水", "file.note": "霉斑", "members": ["cs:" + one.hex]}

    assert list(files_in(FACTS, texts)) == [("photos", FileRef(one))]
