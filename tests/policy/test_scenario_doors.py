"""What a scenario says of where, when and by whom a case is opened: and that the program does not open one there."""

from __future__ import annotations

import pytest

from kesu.casefile.library import read_library
from kesu.policy.calendar import sample_calendar
from kesu.policy.mutants import mutants
from kesu.policy.operators import Operator
from kesu.policy.scenarios import run_scenarios
from tests.own_packs import changed

P10 = "complaint.yaml"


def played(act: str, kind: str = "complaint", expect: str = "", code: str = "p10", pack=None) -> list[str]:
    """How a scenario of one act, with the defaults of the policy's own scenarios, differs from what happens."""
    defaults = read_library().scenarios(code)
    texts = {name: text for name, text in defaults.items() if name.endswith("defaults.yaml")}
    seen = f"    expect: [{expect}]\n" if expect else ""
    text = f"scenarios:\n  - scenario: 开立\n    kind: {kind}\n    given: [{act}]\n{seen}"
    (result,) = run_scenarios(pack or changed(code, P10), {**texts, "a.yaml": text}, sample_calendar())
    return [difference.text for difference in result.differences]


def test_a_customer_submits_by_himself_and_the_program_says_how_it_came() -> None:
    by_hand = "{at: 2026-07-06 10:00, step: receive, through: portal, facts: {channel: 来访}}"
    assert played(by_hand, expect="{facts: {channel: 网络}}") == []


def test_the_public_does_not_open_what_is_not_for_the_public() -> None:
    closed = changed("p10", P10, ("portal: 是\n", "portal: 否\n"))
    act = "{at: 2026-07-06 10:00, step: receive, through: portal"
    assert played(f"{act}, refused: portal}}", pack=closed) == []
    assert played(f"{act}}}", expect="{stage: received}", pack=closed)[0].startswith(
        "receive 被拒：portal 公众不能自己提交这种案件"
    )
    assert played(f"{act}, refused: portal}}") == ["receive 应依据 portal 被拒，实际办成了"]


def test_a_policy_may_take_what_is_submitted_and_no_conversations() -> None:
    act = "{at: 2026-07-06 10:00, step: receive, through: chat, facts: {channel: 来访}"
    silent = changed("p10", P10, ("portal: 是\n", "portal: 是\nchat: 否\n"))
    assert played(f"{act}}}", expect="{facts: {channel: 网络}}") == []
    assert played(f"{act}, refused: chat}}", pack=silent) == []
    assert (
        played("{at: 2026-07-06 10:00, step: receive, through: portal}", expect="{stage: received}", pack=silent) == []
    )


@pytest.mark.parametrize(
    ("act", "refused"),
    [
        ("at: 2026-11-01 00:00, step: open, in: company", ""),
        ("at: 2026-11-01 00:00, step: open, in: project", "place"),
        ("at: 2026-11-01 00:00, step: open, in: adopting", "place"),
        ("at: 2026-11-02 00:00, step: open, in: company", "not_due"),
        ("at: 2026-11-01 00:01, step: open", "not_due"),
    ],
)
def test_what_comes_round_is_opened_at_its_time_in_its_place(act: str, refused: str) -> None:
    if not refused:
        assert played(f"{{{act}}}", "bulletin", "{stage: planned}") == []
        return
    assert played(f"{{{act}, refused: {refused}}}", "bulletin") == []
    assert played(f"{{{act}, refused: D1d}}", "bulletin") == []  # the clause of the schedule stands behind it


@pytest.mark.parametrize(
    ("act", "kind", "said"),
    [
        ("at: 2026-11-01 00:00, step: open, in: companys", "bulletin", "in 写单位的种类：adopting、project、company"),
        ("at: 2026-07-06 10:00, step: receive, in: company", "complaint", "别的案件开在接报人选的地方"),
        ("at: 2026-07-06 10:00, step: receive, through: door", "complaint", "through 只能写 portal（公众自己提交）"),
    ],
)
def test_words_that_mean_nothing_are_told(act: str, kind: str, said: str) -> None:
    assert said in played(f"{{{act}}}", kind, "{level: hot}")[0]


def test_the_proof_opens_cases_otherwise() -> None:
    kinds = changed("p10", P10).kinds
    moves = {str(one) for one in mutants(kinds["complaint"]) if one.address == "steps.receive.portal"}
    assert moves == {
        "complaint/steps.receive.portal 公众不能自己提交",
        "complaint/steps.receive.portal 公众提交时不再代填 channel",
    }
    places = [one.move for one in mutants(kinds["bulletin"]) if one.operator is Operator.PLACE]
    assert places == ["company→adopting", "company→project"]
