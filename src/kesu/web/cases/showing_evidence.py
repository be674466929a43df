"""The register of evidence as its templates print it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from kesu.core.signatures import SignedBy
from kesu.queries.cases.evidence import (
    EvidenceFile,
    EvidenceLine,
    EvidenceRegister,
    HandKind,
    HandLine,
    MarkLine,
    Taken,
)
from kesu.queries.cases.files import Stamp
from kesu.web import when
from kesu.web.joining import listed
from kesu.web.paper.stamping import stamp_lines

_GROUP: Final = 8
_FULL: Final = 1000


@dataclass(frozen=True, slots=True)
class HandPart:
    """One link of the chain of custody in words."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class RowPart:
    """`void`: of a paper that was taken back or replaced, since when and by what; `mark`: of one that corrects
    another."""

    line: EvidenceLine
    url: str
    thumb_url: str
    kind: str
    added: str
    digest: tuple[str, ...]
    hands: tuple[HandPart, ...]
    void: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class ShapePart:
    """A mark where SVG draws it: the longer side of the picture is a thousand. Neither box nor arrow: words alone."""

    is_box: bool
    is_arrow: bool
    x: int
    y: int
    x2: int
    y2: int
    width: int
    height: int
    text: str


@dataclass(frozen=True, slots=True)
class LayerPart:
    """The marks of one person at one time."""

    who: str
    at: str
    shapes: tuple[ShapePart, ...]


@dataclass(frozen=True, slots=True)
class PieceParts:
    """`look` is picture, video, audio, pdf or other. `width` and `height` of a picture: the longer one is a thousand.
    `seen`: what the camera wrote, heading and words."""

    line: EvidenceLine
    row: RowPart
    look: str
    view_url: str
    file_url: str
    before_url: str
    after_url: str
    width: int
    height: int
    seen: tuple[tuple[str, str], ...]
    layers: tuple[LayerPart, ...]


def register_rows(found: EvidenceRegister, now: datetime) -> tuple[RowPart, ...]:
    return tuple(_row(found.case_id, line, now) for line in found.lines)


def _row(case_id: UUID, line: EvidenceLine, now: datetime) -> RowPart:
    address = [case_id, line.id]
    return RowPart(
        line=line,
        url=reverse("case-evidence-file", args=address),
        thumb_url=reverse("case-file-preview", args=address) if line.has_preview else "",
        kind=kind_of(line),
        added=added(line, now),
        digest=in_groups(line.sha256),
        hands=tuple(HandPart(when.stamp(hand.at), hand_text(hand, line)) for hand in line.custody),
        void=void_words(line.stamp),
        mark=line.stamp.mark if line.stamp is not None else "",
    )


def void_words(stamp: Stamp | None) -> str:
    """2026-10-10 起作废、以 2026-118 为准; empty for what is good."""
    if stamp is None or stamp.void_at is None:
        return ""
    return listed(stamp_lines(stamp)[1:])


def kind_of(line: EvidenceLine) -> str:
    """What kind of file, and how large; of a signature whether it was written or typed."""
    if line.signed is not None:
        return _("手写签名") if line.signed is SignedBy.HAND else _("打字签名，不是手写")
    kinds = {"image": _("图片"), "video": _("视频"), "audio": _("录音"), "text": _("文本"), "message": _("邮件")}
    named = {"application/pdf": "PDF"}
    known = kinds.get(line.media_type.partition("/")[0]) or named.get(line.media_type) or _("文件")
    return f"{known} {filesizeformat(line.size)}"


def added(line: EvidenceLine, now: datetime) -> str:
    return f"{when.when(line.added_at, now)} {giver(line)}"


def giver(line: EvidenceLine) -> str:
    return _("客户") if line.by_customer else line.added_by


def in_groups(digest: str) -> tuple[str, ...]:
    """So that two people can compare it aloud."""
    return tuple(digest[start : start + _GROUP] for start in range(0, len(digest), _GROUP))


def hand_text(hand: HandLine, line: EvidenceLine) -> str:
    if hand.kind is HandKind.CAME:
        return _("%(who)s 交入系统") % {"who": giver(line)}
    if hand.kind is HandKind.TAKEN_OUT:
        return _("%(who)s 下载") % {"who": hand.who}
    if hand.kind is HandKind.LOOKED:
        return _("%(who)s 在页面里看") % {"who": hand.who}
    said = {"giver": hand.given_by, "taker": hand.given_to, "place": hand.place, "who": hand.who}
    return _("原件由 %(giver)s 交给 %(taker)s，在 %(place)s（%(who)s 记）") % said


_LOOKS: Final = {"image": "picture", "video": "video", "audio": "audio"}


def piece_parts(found: EvidenceFile, now: datetime) -> PieceParts:
    line, case_id = found.line, found.register.case_id
    look = "pdf" if line.media_type == "application/pdf" else _LOOKS.get(line.media_type.partition("/")[0], "other")
    if look == "picture" and not line.has_preview:
        look = "other"
    width, height = _frame(found.size or (4, 3))
    return PieceParts(
        line=line,
        row=_row(case_id, line, now),
        look=look,
        view_url=reverse("case-file-view", args=[case_id, line.id]),
        file_url=reverse("case-file", args=[case_id, line.id]),
        before_url=_beside(case_id, found.before),
        after_url=_beside(case_id, found.after),
        seen=tuple(_seen(found.taken)) if found.taken is not None else (),
        layers=layers(line.marks, width, height),
        width=width,
        height=height,
    )


def _frame(size: tuple[int, int]) -> tuple[int, int]:
    longer = max(size)
    return max(1, size[0] * _FULL // longer), max(1, size[1] * _FULL // longer)


def _beside(case_id: UUID, file_id: UUID | None) -> str:
    return reverse("case-evidence-file", args=[case_id, file_id]) if file_id is not None else ""


def _seen(taken: Taken) -> Iterator[tuple[str, str]]:
    if taken.at is not None:
        yield _("拍摄时间"), f"{taken.at:%Y-%m-%d %H:%M:%S}"
    if taken.latitude is not None and taken.longitude is not None:
        yield _("拍摄地点"), f"{taken.latitude:.5f}, {taken.longitude:.5f}"
    if taken.camera:
        yield _("拍摄设备"), taken.camera


def layers(marks: tuple[MarkLine, ...], width: int, height: int) -> tuple[LayerPart, ...]:
    """Where they are drawn over a picture of this size."""
    return tuple(
        LayerPart(one.who, when.stamp(one.at), tuple(_shape(shape, width, height) for shape in one.shapes))
        for one in marks
    )


def _shape(shape: Mapping[str, Any], width: int, height: int) -> ShapePart:
    x, y = int(shape["x"]) * width // _FULL, int(shape["y"]) * height // _FULL
    x2, y2 = int(shape.get("x2", 0)) * width // _FULL, int(shape.get("y2", 0)) * height // _FULL
    is_box = shape["kind"] == "box"
    left, top = (min(x, x2), min(y, y2)) if is_box else (x, y)
    return ShapePart(
        is_box=is_box,
        is_arrow=shape["kind"] == "arrow",
        x=left,
        y=top,
        x2=x2,
        y2=y2,
        width=abs(x2 - x),
        height=abs(y2 - y),
        text=str(shape.get("text", "")),
    )
