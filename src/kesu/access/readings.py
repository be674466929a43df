"""Who looked at masked persons or printed them: number, place and what it was, never what it said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast

from kesu.casefile import notes
from kesu.casefile.books import kind_of
from kesu.core.masking import masked_name
from kesu.store.models import Customer, CustomerReading, Note, StoredFile

Found = QuerySet[Any, tuple[datetime, str, str]]


class How(StrEnum):
    SHOWN = "shown"
    PRINTED = "printed"
    TAKEN_OUT = "taken_out"
    LOOKED = "looked"


_KINDS: Final = {
    notes.VIEWED: How.SHOWN,
    notes.PRINTED: How.PRINTED,
    notes.TAKEN_OUT: How.TAKEN_OUT,
    notes.LOOKED: How.LOOKED,
}
_OF_FILES: Final = {How.TAKEN_OUT, How.LOOKED}


@dataclass(frozen=True, slots=True)
class Reading:
    """`what` is the name of the fact that was shown or that a file answers, or of the document that was printed; of a
    customer (`number` is
    empty) ``shown`` or ``exported``, and `customer` is his name as it is masked, empty where he was erased."""

    at: datetime
    who: str
    number: str
    unit: str
    how: How
    what: str
    customer: str = ""


def readings(text: str) -> Found:
    """Newest first: the instant, in which of the two records, and the key there. `text`: part of the name of who
    looked, or the number of the case. Of a confidential case its own page tells it, to those who may see that."""
    shown = Q(visibility__in=list(_KINDS), case__card__confidential=False)
    of_cases = Note.objects.filter(shown)
    of_customers = CustomerReading.objects.all()
    if text:
        of_cases = of_cases.filter(Q(author__name__icontains=text) | Q(case__number__iexact=text))
        of_customers = of_customers.filter(account__name__icontains=text)
    both: Found = _keys(of_cases, "case").union(_keys(of_customers, "customer"), all=True)
    return both.order_by("-at", "-key")


def _keys(rows: QuerySet[Any], record: str) -> Found:
    key = Cast("pk", CharField())
    found: Found = rows.order_by().annotate(record=Value(record), key=key).values_list("at", "record", "key")
    return found


def told(found: Sequence[tuple[datetime, str, str]]) -> tuple[Reading, ...]:
    """Decrypts the code of what was looked at, and nothing else. Three queries."""
    by_record = {name: [key for _at, record, key in found if record == name] for name in ("case", "customer")}
    cases = Note.objects.filter(pk__in=by_record["case"]).select_related("author", "case__unit")
    customers = CustomerReading.objects.filter(pk__in=by_record["customer"]).select_related("account", "customer__unit")
    files = _facts_of([notes.text_of(row) for row in cases if _KINDS[row.visibility] in _OF_FILES])
    lines = {("case", str(row.pk)): _of_case(row, files) for row in cases}
    lines |= {("customer", str(row.pk)): _of_customer(row) for row in customers}
    return tuple(lines[record, key] for _at, record, key in found)


def _of_case(row: Note, files: Mapping[str, str]) -> Reading:
    """`files`: of each file that was looked at or taken out, the fact that it answers."""
    kind, code = kind_of(row.case.policy_version_id, row.case.kind), notes.text_of(row)
    how = _KINDS[row.visibility]
    named = kind.documents.get(code) if how is How.PRINTED else kind.facts.get(files.get(code, code))
    who = row.author.name if row.author else ""
    what = named.name if named else "" if how in _OF_FILES else code
    return Reading(row.at, who, row.case.number, row.case.unit.name, how, what)


def _facts_of(files: Sequence[str]) -> dict[str, str]:
    rows = StoredFile.objects.filter(pk__in=files).values_list("pk", "fact") if files else ()
    return {pk.hex: fact for pk, fact in rows}


def _of_customer(row: CustomerReading) -> Reading:
    customer = row.customer
    whose = "" if customer.erased_at else masked_name(customer.name)
    return Reading(row.at, row.account.name, "", customer.unit.name, How.SHOWN, what=row.what, customer=whose)


def customers_masked(ids: Sequence[str]) -> Mapping[UUID, str]:
    """Names of customers whose data left the house, as whoever keeps the records sees them. One query."""
    rows = Customer.objects.filter(pk__in=list(ids)).values_list("pk", "name")
    return {pk: masked_name(name) for pk, name in rows}
