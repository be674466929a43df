"""A policy on trial: what would be refused in a case is refused on the page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from kesu.access.actor import Actor, Held
from kesu.access.permissions import Permission
from kesu.queries.policies.trial import Trial, TrialAct, trial
from tests.linked_policies import linked

if TYPE_CHECKING:
    import pytest

    from kesu.policy.model.pack import Pack

NOW = datetime(2026, 7, 6, 2, tzinfo=UTC)
KEEPER = Actor(
    UUID(int=1),
    "keeper",
    "制度管理员",
    (Held("keeper", frozenset(), "制度管理员", UUID(int=2), "集团", "/", frozenset({Permission.POLICY_ADOPT})),),
)


def tried(monkeypatch: pytest.MonkeyPatch, pack: Pack, *acts: tuple[str, dict[str, str]]) -> Trial:
    monkeypatch.setattr("kesu.queries.policies.trial.offered", lambda: {pack.code: pack})
    taken = [
        TrialAct(NOW + timedelta(minutes=nth), step, {code: (text,) for code, text in given.items()})
        for nth, (step, given) in enumerate(acts)
    ]
    return trial(actor=KEEPER, at=NOW + timedelta(hours=1), pack_code=pack.code, kind="complaint", acts=taken)


def test_a_linked_case_that_its_own_policy_refuses_is_not_opened_and_the_step_not_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heavy = "  heavy: {steps: [open], unless: {weight: 重}, says: 轻的不立, clause: D1c}\n"
    strict = linked(("duties:\n  finish:", f"guards:\n{heavy}duties:\n  finish:"))
    received = ("receive", {"title": "外墙渗水", "content": "客厅东墙发霉"})

    heavy_one = tried(monkeypatch, strict, received, ("find_problem", {"problem_text": "没封", "problem_weight": "重"}))
    assert (heavy_one.links, heavy_one.impossible) == (("查出的问题转整改",), "")

    light_one = tried(monkeypatch, strict, received, ("find_problem", {"problem_text": "没封", "problem_weight": "轻"}))
    assert light_one.links == ()
    assert "开不了关联的整改（problem）：heavy 轻的不立" in light_one.impossible
    assert [line.name for line in light_one.taken] == [heavy_one.taken[0].name]
