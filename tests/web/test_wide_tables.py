"""Tables of the house as Chromium lays them out where names are as long as they may be."""

from __future__ import annotations

from playwright.sync_api import Browser

from kesu.commands.organisation.add_unit import add_unit
from kesu.core import clock
from tests import live
from tests.journeys.people import DESK, colleague
from tests.live import LiveKesu
from tests.world import World

_NAME = "某某城市更新与物业服务一体化运营项目（二期）北区地块" * 3


def test_every_column_keeps_room_for_its_texts_beside_long_names(
    live_kesu: LiveKesu, live_world: World, live_database: str, browser: Browser
) -> None:
    admin = live_world.actor("admin")
    add_unit(actor=admin, at=clock.now(), inside=live_world.units["group"], kind="region", name=_NAME[:80])
    seen = colleague(browser, live_kesu.url, "admin", live.PASSWORD)
    for address in ("/organisation", "/slots"):
        seen.go(address)
        table = seen.page.locator("table.k-t").first
        widths = table.evaluate("one => [...one.rows[0].cells].map(cell => cell.getBoundingClientRect().width)")
        box = seen.page.locator(".k-tablewrap").first.evaluate("one => [one.scrollWidth, one.clientWidth]")
        assert min(widths) > 40, address
        assert widths[-1] > 150, address
        assert box[0] <= box[1], address
    assert seen.page.evaluate("document.documentElement.scrollHeight") < 4 * DESK["height"]
