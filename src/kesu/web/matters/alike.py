"""Cases that may be about the same thing: each with its three reasons, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kesu.access.likeness import AlikeCase
from kesu.web.joining import listed
from kesu.web.links import case_url


@dataclass(frozen=True, slots=True)
class AlikePart:
    """`place`, `days` and `words` are the reasons; `words` is empty where the two share none."""

    id: UUID
    url: str
    number: str
    title: str
    stage: str
    place: str
    days: str
    words: str
    matter: str


def alike_parts(found: Iterable[AlikeCase]) -> tuple[AlikePart, ...]:
    return tuple(
        AlikePart(
            id=one.id,
            url=case_url(one.id),
            number=one.number,
            title=one.title,
            stage=one.stage,
            place=_place(one),
            days=ngettext("相隔 %(count)d 天", "相隔 %(count)d 天", one.days) % {"count": one.days}
            if one.days
            else _("同一天"),
            matter=_("已在“%(name)s”里") % {"name": one.matter} if one.matter else "",
            words=_("措辞相近：%(words)s") % {"words": listed(one.words)} if one.words else "",
        )
        for one in found
    )


def _place(one: AlikeCase) -> str:
    place = {"room": _("同一房号"), "building": _("同一栋楼")}.get(one.place, _("同一地点"))
    return listed((place, _("同一投诉人"))) if one.is_same_person else place
