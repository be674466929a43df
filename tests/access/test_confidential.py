"""Nobody to whom a confidential case is not open learns of it: not from a list, a search, a number, an export, the page
of a customer or of a room, a choice, nor from the address of the case itself.

The same walk as beside this file: every address and every query for a reader, in a world without the case and in the
same world with it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from kesu.queries.cases.find_case import find_case
from kesu.queries.ledgers.account_list import account_export, account_page
from kesu.store.models import Case
from tests import confidential, deposits
from tests.access import sample
from tests.access.sample import Sample
from tests.access.test_noninterference import answers, differing, pages
from tests.full import only_in_full
from tests.world import World

OUTSIDERS = ("heqing", "gulan", "admin")
"""The department and the management over the project, who see all its other cases; the keeper of policies."""

_OF_THE_HOUSE = frozenset({"explain_case", "rows_of_case", "sample_cases", "verify_log", "export_log", "vital_signs"})
"""Queries of whoever runs the program, for nobody's eyes in particular."""
_OF_LEDGERS = frozenset({"account_list", "account_page", "account_export"})
"""What an account holds is one sum over all cases (ADR 0055)."""


def opened() -> Sample:
    found = sample.build()
    confidential.adopt(found.world, "huaixu", found.now - timedelta(hours=4), also=deposits.LINES)
    return at_case(found, uuid4())


def at_case(found: Sample, case_id: UUID) -> Sample:
    """The same with every address of a case pointing at this one."""
    return replace(found, case_id=case_id).with_sealed(case_id)


def heard(world: World, found: Sample) -> UUID:
    """A confidential complaint of a customer whom the house knows, with a word that the walk looks for."""
    at = found.now - timedelta(hours=1)
    words = {"title": "材料验收走过场", "content": "材料不符", "person__phone": "13800002016", "deposit": "300元"}
    return world.register("xumingche", at=at, unit="huaixu", legal_support="是", **words)


@only_in_full
@pytest.mark.django_db
def test_it_answers_the_same_at_every_address_with_and_without_a_confidential_case() -> None:
    found = opened()
    dict(pages(found, OUTSIDERS))  # compiled policies stay in memory: the next walk asks less
    without = dict(pages(found, OUTSIDERS))

    case_id = heard(found.world, found)

    told = differing(dict(pages(at_case(found, case_id), OUTSIDERS)), without)
    # Sums of the whole installation, for whoever runs the machine, and what an account holds.
    sums = {"metrics", "health", "ledger-account", "ledger-list", "ledger-list-export"}
    assert [one for one in told if one.partition(":")[0].split()[-1] not in sums] == []


@pytest.mark.django_db
def test_it_answers_the_same_in_every_query_with_and_without_a_confidential_case() -> None:
    found = opened()
    dict(answers(found, OUTSIDERS))
    without = dict(answers(found, OUTSIDERS))

    case_id = heard(found.world, found)

    seen = dict(answers(at_case(found, case_id), OUTSIDERS))
    sums = _OF_THE_HOUSE | _OF_LEDGERS
    told = [one for one in differing(seen, without) if one.partition(":")[0].rpartition(".")[2] not in sums]
    assert told == []
    number = Case.objects.get(pk=case_id).number
    assert find_case(actor=found.world.actor("heqing", found.now.date()), number=number) == ""
    assert find_case(actor=found.world.actor("linsheng", found.now.date()), number=number) == case_id.hex


@pytest.mark.django_db
def test_of_a_ledger_it_moves_the_sum_and_nothing_else() -> None:
    found = opened()
    reader = found.world.actor("gulan", found.now.date())
    before = account_page(actor=reader, ledger_account=found.ledger_id, page=1)

    number = Case.objects.get(pk=heard(found.world, found)).number

    after = account_page(actor=reader, ledger_account=found.ledger_id, page=1)
    export = account_export(actor=reader, ledger=deposits.CHOICE, most=100)
    assert (after.account.balance - before.account.balance, after.elsewhere) == (300, 800)
    assert after.rows == before.rows == ()
    assert number not in repr(export)
