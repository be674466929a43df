"""What somebody sees of a page: the addresses it leads to and its forms, as a browser would send them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import lxml.html

_WORDS: Final = "联系业主核对了现场情况，约好下次上门的时间。"
_TYPED: Final = frozenset({"text", "search", "tel", "number"})


class Page:
    def __init__(self, body: bytes) -> None:
        self._root: Any = lxml.html.document_fromstring(body.decode())  # type: ignore[no-untyped-call]

    def links(self, start: str) -> list[str]:
        """Addresses inside the program that begin so, each once, in the order of the page."""
        return list(dict.fromkeys(link for link in self._root.xpath("//a/@href") if link.startswith(start)))

    def form(self, action: str) -> dict[str, str] | None:
        """What the form of this address would send, with the fields that somebody types into still as they are."""
        found = self._form(action)
        return None if found is None else {name: value for name, value in found.form_values() if value is not None}

    def filled(self, action: str, words: Mapping[str, str]) -> dict[str, str] | None:
        """The same, typed by somebody who leaves nothing empty: `words` where he means something, else a sentence."""
        found, sent = self._form(action), self.form(action)
        if found is None or sent is None:
            return None
        return {
            **sent,
            **{name: words.get(name, word) for name, word in _answers(found) if not sent.get(name)},
            **words,
        }

    def refused(self, action: str) -> set[str]:
        """The names of the controls of this form of whose answer it is told that it is not taken: also of those that
        offer nothing any more."""
        found = self._form(action)
        told = () if found is None else found.xpath(".//@id[starts-with(., 'f-')]")
        return {one[2:].removesuffix("-error") for one in told if one.endswith("-error")}

    def _form(self, action: str) -> Any:
        return next((form for form in self._root.forms if form.action == action and form.method == "POST"), None)


def _answers(form: Any) -> Iterator[tuple[str, str]]:
    """For each control the first answer that it takes. Files stay away."""
    for one in form.xpath(".//input | .//textarea | .//select"):
        control = one.get("type", "text") if one.tag == "input" else one.tag
        if one.get("name") is None:
            continue
        if control == "select":
            chosen = next((value for value in one.value_options if value), None)
            if chosen is not None:
                yield one.name, chosen
        elif control in {"radio", "checkbox"}:
            yield one.name, one.get("value", "on")
        elif control == "textarea" or control in _TYPED:
            yield one.name, "1" if one.get("inputmode") in {"decimal", "numeric"} else _WORDS
