from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.ledgers.house import Ledgered


@pytest.fixture
def house(db: None) -> Ledgered:
    from tests.ledgers.house import ledgered

    return ledgered()
