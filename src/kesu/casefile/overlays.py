"""Overlays in force: rules on one subject that serve beside the policies which a unit, and those below it, adopted.

A policy and the overlays that lie on it are composed once, when one of them is adopted; the text that results is stored
like any other and cases name its hash. Nothing is composed when a case is opened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from kesu.casefile.books import above, pack_of
from kesu.policy.errors import PackInvalid
from kesu.policy.loader import compose
from kesu.policy.model.pack import Pack
from kesu.policy.model.rules import GENERIC
from kesu.store.models import Adoption, OverlayAdoption, PolicyText, Unit

Hindrance = tuple[str, str, tuple[str, ...]]
"""What, its name, and the clauses that ask for it."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A policy with everything that lies on it, as it serves from a moment on."""

    pack: Pack
    since: datetime


def own_slots(pack: Pack) -> frozenset[str]:
    """The slots of an overlay that no policy below it brings."""
    roles = (role for kind in pack.kinds.values() for role in kind.roles.values())
    return frozenset(role.code for role in roles if set(role.clauses) - {GENERIC})


def hindrances(pack: Pack, unit: Unit, since: datetime, day: date) -> list[Hindrance]:
    """What the document itself, or another one in force there, has against its taking effect on `day` (local) at
    `since`."""
    return [*_of_the_document(pack, day), *_of_the_others(pack, unit, since)]


def _of_the_document(pack: Pack, day: date) -> Iterator[Hindrance]:
    effective = pack.charter.effective
    if pack.status in {"draft", "superseded"}:
        yield f"policy_{pack.status}", pack.title, ()
    if effective.since is not None and day < effective.since:
        yield "too_early", effective.since.isoformat(), effective.clauses
    if effective.until is not None and day > effective.until:
        yield "too_late", effective.until.isoformat(), effective.clauses


def _of_the_others(pack: Pack, unit: Unit, since: datetime) -> Iterator[Hindrance]:
    try:
        if pack.charter.is_overlay:
            lines = [line for line in lines_below(unit, since) if line.kind in pack.kinds]
            over = Adoption.objects.filter(unit__path__in=above(unit.path), kind__in=pack.kinds)
            if not lines and over.exists():
                yield "overlay_on_nothing", unit.name, ()
            for line in lines:
                _lay(_primary(line), [*_layers(line.unit, max(since, line.effective_from), without=pack.code), pack])
        else:
            for moment in _moments(unit, since):
                _lay(pack, _layers(unit, moment))
    except PackInvalid as invalid:
        for problem in invalid.problems:
            yield "rules_apart", f"{problem.address}：{problem.message}", ()


def lines_below(unit: Unit, since: datetime) -> list[Adoption]:
    """Of this unit and those below it: what is in force at `since`, one for each unit, kind and subject, and what has
    been adopted for later."""
    rows = Adoption.objects.filter(unit__path__startswith=unit.path).select_related("unit", "policy_version")
    found: dict[tuple[object, ...], Adoption] = {}
    for row in rows.order_by("effective_from", "id"):
        found[row.unit_id, row.kind, row.subject, row.effective_from if row.effective_from > since else None] = row
    return list(found.values())


def composed_at(pack: Pack, unit: Unit, since: datetime) -> list[Composed]:
    """`pack` with the overlays in force there at `since`, and again from every later moment at which one begins."""
    return [Composed(_lay(pack, _layers(unit, moment)), moment) for moment in _moments(unit, since)]


def composed_line(line: Adoption, since: datetime) -> Composed:
    """What serves in the place of an adopted policy from `since` on, or from when it begins itself."""
    moment = max(since, line.effective_from)
    return Composed(_lay(_primary(line), _layers(line.unit, moment)), moment)


def _moments(unit: Unit, since: datetime) -> list[datetime]:
    rows = OverlayAdoption.objects.filter(unit__path__in=above(unit.path), effective_from__gt=since)
    return [since, *sorted(set(rows.values_list("effective_from", flat=True)))]


def _layers(unit: Unit, at: datetime, *, without: str = "") -> list[Pack]:
    return [_spoken(row.policy_version_id) for row in _in_force(unit, at) if row.policy_version.pack != without]


def _in_force(unit: Unit, at: datetime) -> Sequence[OverlayAdoption]:
    """One for each overlay, by code: the nearest to the unit, of these the latest."""
    rows = OverlayAdoption.objects.filter(unit__path__in=above(unit.path), effective_from__lte=at)
    ordered = sorted(
        rows.select_related("unit", "policy_version"), key=lambda row: (len(row.unit.path), row.effective_from, row.pk)
    )
    best = {row.policy_version.pack: row for row in ordered}
    return [best[code] for code in sorted(best) if not best[code].is_end]


def _lay(pack: Pack, overlays: Iterable[Pack]) -> Pack:
    layers = list(overlays)
    return compose(pack, layers) if layers else pack


def _primary(line: Adoption) -> Pack:
    """What was adopted there, without the overlays that lie on it."""
    return _spoken(line.policy_version.parent_id or line.policy_version_id)


def _spoken(policy: str) -> Pack:
    """An adopted pack with its words in the other languages, which its text does not hold."""
    languages = {"en": "en", "zh-hant": "zh-Hant"}
    rows = PolicyText.objects.filter(policy_version_id=policy)
    return replace(pack_of(policy), texts={languages.get(row.language, row.language): row.words for row in rows})
