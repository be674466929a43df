"""What a scenario may say of what is published, and how an explanation says it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from kesu.casefile.library import read_library
from kesu.policy.calendar import sample_calendar
from kesu.policy.explain import explain_lines
from kesu.policy.model.pack import Pack
from kesu.policy.scenarios import Result, Ways, read_scenarios, run_scenarios
from kesu.policy.scenarios.runner import play
from tests.own_packs import changed

ZONE = ZoneInfo("Asia/Shanghai")
GIVEN = """
      - {at: 2026-10-01 00:00, step: open}
      - {at: 2026-10-12 10:00, step: draft}
      - {at: 2026-10-13 10:00, step: sign_disclosure_review, facts: {verdict: 同意}}
      - {at: 2026-10-13 11:00, step: complete}
"""
BACK = "      - {at: 2026-10-14 10:00, step: take_back}\n"
AGAIN = """
      - {at: 2026-10-15 10:00, step: revise}
      - {at: 2026-10-15 11:00, step: draft}
      - {at: 2026-10-15 14:00, step: sign_disclosure_review, facts: {verdict: 同意}}
      - {at: 2026-10-15 15:00, step: complete}
"""


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_library().load("p03")


def texts(claim: str, given: str = GIVEN) -> dict[str, str]:
    found = read_library().scenarios("p03")
    defaults = next(text for name, text in found.items() if name.endswith("defaults.yaml"))
    one = f"kind: disclosure\nscenarios:\n  - scenario: 公开\n    given:{given}    expect: [{{{claim}}}]\n"
    return {"scenarios/a.yaml": one, "scenarios/defaults.yaml": defaults}


def run(pack: Pack, claim: str, given: str = GIVEN) -> list[str]:
    """What is not as claimed."""
    result: Result
    (result,) = run_scenarios(pack, texts(claim, given), sample_calendar())
    return [one.text.removeprefix("2026-10-13 11:00 ") for one in result.differences]


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("published: disclosure", None),
        ("published: disclosure, is: none", "公示 disclosure 不应在公示，实在公示"),
        ("published: disclosure, is: taken_back", "公示 disclosure 应为 taken_back，实为 up"),
        ("published: notice", "没有公示 notice"),
        ("published: disclosure, seen_by: staff", "公示 disclosure 应给 staff 看，实给 public 看"),
        ("published: disclosure, times: '2'", "公示 disclosure 应公示、更正共 2 次，实为 1 次"),
        ("published: disclosure, says: [public_results, material]", "公示 disclosure 应写明 material，实写 "),
        ("published: disclosure, until: 2026-12-01 10:00", "公示 disclosure 应到 2026-12-01 10:00，实到 "),
        ("seen_by: public", "seen_by 要同 published 写在一起"),
        ("at: 2026-10-12 10:00, published: disclosure", "2026-10-12 10:00 公示 disclosure 应为 up，实为 none"),
    ],
)
def test_what_is_claimed_wrongly_is_told(pack: Pack, claim: str, said: str | None) -> None:
    found = run(pack, claim)
    assert len(found) == (0 if said is None else 1)
    assert said is None or found[0].startswith(said)


def test_what_was_taken_down_and_shown_again_is_no_correction(pack: Pack) -> None:
    assert run(pack, "published: disclosure, times: '1', is: up", GIVEN + BACK + AGAIN) == []


def test_what_is_shown_again_after_its_time_is_no_correction() -> None:
    short = changed("p03", "disclosure.yaml", ("until: {param: disclosure_shown}", "until: 1天"))
    assert run(short, "published: disclosure, times: '1', until: 2026-10-16 24:00", GIVEN + AGAIN) == []
    assert run(short, "at: 2026-10-15 10:00, published: disclosure, is: over", GIVEN + AGAIN) == []


def test_it_ends_with_the_day_that_a_fact_names() -> None:
    lines = (
        ("\nfacts:\n", "\nfacts:\n  shown_until: {name: 公开到哪天, type: date, clause: '2.4'}\n"),
        ("asks: [publish_channel]", "asks: [publish_channel, shown_until]"),
        ("until: {param: disclosure_shown}", "until: {fact: shown_until}"),
    )
    own = changed("p03", "disclosure.yaml", *lines)
    given = GIVEN.replace("step: complete}", "step: complete, facts: {shown_until: 2026-10-20}}")
    assert run(own, "at: 2026-10-20 23:59, published: disclosure, until: 2026-10-20 24:00", given) == []
    assert run(own, "at: 2026-10-20 24:00, published: disclosure, is: over", given) == []


def test_time_wakes_a_case_that_is_over_when_what_it_shows_is_over_too(pack: Pack) -> None:
    assert run(pack, "wake_at: 2027-10-13 24:00, stage: done") == []
    assert run(pack, "wake_at: none", GIVEN + BACK) == []


def test_an_explanation_says_to_whom_until_when_and_under_which_clause(pack: Pack) -> None:
    (scenario,) = read_scenarios(texts("stage: done", GIVEN + AGAIN), ZONE)
    course = play(pack.kinds, scenario, sample_calendar(), Ways())
    lines = explain_lines(pack, course.kind, course.now(course.log[-1].at), ZONE)
    assert (
        "公示“投诉信息公开”在公示：给公众看，2026-10-13 11:00 起，2026-10-15 15:00 更正，到 2027-10-16 00:00 二、4"
        in lines
    )
