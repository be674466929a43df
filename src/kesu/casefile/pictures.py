"""Pictures as they are sent: whether they can be opened at all, copies to look at, and what the camera says. Its
libraries take some megabytes: imported where a picture comes, not where a process starts."""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from PIL import ExifTags, Image, ImageDraw, ImageFont, ImageOps
from pillow_heif import register_heif_opener

register_heif_opener()

_RED: Final = (192, 57, 43, 255)
MAX_PIXELS: Final = 60_000_000
_PREVIEW: Final = (640, 640)
_LARGE: Final = (1600, 1600)
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "HEIF", "GIF")
_one_at_a_time: Final = threading.Lock()


def wrong(content: bytes) -> str | None:
    """Opens the header only; a picture whose size is a bomb is refused before it is decoded."""
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            return None if picture.width * picture.height <= MAX_PIXELS else "file_pixels"
    except Image.DecompressionBombError:
        return "file_pixels"
    except Exception:  # a reader of foreign bytes may stumble over anything in them
        return "file_broken"


def preview(content: bytes) -> bytes | None:
    """As a list shows it, without what the camera wrote into it."""
    return _drawn(content, _PREVIEW)


def large(content: bytes) -> bytes | None:
    """As a screen shows it, without what the camera wrote into it."""
    return _drawn(content, _LARGE)


def _drawn(content: bytes, size: tuple[int, int]) -> bytes | None:
    """Made small before it is turned: a large picture is held in memory once, and one at a time in a process."""
    try:
        with _one_at_a_time, Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            picture.thumbnail(size)
            small = ImageOps.exif_transpose(picture).convert("RGB")
            out = io.BytesIO()
            small.save(out, "JPEG", quality=82)
            return out.getvalue()
    except Exception:  # a reader of foreign bytes may stumble over anything in them
        return None


def under_stamp(content: bytes, word: str, lines: Sequence[str], font: Path) -> bytes:
    """A picture of our own making with a stamp laid over it: one word, and small lines below."""
    with Image.open(io.BytesIO(content)) as picture:
        wide = max(120, min(picture.size))
        mark = Image.new("RGBA", (wide, wide // 2), (0, 0, 0, 0))
        pen = ImageDraw.Draw(mark)
        large_font, small_font = (ImageFont.truetype(str(font), size) for size in (wide // 5, max(10, wide // 24)))
        pen.rectangle((wide // 8, 4, wide - wide // 8, wide // 2 - 6), outline=_RED, width=max(2, wide // 100))
        pen.text((wide // 2, wide // 7), word, font=large_font, fill=_RED, anchor="mm")
        below = (wide // 2, wide // 3 + wide // 24)
        pen.multiline_text(below, "\n".join(lines), font=small_font, fill=_RED, anchor="mm", align="center")
        turned = mark.rotate(18, expand=True, resample=Image.Resampling.BICUBIC)
        whole = picture.convert("RGB")
        whole.paste(turned, ((whole.width - turned.width) // 2, (whole.height - turned.height) // 2), turned)
        out = io.BytesIO()
        whole.save(out, "JPEG", quality=85)
        return out.getvalue()


@dataclass(frozen=True, slots=True)
class Taken:
    """What the camera wrote into a picture: by its own clock (`at`, without a zone), where (degrees, north and east
    positive), with what. None and empty for what it did not write."""

    at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    camera: str = ""


def taken(content: bytes) -> Taken:
    """Nobody vouches for it: whoever sends a picture can write there what he likes."""
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            exif = picture.getexif()
            where, how = exif.get_ifd(ExifTags.IFD.GPSInfo), exif.get_ifd(ExifTags.IFD.Exif)
    except Exception:  # a reader of foreign bytes may stumble over anything in them
        return Taken()
    made = how.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    gps = ExifTags.GPS
    return Taken(
        at=_moment(made),
        latitude=_degrees(where.get(gps.GPSLatitude), where.get(gps.GPSLatitudeRef), "S"),
        longitude=_degrees(where.get(gps.GPSLongitude), where.get(gps.GPSLongitudeRef), "W"),
        camera=_word(exif.get(ExifTags.Base.Model)),
    )


def size(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels, as it is looked at (turned as the camera says). None for what cannot be opened."""
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            lies = picture.getexif().get(ExifTags.Base.Orientation, 1) in _LYING
            return (picture.height, picture.width) if lies else (picture.width, picture.height)
    except Exception:  # a reader of foreign bytes may stumble over anything in them
        return None


_LYING: Final = {5, 6, 7, 8}
"""Orientations in which width and height change places."""


def _moment(text: object) -> datetime | None:
    try:
        return datetime.strptime(_word(text), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - cameras write no zone
    except ValueError:
        return None


def _degrees(parts: object, side: object, negative: str) -> float | None:
    try:
        degrees, minutes, seconds = (float(one) for one in parts)  # type: ignore[attr-defined]
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    found = degrees + minutes / 60 + seconds / 3600
    if not 0 <= found <= 180:
        return None
    return -found if _word(side).upper() == negative else found


def _word(text: object) -> str:
    return "".join(sign for sign in text if sign.isprintable()).strip()[:60] if isinstance(text, str) else ""
