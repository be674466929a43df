"""A month of cases for the numbers: two projects, two policies, some handled in time, some late, some not at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from tests import desk
from tests.world import World, said

DAY = timedelta(days=1)
MINUTES = timedelta(minutes=5)
TOLD = {"promised_feedback_at": desk.PROMISED}


def told() -> tuple[World, datetime]:
    """Everything lies in the past 20 days; the second value is now."""
    world, now = desk.opened()
    resolved(world, now - 9 * DAY, "门禁失灵")
    resolved(world, now - 3 * DAY, "电梯异响", waits=timedelta(days=2))
    world.register(at=now - 15 * DAY, title="外墙渗水", **TOLD)
    world.register("xumingche", at=now - 2 * DAY, unit="huaixu", title="地库积水", channel="来访", **TOLD)
    withdrawn = world.register(at=now - 4 * DAY, title="误报", channel="邮件", **TOLD)
    world.take(withdrawn, "withdraw", "zhouyining", now - DAY, withdraw_reason="客户来电撤回")
    triaged(world, now - 6 * DAY, category="物业管理")
    litigated = triaged(world, now - 5 * DAY, category="工程质量")
    world.take(litigated, "state_facts", "zhouyining", now - 4 * DAY, litigation_started="是")
    world.submit(at=now - timedelta(hours=2), title="今天才来", person__phone="13800009999")
    suggested(world, now - 8 * DAY, "加一排晾衣架")
    suggested(world, now - timedelta(hours=3), "夜里关一半灯")
    return world, now


def resolved(world: World, at: datetime, title: str, waits: timedelta = timedelta()) -> UUID:
    """A complaint that talking settled, told of and closed; `waits` before it was even passed on."""
    case_id = world.register("wutong", at=at, title=title, **TOLD)
    at += waits
    for nth, (step, login, given) in enumerate(TO_CLOSED, 1):
        answers = {code: world.units[text[1:]].hex if text.startswith("@") else text for code, text in given.items()}
        world.take(case_id, step, login, at + nth * MINUTES, **answers)
    return case_id


TO_CLOSED: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("inform", "wutong", {}),
    ("register", "zhouyining", {"customer_type": "业主", "demand": "修好"}),
    ("classify", "zhouyining", {"talk_note": "已沟通", "track": "抱怨类", "category": "客户服务"}),
    ("log_talk", "zhouyining", {"talk_note": "再次沟通"}),
    ("assign", "zhouyining", {"responsible_dept": "@east_property", "task_via": "邮件"}),
    ("explain", "zhouyining", {"accepted_by_customer": "是"}),
    ("call_back", "heqing", {"satisfied": "是", "callback_note": "满意"}),
    ("close", "linsheng", {}),
)


def triaged(world: World, at: datetime, *, category: str) -> UUID:
    """A quality complaint whose department owes an opinion."""
    case_id = world.register("wutong", at=at, title=f"{category}问题", **TOLD)
    unit = world.units["east_engineering"].hex
    for nth, (step, login, given) in enumerate(
        (
            ("inform", "wutong", {}),
            ("register", "zhouyining", {"customer_type": "业主", "demand": "修好"}),
            ("classify", "zhouyining", {"talk_note": "已沟通", "track": "质量类", "category": category}),
            ("assign", "heqing", {"responsible_dept": unit, "task_via": "邮件"}),
        ),
        1,
    ):
        world.take(case_id, step, login, at + nth * MINUTES, **given)
    return case_id


def suggested(world: World, at: datetime, topic: str) -> UUID:
    """A suggestion: another policy with other words."""
    from kesu.commands.cases.submit_case import submit_case

    given = {"topic": topic, "content": topic, "person__name": "顾先生", "person__phone": "13800007777"}
    return submit_case(
        at=at,
        unit_id=world.units["qingtang"],
        kind="suggestion",
        given=said(**given),
        uploads=(),
        token=f"suggested-{topic}",
    ).case_id
