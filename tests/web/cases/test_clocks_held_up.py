"""What held a clock up stands on the page of the case: why, since when, by whom; and what was promised before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kesu.queries.cases.case_page import case_page
from kesu.web.cases.receipts import promised_before
from tests import confidential, desk
from tests.own_packs import changed
from tests.world import World, calendar

pytestmark = pytest.mark.django_db
STARTS = "接着算, starts: case.received, owner:"
PAUSED = (
    "接着算, pauses: [{name: 等客户补材料, while: {delay_cause: 客户}, limit: 10天, clause: 1.3b}], "
    "starts: case.received, owner:"
)


def adopt(world: World, at) -> None:
    from kesu.commands.policies.adopt_pack import adopt_pack

    pack = changed("p10", "complaint.yaml", (STARTS, PAUSED), ("within: 1工作小时,", "within: 24小时,"))
    place = {"unit_id": world.units["qingtang"]}
    adopt_pack(actor=None, at=at, **place, pack=pack, calendar=calendar(), signatures=confidential.SIGNED)


def test_a_pause_says_why_by_whom_and_until_when_and_leaves_the_old_promise_in_sight() -> None:
    world, now = desk.opened()
    adopt(world, now - timedelta(days=20))
    at = now - timedelta(minutes=30)
    case = world.register(at=at, promised_feedback_at=desk.PROMISED)
    world.take(case, "judge_delay", "zhouyining", at + timedelta(minutes=5), delay_cause="客户", delay_reason="等照片")
    client = desk.client_of("zhouyining")

    def shown() -> str:
        return " ".join(client.get(f"/cases/{case}").content.decode().split())

    assert "暂停：等客户补材料，还在继续，最迟到" in shown()
    assert "，周以宁经办" in shown()
    world.take(case, "judge_delay", "zhouyining", at + timedelta(minutes=15), delay_cause="我方", delay_reason="收到了")
    page = shown()
    assert "暂停：等客户补材料，到" in page
    assert "因暂停而改" in page
    found = case_page(actor=desk.actor("zhouyining"), at=now, case_id=case)
    line = next(one for one in found.obligations if one.history is not None)
    assert line.history is not None
    (stop,), (was,) = line.history.stops, line.history.earlier
    assert (stop.name, stop.who, stop.ends_at) == ("等客户补材料", "周以宁", at + timedelta(minutes=15))
    assert [clause.printed for clause in stop.clauses] == ["1.3"]
    assert line.due_at is not None
    assert line.due_at > was.due_at
    assert promised_before(line.history, now) in page
