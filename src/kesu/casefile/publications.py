"""What a case shows to people who do not see the case: rows that follow from its log.

Texts are taken as they stood with the event that showed them; what was written since stays in the case until it is
shown too. Nothing is kept of what was taken back or whose time is over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from django.db.models.functions import Length

from kesu.casefile.books import above, pack_of
from kesu.casefile.log import read_bodies
from kesu.casefile.shown import latest, shown
from kesu.policy.events import PUBLISHER, Event
from kesu.policy.model.facts import DataClass, FactType
from kesu.policy.model.pack import Kind
from kesu.policy.standing.corrections import corrected, voided_seqs
from kesu.policy.standing.publications import Published, Shown, published, publishes_by
from kesu.policy.standing.results import Standing
from kesu.policy.standing.strata import in_order
from kesu.policy.values import to_document
from kesu.store.models import Adoption, Case, Publication
from kesu.store.models.publications import TITLE_LENGTH

FIELDS: Final = [f.name for f in Publication._meta.concrete_fields if f.name not in {"id", "case"}]
_KEYS: Final = UUID("6f1d6a52-7d0e-5d0c-9f0b-9d2f2f6d3c11")


def publication_id(case_id: UUID, rule: str) -> UUID:
    """The same whenever it is asked for; nobody finds the case by it."""
    return uuid5(_KEYS, f"{case_id.hex}/{rule}")


def in_whose_name(head: Case, kind: Kind, event: Event) -> Event:
    """The event, with the organisation that shows something by it, where it may."""
    if not publishes_by(kind, event.kind):
        return event
    return replace(event, facts={**event.facts, PUBLISHER: _publisher(head, event.recorded_at).hex})


def _publisher(head: Case, at: datetime) -> UUID:
    """The nearest unit that has adopted the policy of the case, in any version; the root where none has."""
    rows = Adoption.objects.filter(
        unit__path__in=above(head.unit.path),
        kind=head.kind,
        policy_version__pack=pack_of(head.policy_version_id).code,
        effective_from__lte=at,
    )
    found = rows.order_by(Length("unit__path").desc()).values_list("unit_id", flat=True).first()
    return found or _root(head)


def _root(head: Case) -> UUID:
    return UUID(head.unit.path.split("/")[1])


def project(head: Case, kind: Kind, log: Sequence[Event], current: Standing) -> None:
    """Brings the rows of the case in line with its log."""
    if not kind.publishes:
        return
    rows = rows_of(head, kind, log, current)
    if rows:
        Publication.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=FIELDS)
    Publication.objects.filter(case_id=head.pk).exclude(pk__in=[row.pk for row in rows]).delete()


def rows_of(head: Case, kind: Kind, log: Sequence[Event], current: Standing) -> list[Publication]:
    """What the rows of the case should be as it stands. Writes nothing."""
    found = published(current.walk.view(current.now)) if kind.publishes else ()
    bodies = read_bodies(head, [DataClass.INTERNAL.value]) if found else {}
    return [_row(head, kind, log, one, bodies, current.now) for one in found]


def _row(
    head: Case,
    kind: Kind,
    log: Sequence[Event],
    one: Published,
    bodies: Mapping[int, Mapping[str, Any]],
    now: datetime,
) -> Publication:
    event = next(event for event in log if event.seq == one.seq)
    is_up = one.at(now) is Shown.UP
    texts = latest(kind, bodies, _until(event, log)) if is_up else {}
    publisher = event.facts.get(PUBLISHER)
    return Publication(
        pk=publication_id(head.pk, one.rule.code),
        case=head,
        kind=kind.code,
        rule=one.rule.code,
        policy_version_id=head.policy_version_id,
        unit=head.unit,
        publisher_id=UUID(str(publisher)) if publisher else _root(head),
        audience=one.rule.seen_by.value,
        title=_title(kind, one, texts) if is_up else "",
        facts=dict(_facts(kind, one, texts)) if is_up else {},
        posted_at=one.posted_at,
        shown_at=one.shown_at,
        versions=one.versions,
        until=one.until,
        taken_back_at=one.taken_back_at,
        is_up=is_up,
    )


def _until(last: Event, log: Sequence[Event]) -> list[Event]:
    """What had happened with this event, in the order in which rules see it; nothing that was written down later."""
    happened = sorted(corrected(log, voided_seqs(log)), key=in_order)
    return [event for event in happened if in_order(event) <= in_order(last) and event.seq <= last.seq]


def _facts(kind: Kind, one: Published, texts: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for code in one.rule.says:
        if code not in one.facts:
            continue
        is_text = kind.facts[code].type is FactType.TEXT
        value = _plain(str(texts.get(code, ""))) if is_text else to_document(one.facts[code])
        if value != "":
            yield code, value


def _title(kind: Kind, one: Published, texts: Mapping[str, Any]) -> str:
    said = (
        str(texts.get(code, "")) if kind.facts[code].type is FactType.TEXT else shown(kind, code, one.facts.get(code))
        for code in one.rule.title
    )
    return " ".join(" ".join(_plain(" ".join(said)).split())[:TITLE_LENGTH].split())


def _plain(text: str) -> str:
    """Without signs that nobody sees: they would turn round or hide what stands beside them, and some of them break
    what reads the page."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign == "\n" or sign.isprintable()).strip()
