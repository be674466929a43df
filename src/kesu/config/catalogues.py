"""The catalogues of the interface: what can be translated is found in the sources, kept in .po files, compiled to .mo.

Source language is simplified Chinese, so the identifier of a text is the text itself and needs no catalogue.
"""

from __future__ import annotations

import io
import re
from ast import literal_eval
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCES: Final = Path(__file__).resolve().parents[1]
LOCALES: Final = SOURCES / "web" / "locale"
LANGUAGES: Final = ("zh_Hant", "en")
_KEYWORDS: Final[dict[str, Any]] = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "said": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
_CALL: Final = re.compile(r"""\b(n?)gettext\(u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")(?:, *u?('(?:[^'\\]|\\.)*'))?""")
"""How the framework rewrites the tags of a template for an extractor of Python."""
_ATTRIBUTE: Final = re.compile(r"""_\('([^']*)'\)""")
"""A text handed to a component in a bound attribute (:title="_('…')"), which the framework passes over."""
_EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""Catalogues carry no date of their own: the history of the files says when."""

MessageId = str | tuple[str, ...]


def sources() -> Catalog:
    """Every text that the sources mark for translation, with the files where it stands."""
    found = _empty(None)
    for path in sorted(SOURCES.rglob("*.py")):
        for number, message in _in_python(path):
            _add(found, message, path, number)
    for path in sorted((SOURCES / "web" / "templates").rglob("*.html")):
        for message in _in_template(path):
            _add(found, message, path, 0)
    return found


def _add(found: Catalog, message: MessageId, path: Path, _number: int) -> None:
    # Only the file: with line numbers every change of a template would change the catalogues.
    found.add(message, locations=[(path.relative_to(SOURCES).as_posix(), 0)])


def _in_python(path: Path) -> Iterator[tuple[int, MessageId]]:
    with path.open("rb") as text:
        for number, message, _comments, _context in extract("python", text, keywords=_KEYWORDS):
            yield number, message


def _in_template(path: Path) -> Iterator[MessageId]:
    from django.utils.translation.template import templatize

    text = path.read_text(encoding="utf-8")
    for plural, first, second in _CALL.findall(templatize(text, origin=str(path))):
        one = literal_eval(first)
        yield (one, literal_eval(second)) if plural else one
    yield from _ATTRIBUTE.findall(text)


def catalogue(language: str) -> Catalog:
    """The catalogue as it stands on disk, empty when there is none."""
    path = po_path(language)
    if not path.exists():
        return _empty(language)
    return read_po(io.BytesIO(path.read_bytes()), locale=language)


def po_path(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "django.po"


def update(language: str) -> Catalog:
    """Brings the catalogue in line with the sources: new texts are added empty, those that are gone dropped, nothing
    guessed. Returns what was written."""
    held, wanted = catalogue(language), sources()
    made = _empty(language)
    for message in wanted:
        if message.id:
            known = held.get(message.id)
            made.add(message.id, known.string if known else "", locations=message.locations)
    path = po_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.BytesIO()
    write_po(text, made, width=0, sort_by_file=False, include_lineno=False, omit_header=False, sort_output=True)
    path.write_bytes(text.getvalue())
    return made


def untranslated(found: Catalog) -> list[Message]:
    return [message for message in found if message.id and not _is_whole(message)]


def _is_whole(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return bool(strings) and all(strings)


def compile_all() -> None:
    """Writes the .mo files that the framework reads. They are built, never kept."""
    for language in LANGUAGES:
        path = po_path(language)
        if path.exists():
            with path.with_suffix(".mo").open("wb") as target:
                write_mo(target, catalogue(language))


def _empty(language: str | None) -> Catalog:
    made = Catalog(
        locale=language,
        project="kesu",
        version="",
        copyright_holder="Kesu",
        creation_date=_EPOCH,
        revision_date=_EPOCH,
        fuzzy=False,
    )
    made.header_comment = "# Texts of Kesu. Made by `kesu texts`; only msgstr is written by hand."
    return made
