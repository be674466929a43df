"""To whom an approval is copied when it ends: how it is written, told, and refused where it cannot be."""

from __future__ import annotations

import pytest

from kesu.policy.errors import PackInvalid
from kesu.policy.model.rules import Who
from kesu.policy.telling.rules import told_rules
from tests.own_packs import changed

FILE = "merit_reward.yaml"
BLOCK = "    conflict: block\n"


def written(*lines: str) -> tuple[str, str]:
    return (BLOCK, BLOCK + "".join(f"    {line}\n" for line in lines))


def test_the_policy_and_signers_name_who_else_is_told() -> None:
    kind = changed("p12", FILE, written("copies: cs_manager", "copying: 是")).kinds["merit_reward"]
    notice = kind.notices["copies_recognition"]
    assert notice.copies
    assert [moment.became for moment in notice.starts] == ["granted", "refused"]
    (row,) = notice.to.rows
    assert row.use == tuple(
        Who(*one) for one in (("cs_manager",), ("", None, "copied_recognition"), ("", None, "copy_with_recognition"))
    )
    assert "copy_to_recognition" in kind.steps["sign_recognition"].may_state
    told = told_rules(kind)["approvals.recognition"]
    assert "结束后抄送" in told
    assert "送审和签的人可以另选抄送的人" in told


def test_whoever_submits_names_others_too_also_where_it_passes_another_approval_first() -> None:
    steps = changed("p10", "complaint.yaml").kinds["complaint"].steps
    assert [code for code, step in steps.items() if "copy_with_leadership" in step.may_state] == ["submit_plan"]


def test_without_either_word_there_is_nothing_of_it() -> None:
    kind = changed("p12", FILE).kinds["merit_reward"]
    assert "copies_recognition" not in kind.notices
    assert not [code for code in kind.facts if code.startswith(("copy_to_", "copied_"))]


def test_a_customer_is_not_copied() -> None:
    with pytest.raises(PackInvalid) as caught:
        changed("p12", FILE, written("copies: complainant"))
    assert "抄送只给本单位的人" in "\n".join(str(problem) for problem in caught.value.problems)


def test_a_sealed_kind_copies_nothing() -> None:
    check = "check: {name: 审核, of: report.received, chain: [discipline], copying: 是, clause: 3a}"
    approval = f"\napprovals:\n  {check}\n\nduties:\n"
    with pytest.raises(PackInvalid) as caught:
        changed("whistle", "whistle_report.yaml", ("\nduties:\n", approval))
    assert "密封的案件不能写" in "\n".join(str(problem) for problem in caught.value.problems)
