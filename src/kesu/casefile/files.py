"""Files of a case: checked by their bytes, never by their name; stored encrypted under the case's data key. Those of
ordinary cases lie on the disk, those of sealed ones in their rows (`sealed_files`)."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.conf import settings

from kesu.casefile.issued import Stamp
from kesu.casefile.log import data_key
from kesu.core.errors import NoRoom, Unacceptable
from kesu.core.keyring import seal, unseal
from kesu.core.uploads import MAX_BYTES, Upload
from kesu.policy.model.facts import Fact
from kesu.store.models import Case, StoredFile

MAX_FILES: Final = 9
MAX_UNPACKED: Final = 256 * 1024 * 1024
"""Bytes of an archive's contents. Whoever opens it on his desk must be able to."""
_LONGEST_NAME: Final = 120

ACCEPTED: Final[dict[str, str]] = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "image/gif": ".gif",
    "application/pdf": ".pdf",
    "message/rfc822": ".eml",
    "text/plain": ".txt",
    "audio/mpeg": ".mp3",
    "audio/wav": ".wav",
    "audio/mp4": ".m4a",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
"""What a complaint is proved with. Everything else is refused, and the refusal says what is taken."""

_INNER: Final = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "word/document.xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xl/workbook.xml",
}
"""The part that makes an archive a document."""

