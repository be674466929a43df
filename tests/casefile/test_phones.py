"""Telephone numbers are the same however they are written."""

from __future__ import annotations

import phonenumbers
import pytest

from kesu.casefile.statement import is_phone_number, normal_phone


@pytest.mark.parametrize(
    "written", ["13800002016", "+8613800002016", "138 0000 2016", "138-0000-2016", "8613800002016"]
)
def test_it_writes_a_mobile_in_one_way(written: str) -> None:
    assert normal_phone(written) == "+8613800002016"
    assert is_phone_number(written)


@pytest.mark.parametrize("start", [*range(130, 200)])
def test_the_short_way_says_what_the_library_says(start: int) -> None:
    written = f"{start}00001234"
    number = phonenumbers.parse(written, "CN")
    assert is_phone_number(written) is phonenumbers.is_possible_number(number)
    if is_phone_number(written):
        assert normal_phone(written) == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
