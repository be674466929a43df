"""The components: every one of them renders, under the strict content policy, with icons that exist."""

import re
from pathlib import Path

import pytest
from django.http import HttpRequest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler

from kesu.web import when
from kesu.web.fields import Choice, Field, FieldKind
from kesu.web.frame import Frame, NavItem
from tests.web.gallery import SAMPLE_NOW, sample

WEB = Path(__file__).parents[2] / "src" / "kesu" / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
GALLERY = Path(__file__).parent / "templates"


def _request(query: str = "") -> HttpRequest:
    return RequestFactory().get(f"/components?{query}")


def _page(query: str = "", template: str = "components_page.html") -> str:
    nav = (NavItem("/work", "layout-dashboard", "工作台", current=True, count=3, key="w"),)
    frame = Frame("示例单位", "周以宁", "周", nav, when.now_text(SAMPLE_NOW), is_working=True)
    text = CottonCompiler().process((GALLERY / template).read_text(encoding="utf-8"))
    drawn = engines["django"].from_string(text).render({"frame": frame, "sample": sample(SAMPLE_NOW)}, _request(query))
    return str(drawn)


def _drawn(field: Field) -> str:
    template = engines["django"].from_string('{% cotton field :field="field" %}{% endcotton %}')
    return str(template.render({"field": field}))


def test_it_shows_every_component_on_one_page() -> None:
    page = _page()
    for words in (
        "剩余",
        "仅剩",
        "超时",
        "已暂停 · 等待业主",
        "（暂定）",
        "已办",
        "不计时",
        "期限凭条",
        "内部 · 客户看不到",
        "发送给客户",
    ):
        assert words in page
    assert "<c-" not in page


def test_it_names_in_the_page_no_icon_that_the_sprite_lacks() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z0-9-]+)"', (WEB / "static" / "icons.svg").read_text(encoding="utf-8")))
    shown = set(re.findall(r'icons[^"#]*\.svg#([a-z0-9-]+)"', _page() + _page(template="components_public_page.html")))
    asked = {
        name for path in TEMPLATES for name in re.findall(r'{% icon "([a-z0-9-]+)"', path.read_text(encoding="utf-8"))
    }
    assert shown
    assert (shown | asked) <= drawn


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB / "templates")))
def test_it_writes_no_inline_style_and_no_inline_script(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


def test_it_shows_typed_text_as_text_and_never_as_markup() -> None:
    field = Field("words", "客户怎么说", FieldKind.TEXTAREA, value="<script>x</script>", error="<b>错</b>")
    html = _drawn(field)
    assert "<script>" not in html
    assert "&lt;script&gt;x&lt;/script&gt;" in html
    assert "&lt;b&gt;" in html


def test_it_ties_the_error_of_a_field_to_its_control() -> None:
    html = _drawn(Field("demand", "客户诉求", FieldKind.TEXT, error="还没有填"))
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="f-demand-error"' in html
    assert 'id="f-demand-error"' in html


def test_it_turns_a_long_choice_into_a_list_and_leaves_a_short_one_open() -> None:
    def control(count: int) -> str:
        choices = tuple(Choice(str(n), str(n)) for n in range(count))
        return _drawn(Field("c", "渠道", FieldKind.CHOICE, choices=choices))

    assert "<select" not in control(8)
    assert "<select" in control(9)


def test_it_sorts_the_other_way_round_the_second_time_and_keeps_the_filters() -> None:
    assert 'href="?level=%E9%87%8D%E5%A4%A7&amp;sort=due"' in _page("level=重大&page=3")
    again = _page("sort=due")
    assert 'href="?sort=-due"' in again
    assert 'aria-sort="ascending"' in again


def test_it_keeps_what_was_typed_on_the_page_of_a_conflict() -> None:
    kept = ["先补胶再刷漆"]
    page = render_to_string(
        "errors/409.html", {"message": "件已被改动", "kept": kept, "back_url": "/cases"}, request=_request()
    )
    assert "先补胶再刷漆" in page
    assert 'data-page="error"' in page


@pytest.mark.parametrize("code", ["403", "404", "409", "422", "500"])
def test_it_can_show_every_page_of_refusal_without_any_context(code: str) -> None:
    page = render_to_string(f"errors/{code}.html", {}, request=_request())
    assert page.count("<h1") == 1