_STILL: Final = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_SOUND: Final = {b"M4A ", b"M4B "}
_FILM: Final = {b"mp41", b"mp42", b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"avc1", b"M4V ", b"M4VP", b"dash"}
_BRANDS: Final[dict[bytes, str]] = (
    dict.fromkeys(_STILL, "image/heic")
    | dict.fromkeys(_SOUND, "audio/mp4")
    | dict.fromkeys(_FILM, "video/mp4")
    | {b"qt  ": "video/quicktime"}
)
"""What the box at the head of a telephone's photographs, films and sounds says it is."""
_ALIASES: Final = {"image/heif": "image/heic", "audio/x-wav": "audio/wav", "audio/wave": "audio/wav"}
_EXTENSIONS: Final = {extension: media for media, extension in ACCEPTED.items()} | {".jpeg": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of a file beside its bytes. `name` is printable and ends as its bytes deserve; `sha256` and `size`
    (bytes) are of the plain content."""

    fact: str
    name: str
    media_type: str
    size: int
    sha256: str


def details_of(upload: Upload) -> Details:
    """Of a file that has passed `check`."""
    media = media_type(upload) or "application/octet-stream"
    return Details(upload.fact, _clean_name(upload.name, media), media, len(upload.content), upload.sha256)


def check(uploads: Sequence[Upload], facts: Mapping[str, Fact] = MappingProxyType({})) -> None:
    """Raises `Unacceptable` naming the file and why: too many, empty, too large, of a kind that is not taken, or not
    what its bytes claim to be; and for a file where a signature is asked."""
    if len(uploads) > MAX_FILES:
        raise Unacceptable("too_many_files", data={"fields": {uploads[0].fact: "too_many_files"}, "refusals": ()})
    for upload in uploads:
        reason = wrong(upload) or _unsigned(upload, facts)
        if reason:
            named = {"fields": {upload.fact: reason}, "file": _plain_name(upload.name), "refusals": ()}
            raise Unacceptable(reason, data=named)


def _unsigned(upload: Upload, facts: Mapping[str, Fact]) -> str | None:
    """A signature is made where it is asked for: no file stands for one, and none stands where a file is asked."""
    asked = upload.fact in facts and facts[upload.fact].by_hand
    return "signature_missing" if asked is not (upload.signed is not None) else None


def wrong(upload: Upload) -> str | None:
    """Why these bytes are not taken; None: they are."""
    if not upload.content:
        return "file_empty"
    if len(upload.content) > MAX_BYTES:
        return "file_too_large"
    media = media_type(upload)
    if media is None:
        return "file_kind"
    if media.startswith("image/"):
        from kesu.casefile import pictures  # its libraries, for processes that are sent a picture

        return pictures.wrong(upload.content)
    if media in _INNER:
        return _wrong_package(upload.content, _INNER[media])
    return None


def media_type(upload: Upload) -> str | None:
    """From the bytes; the name only decides between kinds whose bytes look alike (zip containers, plain text)."""
    extension = Path(upload.name).suffix.lower()
    if upload.content[4:8] == b"ftyp" and upload.content[8:12] in _BRANDS:
        return _BRANDS[upload.content[8:12]]  # the library takes what telephones make for one another
    import puremagic  # for processes that are sent a file

    try:
        found = puremagic.from_string(upload.content, mime=True, filename=f"x{extension}")
    except Exception:  # a reader of foreign bytes may stumble over anything in them
        found = ""
    found = _ALIASES.get(found, found)
    if found in ACCEPTED:
        return found
    if _is_text(upload.content) and extension in {".txt", ".eml"}:
        return _EXTENSIONS[extension]
    return None


def _is_text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _wrong_package(content: bytes, inner: str) -> str | None:
    """Word and Excel are archives: any other archive looks like them, and one that is a bomb as well. The list of
    contents alone is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
    except Exception:  # a reader of foreign bytes may stumble over anything in them
        return "file_kind"
    if not {"[Content_Types].xml", inner} <= {part.filename for part in parts}:
        return "file_kind"
    return "file_unpacked" if sum(part.file_size for part in parts) > MAX_UNPACKED else None


def keep(
    case: Case,
    uploads: Sequence[Upload],
    ids: Sequence[UUID],
    *,
    seq: int,
    added_by: UUID | None,
    at: datetime,
) -> None:
    """Writes the bytes first and the rows after: a file without a row is waste, a row without a file a lie. `ids`:
    the identifiers that the event's body already names, in the order of the uploads. Raises `NoRoom` when the bytes
    cannot be written; none of them stays then."""
    written: list[Path] = []
    try:
        for upload, file_id in zip(uploads, ids, strict=True):
            _keep(case, upload, file_id, written, seq=seq, added_by=added_by, at=at)
    except BaseException as fault:
        for path in written:
            path.unlink(missing_ok=True)
        if isinstance(fault, OSError):
            raise NoRoom from fault
        raise


def _keep(
    case: Case, upload: Upload, file_id: UUID, written: list[Path], *, seq: int, added_by: UUID | None, at: datetime
) -> None:
    key, details = data_key(case), details_of(upload)
    place = f"{case.pk.hex[:2]}/{case.pk.hex}/{file_id.hex}"
    written.append(_write(place, seal(key, upload.content, file_id.bytes)))
    preview = _preview(upload.content) if details.media_type.startswith("image/") else None
    if preview:
        written.append(_write(f"{place}.preview", seal(key, preview, file_id.bytes)))
    StoredFile.objects.create(
        id=file_id,
        case=case,
        event_seq=seq,
        place=place,
        has_preview=preview is not None,
        added_by_id=added_by,
        added_at=at,
        **asdict(details),
    )


def _write(place: str, content: bytes) -> Path:
    """On the disk when this returns: the row that follows is acknowledged, and power may fail."""
    path = Path(settings.KESU_FILES) / place
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(path.suffix + ".part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _flush(path.parent)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return path


def _preview(content: bytes) -> bytes | None:
    from kesu.casefile import pictures

    return pictures.preview(content)


def _flush(folder: Path) -> None:
    """The name of a new file is on the disk, too."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _clean_name(name: str, media: str) -> str:
    """The last part of the name, printable, with an extension that fits its bytes."""
    plain = _plain_name(name)
    stem = plain.rsplit(".", 1)[0] if "." in plain else plain
    return f"{stem[:_LONGEST_NAME]}{ACCEPTED.get(media, '')}"


def _plain_name(name: str) -> str:
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(". ")[-_LONGEST_NAME:] or "file"


def content(file: StoredFile, *, preview: bool = False) -> bytes:
    """The plain bytes. Raises `FileNotFoundError` when the store has lost them."""
    path = Path(settings.KESU_FILES) / (f"{file.place}.preview" if preview else file.place)
    return unseal(data_key(file.case), path.read_bytes(), file.pk.bytes)


@dataclass(frozen=True, slots=True)
class FileContent:
    """`is_ours`: a JPEG made by the program, safe to show in the page, without what the camera wrote into the file.
    `stamp`: of a paper that stands in a register."""

    name: str
    media_type: str
    content: bytes
    digest: str
    is_ours: bool
    added_at: datetime
    stamp: Stamp | None = None


def whole(file: StoredFile) -> FileContent:
    """As it came. Raises `FileNotFoundError` when the store has lost it."""
    return FileContent(file.name, file.media_type, content(file), file.sha256, False, file.added_at)


def small(file: StoredFile) -> FileContent:
    """Raises `FileNotFoundError` where there is no preview of it."""
    if not file.has_preview:
        raise FileNotFoundError
    shown = content(file, preview=True)
    return FileContent(file.name, _SHOWN, shown, file.sha256, True, file.added_at)


def large(file: StoredFile) -> FileContent:
    """A picture as large as a screen. Raises `FileNotFoundError` where it is none."""
    from kesu.casefile import pictures

    shown = pictures.large(content(file)) if file.has_preview else None
    if shown is None:
        raise FileNotFoundError
    return FileContent(file.name, _SHOWN, shown, file.sha256, True, file.added_at)


_SHOWN: Final = "image/jpeg"
