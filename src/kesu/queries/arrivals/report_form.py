"""What a source may say of a report: the fields of the opening step that its keeper lets it state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kesu.access.sources import givable, served_at
from kesu.casefile.books import pack_of
from kesu.core.errors import Unproven
from kesu.policy.asking import FieldView
from kesu.store.models import InboundSource


@dataclass(frozen=True, slots=True)
class ReportForm:
    """`fields`: what it may state; `printed`: how clauses are printed, by identifier."""

    fields: tuple[FieldView, ...]
    printed: Mapping[str, str]


def report_form(
    *, at: datetime, source_id: UUID, unit_code: str, subject: str | None, happened_at: datetime
) -> ReportForm:
    """For a source that has proved itself. Raises `Unacceptable` for a place, subject or time that no policy rules, and
    `Unproven` for a source that is gone."""
    source = InboundSource.objects.select_related("unit").filter(pk=source_id, is_open=True).first()
    if source is None:
        raise Unproven("not_signed")
    found = served_at(source, unit_code=unit_code, subject=subject, happened_at=happened_at, now=at)
    clauses = pack_of(found.serving.policy_version_id).clauses
    fields = tuple(one for one in givable(found.rules) if one.code in source.facts and one.code not in source.fixed)
    return ReportForm(fields, {code: clause.printed for code, clause in clauses.items()})
