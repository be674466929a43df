"""What goes into what, before it does: both cases side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kesu.queries.cases.merge_pair import MergePair, MergeSide, merge_pair
from kesu.queries.cases.step_form import StepForm
from kesu.web import when
from kesu.web.forms import Given
from kesu.web.session import actor
from kesu.web.words import spoken

SEEN: Final = "merge_seen"
"""Field of a form: the case beside which its sender has seen this one."""


@dataclass(frozen=True, slots=True)
class PairRow:
    label: str
    going: str
    into: str


def unseen_pair(request: HttpRequest, form: StepForm, given: Given) -> MergePair | None:
    """The two cases of a step that merges, where whoever takes it has not seen them side by side."""
    if not form.merges or request.POST.get(SEEN, "") == (given.get(form.merges) or ("",))[0]:
        return None
    found = merge_pair(actor=actor(request), case_id=form.case_id, step=form.step, given=given)
    return spoken(found) if found is not None else None


def pair_context(pair: MergePair | None, now: datetime) -> dict[str, Any]:
    if pair is None:
        return {}
    one, other = pair.going, pair.into
    rows = (
        PairRow(_("主题"), one.title, other.title),
        PairRow(_("投诉人"), one.person, other.person),
        PairRow(_("房号"), one.room, other.room),
        PairRow(_("说了什么"), one.words, other.words),
        PairRow(_("接报"), when.when(one.received_at, now), when.when(other.received_at, now)),
        PairRow(_("阶段"), one.stage, other.stage),
        PairRow(_("等级"), one.level, other.level),
        PairRow(_("并案以后"), _going(one, pair.ends_in), _staying(one)),
    )
    return {"pair": pair, "pair_rows": tuple(row for row in rows if row.going or row.into)}


def _going(one: MergeSide, ends_in: str) -> str:
    said = _("到“%(stage)s”为止，不再另办，等级不再变") % {"stage": ends_in}
    owed = ngettext("没办的 %(count)d 项义务不再催", "没办的 %(count)d 项义务不再催", one.owed) % {"count": one.owed}
    return _("%(one)s；%(other)s") % {"one": said, "other": owed} if one.owed else said


def _staying(one: MergeSide) -> str:
    people = ngettext("本件的 %(count)d 人", "本件的 %(count)d 人", one.people) % {"count": one.people}
    return _("照常办理，期限不变；%(people)s、文件和记录在这一件里一起看") % {"people": people}
