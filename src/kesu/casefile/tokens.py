"""One-time tokens of forms: the same form sent twice makes one case, one note, one step. Whoever had no answer
(a line that broke, a server that was killed) sends it again and is answered as if it were the first time.

Only digests are kept. Whoever sends a token again is given the secret of its case, so that a token read from a copy of
the database must be good for nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from kesu.casefile.statement import Given
from kesu.core.uploads import Upload
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


def said_in(step: str, given: Given, uploads: Sequence[Upload], happened_at: datetime | None = None) -> str:
    """What the form of a step says, for `is_again`."""
    files = [(one.fact, hashlib.sha256(one.content).hexdigest()) for one in uploads]
    return repr((step, sorted(given.items()), files, happened_at and happened_at.isoformat()))
