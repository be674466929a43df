"""What a policy tells a reporter, as it is written."""

from __future__ import annotations

import pytest

from kesu.policy.errors import PackInvalid
from kesu.policy.telling.changes import changes
from kesu.policy.telling.rules import told_rules
from tests.own_packs import changed

W01 = "whistle_report.yaml"
TOLD = "told: [note_to_reporter, reporter_reply]"


def problems(*lines: tuple[str, str]) -> str:
    with pytest.raises(PackInvalid) as caught:
        changed("w01", W01, *lines)
    return "\n".join(str(problem) for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("told: [note_to_reporters]", "没有事实 note_to_reporters"),
        ("told: [evidence]", "evidence（证据）不是文字（text）类型的事实，举报人读不到"),
    ],
)
def test_a_mistake_is_told_with_what_is_wrong(written: str, said: str) -> None:
    assert said in problems((TOLD, written))


def test_only_sealed_kinds_have_a_reporter_who_reads_by_code() -> None:
    told = problems(("  sealed: 是\n", "  sealed: 否\n"))
    assert "told（告诉举报人）只用于密封的案件" in told
    assert "notices" in told


def test_what_is_told_besides_is_one_aspect_of_the_rule() -> None:
    (change,) = changes(changed("w01", W01), changed("w01", W01, (TOLD, "told: [note_to_reporter]")))
    assert "告诉举报人" in change.sentence
    assert "给承办人的答复" in change.sentence
    assert "密封" not in change.sentence


def test_it_is_told_back_in_a_sentence() -> None:
    sentence = told_rules(changed("w01", W01).kinds["whistle_report"])["secrecy"]
    assert sentence.endswith("举报人凭回执码读到写给举报人的话、给承办人的答复。")
