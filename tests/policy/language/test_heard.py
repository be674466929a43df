"""Who stands outside: `hears`, a person who has what the complainant is told; `shows`, what a role outside sees."""

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
        ("type: file, by: [first_contact, cs_specialist, complainant], clause", "type: file, hears: 是, clause"),
        ("type: person, data: personal, counts: 否, hears", "type: person, data: sealed, counts: 否, hears"),
    ],
)
def test_only_somebody_who_is_named_can_hear(old: str, new: str) -> None:
    with pytest.raises(PackInvalid) as caught:
        changed("groups", FILE, (old, new))
    assert "只有由人填写的人（person）类型的事实可以写 hears（一起告知），密封的不可以" in str(caught.value.problems)


def other_party(shows: str) -> str:
    with pytest.raises(PackInvalid) as caught:
        changed("records", FILE, ("shows: [category]", shows))
    return str(caught.value.problems)


def test_the_policy_says_what_somebody_outside_sees_of_a_case() -> None:
    role = changed("records", FILE).kinds["complaint"].roles["other_party"]
    assert (role.limited, role.shows) == (True, ("category",))
    nothing = changed("records", FILE, ("shows: [category]", "shows: []"))
    assert nothing.kinds["complaint"].roles["other_party"].limited
    told = told_rules(nothing.kinds["complaint"])["roles.other_party"]
    assert "只看得到编号、项目和给他的话" in told
    (change,) = changes(nothing, changed("records", FILE))
    assert "外部的人看得到" in change.sentence
    for shows in ("person", "other_statement", "photos"):
        assert "不能给外部的人看" in other_party(f"shows: [{shows}]")
    assert "outside" in other_party("shows: [category], outside: 否")
