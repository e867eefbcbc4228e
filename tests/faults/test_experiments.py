"""The quick experiments in their small form; `make faults` does all of them in full."""

from __future__ import annotations

from benchmarks.faults import r04_one_key_raced
from tests.faults.conftest import Survived


def test_r04_one_key_raced_over_real_connections_is_one_text(survived: Survived) -> None:
    survived(r04_one_key_raced.run)
