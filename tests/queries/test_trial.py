"""A policy on trial: what would be refused in a case is refused on the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from kesu.access.actor import Actor, Held
from kesu.access.permissions import Permission
from kesu.queries.policies.trial import Trial, TrialAct, trial
from tests.linked_policies import linked
from tests.own_packs import changed

if TYPE_CHECKING:
    import pytest

    from kesu.policy.model.pack import Pack

NOW = datetime(2026, 7, 6, 2, tzinfo=UTC)
NOTHING: Mapping[str, str] = {}
KEEPER = Actor(
    UUID(int=1),
    "keeper",
    "制度管理员",
    (Held("keeper", frozenset(), "制度管理员", UUID(int=2), "集团", "/", frozenset({Permission.POLICY_ADOPT})),),
)


def tried(
    monkeypatch: pytest.MonkeyPatch,
    pack: Pack,
    *acts: tuple[str, dict[str, str]],
    held: Mapping[str, str] | None = None,
) -> Trial:
    monkeypatch.setattr("kesu.queries.policies.trial.offered", lambda: {pack.code: pack})
    taken = [
        TrialAct(NOW + timedelta(minutes=nth), step, {code: (text,) for code, text in given.items()})
        for nth, (step, given) in enumerate(acts)
    ]
    return trial(
        actor=KEEPER, at=NOW + timedelta(hours=1), pack_code=pack.code, kind="complaint", acts=taken, held=held or {}
    )


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


def test_what_an_account_held_before_decides_what_may_be_taken_out_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = "name: 备用金, minus: {event: case.received, where: {refund: 已填}}, amount: refund, clause: D1c"
    paying = (
        ("\nfacts:\n", "\nfacts:\n  refund: {name: 退款, type: money, clause: D1c}\n"),
        ("may: [room, photos,", "may: [refund, room, photos,"),
        ("\nguards:\n", f"\nledgers:\n  kitty: {{{rule}}}\n\nguards:\n"),
    )
    pack = changed("p10", "complaint.yaml", *paying)
    received = ("receive", {"title": "外墙渗水", "content": "客厅东墙发霉", "refund": "300元"})

    refused = tried(monkeypatch, pack, received)
    assert [line.name for line in refused.held] == ["备用金"]
    assert [(lack.have, lack.short) for line in refused.refusals for lack in line.missing] == [(0, 300)]

    assert tried(monkeypatch, pack, received, held={"kitty": "0.1万元"}).taken
    assert tried(monkeypatch, pack, received, held={"kitty": "很多"}).held[0].is_unreadable
