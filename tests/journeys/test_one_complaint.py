"""One complaint on the real program, from the customer's phone to the archive, under one written policy.

Web server and worker are processes of their own; nothing of the demonstration's cases is there.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser

from tests.full import only_in_full
from tests.journeys.one_complaint import House, go_through
from tests.journeys.people import Colleague, colleague
from tests.live import PASSWORD, LiveKesu
from tests.world import World


def test_it_goes_from_the_phone_to_the_archive(
    live_kesu: LiveKesu, live_world: World, browser: Browser, tmp_path: Path
) -> None:
    def at_desk(login: str) -> Colleague:
        return colleague(browser, live_kesu.url, login, PASSWORD)

    house = House(live_kesu.url, live_world.units, live_world.people, at_desk, "青棠湾一期")
    go_through(house, browser, tmp_path)


@only_in_full
def test_it_escalates_by_time_and_tells_the_manager(live_kesu: LiveKesu, live_world: World, browser: Browser) -> None:
    """A call was heard nearly an hour ago and nobody has told the specialist: when the hour is over, the worker acts by
    itself."""
    operator = colleague(browser, live_kesu.url, "wutong", PASSWORD)
    operator.go("/cases/new")
    now = datetime.now(UTC) + timedelta(hours=8)
    # A form says minutes. Half a minute at least is left for the manager to look before the hour is over.
    heard = now - timedelta(minutes=59 if now.second < 25 else 58)
    operator.page.fill('[name="happened_at"]', heard.strftime("%Y-%m-%dT%H:%M"))
    operator.fill(
        {
            "channel": "电话",
            "person.name": "尹先生",
            "person.phone": "13800003208",
            "title": "空调外机支架锈蚀",
            "content": "外机支架锈得厉害。",
        }
    )
    operator.submit()
    operator.page.wait_for_url(re.compile(r"/cases/[0-9a-f-]{36}"))
    case = re.search(r"/cases/[0-9a-f-]{36}", operator.page.url)[0]  # type: ignore[index]

    manager = colleague(browser, live_kesu.url, "linsheng", PASSWORD)
    manager.go(case)
    manager.does_not_see("知会客服专管员超时")
    for _ in range(45):
        manager.go(case)
        if "知会客服专管员超时" in manager.page.content():
            break
        manager.page.wait_for_timeout(2000)
    manager.sees("知会客服专管员超时")
    assert manager.page.content().count("知会客服专管员超时") == 1
    assert live_world.people["linsheng"]
