"""我的通知: everything that the reader was told of, newest first, read or not; and how much of it is new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.casefile.citing import Citation, cite_printed
from kesu.casefile.outgoing import letters_shown
from kesu.core.letter import Letter
from kesu.store.models import OutboxMessage

_SHOWN: Final = 50
_NEWEST: Final = 3
MOST_COUNTED: Final = 99


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """`citations`: of what it reminds of, where it is about a case."""

    id: int
    at: datetime
    is_new: bool
    is_urgent: bool
    letter: Letter
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticePage:
    """`before`: where the next page begins; None where there is no more."""

    lines: tuple[NoticeLine, ...]
    before: int | None


@dataclass(frozen=True, slots=True)
class Unread:
    """`count`: no further than a hundred; `newest`: those of them that came since the instant that was asked for."""

    count: int
    newest: tuple[NoticeLine, ...] = ()


def _his(actor: Actor) -> QuerySet[OutboxMessage]:
    """What went instead of another message tells him nothing new."""
    return OutboxMessage.objects.filter(account_id=actor.account_id, instead_of=None)


def notices(*, actor: Actor, language: str, older_than: int | None = None) -> NoticePage:
    """Cases that have left his sight since are not told of."""
    found = _his(actor).order_by("-pk")
    if older_than is not None:
        found = found.filter(pk__lt=older_than)
    rows = list(found.select_related("case__card", "note")[: _SHOWN + 1])
    shown = rows[:_SHOWN]
    return NoticePage(_lines(actor, shown, language), shown[-1].pk if len(rows) > _SHOWN else None)


def _lines(actor: Actor, rows: list[OutboxMessage], language: str) -> tuple[NoticeLine, ...]:
    cases = {row.case_id for row in rows if row.case_id}
    seen = set(cards_for(actor).filter(pk__in=cases).values_list("pk", flat=True)) if cases else set()
    shown = [row for row in rows if row.case_id is None or row.case_id in seen]
    return tuple(map(_line, shown, letters_shown(shown, language=language)))


def _line(row: OutboxMessage, letter: Letter) -> NoticeLine:
    printed = row.payload.get("clauses", ())  # as the policy prints them, in whichever language they are told
    return NoticeLine(
        id=row.pk,
        at=row.created_at,
        is_new=row.seen_at is None,
        is_urgent=row.lane == "urgent",
        letter=letter,
        citations=cite_printed(row.case.policy_version_id, printed) if row.case is not None else (),
    )


def unread(*, actor: Actor, language: str = "", since: datetime | None = None) -> Unread:
    """One query over at most a hundred rows, whatever is stored; more only where something came since."""
    newest = _his(actor).filter(seen_at=None).order_by("-pk").values("pk")[: MOST_COUNTED + 1]
    in_sight = Q(case=None) | Q(case__in=cards_for(actor).values("pk"))
    rows = list(OutboxMessage.objects.filter(pk__in=newest).filter(in_sight).values_list("pk", "created_at"))
    fresh = sorted((pk for pk, at in rows if since is not None and at >= since), reverse=True)[:_NEWEST]
    if not fresh:
        return Unread(len(rows))
    found = OutboxMessage.objects.filter(pk__in=fresh).select_related("case__card", "note").order_by("-pk")
    return Unread(len(rows), _lines(actor, list(found), language))
