"""A letter without a name: taken in at the desk, handed over, asked about, answered; three people at three browsers."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.access.sample import REPORT
from tests.journeys.people import colleague, customer
from tests.live import PASSWORD, LiveKesu
from tests.world import World

ASKED = "验收单是哪一天签的？"
ANSWERED = "六月二十日补签的，单子在附件里"
_FLAGS = {"是": "yes", "否": "no"}


def test_a_letter_is_taken_in_and_its_writer_answers_with_his_code(
    live_kesu: LiveKesu, live_world: World, browser: Browser, tmp_path: Path
) -> None:
    scan = tmp_path / "来信.txt"
    scan.write_text("三页手写", encoding="utf-8")
    reception = colleague(browser, live_kesu.url, "wutong", PASSWORD)
    officer = colleague(browser, live_kesu.url, "qiubai", PASSWORD)
    reporter = customer(browser, live_kesu.url)

    reception.page.locator('a[href="/sealed/new"]').first.click()
    reception.page.locator('select[name="unit"]').select_option(live_world.units["qingtang"].hex)
    reception.page.wait_for_load_state("networkidle")
    answers = {name: _FLAGS.get(text, text) for name, text in REPORT.items()}
    form = 'form[action$="/sealed/new"][method="post"]'
    reception.fill({"channel": "来信", **answers, "evidence": str(scan)}, form=form)
    reception.submit()
    code = reception.page.locator("#receipt-code").inner_text()
    reception.page.reload()
    expect(reception.page.locator("#receipt-code")).to_have_count(0)
    reception.does_not_see(REPORT["summary"])

    officer.go("/sealed")
    officer.page.locator("a[data-open]").first.click()
    officer.sees(REPORT["summary"])
    address = officer.page.url.removeprefix(live_kesu.url)
    with officer.page.expect_download() as taken:
        officer.page.locator('a[href*="/files/"]').first.click()
    assert taken.value.path().read_text("utf-8") == "三页手写"
    officer.go(address)
    officer.sees("谁取过文件")
    officer.page.locator('a[href$="/steps/write_to_reporter"]').click()
    officer.fill({"note_to_reporter": ASKED}, form="main form")
    officer.submit()
    officer.sees(ASKED)

    reporter.go("/report/status")
    reporter.fill({"code": code})
    reporter.submit()
    reporter.sees(ASKED)
    reporter.fill({"reporter_reply": ANSWERED}, form='form[action$="/reply_to_handler"]')
    reporter.submit()
    reporter.sees(ANSWERED)

    officer.go(address)
    officer.sees(ANSWERED)
    reception.go(address)
    reception.does_not_see(ANSWERED)
