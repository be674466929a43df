"""What a policy says of itself as a document, as pages show it: overlays, precedence, days, trial, revisions, and what
another policy of the house demands of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kesu.casefile.books import calendar_of, pack_of
from kesu.casefile.citing import Citation
from kesu.policy.calendar import age_full_at
from kesu.policy.checking.demands import answers
from kesu.policy.model.charter import Change, Precedence, Trial
from kesu.policy.model.pack import Pack
from kesu.store.models import Adoption, PolicyVersion


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """What an overlay changes of how cases run."""

    says: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class OverlayLine:
    """`left_out` counts its rules that found nothing to lie on, or gave way."""

    title: str
    version: str
    document_number: str
    changes: tuple[ChangeLine, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class RankLine:
    """`prevails`: it comes before the others, else they come before it. `packs`: their codes; empty: all others."""

    prevails: bool
    packs: tuple[str, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class DemandLine:
    """Something that the policy `title` wants written down and this one does not; `reason`: in its own words."""

    title: str
    name: str
    printed: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class RevisionLine:
    version: str
    on: date
    change: str
    modified_by: str
    reviewed_by: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class CharterPart:
    """`since`, `until`: the document's own days; `review_after`: a length, empty where it is on no trial;
    `review_on`: the day on which that is over, where it is in force."""

    is_overlay: bool
    changes: tuple[ChangeLine, ...]
    overlays: tuple[OverlayLine, ...]
    ranks: tuple[RankLine, ...]
    since: date | None
    until: date | None
    days: tuple[Citation, ...]
    review_after: str
    review_on: date | None
    trial: tuple[Citation, ...]
    trial_unclear: str
    revisions: tuple[RevisionLine, ...]
    undefined: tuple[DemandLine, ...]

    @property
    def says_something(self) -> bool:
        return bool(self.is_overlay or self.overlays or self.ranks or self.since or self.until or self.review_after)


def charter_part(pack: Pack, policy: str, first: Adoption | None = None) -> CharterPart:
    """`policy`: the hash under which the text is in the books; empty where it is only offered: its clauses have no page
    then. `first`: where it began to be in force. One query."""
    charter = pack.charter
    trial, effective = charter.trial, charter.effective
    return CharterPart(
        is_overlay=charter.is_overlay,
        changes=_changes(pack, policy, charter.changes),
        overlays=tuple(
            OverlayLine(
                one.title, one.version, one.document_number, _changes(pack, policy, one.changes), len(one.left_out)
            )
            for one in charter.overlays
        ),
        ranks=_ranks(pack, policy),
        since=effective.since,
        until=effective.until,
        days=_cited(pack, policy, effective.clauses),
        review_after=str(trial.review_after) if trial else "",
        review_on=_review_day(trial, first) if trial and first else None,
        trial=_cited(pack, policy, trial.clauses) if trial else (),
        trial_unclear=(trial.unclear or "") if trial else "",
        revisions=tuple(
            RevisionLine(one.version, one.on, one.change, one.modified_by, one.reviewed_by, one.approved_by)
            for one in charter.revisions
        ),
        undefined=tuple(_undefined(pack)),
    )


def _review_day(trial: Trial, first: Adoption) -> date:
    calendar = calendar_of(first.calendar_version_id)
    return calendar.local(age_full_at(calendar, first.effective_from, trial.review_after)).date()


def _changes(pack: Pack, policy: str, changes: Iterable[Change]) -> tuple[ChangeLine, ...]:
    return tuple(ChangeLine(one.says, _cited(pack, policy, one.clauses)) for one in changes)


def _ranks(pack: Pack, policy: str) -> tuple[RankLine, ...]:
    def line(prevails: bool, one: Precedence) -> RankLine:
        return RankLine(prevails, one.packs, _cited(pack, policy, one.clauses))

    charter = pack.charter
    found = ((False, charter.yields_to), (True, charter.prevails_over))
    return tuple(line(prevails, one) for prevails, one in found if one is not None)


def _undefined(pack: Pack) -> list[DemandLine]:
    """Only what the house has adopted makes demands; of several versions the newest."""
    rows = PolicyVersion.objects.filter(parent=None).exclude(pack=pack.code).order_by("adopted_at")
    newest = dict(rows.values_list("pack", "hash"))
    demanding = [one for one in map(pack_of, newest.values()) if one.charter.requires]
    return [
        DemandLine(one.title, answer.name, answer.printed, answer.reason)
        for one in demanding
        for answer in answers(pack, one)
        if not answer.rules
    ]


def _cited(pack: Pack, policy: str, clauses: Iterable[str]) -> tuple[Citation, ...]:
    found: dict[str, Citation] = {}
    for one in clauses:
        if one in pack.clauses:
            printed = pack.clauses[one].printed
            found.setdefault(printed, Citation(policy, one if policy else "", printed))
    return tuple(found.values())
