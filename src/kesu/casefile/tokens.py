"""One-time tokens of forms: the same form sent twice makes one case, one note, one step of a customer.

Only digests are kept. Whoever sends a token again is given the secret of its case, so that a token read from a copy of
the database must be good for nothing.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from kesu.store.models import Case, SubmittedForm


def claim(token: str, now: datetime) -> SubmittedForm:
    """Takes the token's row and locks it; a second sender waits here and then finds the case of the first."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    row, is_new = SubmittedForm.objects.get_or_create(token=digest, defaults={"at": now})
    if not is_new:
        row = SubmittedForm.objects.select_for_update().get(pk=row.pk)
    return row


def settle(row: SubmittedForm, case: Case) -> None:
    row.case = case
    row.save(update_fields=["case"])


def is_again(token: str, case: Case, said: str, now: datetime) -> bool:
    """Whether this form has come before for this case; from now on it has. Forms without a token never have, and what
    says something else is no repetition: a browser may show an old form, token and all, to be written anew."""
    if not token:
        return False
    row = claim(f"{case.pk.hex}/{token}/{said}", now)
    if row.case_id is not None:
        return True
    settle(row, case)
    return False
