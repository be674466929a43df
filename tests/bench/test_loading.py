"""The benchmark's cases are those that commands would have made."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from kesu.config.bench.acting import Cast
from kesu.config.bench.company import Company, found
from kesu.config.bench.comparing import compare
from kesu.config.bench.copying import copy
from kesu.config.bench.courses import courses
from kesu.config.bench.loading import plan, rows_of_course
from kesu.store.models import Case, CaseCard, CaseEvent, Obligation

AT = datetime(2026, 6, 8, 1, 30, tzinfo=UTC)


@pytest.fixture
def company(db: None) -> Company:
    return found(AT)


def test_its_rows_are_those_of_the_commands(company: Company) -> None:
    made = courses(company, AT, cases=90, copies=5)
    sample = [*made[:4], *made[-6:]]

    for _, differences in compare(sample, Cast(company), AT):
        assert differences == []

    assert {course.kind for course in sample} | {"suggestion"} == {"complaint", "suggestion"}
    assert CaseEvent.objects.count() > 100


def test_it_copies_in_what_it_made(company: Company) -> None:
    cast = Cast(company)
    rows = [row for numbered in plan(company, AT, 40, copies=5) for row in rows_of_course(numbered, company, cast, AT)]

    copy(rows)

    numbers = Counter(Case.objects.values_list("number", flat=True))
    assert len(numbers) == 40
    assert set(numbers.values()) == {1}
    assert CaseCard.objects.count() == 40
    assert CaseEvent.objects.count() == sum(len(row.events) for row in rows)
    assert Obligation.objects.filter(case__card__is_final=True, is_open=True, severity="hard").count() == 0
