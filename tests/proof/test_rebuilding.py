"""Rows that lists read, compared with the log: what differs is told row by row and can be brought in line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from kesu.casefile.proof.rebuilding import Comparison, Outcome
from kesu.commands.clock.wake_one import wake_one
from kesu.commands.nightly.rebuild_case import rebuild_case
from kesu.config.cli import main
from kesu.queries.proof.rows_of_case import compared
from kesu.store.models import (
    Account,
    CaseCard,
    CaseEvent,
    CaseMention,
    CaseParty,
    Obligation,
    ObligationOwner,
    PostHolding,
)
from tests import desk
from tests.world import MONDAY, World

NOW = MONDAY + timedelta(minutes=50)


def look(case_id: UUID, at: object = NOW) -> Comparison:
    found = compared(case_id, at)  # type: ignore[arg-type]
    assert found is not None
    return found


Spoil = Callable[[UUID], object]


@pytest.mark.parametrize(
    ("spoil", "table", "column"),
    [
        (lambda pk: CaseCard.objects.filter(pk=pk).update(stage="closed"), "card", "stage"),
        (lambda pk: CaseCard.objects.filter(pk=pk).update(level="major"), "card", "level"),
        (lambda pk: CaseCard.objects.filter(pk=pk).update(title="别的"), "card", "title"),
        (lambda pk: CaseCard.objects.filter(pk=pk).update(wake_at=None), "card", "wake_at"),
        (lambda pk: CaseCard.objects.filter(pk=pk).delete(), "card", ""),
        (
            lambda pk: Obligation.objects.filter(case_id=pk, is_open=True).update(due_at=NOW),
            "obligation",
            "due_at",
        ),
        (lambda pk: Obligation.objects.filter(case_id=pk, is_open=True).delete(), "obligation", ""),
        (lambda pk: ObligationOwner.objects.filter(obligation__case_id=pk).delete(), "owner", ""),
        (lambda pk: CaseParty.objects.filter(case_id=pk).delete(), "party", ""),
        (lambda pk: CaseMention.objects.filter(case_id=pk).delete(), "mention", ""),
        (lambda pk: CaseMention.objects.filter(case_id=pk).update(fact="other"), "mention", ""),
    ],
)
def test_it_tells_what_differs_and_brings_it_in_line(world: World, spoil: Spoil, table: str, column: str) -> None:
    first = world.register("zhouyining")
    case_id = world.register("zhouyining", person__phone="13800002017")
    world.take(case_id, "state_facts", "zhouyining", MONDAY, repeat_of=first.hex)
    assert look(case_id).outcome is Outcome.SAME
    events = CaseEvent.objects.count()

    spoil(case_id)
    found = look(case_id)
    assert found.outcome is Outcome.DIFFERENT
    assert (table, column) in {(one.table, one.column) for one in found.differences}
    assert look(case_id).outcome is Outcome.DIFFERENT, "a look brings nothing in line"

    rebuild_case(case_id=case_id, at=NOW)
    assert look(case_id).outcome is Outcome.SAME
    assert CaseEvent.objects.count() == events


def test_it_tells_no_value_of_a_personal_column(world: World) -> None:
    case_id = world.triaged()
    CaseCard.objects.filter(pk=case_id).update(person_name="别人", level="major")

    told = {one.column: (one.stored, one.rebuilt) for one in look(case_id).differences}
    assert told == {"person_name": ("", ""), "level": ("major", "general")}


def test_it_leaves_a_case_that_waits_to_be_woken_to_the_worker(world: World) -> None:
    case_id = world.register("wutong")
    late = MONDAY + timedelta(hours=1)
    assert look(case_id, late).outcome is Outcome.DUE

    while wake_one(at=late):
        pass
    assert look(case_id, late).outcome is Outcome.SAME


def test_it_is_no_fault_that_a_post_has_changed_hands_since(world: World) -> None:
    """A few minutes after midnight, before the worker has woken the cases under the post."""
    case_id = world.submit().case_id
    midnight = MONDAY + timedelta(hours=14, minutes=30)
    while wake_one(at=midnight - timedelta(minutes=1)):
        pass
    held = PostHolding.objects.get(post__role="cs_specialist", account_id=world.people["zhouyining"])
    PostHolding.objects.filter(pk=held.pk).update(until_on=MONDAY.date())
    tomorrow = MONDAY.date() + timedelta(days=1)
    PostHolding.objects.create(post=held.post, account_id=world.people["wutong"], from_on=tomorrow)

    assert look(case_id, midnight - timedelta(minutes=1)).outcome is Outcome.SAME
    found = look(case_id, midnight + timedelta(minutes=1))
    assert found.outcome is Outcome.MOVED
    assert {one.table for one in found.differences} <= {"card", "obligation", "owner", "party"}

    CaseCard.objects.filter(pk=case_id).update(stage="closed")
    assert look(case_id, midnight + timedelta(minutes=1)).outcome is Outcome.DIFFERENT


def test_it_is_no_fault_that_somebody_has_left_since(world: World) -> None:
    case_id = world.register("wutong")
    owners = ObligationOwner.objects.filter(obligation__case_id=case_id)
    assert owners.exists()
    Account.objects.filter(pk__in=owners.values("account_id")).update(is_active=False)

    assert look(case_id).outcome is Outcome.MOVED


def test_the_command_says_row_by_row_what_differs_and_writes_when_told(
    fresh_database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    world, now = desk.opened()
    case_id = world.register("wutong", at=now - timedelta(minutes=5), promised_feedback_at=desk.PROMISED)
    number = CaseCard.objects.get(pk=case_id).number
    CaseCard.objects.filter(pk=case_id).update(stage="closed")

    assert main(["rebuild"]) == 1
    said = capsys.readouterr().out
    assert f"{number}：案件卡片 的 stage 不同：现为 closed，按记录应为 " in said
    assert "有差别 1，" in said

    assert main(["rebuild", "--case", number, "--write"]) == 0
    assert "已改正 1，" in capsys.readouterr().out
    assert main(["rebuild", "--sample", "5"]) == 0
    assert "一致 1，" in capsys.readouterr().out
    assert main(["rebuild", "--case", "TS-26-9999"]) == 1
    assert "没有找到" in capsys.readouterr().err
