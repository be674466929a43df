"""What telephones record is known by the brand in its first box, whatever its name says."""

from __future__ import annotations

import pytest

from kesu.casefile import files
from kesu.core.errors import Unacceptable
from kesu.core.uploads import Upload


def _recording(brand: bytes, name: str) -> Upload:
    """The smallest file of this brand: its first box, and an empty one for the content."""
    box = b"ftyp" + brand + b"\x00\x00\x02\x00" + brand
    return Upload("evidence", name, (len(box) + 4).to_bytes(4, "big") + box + (8).to_bytes(4, "big") + b"mdat")


@pytest.mark.parametrize(
    ("brand", "media"),
    [
        (b"qt  ", "video/quicktime"),
        (b"M4A ", "audio/mp4"),
        (b"mp42", "video/mp4"),
        (b"isom", "video/mp4"),
        (b"heic", "image/heic"),
        (b"mif1", "image/heic"),
    ],
)
@pytest.mark.parametrize("name", ["a.mov", "a.m4a", "a.mp4", "a.jpg", "a"])
def test_the_bytes_say_what_it_is_and_the_name_does_not(brand: bytes, media: str, name: str) -> None:
    assert files.media_type(_recording(brand, name)) == media


def test_films_and_sounds_of_an_iphone_are_taken() -> None:
    files.check([_recording(b"qt  ", "IMG_0001.MOV"), _recording(b"M4A ", "录音.m4a")])


def test_a_photograph_that_is_only_a_name_and_a_head_is_refused() -> None:
    with pytest.raises(Unacceptable, match="file_broken"):
        files.check([_recording(b"heic", "IMG_0001.HEIC")])
