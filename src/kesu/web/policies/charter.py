"""What a policy says of itself, in the words of the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kesu.access.charter_reading import CharterPart, DemandLine, RankLine
from kesu.web import sentences
from kesu.web.joining import listed
from kesu.web.marks import ClauseRef


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence with the clauses that say so; `more`: what the document left open."""

    text: str
    citations: tuple[ClauseRef, ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class CharterView:
    part: CharterPart
    said: tuple[Said, ...]
    undefined: tuple[str, ...]


def charter_view(part: CharterPart) -> CharterView:
    return CharterView(part, tuple(_said(part)), tuple(map(_undefined, part.undefined)))


def _said(part: CharterPart) -> Iterator[Said]:
    for rank in part.ranks:
        yield Said(_rank(rank), tuple(ClauseRef(one.policy, one.id, one.printed) for one in rank.citations))
    days = tuple(ClauseRef(one.policy, one.id, one.printed) for one in part.days)
    if part.since is not None:
        yield Said(_("自 %(day)s 起施行") % {"day": part.since.isoformat()}, days)
    if part.until is not None:
        yield Said(_("到 %(day)s 为止") % {"day": part.until.isoformat()}, days)
    if part.review_after:
        length = sentences.length(part.review_after)
        if part.review_on is not None:
            after = _("试行，施行满 %(length)s（%(day)s）后评估") % {
                "length": length,
                "day": part.review_on.isoformat(),
            }
        else:
            after = _("试行，施行满 %(length)s后评估") % {"length": length}
        under = tuple(ClauseRef(one.policy, one.id, one.printed) for one in part.trial)
        yield Said(after, under, part.trial_unclear)


def _rank(rank: RankLine) -> str:
    others = listed(code.upper() for code in rank.packs) or _("公司其他制度")
    if rank.prevails:
        return _("规定不一致时，优先于%(others)s") % {"others": others}
    return _("规定不一致时，以%(others)s为准") % {"others": others}


def _undefined(line: DemandLine) -> str:
    clauses = listed(line.printed)
    said = _("《%(title)s》%(clauses)s要求写明：%(name)s") % {
        "title": line.title,
        "clauses": clauses,
        "name": line.name,
    }
    return _("%(said)s。没有写的原因：%(reason)s") % {"said": said, "reason": line.reason} if line.reason else said
