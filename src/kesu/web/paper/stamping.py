"""The void stamp: whoever looks at a paper that was taken back, or takes it out, sees that it is. The file that came
stays as it came; what is handed out is a copy under the stamp."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from django.utils.translation import gettext as _

from kesu.casefile import pictures
from kesu.casefile.files import FileContent
from kesu.casefile.issued import Stamp
from kesu.web import when
from kesu.web.paper.pdf import FONTS, typeset

_PDF: Final = "application/pdf"
_RED: Final = (192, 57, 43)
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
        return replace(file, name=name, content=_stamped_pdf(file.content, file.stamp) or file.content)
    if file.media_type.startswith("image/"):
        drawn = _stamped_picture(file.content, file.stamp)
        if drawn is not None:
            return replace(file, name=f"{name.rpartition('.')[0] or name}.jpg", media_type="image/jpeg", content=drawn)
    return replace(file, name=name)


def _stamped_pdf(content: bytes, stamp: Stamp) -> bytes | None:
    """None for one that cannot be read: broken, locked with a password, or of more pages than a paper has."""
    from pypdf import PageObject, PdfReader, PdfWriter, Transformation  # for processes that hand out such a paper

    def laid(page: PageObject) -> None:
        page.transfer_rotation_to_content()
        box = page.cropbox
        size = min(float(box.width), float(box.height)) * 0.8 / float(mark.mediabox.width)
        left = float(box.left) + (float(box.width) - float(mark.mediabox.width) * size) / 2
        low = float(box.bottom) + (float(box.height) - float(mark.mediabox.height) * size) / 2
        page.merge_transformed_page(mark, Transformation().scale(size).translate(left, low))

    words = {"word": _("作废"), "lines": stamp_lines(stamp)}
    mark = PdfReader(io.BytesIO(typeset("void.typ", words, stamp.void_at or datetime.now(UTC)))).pages[0]
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


def _stamped_picture(content: bytes, stamp: Stamp) -> bytes | None:
    """A JPEG of it under the stamp."""
    from PIL import Image, ImageDraw, ImageFont  # some megabytes, for processes that draw

    shown = pictures.large(content)
    if shown is None:
        return None
    with Image.open(io.BytesIO(shown)) as picture:
        wide = max(120, min(picture.size))
        mark = Image.new("RGBA", (wide, wide // 2), (0, 0, 0, 0))
        pen = ImageDraw.Draw(mark)
        font, small = (ImageFont.truetype(str(FONTS / _FONT), size) for size in (wide // 5, max(10, wide // 24)))
        pen.rectangle((wide // 8, 4, wide - wide // 8, wide // 2 - 6), outline=(*_RED, 255), width=max(2, wide // 100))
        pen.text((wide // 2, wide // 7), _("作废"), font=font, fill=(*_RED, 255), anchor="mm")
        said = "\n".join(stamp_lines(stamp))
        below = (wide // 2, wide // 3 + wide // 24)
        pen.multiline_text(below, said, font=small, fill=(*_RED, 255), anchor="mm", align="center")
        turned = mark.rotate(18, expand=True, resample=Image.Resampling.BICUBIC)
        at = ((picture.width - turned.width) // 2, (picture.height - turned.height) // 2)
        whole = picture.convert("RGB")
        whole.paste(turned, at, turned)
        out = io.BytesIO()
        whole.save(out, "JPEG", quality=85)
        return out.getvalue()
