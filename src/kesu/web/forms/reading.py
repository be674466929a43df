"""Reads a posted form. Only the fields that the step asks are taken; everything else that was sent is ignored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from kesu.core.uploads import MAX_BYTES, Upload
from kesu.policy.asking import FieldView, asked_now
from kesu.policy.model.facts import FactType
from kesu.policy.values import NO, YES
from kesu.web import when
from kesu.web.forms import signatures

if TYPE_CHECKING:
    from django.http import HttpRequest

Given = Mapping[str, tuple[str, ...]]
"""Raw form text by fact code; a person's two parts stand under ``<code>.name`` and ``<code>.phone``."""

FLAG_WORDS: Final = {"yes": YES, "no": NO}
"""What a flag's two buttons send, and what a policy calls it."""

_OFFERED: Final = {FactType.UNIT, FactType.UNITS, FactType.GROUP}
_CHOSEN: Final = _OFFERED | {FactType.CHOICE, FactType.CHOICES}
_MOST_DIGITS: Final = 10
_YEARS: Final = range(2000, 2101)


@dataclass(frozen=True, slots=True)
class Read:
    """`given` goes to the command; `typed` draws the same form again; `errors` are found by the form itself."""

    given: Given
    typed: Given
    uploads: tuple[Upload, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)


def no_case(_number: str) -> str:
    """For pages whose reader may name no other case."""
    return ""


def read_form(request: HttpRequest, fields: Iterable[FieldView], find_case: Callable[[str], str] = no_case) -> Read:
    """`find_case` gives the identifier of a case by its printed number, or nothing."""
    given: dict[str, tuple[str, ...]] = {}
    typed: dict[str, tuple[str, ...]] = {}
    errors: dict[str, str] = {}
    uploads: list[Upload] = []
    for one in asked_now(fields, _chosen(request)):
        for name in names_of(one):
            typed[name] = tuple(str(text) for text in request.POST.getlist(name))
        if one.by_hand:
            uploads.extend(signatures.signed(one, typed, errors))
        elif one.type is FactType.FILE:
            uploads.extend(_uploads(one.code, request.FILES.getlist(one.code)))
        elif one.type is FactType.CASE:
            _read_case(one, typed, given, errors, find_case)
        elif one.type is FactType.FLAG:
            given[one.code] = tuple(FLAG_WORDS.get(text, text) for text in typed[one.code])
        elif one.type in _OFFERED:
            given[one.code] = _offered(one, typed[one.code])
            errors |= no_longer_offered([one], typed)
        else:
            given.update({name: typed[name] for name in names_of(one)})
    return Read(given, typed, tuple(uploads), errors)


def _chosen(request: HttpRequest) -> Given:
    """What was sent, in the words of the policy: by it a form asks more or less."""
    return spoken_flags({name: tuple(map(str, texts)) for name, texts in request.POST.lists()})


def spoken_flags(typed: Given) -> Given:
    """What flags send, in the words of the policy."""
    return {name: tuple(FLAG_WORDS.get(text, text) for text in texts) for name, texts in typed.items()}


def names_of(one: FieldView) -> tuple[str, ...]:
    """The names of the inputs that answer one fact."""
    if one.type is FactType.PERSON:
        return (f"{one.code}.name", f"{one.code}.phone")
    if one.type is FactType.CASE:
        return (one.code, f"{one.code}.number")
    if one.by_hand:
        return signatures.names_of(one.code)
    return (one.code,)


def _offered(one: FieldView, values: tuple[str, ...]) -> tuple[str, ...]:
    """Rows are chosen, never typed: what is not offered to this reader, or no more, does not count."""
    offered = {option.value for option in one.options}
    return tuple(value for value in values if value in offered)


def no_longer_offered(fields: Iterable[FieldView], typed: Given) -> dict[str, str]:
    """A sentence under each field of which a row was chosen that its reader cannot choose, or no more."""
    says = _("选的这一项现在不能选了，请另选")
    rows = ((one, tuple(filter(None, typed.get(one.code, ())))) for one in fields if one.type in _CHOSEN)
    return {one.code: says for one, chosen in rows if _offered(one, chosen) != chosen}


def figure(text: str, otherwise: int = -1) -> int:
    """A whole number that our own page wrote into a form; `otherwise` for everything else that may come back."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < _MOST_DIGITS else otherwise


def identifier(text: str) -> UUID | None:
    """The key of a row, which our own page wrote into a form; None for everything else that may come back."""
    try:
        return UUID(text)
    except ValueError:
        return None


def moment(text: str) -> datetime:
    """When something happened, as a form sends it; Shanghai time unless it says otherwise. Raises `ValueError` for
    what is no time and for a time that nobody now living can mean: calendar and database end not far beyond."""
    said = datetime.fromisoformat(text)
    if said.year not in _YEARS:
        raise ValueError(said.year)
    return said.replace(tzinfo=when.SHANGHAI) if said.tzinfo is None else said.astimezone(when.SHANGHAI)


def _uploads(code: str, files: Iterable[object]) -> Iterator[Upload]:
    """Of a file that is too large no more is taken into memory than shows that it is."""
    for sent in files:
        if isinstance(sent, UploadedFile):
            yield Upload(code, sent.name or "file", sent.read(MAX_BYTES + 1))


def _read_case(
    one: FieldView,
    typed: Mapping[str, tuple[str, ...]],
    given: dict[str, tuple[str, ...]],
    errors: dict[str, str],
    find_case: Callable[[str], str],
) -> None:
    """A case is chosen from the list or named by its printed number; the number wins, it was typed on purpose."""
    number = "".join(typed[f"{one.code}.number"]).strip()
    if not number:
        given[one.code] = _offered(one, typed[one.code])
        return
    found = find_case(number)
    if found:
        given[one.code] = (found,)
    else:
        errors[one.code] = _("没有编号为“%(number)s”的诉件，或您看不到它") % {"number": number}
