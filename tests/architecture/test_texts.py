"""Whatever a person reads on a page can be translated: Chinese in the edge's Python stands inside of gettext."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "src" / "kesu" / "web"
_CJK = re.compile(r"[\u3400-\u9fff]")
_MARKS = {
    *("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"),
    *("pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"),
}

# Files whose Chinese stays as it is, with the reason. An entry that nothing needs any more fails.
EXCEPTIONS: dict[str, str] = {}


def unmarked(text: str) -> Iterator[str]:
    """Chinese constants outside of gettext. One with gaps inside of gettext counts too: no catalogue can hold it."""
    tree = ast.parse(text)
    skipped = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):  # a docstring; any other constant of its own says nothing to anybody
            skipped.add(id(node.value))
        elif isinstance(node, ast.Call) and _name(node.func) in _MARKS:
            skipped |= {id(argument) for argument in node.args}
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped
        if is_text and _CJK.search(node.value):
            yield f"{node.lineno} {node.value!r}"


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def test_it_marks_every_text_for_translation() -> None:
    found, used = [], set()
    for path in sorted(WEB.rglob("*.py")):
        name = path.relative_to(WEB).as_posix()
        for complaint in unmarked(path.read_text(encoding="utf-8")):
            if name in EXCEPTIONS:
                used.add(name)
            else:
                found.append(f"{name}:{complaint}")
    assert not found, "\n".join(found)
    assert used == set(EXCEPTIONS), "exceptions that nothing needs any more"


@pytest.mark.parametrize(
    "text",
    [
        'title = "诉件"\n',
        'title = f"共 {n} 件"\n',
        'title = _(f"共 {n} 件")\n',
        'messages.success(request, "已办")\n',
        'title = _("件") + "已办"\n',
    ],
)
def test_it_notices_a_text_that_nobody_could_translate(text: str) -> None:
    assert list(unmarked(text))


@pytest.mark.parametrize(
    "text",
    [
        '"""诉件的页面。"""\n\n\ndef f() -> None:\n    """画 诉件。"""\n',
        'at: str\n"""时间。"""\n',
        'messages.success(request, _("已办"))\n',
        'title = pgettext("verb", "办") % {"n": n}\n',
        'title = translation.gettext("共 %(n)s 件") % {"n": n}  # 件数\n',
    ],
)
def test_it_lets_marked_texts_docstrings_and_comments_pass(text: str) -> None:
    assert list(unmarked(text)) == []
