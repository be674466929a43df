"""The forms that pages draw, read from the pages themselves: what a form holds is never written down twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

TYPED: Final = frozenset({"text", "textarea", "search", "figure", "date", "datetime-local", "password"})
"""Kinds of input that somebody types into; a figure is a text that telephones offer digits for."""

_CHOSEN: Final = frozenset({"radio", "checkbox"})


@dataclass(slots=True)
class Input:
    """One name of a form. `kind` is the type of its control; `values`: what may be picked; `value`: what stands in it
    (what is picked, for choices)."""

    name: str
    kind: str
    value: str = ""
    values: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Form:
    """`action` is empty where a form is sent to the address of its own page."""

    action: str
    method: str
    is_multipart: bool
    inputs: dict[str, Input] = field(default_factory=dict)

    @property
    def typed(self) -> list[Input]:
        return [one for one in self.inputs.values() if one.kind in TYPED]

    def filled(self, word_for: Callable[[Input], str]) -> dict[str, str]:
        """What a browser would send: `word_for` what is typed, the first of what may be picked, what the page hid."""
        sent: dict[str, str] = {}
        for one in self.inputs.values():
            if one.kind in TYPED:
                sent[one.name] = word_for(one)
            elif one.kind != "file":
                sent[one.name] = one.value or next((value for value in one.values if value), "")
        return sent


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.parts: list[str] = []
        self.scripts: list[str] = []
        self._text: Input | None = None
        self._select: Input | None = None
        self._in_script = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.parts.extend(given[name] for name in ("hx-post", "hx-get", "data-poll") if name in given)
        self.scripts.extend(name for name in given if name.startswith("on"))
        if tag == "script":
            self._in_script = True
        if tag == "form":
            kind = given.get("enctype", "")
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower(), "multipart" in kind))
        if self.forms and "name" in given and tag in {"input", "textarea", "select", "button"}:
            self._input(tag, given)
        if tag == "option" and self._select is not None:
            self._select.values.append(given.get("value", ""))
            if "selected" in given:
                self._select.value = given.get("value", "")

    def _input(self, tag: str, given: Mapping[str, str]) -> None:
        kind = given.get("type", "text") if tag == "input" else tag
        kind = "figure" if given.get("inputmode") in {"decimal", "numeric"} else kind
        one = self.forms[-1].inputs.setdefault(given["name"], Input(given["name"], kind))
        if kind in _CHOSEN or tag == "button":
            one.values.append(given.get("value", ""))
            one.value = given.get("value", "") if "checked" in given else one.value
        elif tag == "input":
            one.value = given.get("value", "")
        self._text = one if tag == "textarea" else None
        self._select = one if tag == "select" else None

    def handle_endtag(self, tag: str) -> None:
        self._in_script = self._in_script and tag != "script"
        if tag == "textarea":
            self._text = None
        if tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.value += data
        if self._in_script:
            self.scripts.append(data)


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def forms_on(html: str) -> list[Form]:
    return _read(html).forms


def parts_on(html: str) -> list[str]:
    """Addresses that the page asks for by itself while somebody looks at it or types."""
    return _read(html).parts


def acting(html: str) -> list[str]:
    """Whatever on the page would run: texts of scripts, and attributes that name one. Our pages have none."""
    return _read(html).scripts


def lost(sent: Mapping[str, str], html: str) -> list[str]:
    """Names whose typed words do not stand in the form of the page any more: of the forms that look like it, the one
    that holds most of them. A password is never printed."""
    alike = [form for form in forms_on(html) if len(set(form.inputs) & set(sent)) * 2 >= len(sent)]
    return min((_lost_of(form, sent) for form in alike), key=len, default=["the whole form"])


def _lost_of(form: Form, sent: Mapping[str, str]) -> list[str]:
    asked = [one for one in form.typed if one.kind != "password"]
    return [one.name for one in asked if _plain(one.value) != _plain(sent.get(one.name, ""))]


def _plain(text: str) -> str:
    """As a browser sends it again: one kind of line end, and the first of a field counts for nothing."""
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\n")
