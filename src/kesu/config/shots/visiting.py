"""Goes through the roles and windows, and brings back what was found."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from kesu.config.demonstration.build import PASSWORD
from kesu.config.shots import addresses, program, stories
from kesu.config.shots.addresses import Found
from kesu.config.shots.catalogue import (
    ERROR_PAGES,
    NO_PAGE,
    REFUSED_FORMS,
    REFUSED_STATUS,
    ROLES,
    SENT_FORMS,
    WINDOWS,
    Role,
    Window,
)
from kesu.config.shots.finding import Finding, Report
from kesu.config.shots.looking import Eye, listen
from kesu.config.trouble import Trouble

Say = Callable[[str], None]


def visit(base: str, folder: Path, say: Say, only: Collection[str] = ()) -> Report:
    """Photographs everything at `base` into `folder`. With `only` these roles alone, and what they do not reach is no
    fault."""
    findings: list[Finding] = []
    reached: set[str] = set()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=program.browser_path(), args=program.browser_words(), env=program.browser_environment()
        )
        axe = program.axe_source()
        for role in [role for role in ROLES if not only or role.key in only]:
            for finding in _as_role(browser, role, base, folder, axe, reached):
                findings.append(finding)
                say(f"{'×' if finding.is_fault else '·'} {finding.role} {finding.window} {finding.page}")
            reached = {finding.page for finding in findings}
        browser.close()
    known, reached = set(addresses.names()), {addresses.name_of(finding.address) for finding in findings}
    return Report(
        findings=findings,
        unreached=[] if only else sorted(known - reached - set(NO_PAGE)),
        superfluous=sorted(set(NO_PAGE) & reached | set(NO_PAGE) - known),
    )


def _as_role(browser: Browser, role: Role, base: str, folder: Path, axe: str, reached: set[str]) -> Iterator[Finding]:
    pages: list[Found] | None = None
    for window in reversed(WINDOWS):
        with _context(browser, window) as context:
            if role.login:
                _sign_in(context, base, role.login)
            eye = Eye(context, window, role.key, base, folder, axe)
            if pages is None:
                walked = addresses.walk(context.request, base, role.starts)
                pages = [page for page in walked if not role.fills_gaps or page.page not in reached]
                if not role.login:
                    yield from _send_forms(eye, pages)
            yield from _look_at(eye, pages, with_errors=not role.fills_gaps)


def _look_at(eye: Eye, pages: list[Found], *, with_errors: bool) -> Iterator[Finding]:
    for page in pages:
        yield eye.look(page.page, page.address)
        if page.name in REFUSED_FORMS:
            yield _refused(eye, page)
    if with_errors:
        for name, (address, status) in ERROR_PAGES.items():
            yield eye.look(name, address, status)


def _send_forms(eye: Eye, pages: list[Found]) -> Iterator[Finding]:
    """Sends the forms of the public; what its answers lead to is added to `pages`."""
    known = {page.page for page in pages}
    for page in [page for page in pages if page.name in SENT_FORMS]:
        tab = eye.context.new_page()
        said = listen(tab)
        tab.goto(eye.base + page.address)
        answer = stories.send_filled(tab)
        yield eye.examine(tab, page.page + "-sent", answer, said)
        following = list(addresses.links(tab.content()))
        code = stories.receipt_code(tab)
        tab.close()
        if code:
            yield _asked(eye, code)
        for found in addresses.walk(eye.context.request, eye.base, following):
            if found.page not in known:
                known.add(found.page)
                pages.append(found)


def _asked(eye: Eye, code: str) -> Finding:
    tab = eye.context.new_page()
    said = listen(tab)
    tab.goto(f"{eye.base}/report/status")
    answer = stories.ask_with_code(tab, code)
    finding = eye.examine(tab, "report-status-found", answer, said)
    tab.close()
    return finding


def _refused(eye: Eye, page: Found) -> Finding:
    tab = eye.context.new_page()
    said = listen(tab)
    tab.goto(eye.base + page.address)
    answer = stories.send_empty(tab)
    finding = eye.examine(tab, page.page + "-refused", answer, said, REFUSED_STATUS)
    tab.close()
    return finding


def _sign_in(context: BrowserContext, base: str, login: str) -> None:
    tab = context.new_page()
    tab.goto(f"{base}/sign-in")
    tab.fill("#username", login)
    tab.fill("#password", PASSWORD)
    with tab.expect_navigation():
        tab.press("#password", "Enter")
    if tab.url.startswith(f"{base}/sign-in"):
        raise Trouble(
            f"{login} 不能登录", why=f"{base} 不是演示数据", advice="不带 --base 运行，或指向带演示数据的程序"
        )
    tab.close()


@contextmanager
def _context(browser: Browser, window: Window) -> Iterator[BrowserContext]:
    context = browser.new_context(
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": window.width, "height": window.height},
        device_scale_factor=window.scale,
        is_mobile=window.is_phone,
        has_touch=window.is_phone,
        reduced_motion="reduce",
    )
    try:
        yield context
    finally:
        context.close()
