"""A signature in a form: strokes that a page sends as text, or a typed name with a tick; the server makes the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from django.utils.translation import gettext as _

from kesu.core.signatures import Signed, SignedBy, picture, read_strokes, typed
from kesu.core.uploads import Upload
from kesu.policy.asking import FieldView

_TICKED: Final = "yes"
Typed = Mapping[str, tuple[str, ...]]


def names_of(code: str) -> tuple[str, ...]:
    """The names of the inputs: strokes, typed name, its tick, and what was read."""
    return (code, f"{code}.name", f"{code}.ticked", f"{code}.read")


def signed(one: FieldView, said: Typed, errors: dict[str, str]) -> Iterator[Upload]:
    """The signature, if there is one. What stands in the way goes to `errors`."""
    strokes, name, ticked, read = ("".join(said[part][-1:]).strip() for part in names_of(one.code))
    if not strokes and not name:
        return
    if read != one.read:
        errors[one.code] = _("您看的时候内容有了变化，请看过再签")
        return
    try:
        if strokes:
            content, by, file = picture(read_strokes(strokes)), SignedBy.HAND, _("手写签名")
        else:
            content, by, file = typed(name), SignedBy.TYPED, _("打字签名")
    except ValueError:
        errors[one.code] = _("没有认出签名，请在框里写下姓名") if strokes else _("请填姓名全称，2 到 40 个字")
        return
    if by is SignedBy.TYPED and ticked != _TICKED:
        errors[one.code] = _("打字代替手写的，请勾选下面的确认")
        return
    yield Upload(one.code, f"{file}.{'png' if by is SignedBy.HAND else 'txt'}", content, Signed(by, one.read))
