"""Templates draw what they are handed: no style, script or verdict of their own, and none lies about unused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.templates import RULES, Template, missing, unreached

WEB = Path(__file__).parents[2] / "src" / "kesu" / "web"
SRC = WEB.parent

# (rule, template): reason. An entry that nothing needs any more fails.
EXCEPTIONS: dict[tuple[str, str], str] = {
    (
        "words_are_marked_for_translation",
        "errors/500.html",
    ): "drawn when nothing works: it must need neither a library of tags nor a catalogue",
}
# Rendered by no view: reason.
UNREACHED: dict[str, str] = {}

BROKEN = {
    "no_inline_style": ['<p style="color:red">x</p>', "<style>p {}</style>"],
    "no_inline_script": ["<script>alert(1)</script>", '<a href="javascript:x()">x</a>'],
    "no_handler_attributes": ['<a onclick="x()">x</a>', '<a hx-on:click="x()">x</a>', "<a hx-vals='js:{}'>x</a>"],
    "no_verdicts": [
        '{% if case.level == "hot" %}x{% endif %}',
        "{% if card.level.index >= 3 %}x{% endif %}",
        "{% if 'closed' == case.stage %}x{% endif %}",
        '{% if a %}{% elif step.id in "plan reply" %}x{% endif %}',
        '{% if event.kind == "level" %}x{% endif %}',
    ],
    "words_are_marked_for_translation": ["<p>诉件</p>", '<p title="时限">x</p>'],
}
SOUND = {
    "no_inline_style": ['<p data-style="x" class="style">x</p>', "{# <style> #}"],
    "no_inline_script": ['<script defer src="/static/x.js"></script>'],
    "no_handler_attributes": ['<a data-on="x" title="on = off" hx-vals=\'{"a": 1}\'>x</a>'],
    "no_verdicts": ['{% if line.state == "done" %}x{% endif %}', "{% if case.level == other.level %}x{% endif %}"],
    "words_are_marked_for_translation": [
        '{% translate "诉件" %}{% blocktranslate %}共 {{ n }} 件{% endblocktranslate %}',
        "<c-card :title=\"_('事实')\" /> {# 说明 #}",
    ],
}


def templates() -> list[Template]:
    folder = WEB / "templates"
    return [
        Template(path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.html"))
    ]


@pytest.mark.parametrize("name", RULES)
def test_it_holds_in_every_template(name: str) -> None:
    broken, used = [], set()
    for template in templates():
        for complaint in RULES[name](template):
            if (name, template.name) in EXCEPTIONS:
                used.add(template.name)
            else:
                broken.append(complaint)
    assert not broken, "\n".join(broken)
    unused = [template for rule, template in EXCEPTIONS if rule == name and template not in used]
    assert not unused, f"exceptions that nothing needs any more: {unused}"


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in BROKEN.items() for text in texts])
def test_it_notices_a_template_that_breaks_the_rule(name: str, text: str) -> None:
    assert list(RULES[name](Template("x.html", text)))


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in SOUND.items() for text in texts])
def test_it_lets_a_sound_template_pass(name: str, text: str) -> None:
    assert list(RULES[name](Template("x.html", text))) == []


def test_every_rule_has_an_example_of_both_kinds() -> None:
    assert set(BROKEN) == set(SOUND) == set(RULES)


def test_it_renders_every_template_somewhere() -> None:
    python = [path.read_text(encoding="utf-8") for path in SRC.rglob("*.py")]
    found = unreached(templates(), python)
    assert found == sorted(UNREACHED), "templates that no view renders, or exceptions that nothing needs any more"


def test_it_includes_only_templates_that_exist() -> None:
    assert missing(templates()) == []


def test_it_notices_a_template_that_nothing_renders() -> None:
    page = Template("a/page.html", '{% include "a/part.html" %}<c-big-card /><c-vars x />')
    others = [Template(name, "") for name in ("a/part.html", "cotton/big_card.html", "a/lost.html", "errors/409.html")]
    python = ['"""Draws a/lost.html."""\nrender(request, "a/page.html")\nname = f"errors/{code}.html"\n']
    assert unreached([page, *others], python) == ["a/lost.html"]


def test_it_notices_an_include_of_nothing() -> None:
    assert missing([Template("a.html", '{% include "b.html" %}')]) == ["a.html includes b.html, which does not exist"]
