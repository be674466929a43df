"""`hears`: a person who has what the policy tells the complainant."""

from __future__ import annotations

import pytest

from kesu.policy.errors import PackInvalid
from kesu.policy.telling.changes import changes
from kesu.policy.telling.rules import told_rules
from tests.own_packs import changed

FILE = "complaint.yaml"
HEARS = "counts: 否, hears: 是"


def test_it_is_told_and_a_change_of_it_too() -> None:
    pack = changed("groups", FILE)
    assert "告知投诉人的，由他自己的链接一起看到" in told_rules(pack.kinds["complaint"])["facts.representative"]
    (change,) = changes(pack, changed("groups", FILE, (HEARS, "counts: 否")))
    assert "一起告知" in change.sentence


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("type: file, by: [first_contact, cs_specialist], clause", "type: file, hears: 是, clause"),
        ("type: person, data: personal, counts: 否, hears", "type: person, data: sealed, counts: 否, hears"),
    ],
)
def test_only_somebody_who_is_named_can_hear(old: str, new: str) -> None:
    with pytest.raises(PackInvalid) as caught:
        changed("groups", FILE, (old, new))
    assert "只有由人填写的人（person）类型的事实可以写 hears（一起告知），密封的不可以" in str(caught.value.problems)
