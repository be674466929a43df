"""One-time tokens of forms: the same form sent twice makes one case."""

from __future__ import annotations

from datetime import datetime

from kesu.store.models import Case, SubmittedForm


def claim(token: str, now: datetime) -> SubmittedForm:
    """Takes the token's row and locks it; a second sender waits here and then finds the case of the first."""
    row, is_new = SubmittedForm.objects.get_or_create(token=token[:64], defaults={"at": now})
    if not is_new:
        row = SubmittedForm.objects.select_for_update().get(pk=row.pk)
    return row


def settle(row: SubmittedForm, case: Case) -> None:
    row.case = case
    row.save(update_fields=["case"])
