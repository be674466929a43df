"""The void stamp: whoever looks at a paper that was taken back, or takes it out, sees that it is. The file that came
stays as it came; what is handed out is a copy under the stamp."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from kesu.queries.cases.files import FileContent, Stamp, under_stamp
from kesu.web import when
from kesu.web.paper.pdf import FONTS, typeset

_PDF: Final = "application/pdf"
_FONT: Final = "NotoSansSC_700Bold.ttf"
_MOST_PAGES: Final = 300


def stamp_lines(stamp: Stamp) -> tuple[str, ...]:
    """What stands below the word: which paper, since when, what took its place."""
    since = _("%(day)s 起作废") % {"day": when.stamp(stamp.void_at)[:10]} if stamp.void_at else ""
    instead = _("以 %(number)s 为准") % {"number": stamp.replaced_by} if stamp.replaced_by else ""
    return tuple(line for line in (stamp.number, since, instead) if line)


def stamped(file: FileContent) -> FileContent:
    """The file under its stamp where it is void; one that cannot be drawn says so in its name alone."""
    if file.stamp is None or file.stamp.void_at is None:
        return file
    name = f"{_('作废')} {file.name}"
    if file.media_type == _PDF:
        return replace(
            file, name=name, content=_stamped_pdf(file.content, file.stamp, file.stamp.void_at) or file.content
        )
    if file.is_ours:
        bare = name.rpartition(".")[0] or name
        under = under_stamp(file.content, _("作废"), stamp_lines(file.stamp), FONTS / _FONT)
        return replace(file, name=f"{bare}.jpg", content=under)
    return replace(file, name=name)


def _stamped_pdf(content: bytes, stamp: Stamp, void_at: datetime) -> bytes | None:
    """None for one that cannot be read: broken, locked with a password, or of more pages than a paper has."""
    from pypdf import PageObject, PdfReader, PdfWriter, Transformation  # for processes that hand out such a paper

    def laid(page: PageObject) -> None:
        page.transfer_rotation_to_content()
        box = page.cropbox
        size = min(float(box.width), float(box.height)) * 0.8 / float(mark.mediabox.width)
        left = float(box.left) + (float(box.width) - float(mark.mediabox.width) * size) / 2
        low = float(box.bottom) + (float(box.height) - float(mark.mediabox.height) * size) / 2
        page.merge_transformed_page(mark, Transformation().scale(size).translate(left, low))

    drawn = typeset("void.typ", {"word": _("作废"), "lines": stamp_lines(stamp)}, void_at)
    mark = PdfReader(io.BytesIO(drawn)).pages[0]
    try:
        reader = PdfReader(io.BytesIO(content))
        if len(reader.pages) > _MOST_PAGES:
            return None
        writer = PdfWriter()
        for page in reader.pages:
            laid(writer.add_page(page))
        out = io.BytesIO()
        writer.write(out)
    except Exception:  # a reader of foreign bytes may stumble over anything in them
        return None
    return out.getvalue()
