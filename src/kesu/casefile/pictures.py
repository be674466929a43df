"""Pictures as they are sent: whether they can be opened at all, and a small copy. Its libraries take some megabytes:
imported where a picture comes, not where a process starts."""

from __future__ import annotations

import io
import threading
from typing import Final

from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

register_heif_opener()

MAX_PIXELS: Final = 60_000_000
_PREVIEW: Final = (640, 640)
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
    """Made small before it is turned: a large picture is held in memory once, and one at a time in a process."""
    try:
        with _one_at_a_time, Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            picture.thumbnail(_PREVIEW)
            small = ImageOps.exif_transpose(picture).convert("RGB")
            out = io.BytesIO()
            small.save(out, "JPEG", quality=82)
            return out.getvalue()
    except Exception:  # a reader of foreign bytes may stumble over anything in them
        return None
