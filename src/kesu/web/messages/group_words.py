"""Whether what somebody wrote is told in a group of a work chat."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kesu.web.fields import Choice, Field, FieldKind

_YES = "yes"


def of_words(typed: str) -> Field:
    told = _("不选时，群里只有编号、什么事、期限和链接，没有标题和人写的字")
    said = (Choice(_YES, _("也发标题和人写的字"), typed == _YES),)
    return Field("words", _("群里说多少"), FieldKind.CHOICES, choices=said, help=told)
