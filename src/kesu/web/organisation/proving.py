"""What a mail must bring before its words stand on a case as those of whom it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kesu.web.fields import Choice, Field, FieldKind

WAYS: Final = {
    "aligned": gettext_lazy("DMARC 通过；发件域名没有设 DMARC 的，同一域名的 SPF 或 DKIM 通过"),
    "dmarc": gettext_lazy("只认 DMARC 通过"),
    "none": gettext_lazy("不查，地址相符就并入（谁都能冒用别人的地址）"),
}


class _Asked(Protocol):
    @property
    def proof(self) -> str: ...

    @property
    def verifier(self) -> str: ...


def proving(now: _Asked, errors: Mapping[str, str]) -> Iterator[Field]:
    ways = tuple(Choice(code, str(label), now.proof == code) for code, label in WAYS.items())
    told = _("客户的回信要通过查验才直接成为他的话；没有通过的等人来定")
    yield Field("proof", _("怎样算他写的"), FieldKind.CHOICE, choices=ways, help=told, error=errors.get("proof", ""))
    where = _("任一封来信的信头里，Authentication-Results 后的第一个词，如 mx.example.com；别的服务器写的一律不认")
    wrong = errors.get("verifier", "")
    yield Field("verifier", _("由哪台服务器查验"), FieldKind.TEXT, now.verifier, help=where, error=wrong)
