"""One-time tokens of forms: the same form sent twice makes one case, one note, one step. Whoever had no answer
(a line that broke, a server that was killed) sends it again and is answered as if it were the first time.

Only digests are kept. Whoever sends a token again is given the secret of its case, so that a token read from a copy of
the database must be good for nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from kesu.casefile.statement import Given
from kesu.core.uploads import Upload
from kesu.store.models import Case, SubmittedForm

_CLAIM: Final = (
    "INSERT INTO store_submittedform (token, case_id, at) VALUES (%s, %s, %s) ON CONFLICT (token) DO NOTHING"
)


def of_opening(sent: str, what: str, given: Given, uploads: Sequence[Upload]) -> str:
    """What the token of a form that opens a case stands for; `what`: kind and place. With all that the form says:
    written anew, token and all, it opens another case. And in a room of its own: whoever sends a token chooses it, and
    the program calls by names that can be guessed what it opens itself (a standing duty, the link of a case that the
    house registered)."""
    return f"form {hashlib.sha256(f'{sent}/{said_in(what, given, uploads)}'.encode()).hexdigest()}"


def claim(token: str, case_id: UUID, now: datetime) -> Case | None:
    """Takes the token for the case that is about to be opened; the case of whoever took it before, if somebody did. A
    second sender waits here until the first is done."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [digest, case_id, now])
        is_first = cursor.rowcount == 1
    return None if is_first else Case.objects.get(submittedform__token=digest)


def taken(wanted: Sequence[str]) -> set[str]:
    """Which of these somebody has claimed. One query."""
    digests = {hashlib.sha256(token.encode()).hexdigest(): token for token in wanted}
    known = SubmittedForm.objects.filter(pk__in=list(digests)).values_list("pk", flat=True)
    return {digests[digest] for digest in known}


def cases_of(wanted: Sequence[str]) -> dict[str, UUID]:
    """The cases of those of these that somebody has claimed. One query, none where nothing is asked."""
    if not wanted:
        return {}
    digests = {hashlib.sha256(token.encode()).hexdigest(): token for token in wanted}
    known = SubmittedForm.objects.filter(pk__in=list(digests)).values_list("pk", "case_id")
    return {digests[digest]: case_id for digest, case_id in known}


def is_again(token: str, case: Case, said: str, now: datetime) -> bool:
    """Whether this form has come before for this case; from now on it has. Forms without a token never have, and what
    says something else is no repetition: a browser may show an old form, token and all, to be written anew."""
    if not token:
        return False
    return claim(f"{case.pk.hex}/{token}/{said}", case.pk, now) is not None


def out_of_sight(token: str, account: str, case_id: UUID) -> str:
    """What stands for the form of a step after which its taker may see the case no more: sent again, it finds no case
    of his. `account` in hex."""
    return f"gone {account}/{case_id.hex}/{token}"


def under_code(token: str, account: str, code: str) -> str:
    """The same for whoever works blind: the code by which he knew the sample may be nobody's any more."""
    return f"coded {account}/{code}/{token}"


def said_in(step: str, given: Given, uploads: Sequence[Upload], happened_at: datetime | None = None) -> str:
    """What the form of a step says, for `is_again`."""
    files = [(one.fact, hashlib.sha256(one.content).hexdigest()) for one in uploads]
    return repr((step, sorted(given.items()), files, happened_at and happened_at.isoformat()))
