"""The cases that were merged into a case as its page prints them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from kesu.access.sight.contents import FileLine
from kesu.access.sight.merged import MergedCase, MergedView, NoteLine
from kesu.web import parts, when
from kesu.web.links import case_url


@dataclass(frozen=True, slots=True)
class NotePart:
    head: str
    text: str


@dataclass(frozen=True, slots=True)
class MergedPart:
    """`people`: label and words; `earlier`: sentences."""

    url: str
    label: str
    note: str
    people: tuple[tuple[str, str], ...]
    files: tuple[parts.FilePart, ...]
    notes: tuple[NotePart, ...]
    earlier: tuple[str, ...]


def merged_parts(view: MergedView, now: datetime) -> Iterator[MergedPart]:
    for one in view.cases:
        yield MergedPart(
            url=case_url(one.id),
            label=" ".join(part for part in (one.number, one.title) if part),
            note=_("%(at)s 并入") % {"at": when.when(one.at, now)} if one.at else "",
            people=tuple((person.name, person.text) for person in one.people),
            files=tuple(_file(one, file, now) for file in one.files),
            notes=tuple(_note(note, now) for note in one.notes),
            earlier=tuple(_earlier(one, now)),
        )


def _note(note: NoteLine, now: datetime) -> NotePart:
    kind = _("与客户往来") if note.is_words else _("内部记录")
    return NotePart(" · ".join(part for part in (kind, note.who, when.when(note.at, now)) if part), note.text)


def _file(one: MergedCase, file: FileLine, now: datetime) -> parts.FilePart:
    return parts.FilePart(
        url=reverse("case-evidence-file", args=[one.id, file.id]),
        caption=file.name,
        thumb_url=reverse("case-file-preview", args=[one.id, file.id]) if file.has_preview else "",
        note=" · ".join(part for part in (file.fact, file.added_by, when.when(file.added_at, now)) if part),
    )


def _earlier(one: MergedCase, now: datetime) -> Iterator[str]:
    for line in one.earlier:
        said = {"name": line.name, "there": when.when(line.due_at, now), "here": when.when(line.own_due_at, now)}
        yield _("“%(name)s”那一件应在 %(there)s 前办，比本件的 %(here)s 早") % said
