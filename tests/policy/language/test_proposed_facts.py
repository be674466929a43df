"""A choice of which values are put forward, and how far apart cases of one matter may have come in."""

from __future__ import annotations

import pytest

from kesu.policy.errors import PackInvalid
from kesu.policy.telling.rules import told_rules
from tests.own_packs import changed

DUE = "defect_party: {name: 责任方"


def test_a_pack_says_it_and_so_does_the_printed_policy() -> None:
    kind = changed("records", "complaint.yaml", (DUE, "defect_party: {proposed: 是, name: 责任方")).kinds["complaint"]

    assert kind.facts["defect_party"].proposed
    assert "按相近的诉件推荐" in told_rules(kind)["facts.defect_party"]
    assert kind.alike_days == 30


def test_it_is_said_of_a_choice_that_people_make_and_everybody_reads() -> None:
    for spoilt in ("proposed: 是, data: restricted, name: 责任方", "proposed: 是, name: 责任方"):
        of = DUE if "data" in spoilt else "survey_at: {name: 勘察时间"
        code = of.partition(":")[0]
        with pytest.raises(PackInvalid) as caught:
            changed("records", "complaint.yaml", (of, f"{code}: {{{spoilt}"))
        assert "单选（choice）事实可以写 proposed" in "\n".join(str(one) for one in caught.value.problems)


def test_the_days_are_days() -> None:
    def kind(length: str) -> int:
        head = "kind: lab_objection\n"
        pack = changed("l01", "lab_objection.yaml", (head, f"{head}alike: {length}\n"))
        return pack.kinds["lab_objection"].alike_days

    assert kind("45天") == 45
    with pytest.raises(PackInvalid):
        kind("3工作日")
