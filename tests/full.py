"""Slow proofs of what other tests show in small: they run with `./kesu test --full`."""

from __future__ import annotations

import os

import pytest

is_full = bool(os.environ.get("KESU_FULL"))

only_in_full = pytest.mark.skipif(not is_full, reason="slow: with --full")
