"""Everything that a stand-alone verifier needs, as named files of lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from kesu.access.system import case_named
from kesu.casefile.chain import canonical
from kesu.casefile.proof.copies import document_text, lists_of, name_of
from kesu.casefile.proof.exporting import case_lines, event_lines, opened_files, text_lines
from kesu.casefile.proof.night import CHANGED, changed_leaves, list_lines, sealed_salt
from kesu.casefile.proof.streaming import one_moment
from kesu.casefile.streams import MATTERS, ORDINARY, SEALED, Stream
from kesu.store.keys import ring
from kesu.store.models import SignedNight
from kesu.store.sealed_reader import SYSTEM, read_as

Write = Callable[[str, Iterable[str]], None]
"""Writes the lines, each with its end, to the file with this name (`/` separates folders)."""


WriteBytes = Callable[[str, bytes], None]
"""Writes a file of the case that is opened."""


def export_log(write: Write, write_bytes: WriteBytes, *, is_sealed: bool, opened: str | None = None) -> int:
    """Hands every file to `write`, all as of one moment, and says how many signed nights there are. `is_sealed`: sealed
    logs too, in a folder of their own; without it nothing written depends on them. No text, name or file is in it but
    those of the case `opened` (its number); people appear as the identifiers that the log itself holds. Raises
    `NotFound` where there is no such case."""
    with one_moment():
        if opened is not None:
            case = case_named(opened)
            write("texts.jsonl", _as_json(text_lines(case)))
            for name, content in opened_files(case):
                write_bytes(f"files/{name}", content)
        write("public-keys.json", [json.dumps(ring().public_keys(), indent=1) + "\n"])
        _logs(write, "", ORDINARY)
        _logs(write, "matters/", MATTERS)
        nights = list(SignedNight.objects.order_by("number"))
        for night in nights:
            write(f"nights/{name_of(night)}.json", [document_text(night)])
            for ending, lines in lists_of(night).items():
                write(f"nights/{name_of(night)}.{ending}", lines)
        if is_sealed:
            read_as(SYSTEM)
            _logs(write, "sealed/", SEALED)
            for night in nights:
                write(f"sealed/{name_of(night)}.list", _list(night, SEALED))
            salts = {str(night.number): sealed_salt(night.number, night.night) for night in nights}
            write("sealed/salts.json", [json.dumps(salts, indent=1) + "\n"])
    return len(nights)


def _logs(write: Write, folder: str, stream: Stream) -> None:
    write(f"{folder}cases.jsonl", _as_json(case_lines(stream)))
    write(f"{folder}events.jsonl", _as_json(event_lines(stream)))


def _list(night: SignedNight, stream: Stream) -> Iterator[str]:
    return list_lines(CHANGED, night.number, night.night, changed_leaves(stream, night.number))


def _as_json(lines: Iterable[dict[str, Any]]) -> Iterator[str]:
    for line in lines:
        yield canonical(line).decode() + "\n"
