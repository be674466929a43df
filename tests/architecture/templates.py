"""What a template may not hold, and which templates the program can reach. Each rule takes a text and yields faults."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

_COMMENT = re.compile(r"{#.*?#}|{% comment.*?%}.*?{% endcomment %}", re.DOTALL)
_TAG = re.compile(r"{%-?\s*(?P<inside>.*?)\s*-?%}", re.DOTALL)
_STYLE = re.compile(r"<style\b|(?<![\w-])style\s*=", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b(?![^>]*\bsrc=)|javascript:", re.IGNORECASE)
_HANDLER = re.compile(
    r"(?<=[\s\"'])(?:(?:on[a-z]+|hx-on[:\w-]*)\s*=\s*[\"']|hx-(?:vals|headers)\s*=\s*[\"']\s*(?:js|javascript):)",
    re.IGNORECASE,
)
_VERDICT_WORDS = "level|stage|step|kind|status|track|pack|company"
_PATH = rf"(?P<path>(?:\w+\.)*(?:{_VERDICT_WORDS})(?:\.(?:id|code|name|key|index))?)"
_LITERAL = r"(?:\"[^\"]+\"|'[^']+'|\d+)"
_COMPARED = re.compile(rf"(?<![\w.\"']){_PATH}\s*(?:==|!=|<=?|>=?|not in|in)\s*{_LITERAL}")
_COMPARED_BACKWARDS = re.compile(rf"{_LITERAL}\s*(?:==|!=|<=?|>=?|not in|in)\s*{_PATH}(?![\w.])")
_TRANSLATED = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
_TRANSLATED_TAG = re.compile(r"{%\s*trans(?:late)?\s.*?%}|(?<![\w.])_\((?:\"[^\"]*\"|'[^']*')\)", re.DOTALL)
_CJK = re.compile(r"[\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Template:
    """`name` is what Django calls it: the path below the folder of templates."""

    name: str
    text: str

    @property
    def bare(self) -> str:
        """Without comments, each replaced by as many line ends as it had."""
        return _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), self.text)


def no_inline_style(template: Template) -> Iterator[str]:
    yield from _found(template, template.bare, _STYLE, "inline style: the content policy refuses it")


def no_inline_script(template: Template) -> Iterator[str]:
    yield from _found(template, template.bare, _SCRIPT, "inline script: the content policy refuses it")


def no_handler_attributes(template: Template) -> Iterator[str]:
    for match in _HANDLER.finditer(template.bare):
        yield f"{_place(template, template.bare, match.start())} handler attribute {match[0]!r}"


def no_verdicts(template: Template) -> Iterator[str]:
    """What a level, stage or step means is for the policy to say; `kind` of a component is its own attribute."""
    text = template.bare
    for tag in _TAG.finditer(text):
        inside = tag["inside"]
        if not inside.startswith(("if ", "elif ", "firstof ", "with ")):
            continue
        for match in [*_COMPARED.finditer(inside), *_COMPARED_BACKWARDS.finditer(inside)]:
            if match["path"] == "kind" and template.name.startswith("cotton/"):
                continue
            yield f"{_place(template, text, tag.start())} compares {match['path']} with a literal: that is a verdict"


def words_are_marked_for_translation(template: Template) -> Iterator[str]:
    text = template.bare
    for marked in (_TRANSLATED, _TRANSLATED_TAG):
        text = marked.sub(lambda match: "\n" * match[0].count("\n"), text)
    for match in _CJK.finditer(text):
        yield f"{_place(template, text, match.start())} {match[0]!r} is not marked for translation"


RULES = {
    rule.__name__: rule
    for rule in (
        no_inline_style,
        no_inline_script,
        no_handler_attributes,
        no_verdicts,
        words_are_marked_for_translation,
    )
}


def _found(template: Template, text: str, pattern: re.Pattern[str], complaint: str) -> Iterator[str]:
    for match in pattern.finditer(text):
        yield f"{_place(template, text, match.start())} {complaint}"


def _place(template: Template, text: str, at: int) -> str:
    return f"{template.name}:{text.count(chr(10), 0, at) + 1}"


# --- which templates are reached --------------------------------------------------------------------------------------
_NAME = re.compile(r"[\w/.-]+\.html")
_FOR_FRAMEWORK = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}


def named_in_python(text: str) -> set[re.Pattern[str]]:
    """Patterns of the template names that a Python file says: constants whole, the gaps of an f-string as any word."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _NAME.fullmatch(node.value):
            found.add(re.compile(re.escape(node.value)))
        elif isinstance(node, ast.JoinedStr):
            parts = [
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[\w-]+" for part in node.values
            ]
            if parts and parts[-1].endswith(r"\.html"):
                found.add(re.compile("".join(parts)))
    return found


def named_in_template(template: Template) -> set[str]:
    """Names that a template includes or extends, with the components that it uses."""
    named = set()
    for tag in _TAG.finditer(template.bare):
        if tag["inside"].startswith(("include ", "extends ")):
            named |= set(re.findall(r"[\"']([\w/.-]+\.html)[\"']", tag["inside"]))
    for component in re.findall(r"<c-([a-z][\w.-]*)", template.bare):
        if component not in {"vars", "slot"}:
            named.add("cotton/" + component.replace("-", "_").replace(".", "/") + ".html")
    return named


def unreached(templates: list[Template], python: list[str]) -> list[str]:
    """Templates that no view renders, neither themselves nor inside of another."""
    patterns = set().union(*(named_in_python(text) for text in python))
    by_name = {template.name: template for template in templates}
    waiting = [
        name for name in by_name if name in _FOR_FRAMEWORK or any(pattern.fullmatch(name) for pattern in patterns)
    ]
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in reached and name in by_name:
            reached.add(name)
            waiting.extend(named_in_template(by_name[name]))
    return sorted(set(by_name) - reached)


def missing(templates: list[Template]) -> list[str]:
    """Names that a template includes and no file has."""
    known = {template.name for template in templates}
    return sorted(
        f"{template.name} includes {name}, which does not exist"
        for template in templates
        for name in named_in_template(template) - known
    )
