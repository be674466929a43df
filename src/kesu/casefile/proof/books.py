"""Checks the adopted policies and calendars against the digests under which cases name them."""

from __future__ import annotations

from collections.abc import Iterator

from kesu.casefile.proof.findings import Finding, Found
from kesu.policy.calendar import Calendar
from kesu.policy.language.canonical import digest_of
from kesu.store.models import CalendarVersion, PolicyVersion


def check_books() -> Iterator[Finding]:
    for policy in PolicyVersion.objects.order_by("pk").iterator(20):
        if digest_of(policy.canonical) != policy.pk:
            yield Finding(Found.POLICY_CHANGED, case=str(policy))
    for stored in CalendarVersion.objects.order_by("pk").iterator(20):
        if not _is_itself(stored):
            yield Finding(Found.CALENDAR_CHANGED, case=f"{stored.name} {stored.pk}")


def _is_itself(stored: CalendarVersion) -> bool:
    try:
        return Calendar.from_document(stored.document).version == stored.pk
    except (ValueError, KeyError, TypeError):
        return False
