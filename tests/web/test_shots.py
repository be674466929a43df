"""The checks of `kesu shots` see the faults they are there for, and leave sound pages in peace."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser

from kesu.config.shots import stories
from kesu.config.shots.addresses import links, name_of, names
from kesu.config.shots.catalogue import NO_PAGE, REFUSED_FORMS, ROLES, SENT_FORMS, WINDOWS
from kesu.config.shots.finding import COLUMNS, Finding, Report
from kesu.config.shots.looking import listen
from kesu.config.shots.program import axe_source

MEASURE = (files("kesu.config.shots") / "measure.js").read_text(encoding="utf-8")
HEAD = "<!doctype html><html lang=zh-CN><meta charset=utf-8><title>x</title><style>body{margin:0}</style>"


def measured(browser: Browser, body: str) -> dict[str, Any]:
    """What the measures say of a page of 360 pixels."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    tab = context.new_page()
    tab.set_content(HEAD + body)
    found: dict[str, Any] = tab.evaluate(MEASURE, {"width": 360, "tap": 40, "clauses": ".cl", "rows": "table.k-t"})
    context.close()
    return found


@pytest.mark.parametrize(
    ("column", "body"),
    [
        ("overflow", '<div style="width:420px">宽</div>'),
        ("clipped", '<div style="width:60px;overflow:hidden;white-space:nowrap">这一行字放不下，被切掉了</div>'),
        ("clipped", '<div style="width:90px;height:20px;overflow:hidden">这一行字放不下，被切掉了一半</div>'),
        ("taps", '<button style="width:90px;height:26px">办理</button>'),
        ("taps", '<a href="/x" style="display:block;height:44px;width:24px">办</a>'),
        ("taps", '<label><input type="radio" name="a">是</label>'),
        ("glyphs", "<p>\u0379</p>"),
    ],
)
def test_it_sees_the_fault(browser: Browser, column: str, body: str) -> None:
    assert measured(browser, body)[column]


@pytest.mark.parametrize(
    "body",
    [
        '<div style="overflow-x:auto"><div style="width:900px">能滚动的宽表</div></div>',
        '<div style="width:60px;overflow:hidden;white-space:nowrap;text-overflow:ellipsis">这一行字用省略号</div>',
        '<div style="width:60px;overflow:hidden;white-space:nowrap" title="全文">这一行字放不下，另有全文</div>',
        '<p>详见 <a href="/x">条款原文</a> 的规定。</p>',
        '<a class="cl" href="/x">§5.2</a>',
        '<a href="/x" style="position:relative;display:block;width:4em">x<b style="position:absolute;inset:-9px"/></a>',
        '<label style="display:inline-block;padding:14px 20px"><input type="radio" name="a">是</label>',
        "<p>客户诉求：§ ¥1,200.00 “引号” …… Ⅱ</p>",
    ],
)
def test_it_leaves_a_sound_page_in_peace(browser: Browser, body: str) -> None:
    spaced = f'<div style="padding:40px">{body}</div>'
    found = measured(browser, spaced)
    assert {column: found[column] for column in found if found[column]} == {}


def test_it_counts_the_rows_that_can_be_seen(browser: Browser) -> None:
    rows = '<tr style="height:100px"><td>件</td></tr>' * 12
    assert measured(browser, f'<table class="k-t" style="width:300px"><tbody>{rows}</tbody></table>')["rows"] == 7


def test_it_hears_what_the_console_says_of_the_content_policy(browser: Browser) -> None:
    tab = browser.new_page()
    said = listen(tab)
    policy = '<meta http-equiv="Content-Security-Policy" content="script-src \'none\'">'
    tab.set_content(policy + "<script>document.title = 1</script>")
    assert any("Content Security Policy" in line for line in said)
    tab.close()


def test_it_finds_what_hinders_a_reader(browser: Browser) -> None:
    tab = browser.new_page()
    tab.set_content("<!doctype html><html><title>x</title><img src=''><input>")
    tab.evaluate(axe_source())
    violations = tab.evaluate("async () => (await axe.run()).violations.map((one) => one.id)")
    assert {"html-has-lang", "image-alt", "label"} <= set(violations)
    tab.close()


def test_it_fills_a_form_as_somebody_in_a_hurry_would(browser: Browser) -> None:
    tab = browser.new_page()
    tab.route(
        "http://127.0.0.1:1/*",
        lambda route: route.fulfill(
            content_type="text/html",
            body='<form method="post" action="/sent"><input name="who" autocomplete="name"><textarea name="what">'
            '</textarea><label><input type="radio" name="yes" value="a">是</label></form>',
        ),
    )
    tab.goto("http://127.0.0.1:1/form")
    with tab.expect_request("**/sent") as sent:
        stories.send_filled(tab)
    assert sent.value.post_data is not None
    assert [part.split("=")[0] for part in sent.value.post_data.split("&") if part.split("=")[1]] == [
        "who",
        "what",
        "yes",
    ]
    tab.close()


def finding(**more: Any) -> Finding:
    return Finding(
        **{"page": "x", "role": "r", "window": "1440", "address": "/", "picture": "x.png", "status": 200} | more
    )


@pytest.mark.parametrize(
    "fault",
    [
        *({column: 1 if column == "overflow" else ["x"]} for column in COLUMNS),
        {"status": 500},
        {"rows": 15},
        {"rows": 19, "density": "tight"},
    ],
)
def test_it_calls_every_column_a_fault(fault: dict[str, Any]) -> None:
    report = Report([finding(), finding(**fault)], [], [])
    assert not report.is_sound
    assert "逐页问题" in report.markdown()


def test_it_is_content_with_sound_pages() -> None:
    report = Report(
        [finding(rows=16), finding(rows=20, density="tight"), finding(status=404, wanted_status=404)], [], []
    )
    assert report.is_sound
    assert not Report([finding()], ["work"], []).is_sound
    assert not Report([finding()], [], ["work"]).is_sound


def test_it_knows_the_addresses_of_the_program() -> None:
    known = set(names())
    assert set(NO_PAGE) | set(SENT_FORMS) | set(REFUSED_FORMS) <= known
    assert {name_of(start) for role in ROLES for start in role.starts} <= known
    assert name_of("/no-such-page") == ""
    assert {window.width for window in WINDOWS} == {1440, 360}


def test_it_follows_links_and_fragments() -> None:
    text = '<a href="/cases?a=1&amp;b=2">x</a><div hx-get="/work/live"></div><a href="#z">z</a>'
    assert list(links(text)) == ["/cases?a=1&b=2", "/work/live"]
