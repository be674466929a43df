"""What is published for everybody, and for the customers of a place behind their own links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kesu.access.cases import case_by_secret
from kesu.access.publications import (
    PublicationLeaf,
    PublicationPage,
    Publisher,
    leaf_of,
    page_of,
    published_once,
    publishers,
    to_residents,
    to_the_public,
)


@dataclass(frozen=True, slots=True)
class PublicationList:
    """`publishers`: of whom one may be chosen; `chosen`: of whom alone the list is."""

    leaf: PublicationLeaf
    publishers: tuple[Publisher, ...]
    chosen: Publisher | None


@dataclass(frozen=True, slots=True)
class ResidentList:
    """`unit`: the place of the case behind the link."""

    leaf: PublicationLeaf
    unit: str


def publication_list(*, at: datetime, publisher: str, before: str) -> PublicationList:
    """Of one organisation (`publisher`: its identifier) or of all. Two queries, whatever is stored; one more for an
    organisation that publishes nothing any more."""
    known = publishers(at)
    chosen = next((one for one in known if one.id.hex == publisher), None) or published_once(publisher)
    rows = to_the_public()
    if chosen is not None:
        rows = rows.filter(publisher=chosen.id)
    return PublicationList(leaf_of(rows, at, before), known, chosen)


def publication_page(*, at: datetime, publication_id: UUID) -> PublicationPage:
    """Raises `NotFound` for what is not for everybody."""
    return page_of(to_the_public(), at, publication_id)


def resident_list(*, at: datetime, secret: str, before: str) -> ResidentList:
    """Raises `NotFound` for a link that fits nothing."""
    case = case_by_secret(secret)
    return ResidentList(leaf_of(to_residents(case.unit.path), at, before), case.unit.name)


def resident_page(*, at: datetime, secret: str, publication_id: UUID) -> PublicationPage:
    """Raises `NotFound` for a link that fits nothing, and for what is not for the customers of its place."""
    return page_of(to_residents(case_by_secret(secret).unit.path), at, publication_id)
