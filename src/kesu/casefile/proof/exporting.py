"""What a stand-alone verifier needs, row by row: events with the digests of their texts. Texts and files only of the
one case that is opened to somebody who is to see them: a court, an arbitrator, the party itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef

from kesu.casefile import files
from kesu.casefile.chain import row_document
from kesu.casefile.log import read_bodies_by_class
from kesu.casefile.proof.night import identity_document
from kesu.casefile.proof.streaming import CHUNK
from kesu.casefile.streams import MATTERS, Stream
from kesu.store.models import Case, StoredFile


def case_lines(stream: Stream) -> Iterator[dict[str, Any]]:
    for head in stream.heads.order_by("pk").iterator(CHUNK):
        yield {
            "case": str(head.pk),
            "version": head.version,
            "head": head.head,
            "identity": identity_document(head),
        }


def event_lines(stream: Stream) -> Iterator[dict[str, Any]]:
    """`texts`: "" where the event never had one, "gone" where they were destroyed, else "kept"."""
    rows = stream.events.order_by(f"{stream.owner}_id", "seq")
    if stream is not MATTERS:  # whose events have no texts
        bodies = stream.bodies.filter(event=OuterRef("pk"))
        keyless = stream.heads.filter(pk=OuterRef("case_id"), data_key=b"")
        rows = rows.annotate(is_kept=Exists(bodies) & ~Exists(keyless))
    for row in rows.iterator(CHUNK):
        kept = "kept" if row.body_digest and row.is_kept else "gone"
        yield {
            "event": row_document(row, getattr(row, f"{stream.owner}_id")),
            "hash": row.hash,
            "texts": kept if row.body_digest else "",
        }


def text_lines(case: Case) -> Iterator[dict[str, Any]]:
    """The texts of the case's events in clear, by data class as their digest covers them."""
    for seq, texts in sorted(read_bodies_by_class(case).items()):
        yield {"case": str(case.pk), "seq": seq, "texts": texts}


def opened_files(case: Case) -> Iterator[tuple[str, bytes]]:
    """Name and plain bytes of every file of the case that is there; the verifier says which are not."""
    for row in StoredFile.objects.filter(case=case).order_by("added_at", "pk"):
        row.case = case
        try:
            yield f"{row.pk.hex}{files.ACCEPTED.get(row.media_type, '')}", files.content(row)
        except FileNotFoundError:
            continue
