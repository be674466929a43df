"""The benchmark of clocks knows what must come of its cases, and finds whatever is lost, doubled or early."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from kesu.commands.clock.wake_one import wake_some
from kesu.config.bench.acting import Cast
from kesu.config.bench.company import found, found_neighbours
from kesu.config.bench.copying import copy
from kesu.config.bench.crew import company
from kesu.config.bench.once import breaches
from kesu.config.bench.waves import Expected, Lying, opened
from kesu.config.bench.year import steps_of
from kesu.store.models import CaseCard, CaseEvent, OutboxMessage
from tests.bench.conftest import Measured
from tests.full import only_in_full

AT = datetime(2026, 6, 8, 1, 30, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@only_in_full
def test_it_knows_what_must_come_of_a_case_and_finds_what_did_not(db: None) -> None:
    found(AT)
    found_neighbours(AT)
    until = AT + 2 * HOUR
    calls = Lying("qingtang", "wutong", AT, AT + 50 * MINUTE, until, 2, 1)
    emergency = Lying("songyue_site", "baizhiyu", AT, AT, until, 1, 3, given={"is_emergency": "是"})
    rows, expected = opened([calls, emergency], Cast(company(AT)))
    copy(rows)
    while (due := CaseCard.objects.filter(wake_at__lte=until).order_by("wake_at").first()) is not None:
        wake_some(at=due.wake_at)

    assert [one.urgent for one in expected] == [False, False, True]
    assert AT + HOUR in expected[0].due.values()
    assert AT + 3 * MINUTE in expected[2].due.values()
    assert all(one.messages for one in expected)
    assert list(breaches(expected, until)) == []

    lost = OutboxMessage.objects.filter(case=expected[0].case).first()
    assert lost is not None
    end = lost.key.removeprefix(f"{lost.case_id}/")
    lost.delete()
    later = {key: at + HOUR for key, at in expected[1].due.items()}
    told = list(breaches([expected[0], Expected(expected[1].case, AT, later, expected[1].messages, False)], until))
    assert told[0] == f"诉件 {expected[0].case} 的消息 {end} 没有"
    assert all("早了" in line for line in told[1:])
    assert len(told) == 1 + CaseEvent.objects.filter(case=expected[1].case, facts__has_key="effect").count()


def test_the_clock_is_moved_as_far_as_no_case_has_two_instants_in_one_step() -> None:
    def case(*minutes: int) -> Expected:
        return Expected(uuid4(), AT, {f"{one}": AT + one * MINUTE for one in minutes}, frozenset(), False)

    steps = steps_of([case(5, 60, 63), case(30), case(49, 300)])

    assert [(at - AT) // MINUTE for at in steps] == [49, 60, 300]


@only_in_full
def test_it_runs_from_end_to_end(bench: Callable[..., tuple[str, Measured]], tmp_path: Path) -> None:
    words = ("--cases", "200", "--wave", "200", "--redate", "100", "--year", "200", "--data", str(tmp_path / "data"))
    bench("clock", *words)
    found = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))["singles"]

    assert [one["value"] for one in found if one["name"].endswith("没有做的")] == [0, 0, 0]
    assert [one["value"] for one in found if one["name"] == "丢失、重复或早做的"] == [0, 0, 0, 0]
    values = {one["name"]: one["value"] for one in found}
    assert values["后台任务被杀"] >= 1
    assert values["改按新日历：件数"] >= values["其中时限变了"] >= 100
    assert values["没有改、改了两次或读不出的"] == 0
    assert values["列表与记录不同的（每 50 件抽一件）"] == 0
