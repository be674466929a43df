"""A fact of type file that is a signature."""

from __future__ import annotations

import pytest

from kesu.policy.asking import fields_of, signed_over
from kesu.policy.errors import PackInvalid
from kesu.policy.telling.rules import told_rules
from tests.own_packs import changed

SIGNATURE = "surveyor_signature: {name: 勘察人签名, type: file, by_hand: 是"


def test_it_is_told_as_a_signature() -> None:
    kind = changed("records", "complaint.yaml").kinds["complaint"]

    assert kind.facts["surveyor_signature"].by_hand
    assert not kind.facts["defect_photos"].by_hand
    assert "勘察人签名（手写签名）" in told_rules(kind)["facts.surveyor_signature"]
    assert "问题照片（文件）" in told_rules(kind)["facts.defect_photos"]


def test_only_a_file_can_be_one() -> None:
    with pytest.raises(PackInvalid) as caught:
        changed("records", "complaint.yaml", (SIGNATURE, SIGNATURE.replace("type: file", "type: text")))
    assert "只有文件（file）类型的事实可以写 by_hand" in "\n".join(str(problem) for problem in caught.value.problems)


def test_the_form_ties_signatures_alone_to_what_is_read() -> None:
    kind = changed("records", "complaint.yaml").kinds["complaint"]

    fields = signed_over(fields_of(kind, kind.steps["record_survey"]), "digest")

    assert {field.code: field.read for field in fields if field.read} == {"surveyor_signature": "digest"}
